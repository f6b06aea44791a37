"""The OncoTree names of our diagnoses (oncotree.yml)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("oncotree.yml")
_ELSE = "else"


@cache
def _file() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def source() -> str:
    """Whose names they are, with the licence."""
    return f"{_file()['source']} ({_file()['licence']})"


def names(diagnosis: str, origin: str | None = None) -> tuple[str, ...]:
    """The OncoTree names under which a diagnosis may be recorded; none where that is not certain."""
    found = _file()["diagnoses"].get(diagnosis, {}).get("names", {})
    if _ELSE in found:
        found = found.get(origin, found[_ELSE])
    return tuple(found.values())


def means(diagnosis: str) -> bool:
    """Whether the names mean this diagnosis and no other."""
    return bool(_file()["diagnoses"].get(diagnosis, {}).get("means", False))


def under(diagnosis: str) -> str | None:
    """The wider name that the diagnosis's names lie under, where that name is used here too."""
    found: str | None = _file()["diagnoses"].get(diagnosis, {}).get("under")
    return found


def pairs() -> dict[str, str]:
    """Every OncoTree code in use, with its name."""
    found: dict[str, str] = {}
    for told in _file()["diagnoses"].values():
        of_places = told["names"].values() if _ELSE in told["names"] else [told["names"]]
        for names_there in of_places:
            found |= names_there
    return found
