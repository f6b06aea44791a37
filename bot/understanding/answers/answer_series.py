"""A row of yeses and noes, one for each item of the list that was asked: "y y y n n n", "1. yes 2. no"."""

from __future__ import annotations

from typing import Any

from bot.understanding.answers.answer_words import ANSWERS
from bot.understanding.answers.enumerations import told
from bot.understanding.answers.replies import without_marks
from bot.understanding.statements.scene import Scene

_FEWEST = 3


def read_series(scene: Scene, shown: tuple[str, ...]) -> dict[str, Any] | None:
    """Give what each item of the list is, where the message is nothing but a row of yeses and noes.

    Nothing (an empty table) where there are not as many as items: it is not known which is which.
    None where the message is no such row, or says the same of all ("no no no").
    """
    language = scene.language
    yes, no, between = (language.words(ANSWERS, name) for name in ("series_yes", "series_no", "series_marks"))
    words = [word for word in without_marks(scene.words) if word not in between]
    numbered = _numbered(words, shown, yes, no)
    if numbered:
        return numbered
    if len(words) < _FEWEST or not set(words) <= yes | no:
        return None
    values = ["yes" if word in yes else "no" for word in words]
    if len(set(values)) == 1:
        return None
    if len(values) != len(shown):
        return {}
    return {item: told(item, value) for item, value in zip(shown, values, strict=True)}


def _numbered(
    words: list[str], shown: tuple[str, ...], yes: frozenset[str], no: frozenset[str]
) -> dict[str, Any] | None:
    """Read "1. yes 2. yes 3. no": every number with the answer behind it; None where it is no such row."""
    if len(words) <= _FEWEST or not words[0].isdigit() or words[-1] not in yes | no:
        return None
    series: dict[str, Any] = {}
    waiting: list[str] = []
    for word in words:
        if word.isdigit() and 0 < int(word) <= len(shown):
            waiting.append(shown[int(word) - 1])
        elif word in yes | no and waiting:
            series |= {item: told(item, "yes" if word in yes else "no") for item in waiting}
            waiting = []
        else:
            return None
    return series
