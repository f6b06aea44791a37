"""The whole program on a fixed day, in a home of its own: with one trial for most families, or with all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.supervisor import ROOT, start_stack

TODAY = "2026-11-22"


def _program(tmp_path_factory: pytest.TempPathFactory, trials: str) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    variables = {"PRESCREEN_TODAY": TODAY, "TRIALS": trials}
    stack = start_stack(home, 0, variables, models=ROOT / "var" / "models")
    try:
        yield stack.url.rstrip("/")
    finally:
        stack.stop()


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the program that runs the first trial alone."""
    yield from _program(tmp_path_factory, "NCT06848582")


@pytest.fixture(scope="module")
def url_of_all_trials(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the program that runs all trials there are."""
    yield from _program(tmp_path_factory, "")
