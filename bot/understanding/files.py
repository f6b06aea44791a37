"""Reads the lexicon's files: YAML, one folder a language, parsed once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "lexicon"
_SHARED = FOLDER


@cache
def read_lexicon_file(lang: str, name: str) -> Any:
    """Give the content of `lexicon/<lang>/<name>.yml`. Raises FileNotFoundError for a language
    without one."""
    with (FOLDER / lang / f"{name}.yml").open(encoding="utf-8") as file:
        # The base loader keeps "no", "on" and "off" the words they are.
        return yaml.load(file, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


@cache
def read_shared_file(name: str) -> Any:
    """Give the content of `lexicon/<name>.yml`, which is the same for all languages. Raises
    FileNotFoundError where there is none."""
    with (_SHARED / f"{name}.yml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def languages() -> tuple[str, ...]:
    """Give the languages that have a lexicon."""
    return tuple(sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir()))
