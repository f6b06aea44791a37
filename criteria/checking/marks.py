"""Template marks that nobody filled in: ``{{SITE_NAME}}``, ``${name}``, ``<% name %>``, ``[SITE]``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from criteria.checking.defects import Defect
from criteria.checking.trial_file import TrialFile

MARK = "template mark"

_MARKS = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\$\{[^}\n]*\}|<%.*?%>|<<[^<>\n]+>>|\[\[[^\]\n]+\]\]"
    # Capitals alone in brackets; what a text really puts there ("[MRI]") has no more than four of them.
    r"|\[(?:SITE|NAME|DATE|TBD|TODO|TBC|[A-Z][A-Z]+[ _-][A-Z _-]+|[A-Z]{5,})\]"
    r"|%\([a-z_]+\)s|\bTBD\b|\bTODO\b|\blorem ipsum\b",
    re.DOTALL,
)
# These speak about the source's faults, for staff, and may quote a mark.
_ABOUT_THE_SOURCE = ("unclear", "phase_note")


def marks_in(text: str) -> list[str]:
    """The template marks that stand in a text."""
    return [match[0] for match in _MARKS.finditer(text)]


def marks(file: TrialFile) -> Iterator[Defect]:
    """Template marks in any text of a trial file that somebody else could come to read."""
    for scalar in file.scalars():
        top = scalar.where.partition(".")[0]
        if top in _ABOUT_THE_SOURCE or scalar.where.endswith(".note"):
            continue
        for mark in marks_in(scalar.text):
            ids = (scalar.where.split(".")[1],) if top == "criteria" else ()
            text = f"the template mark {mark} was never filled in"
            yield file.defect(scalar.where, "error", MARK, text, ids, (mark,), at=mark)
