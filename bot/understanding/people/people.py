"""Who is writing, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.understanding.people import children
from bot.understanding.people.first_person import says_to_be_the_patient, tells_of_own_illness
from bot.understanding.people.writers import mark_writers
from bot.understanding.vocabulary import Found, Span

_FILE = "people"
_NEAR_START = 2
_MARKED = (("strangers", "strangers"), ("i_am_patient", "i_am_the_patient"))
_NAMES_CHILD = ("child_of_parent", "child_of_carer", "i_am_parent", "i_am_carer")


def mark_children(found: Found) -> None:
    """Add to the cues who writes, which child it is about, and who else is spoken of."""
    mark_writers(found)
    children.mark_children(found)
    if not children.sibling_is_patient(found):
        found.cues.pop("sibling", None)
    for cue, name in _MARKED:
        found.cues[cue] = sorted([*found.cue(cue), *_spans(found, name)])


def _spans(found: Found, name: str) -> list[Span]:
    message = found.message
    return [message.span_of(match) for match in message.language.pattern(_FILE, name).finditer(message.norm)]


def respondent(found: Found) -> str | None:
    """Tell "parent", "patient" or "carer" from the words, or None."""
    writer = _by_role(found)
    if not child_is_named(found) and says_to_be_the_patient(found):
        return "patient"
    if writer == "carer" or found.cue("child_of_carer"):
        return "carer"
    if writer == "parent" or found.cue("child_of_parent"):
        return "parent"
    siblings = found.cue("sibling")
    if siblings and siblings[0][0] <= _NEAR_START and any(m.kind == "diagnoses" for m in found.mentions):
        return "carer"
    if found.cue("i_am_patient") or tells_of_own_illness(found):
        return "patient"
    return "parent" if found.cue("other_child_of_parent") else None


def _by_role(found: Found) -> str | None:
    """Give who the writer says to be, where it is said."""
    if found.cue("i_am_carer"):
        return "carer"
    return "parent" if found.cue("i_am_parent") else None


def child_is_named(found: Found) -> bool:
    """Whether the text names a child who is not the writer."""
    return any(found.cue(name) for name in _NAMES_CHILD)


def patient_writes(found: Found, told: str | None, known: Mapping[str, Any] | None) -> bool:
    """Whether "I" is the patient."""
    return (told or (known or {}).get("respondent")) == "patient" or (
        told is None
        and not known
        and not child_is_named(found)
        and found.message.language.words(_FILE, "speaks_of_another").isdisjoint(found.message.words)
    )
