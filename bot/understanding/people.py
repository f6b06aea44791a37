"""Who is writing, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.understanding.vocabulary import Found

_PATIENT_HAS = frozenset(["have", "had", "was", "got", "am", "started", "finished"])
_ILL = frozenset(["have", "had", "on", "getting", "taking", "with", "was", "receiving", "having"])


_CHILD_WORDS = {
    "child_of_parent": frozenset(
        [
            "son",
            "daughter",
            "child",
            "kid",
            "boy",
            "girl",
            "toddler",
            "baby",
            "infant",
            "teen",
            "teenager",
            "stepson",
            "stepdaughter",
            "kiddo",
        ]
    ),
    "child_of_carer": frozenset(
        ["grandson", "granddaughter", "grandchild", "nephew", "niece", "godson", "goddaughter", "grandbaby"]
    ),
}
_WRITER_WORDS = {
    "i_am_parent": frozenset(["mom", "mum", "mother", "dad", "father", "parent"]),
    "i_am_carer": frozenset(
        [
            "grandma",
            "grandmother",
            "grandpa",
            "grandfather",
            "aunt",
            "uncle",
            "guardian",
            "nurse",
            "carer",
            "caregiver",
        ]
    ),
}
_LOOK_AHEAD = 7
_NOT_OF_A_CHILD = frozenset(
    [
        "'s",
        "brother",
        "sister",
        "other",
        "older",
        "friend",
        "cousin",
        "and",
        ",",
        ".",
        ";",
        "has",
        "had",
        "is",
        "was",
    ]
)


def mark_children(found: Found) -> None:
    """Add "my 3 year old daughter" and the like to the cues that name a child."""
    words = found.message.words
    for at, word in enumerate(words):
        for place in range(at + 1, min(at + _LOOK_AHEAD, len(words)) if word in ("my", "our") else 0):
            if words[place] in _NOT_OF_A_CHILD:
                break
            for cue, nouns in _CHILD_WORDS.items():
                if words[place] in nouns and (place + 1 == len(words) or words[place + 1] != "'s"):
                    found.cues.setdefault(cue, []).append((at, place + 1))
        if words[at + 1 : at + 2] == ["am"] and word == "i":
            _mark_writer(found, words, at)
    for cue in (*_CHILD_WORDS, *_WRITER_WORDS):
        if cue in found.cues:
            found.cues[cue] = sorted(set(found.cues[cue]))


def _mark_writer(found: Found, words: list[str], at: int) -> None:
    """Find "I'm a 35 year old mom"."""
    for place in range(at + 2, min(at + _LOOK_AHEAD + 1, len(words))):
        if words[place] in (",", ".", "and", "my", "his", "her", "with"):
            return
        for cue, nouns in _WRITER_WORDS.items():
            if words[place] in nouns:
                found.cues.setdefault(cue, []).append((at, place + 1))


def respondent(found: Found) -> str | None:
    """Tell "parent", "patient" or "carer" from the words, or None."""
    words = found.message.words
    if found.cue("i_am_carer") or found.cue("child_of_carer"):
        return "carer"
    if found.cue("i_am_parent") or found.cue("child_of_parent"):
        return "parent"
    siblings = found.cue("sibling")
    if siblings and siblings[0][0] <= 2 and any(mention.kind == "diagnoses" for mention in found.mentions):
        return "carer"
    for _, end in found.cue("i_am_patient"):
        relation = [word for word in words[end : end + 3] if word not in (",", "his", "her", "the")]
        for cue, nouns in _WRITER_WORDS.items():  # "it's me, his mom"
            if relation and relation[0] in nouns:
                return "parent" if cue == "i_am_parent" else "carer"
        return "patient"
    return "patient" if _speaks_of_own_illness(found, words) else None


def _speaks_of_own_illness(found: Found, words: list[str]) -> bool:
    """Find "I have rhabdo", "my chemo", "I'm 16 and I had": illness in the first person."""
    if {"he", "she", "his", "son", "daughter"} & set(words):
        return False
    for mention in found.mentions:
        if mention.kind not in ("diagnoses", "treatments") or mention.name == "nothing":
            continue
        before = words[max(mention.start - 7, 0) : mention.start]
        if mention.kind == "treatments" and "my" in before[-3:]:
            return True
        for at in range(len(before) - 1):
            if (
                before[at] != "i"
                or before[at + 1] not in _PATIENT_HAS
                or {"heard", "read", "question"} & set(before)
            ):
                continue
            if before[at + 1] != "am" or _ILL & set(before[at + 2 :]):
                return True
    return False


def child_is_named(found: Found) -> bool:
    """Whether the text names a child who is not the writer."""
    return any(found.cue(name) for name in ("child_of_parent", "child_of_carer", "i_am_parent", "i_am_carer"))


def patient_writes(found: Found, told: str | None, known: Mapping[str, Any] | None) -> bool:
    """Whether "I" is the patient."""
    return (told or (known or {}).get("respondent")) == "patient" or (
        told is None
        and not known
        and not child_is_named(found)
        and not {"he", "she", "his", "her"} & set(found.message.words)
    )
