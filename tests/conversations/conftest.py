"""The whole program, started once for all conversations, in a home of its own and on a fixed day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.supervisor import ROOT, start_stack

TODAY = "2026-11-22"


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running program."""
    home = tmp_path_factory.mktemp("home")
    stack = start_stack(home, 0, {"PRESCREEN_TODAY": TODAY}, models=ROOT / "var" / "models")
    try:
        yield stack.url.rstrip("/")
    finally:
        stack.stop()
