"""One thing that is wrong or unclear, with the file and the line where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["error", "to settle"]


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong, or that the study site must settle.

    file, line  where it stands, the line counted from 1
    severity    ``error``: the file is to be put right; ``to settle``: the words leave it open, or seem to
                differ, and only people can say
    kind        what sort of defect it is, as one word or two
    text        what is wrong, for whoever brings the trial in
    criteria    the ids of the criteria that it is about; empty where it is about the whole trial
    words       of these at least one stands in an ``unclear`` entry that names the same thing
    known       the file's ``unclear`` list names it
    """

    file: str
    line: int
    severity: Severity
    kind: str
    text: str
    criteria: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    known: bool = False

    def __str__(self) -> str:
        about = f"{', '.join(self.criteria)}: " if self.criteria else ""
        known = " (known: named under unclear)" if self.known else ""
        return f"{self.file}, line {self.line}: {self.severity}: {about}{self.text} [{self.kind}]{known}"


def in_order(defects: Iterable[Defect], unclear: Sequence[str]) -> list[Defect]:
    """Each defect once, by file and line; known where an entry of ``unclear`` names it.

    An entry names a defect that is to settle where it has the id of every criterion of it and, if the defect
    has ``words``, one of these. An error is never known: to name it does not make the file right.
    """
    marked = [
        replace(one, known=one.known or any(_names(entry, one) for entry in unclear))
        if one.severity == "to settle"
        else one
        for one in dict.fromkeys(defects)
    ]
    return sorted(marked, key=lambda one: (one.file, one.line, one.kind, one.text))


def _names(entry: str, defect: Defect) -> bool:
    if not (defect.criteria or defect.words):
        return False
    if not all(_stands_in(entry, one) for one in defect.criteria):
        return False
    return not defect.words or any(_stands_in(entry, word.strip()) for word in defect.words)


def _stands_in(entry: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", entry, re.IGNORECASE) is not None
