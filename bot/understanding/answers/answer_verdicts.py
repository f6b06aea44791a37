"""Yes, no or don't know, as a message says it of what was asked: "then no", "you'd have to ask him"."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.understanding.answers.answer_words import ANSWERS, Part, parts_of, says
from bot.understanding.answers.control import short_reply
from bot.understanding.answers.replies import in_doubt
from bot.understanding.language import Language
from bot.understanding.statements.scene import Scene
from criteria.facts import NOT_SURE

_LONGEST_DENIAL = 16
_LONGEST_REPLY = 14
_FEWEST_INSTEAD = 4
_MEANINGS = {"yes": "yes", "no": "no", "dont_know": NOT_SURE}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of the thing asked about.

    value: "yes", "no" or "not_sure".
    concludes: whether the message comes to it in the end ("..., so no"), whatever was told before.
    outright: whether a yes, a no or a "don't know" of its own says so, and not only a denial.
    """

    value: str
    concludes: bool = False
    outright: bool = True


def read_verdict(scene: Scene, about: frozenset[str]) -> Verdict | None:
    """Read what the message says of the fact asked. `about`: the names that mean this fact."""
    language = scene.language
    parts = parts_of(scene.words, language)
    of_patient = _of_the_patient(scene, language)
    if of_patient:
        return of_patient
    for part in reversed(parts):
        conclusion = _conclusion(part, language)
        if conclusion:
            return Verdict(conclusion, concludes=True)
    found = [
        (part, verdict)
        for number, part in enumerate(parts)
        if (verdict := _of_part(scene, part, language, about, first=not number))
    ]
    if not found:
        return None
    (first, verdict), *others = found
    corrected = bool(scene.found.cue("correction")) or verdict.value == NOT_SURE
    later = [other for _, other in others if other.outright and other.value != NOT_SURE]
    if corrected and later:
        return later[-1]
    return None if not later and _taken_back(scene, first) else verdict


def _taken_back(scene: Scene, part: Part) -> bool:
    """Whether something else is told instead ("never, oh wait, with the first chemo"), not only "sorry"."""
    last = len(scene.words) - _FEWEST_INSTEAD
    return any(part.end <= start <= last for start, _ in scene.found.cue("correction"))


def doubts(scene: Scene) -> bool:
    """Whether some part of the message says that the writer does not know, or who would."""
    language = scene.language
    return any(not part.asks and says_doubt(part, language) for part in parts_of(scene.words, language))


def says_doubt(part: Part, language: Language) -> bool:
    """Whether this part says so: "can't tell you a single thing", "my husband handled all of that"."""
    words = list(part.words)
    if short_reply(words, language.code) == "dont_know":
        return True
    if in_doubt(words, language.code, answers=False):
        return True
    if not language.words(ANSWERS, "about_the_chat").isdisjoint(words):
        return False
    return language.pattern(ANSWERS, "not_known").search(part.text) is not None


def leaves_open(scene: Scene, places: Collection[int]) -> bool:
    """Whether it is doubted that what is named at one of these words is so at all: "if he had radiation
    i can't say"."""
    language = scene.language
    asking = language.words(ANSWERS, "whether")
    if asking.isdisjoint(scene.words):
        return False
    parts = parts_of(scene.words, language)
    doubted = {part.sentence for part in parts if not part.asks and says_doubt(part, language)}
    return any(
        part.sentence in doubted and not asking.isdisjoint(scene.words[part.start : at])
        for part in parts
        for at in places
        if part.holds(at)
    )


def lead(words: list[str], language: Language) -> str | None:
    """Give the "yes" or "no" with which these words open, after small words of feeling."""
    before = language.words(ANSWERS, "before_a_lead")
    for at, word in enumerate(words[:4]):
        for value in ("yes", "no"):
            if says(language.code, value, word):
                following = words[at + 1] if at + 1 < len(words) else ""
                return None if following in language.words(ANSWERS, f"no_lead_{value}") else value
        if word not in before:
            return None
    return None


def reply(words: list[str], language: Language) -> str | None:
    """Give "yes", "no" or "not_sure" where the words say nothing else."""
    short = short_reply(words, language.code)
    if short:
        return _MEANINGS[short]
    if len(words) > _LONGEST_REPLY:
        return None
    text = " ".join(words)
    for value in ("maybe", "no", "yes"):
        if language.pattern(ANSWERS, f"reply_{value}").fullmatch(text):
            return _MEANINGS.get(value, NOT_SURE)
    return None


def denies(words: list[str], language: Language) -> bool:
    """Whether the words deny what was asked without naming it: "she never needed any"."""
    if len(words) > _LONGEST_DENIAL:
        return False
    not_thought = language.pattern(ANSWERS, "not_thought").match(" ".join(words) + " ")
    if not_thought:
        rest = " ".join(words)[not_thought.end() :].split()
        return bool(rest) and set(rest) <= language.words(ANSWERS, "denial_rest")
    held = set(words)
    if not held <= _denial_words(language):
        return False
    text = f" {' '.join(words)} "
    if any(f" {phrase} " in text for phrase in language.words(ANSWERS, "no_denials")):
        return False
    return bool(held & language.words(ANSWERS, "negations"))


def _denial_words(language: Language) -> frozenset[str]:
    return language.words(ANSWERS, "negations") | language.words(ANSWERS, "denial_rest")


def _of_part(
    scene: Scene, part: Part, language: Language, about: frozenset[str], first: bool
) -> Verdict | None:
    words = list(part.words)
    said = reply(words, language)
    if said and (part.text not in language.words(ANSWERS, "whole_replies") or _is_all(scene, part)):
        return Verdict(said)
    if part.asks:
        return None
    if says_doubt(part, language):
        return Verdict(NOT_SURE)
    opened = lead(words, language) if first else None
    if opened:
        return Verdict(opened)
    named = {mention.name for mention in scene.found.mentions if part.holds(mention.start) and mention.name}
    fell = language.pattern(ANSWERS, "fell_through").search(part.text)
    if fell and (named <= about or fell["instead"]):
        return Verdict("no", outright=False)
    return Verdict("no", outright=False) if not named and denies(words, language) else None


def _is_all(scene: Scene, part: Part) -> bool:
    return len(parts_of(scene.words, scene.language)) == 1 and not part.asks


def _conclusion(part: Part, language: Language) -> str | None:
    found = language.pattern(ANSWERS, "conclusion").search(part.text)
    if not found:
        return None
    return "no" if found["no"] or found["no_at_end"] or found["doubted"] else "yes"


def _of_the_patient(scene: Scene, language: Language) -> Verdict | None:
    """Read "me yes, him no" for him; where the patient writes, there is no such difference."""
    if scene.patient_writes:
        return None
    for part in parts_of(scene.words, language):
        found: re.Match[str] | None = language.pattern(ANSWERS, "patient_verdict").fullmatch(part.text)
        if found:
            return Verdict("no" if found["no"] else "yes", concludes=True)
    return None
