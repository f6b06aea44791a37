"""Finds phrases whose words stand apart: "took the whole tumor out", "got the entire thing out of his thigh".

A content file of the lexicon writes them under `gapped`, beside `names`; `gaps.yml` tells how. They are
found in one walk over the message: each word that may open a phrase is followed for as long as the phrase
goes on, through a bounded number of places, so that no message can make the search run away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.understanding.files import read_lexicon_file

_GAPS = {"...": 6, "..": 2}
_NUMBER = "#"
_ANY_DIAGNOSIS = "<>"
_MARKS = frozenset(".!?;\n—(),:")

Ends = Callable[[int], int | None]


@dataclass(frozen=True, slots=True)
class _Step:
    """One word of a phrase: which words it may be, how many others may stand before it."""

    words: frozenset[str]
    gap: int
    optional: bool


@dataclass(frozen=True, slots=True)
class GappedFind:
    """A phrase found: words `start` to `end`, the words of its own among them, its label and entry."""

    start: int
    end: int
    own: tuple[int, ...]
    label: str
    entry: dict[str, Any]


@dataclass
class GappedPhrases:
    """All phrases with gaps of one language."""

    words: set[str] = field(default_factory=set)
    _by_first: dict[str, list[tuple[list[_Step], str, dict[str, Any]]]] = field(default_factory=dict)
    _not_across: frozenset[str] = frozenset()

    @classmethod
    def of(cls, lang: str, files: tuple[str, ...]) -> GappedPhrases:
        """Read the phrases of a language's content files. Raises KeyError for an unknown group."""
        data = read_lexicon_file(lang, "gaps")
        found = cls(_not_across=frozenset(data["not_across"]) | _MARKS)
        for file in files:
            for entry in read_lexicon_file(lang, file):
                kept = {key: value for key, value in entry.items() if key not in ("names", "gapped")}
                for phrase in entry.get("gapped", ()):
                    found._add(_steps(phrase, data["groups"]), file, kept)
        return found

    def _add(self, steps: list[_Step], label: str, entry: dict[str, Any]) -> None:
        for step in steps:
            self.words |= {word for word in step.words if word.isalpha()}
        for first in steps[0].words:
            self._by_first.setdefault(first, []).append((steps, label, entry))

    def find(self, words: list[str], diagnosis_at: dict[int, int]) -> list[GappedFind]:
        """Find all phrases; `diagnosis_at`: first word -> past-the-last word of each diagnosis named."""
        found = []
        for at, word in enumerate(words):
            keys = [_NUMBER] if word.isdigit() else [word]
            if at in diagnosis_at:
                keys.append(_ANY_DIAGNOSIS)
            for key in keys:
                for steps, label, entry in self._by_first.get(key, ()):
                    own = self._follow(words, at, steps, diagnosis_at)
                    if own:
                        end = diagnosis_at.get(own[-1], own[-1] + 1) if len(own) > 1 else own[-1] + 1
                        found.append(GappedFind(at, max(end, own[-1] + 1), own, label, entry))
        return found

    def _follow(
        self, words: list[str], at: int, steps: list[_Step], diagnosis_at: dict[int, int]
    ) -> tuple[int, ...] | None:
        """Give the numbers of the phrase's own words, or None; of several ways, the shortest."""
        reached: dict[int, tuple[int, ...]] = {at: ()}
        for step in steps:
            further = dict(reached) if step.optional else {}
            for place, own in reached.items():
                for here, end in self._places(words, place, step, diagnosis_at):
                    if end not in further or len(further[end]) < len(own) + 1:
                        further[end] = (*own, here)
            reached = further
            if not reached:
                return None
        return reached[min(reached)]

    def _places(
        self, words: list[str], place: int, step: _Step, diagnosis_at: dict[int, int]
    ) -> Iterator[tuple[int, int]]:
        for here in range(place, min(place + step.gap + 1, len(words))):
            word = words[here]
            if word in step.words or (word.isdigit() and _NUMBER in step.words):
                yield here, here + 1
            elif here in diagnosis_at and _ANY_DIAGNOSIS in step.words:
                yield here, diagnosis_at[here]
            if word in self._not_across:
                return


def _steps(phrase: str, groups: dict[str, list[str]]) -> list[_Step]:
    """Read a phrase as the lexicon writes it into its steps."""
    steps: list[_Step] = []
    gap = 0
    for piece in phrase.split():
        if piece in _GAPS:
            gap = _GAPS[piece]
            continue
        optional = piece.endswith("?")
        words: set[str] = set()
        for choice in piece.removesuffix("?").split("|"):
            words |= set(groups[choice[1:-1]]) if choice.startswith("{") else {choice}
        steps.append(_Step(frozenset(words), gap, optional))
        gap = 0
    return steps
