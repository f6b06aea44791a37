"""What the documents say exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli import COMMANDS

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=[path.name for path in DOCUMENTS])
def test_every_make_target_named_exists(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z-]+)", document.read_text(encoding="utf-8")):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=[path.name for path in DOCUMENTS])
def test_every_command_named_exists(document: Path) -> None:
    for command in re.findall(r"\bprescreen ([a-z]+)\b(?! of)", document.read_text(encoding="utf-8")):
        assert command in COMMANDS, command


@pytest.mark.parametrize("document", DOCUMENTS, ids=[path.name for path in DOCUMENTS])
def test_every_file_named_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    names = re.findall(
        r"`((?:bot|criteria|actions|tests|docs|data|requirements|scripts)/[\w./-]+\.\w+)`", text
    )
    names += [name for name in re.findall(r"\]\(([\w./-]+)\)", text) if not name.startswith("http")]
    for name in names:
        assert (ROOT / name).exists() or (document.parent / name).exists(), name


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 150
