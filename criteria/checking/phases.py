"""The phase of a study, in its field and in words: they should name the same one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from criteria.checking.defects import Defect
from criteria.checking.trial_file import TrialFile

PHASE = "phase"
NONE = "N/A"

_NUMBER = r"(?:IV|I{1,3}|[1-4])[abAB]?"
_IN_WORDS = re.compile(
    rf"\bphases?[\s:_]*(?P<phase>N\s*/?\s*A\b|not applicable|"
    rf"{_NUMBER}(?:\s*(?:/|-|–|and|to|or)\s*(?:phase\s*)?{_NUMBER})?\b)",
    re.IGNORECASE,
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_ONE = re.compile(rf"\b{_NUMBER}\b", re.IGNORECASE)


def phases_of(field: str) -> frozenset[str]:
    """The phases that a field names: {"1", "2"} for "I/II" or "Phase 1/Phase 2", {"N/A"} where it says so."""
    if re.search(r"n\s*/?\s*a\b|not applicable", field, re.IGNORECASE):
        return frozenset({NONE})
    found = (
        one.lower().rstrip("ab") for one in _ONE.findall(re.sub("phases?", "", field, flags=re.IGNORECASE))
    )
    return frozenset(_ROMAN.get(one, one) for one in found)


def phases_in(text: str) -> list[tuple[str, frozenset[str]]]:
    """Each mention of a phase in a text: the words, and the phases they name."""
    return [(match[0], phases_of(match["phase"])) for match in _IN_WORDS.finditer(text)]


def phases(file: TrialFile) -> Iterator[Defect]:
    """Where the texts of a trial file name another phase than its field."""
    trial, held = file.trial, phases_of(file.trial.phase)
    if not held:
        yield file.defect("phase", "to settle", PHASE, f"{trial.phase!r} names no phase", words=("phase",))
        return
    texts = [("official_title", trial.official_title), ("title", trial.title), ("summary", trial.summary)]
    texts += [("phase_note", trial.phase_note or "")]
    texts += [(f"criteria.{one.id}.source", one.source) for one in trial.criteria]
    for where, text in texts:
        for words, named in phases_in(text):
            # An inclusion of patients from "phase 1" of the same study is no other phase.
            inside = where.startswith("criteria.") and named <= held
            if named != held and not inside:
                said = f'it says "{words}", and the field phase says {trial.phase}'
                yield file.defect(where, "to settle", PHASE, said, words=(words,), at=words)


def apart(mentions: Iterable[tuple[str, frozenset[str]]]) -> bool:
    """Whether some of these mentions name different phases."""
    return len({named for _, named in mentions}) > 1
