"""The fixed sentences of imported trial files, out of drafting.yml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).parent / "drafting.yml"


@cache
def _told() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return told


def sentence(*path: str, **filled: str) -> str:
    """The sentence under these keys, with the words in braces that are given filled in.

    Other words in braces are the voice words, which the chat fills. KeyError where there is none.
    """
    here: Any = _told()
    for key in path:
        here = here[key]
    text = str(here)
    for name, words in filled.items():
        text = text.replace("{" + name + "}", words)
    return text


def has_name(illness: str) -> bool:
    """Whether a diagnosis id has a name that a title can hold."""
    return illness in _told()["illnesses"]


def topics() -> list[dict[str, Any]]:
    """What families hear of criteria that nothing was read from: words (a pattern), family, sensitive."""
    found: list[dict[str, Any]] = _told()["topics"]
    return found
