"""Whether the text speaks of somebody other than the patient."""

from __future__ import annotations

from bot.understanding.clauses import Clause
from bot.understanding.scene import Scene
from bot.understanding.vocabulary import Span

_CONTRAST = frozenset(["but", "while", "whereas", "though", "although", "however"])
_BEFORE_A_NAME = frozenset(["a", "an", "the", "now", "just", "called", "this", "been", "diagnosed", "with"])
_I_HAD = frozenset(["had", "have", "was", "got", "am"])


def about_another(scene: Scene, clause: Clause, before: int) -> bool:
    """Whether the sentence speaks of somebody else by the time it reaches this word."""
    words = scene.words
    if scene.cue("in_family", clause.start, clause.end):
        return True
    sentence = [
        other for other in scene.clauses if other.sentence == clause.sentence and other.start <= clause.start
    ]
    start = sentence[0].start
    patients = [
        span
        for name in ("child_of_parent", "child_of_carer", "i_am_patient", "i_am_parent", "i_am_carer")
        for span in scene.cue(name, start, before)
    ]
    if not scene.patient_named:
        patients += scene.cue("sibling", start, before)
    others = [span for span in scene.cue("others", start, before) if _is_subject(scene, span, before)]
    others = [span for span in others if not any(p[0] <= span[0] < p[1] for p in patients)]
    if others and (not patients or patients[-1][0] < others[-1][0]):
        new_subject = [
            at for at in range(others[-1][1], before) if words[at] in ("he", "she") and at >= clause.start
        ]
        if new_subject and _set_against(words, others[-1], clause.start, new_subject[-1], before):
            return False
        return not (new_subject and _other_sex(words[others[-1][1] - 1], words[new_subject[-1]]))
    if not scene.patient_writes:
        for at in range(clause.start, before - 1):
            if (
                words[at] == "i"
                and words[at + 1] in _I_HAD
                and not {"he", "she", "him", "her", "son", "daughter"} & set(words[at + 2 : before])
            ):
                return True
    return False


def _set_against(words: list[str], other: Span, start: int, subject: int, before: int) -> bool:
    """Whether the patient is set against somebody of theirs: "his cousin had ..., but he has ..."."""
    owner = {"his": "he", "her": "she"}.get(words[other[0] - 1]) if other[0] else None
    return (
        words[start] in _CONTRAST
        and words[subject] == owner
        and words[subject + 1 : subject + 2] == ["has"]
        and set(words[subject + 2 : before]) <= _BEFORE_A_NAME
    )


def _is_subject(scene: Scene, span: Span, before: int) -> bool:
    words = scene.words
    possessive = span[0] == 0 or words[span[0] - 1] in (
        "his",
        "her",
        "my",
        "our",
        "their",
        "a",
        "the",
        "another",
        "'s",
        "one",
        "older",
        "younger",
        "maternal",
        "paternal",
        "other",
        "great",
        "best",
        "late",
        "little",
        "big",
        "and",
        "or",
        "also",
        "",
    )
    if not possessive and words[span[0]] not in ("another", "a", "someone"):
        return False
    lead = words[max(span[0] - 3, 0) : span[0]]
    if (
        "from" in lead
        or "by" in lead
        or "with" in lead
        or "i am" in " ".join(words[max(span[0] - 3, 0) : span[0]])
    ):
        return False
    following = words[span[1]] if span[1] < len(words) else ""
    reports = any(start == span[1] for start, _ in scene.found.cue("reporting"))
    if following == "and" and words[span[1] + 1 : span[1] + 2] in (["i"], ["me"]):
        return False
    return not reports


def _other_sex(person: str, pronoun: str) -> bool:
    women = {
        "mother",
        "mom",
        "mum",
        "sister",
        "aunt",
        "auntie",
        "grandmother",
        "grandma",
        "granny",
        "nana",
        "wife",
        "daughter",
    }
    men = {"father", "dad", "brother", "uncle", "grandfather", "grandpa", "husband", "son", "stepdad"}
    return (person in women and pronoun == "he") or (person in men and pronoun == "she")
