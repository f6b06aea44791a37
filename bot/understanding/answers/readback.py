"""The message as an answer to a read-back: a yes or no in many wordings, and what a "no" puts right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.understanding.ages.age_answers import bare_age
from bot.understanding.answers.answer_words import phrases
from bot.understanding.answers.replies import after_no, confirms, in_doubt, without_marks
from bot.understanding.files import read_lexicon_file
from bot.understanding.illness.diagnoses import place_in
from bot.understanding.people.whose import about_another
from bot.understanding.statements.scene import Scene
from bot.understanding.text import Message

READBACK = "readback"
READ_BACK = (None, "confirm")
_GROWN_UP = 18 * 12
_OLDEST_MEANT = 30 * 12
_LOOK = 6


def read_back_control(message: Message, asked: str | None, lang: str) -> str | None:
    """Give "yes", "no" or "dont_know" where the message answers a read-back so."""
    if asked not in READ_BACK:
        return None
    plain = without_marks(message.words)
    if confirms(plain, lang):
        return "yes"
    if in_doubt(plain, lang, answers=False):
        return "dont_know"
    return "no" if after_no(message, lang) is not None else None


def settle_read_back(
    scene: Scene,
    asked: str | None,
    facts: dict[str, Any],
    control: str | None,
    lang: str,
    known: Mapping[str, Any] | None,
) -> str | None:
    """Add to `facts` what the message puts right, and give the control that stands then."""
    if asked not in READ_BACK:
        return control
    known = known or {}
    _place(scene, asked, facts, control, lang, known)
    rest = after_no(scene.found.message, lang) if control == "no" else None
    if asked == "confirm" and rest and not facts:
        age = bare_age(rest, lang)
        if age and _may_be_meant(age, known.get("age")):
            facts["age"] = {"months": list(age)}
    plain = without_marks(scene.words)
    if control == "yes" and asked == "confirm" and not facts and _another_age(plain, known.get("age")):
        return None
    if control == "no" and facts and all(_denied_before(facts[name], known.get(name)) for name in facts):
        # "No, she never had any": the no agrees with what was read back.
        return None
    return control


def _may_be_meant(age: tuple[int, int], known: object) -> bool:
    """Whether a bare number can put the known age right: a slip of it, or of a grown-up's."""
    if not isinstance(known, Mapping):
        return False
    low, high = known["months"]
    if age[1] > _OLDEST_MEANT or (low <= age[0] and age[1] <= high):
        return False
    return high >= _GROWN_UP or bool(set(str(age[0] // 12)) & set(str(low // 12)))


def _another_age(words: list[str], known: object) -> bool:
    """Whether a "yes" stands beside a number that is not the age that was told."""
    numbers = [int(word) for word in words if word.isdigit()]
    if len(numbers) != 1 or not isinstance(known, Mapping):
        return False
    return not known["months"][0] // 12 <= numbers[0] <= known["months"][1] // 12


def _denied_before(now: Any, before: Any) -> bool:
    denied = ("no", {"had": "no"})
    return now in denied and before in denied


def _place(
    scene: Scene,
    asked: str | None,
    facts: dict[str, Any],
    control: str | None,
    lang: str,
    known: Mapping[str, Any],
) -> None:
    """Read "no, it started in the muscle" as the place of the disease that is known."""
    diagnosis = facts.get("diagnosis", known.get("diagnosis"))
    if not isinstance(diagnosis, Mapping) or "diagnosis" in facts or not diagnosis.get("id"):
        return
    places = read_lexicon_file(lang, "places")
    place = None
    language = scene.language
    something_else = language.pattern(READBACK, "something_else_began")
    beside = language.words(READBACK, "beside")
    for match in language.pattern(READBACK, "began").finditer(scene.found.message.norm):
        start, end = scene.found.message.span_of(match)
        clause = scene.clause_of(start)
        named = " ".join(scene.words[clause.start : start])
        if clause.asks or something_else.search(named) or about_another(scene, clause, start):
            continue
        place = place_in(_itself(scene.words[end : min(clause.end, end + _LOOK)], beside), places) or place
    rest = after_no(scene.found.message, lang) if control == "no" else None
    if place is None and asked == "confirm" and rest and "arises_in" in diagnosis:
        rest = _itself(rest, beside)
        small = language.words(READBACK, "small_words")
        bare = [word for word in rest if word not in small]
        place = phrases(lang, "arises_in").get(" ".join(rest)) or (
            place_in(rest, places) if len(bare) <= 3 else None
        )
    if place:
        facts["diagnosis"] = {"id": diagnosis["id"], "arises_in": place}


def _itself(words: list[str], beside: frozenset[str]) -> list[str]:
    """Give the words up to where a neighbour is named ("the muscle next to the rib")."""
    return words[: next((at for at, word in enumerate(words) if word in beside), len(words))]
