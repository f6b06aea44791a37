"""Puts together what the parts find in one message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.understanding.age_answers import with_number_slips
from bot.understanding.ages import find_age
from bot.understanding.alarm import read_alarm
from bot.understanding.answer_lists import with_asked_names
from bot.understanding.answers import answer
from bot.understanding.control import other_language, read_control
from bot.understanding.course import read_activity, read_course
from bot.understanding.date_answers import as_date_answer
from bot.understanding.dates import DateSpan, find_dates
from bot.understanding.diagnoses import read_diagnosis
from bot.understanding.files import languages
from bot.understanding.health import read_health
from bot.understanding.people import child_is_named, mark_children, patient_writes, respondent
from bot.understanding.readback import read_back_control, settle_read_back
from bot.understanding.replies import ends_in_doubt, in_doubt, without_marks
from bot.understanding.result import Understood
from bot.understanding.scene import Scene, make_scene
from bot.understanding.text import Message
from bot.understanding.treatments import as_fact, read_events
from bot.understanding.vocabulary import vocabulary
from bot.understanding.whose import about_another
from criteria.facts import EVENTS, FACT_NAMES, LISTS

_BIRTHDAY_LOOK = 9
_NO_TREATMENT = re.compile(
    r"\b(?:no|not had any|not started any|not had|never had any|not started|not gotten any|not "
    r"received any) (?:cancer )?treatments?"
    r"(?: (?:so far|yet|at all|started|of any kind))?(?= (?:[.,;!)\n]|and|but|yet)|$)"
)


def understand_message(
    text: str, today: date, asked: str | None, lang: str, known: Mapping[str, Any] | None
) -> Understood:
    """Read one message; see `bot.understanding.understand`."""
    lang = lang if lang in languages() else "en"
    message = Message(text)
    problems = ["long_text"] if message.too_long else []
    if not message.words:
        return Understood(
            problems=tuple(problems), control="dont_know" if text.strip() in ("?", "??") else None
        )
    control, target = read_control(message, text, lang)
    foreign = other_language(message, text)
    emergency, distress = read_alarm(message, today, lang, asked)
    if foreign:
        return Understood({}, False, tuple(problems), control, target, emergency, foreign, distress)
    control = control or read_back_control(message, asked, lang)
    if asked and asked.endswith((".last", "_since")):
        message = as_date_answer(message, text)
    if asked == "age":
        message = with_number_slips(message, lang)
    facts, whole, control, found_problems = _facts(message, today, asked, lang, known, control)
    problems += [code for code in dict.fromkeys(found_problems) if code not in problems]
    if target and facts.get(target.partition(".")[0]) in ({"had": "yes"}, {"had": "no"}, "yes", "no"):
        del facts[target.partition(".")[0]]
    ordered = {name: facts[name] for name in FACT_NAMES if name in facts}
    return Understood(ordered, whole, tuple(problems), control, target, emergency, None, distress)


def _facts(
    message: Message,
    today: date,
    asked: str | None,
    lang: str,
    known: Mapping[str, Any] | None,
    control: str | None,
) -> tuple[dict[str, Any], bool, str | None, list[str]]:
    found = with_asked_names(vocabulary(lang).find(message), asked, lang)
    mark_children(found)
    facts: dict[str, Any] = {}
    who = respondent(found)
    told_before = (known or {}).get("respondent")
    if who and not (told_before == "carer" and who == "parent" and not found.cue("i_am_parent")):
        facts["respondent"] = who
    writes = patient_writes(found, who, known)
    dates = find_dates(found.message, today)
    scene = make_scene(found, dates, writes, child_is_named(found))
    age = _age(scene, dates, today, writes)
    if age:
        facts["age"] = {"months": list(age)}
    born = age or _known_age(known)
    if born:
        dates = find_dates(found.message, today, born)
        scene = make_scene(found, dates, writes, child_is_named(found))
    topic, _, _detail = (asked or "").partition(".")
    told, problems = read_events(scene, topic if topic in EVENTS else None)
    for event in dict.fromkeys(item.event for item in told):
        fact = as_fact([item for item in told if item.event == event])
        if fact:
            facts[event] = fact
    diagnosis, earlier_cancer = read_diagnosis(scene, lang, known, asked)
    if diagnosis:
        facts["diagnosis"] = diagnosis
    course = read_course(scene, asked)
    if course:
        facts["disease_course"] = course
    facts.update(read_health(scene))
    if earlier_cancer:
        facts["other_cancer"] = "yes"
    activity = read_activity(scene)
    if activity:
        facts["activity"] = {"score": activity}
    if not any(clause.asks for clause in scene.clauses) and _NO_TREATMENT.search(found.message.norm):
        for item in LISTS["treatments"]:
            facts.setdefault(item, {"had": "no"})
    if asked and not control and not facts and _doubts(found.message, lang):
        control = "dont_know"
    whole = answer(scene, asked, facts, control, lang, known) if asked else False
    control = settle_read_back(scene, asked, facts, control, lang, known)
    _chemotherapy_of_nitrosourea(facts)
    if asked and asked.endswith(".last"):
        problems += [when.problem for when in dates if when.problem and not _dated(facts, asked)]
    return facts, whole, control, problems


def _doubts(message: Message, lang: str) -> bool:
    return in_doubt(without_marks(message.words), lang, answers=True) or ends_in_doubt(message.words, lang)


def _dated(facts: dict[str, Any], asked: str) -> bool:
    value = facts.get(asked.partition(".")[0])
    return isinstance(value, dict) and "last" in value


def _known_age(known: Mapping[str, Any] | None) -> tuple[int, int] | None:
    age = (known or {}).get("age")
    return tuple(age["months"]) if isinstance(age, Mapping) else None


def _age(scene: Scene, dates: list[DateSpan], today: date, writes: bool) -> tuple[int, int] | None:
    """Give the patient's age: the last one told where a correction stands, else the first."""
    words = scene.words

    def counts(at: int) -> bool:
        me = words[at] == "i" or words[max(at - 1, 0) : at + 1] == ["i", "am"]
        return not about_another(scene, scene.clause_of(at), at + 1) and (writes or not me)

    ages = find_age(scene.found.message, today, dates, counts)
    if not writes:
        ages = [pair for pair in ages if not _own_age(words, pair[0])]
    ages = [pair for pair in ages if not scene.clause_of(pair[0]).asks or pair[0] == 0]
    ages = [pair for pair in ages if not _only_a_birthday(words, pair[0])]
    if not ages:
        return None
    corrected = any(start < ages[-1][0] for start, _ in scene.found.cue("correction"))
    return ages[-1][1] if corrected else ages[0][1]


def _only_a_birthday(words: list[str], at: int) -> bool:
    """Whether "my birthday oct 14" tells no year, and so no age."""
    near = words[at : at + _BIRTHDAY_LOOK]
    dated = any((len(word) == 4 and word.isdigit()) or word.count("/") == 2 for word in near)
    return words[at] == "birthday" and not dated and not any(word.count(".") == 2 for word in near)


def _own_age(words: list[str], at: int) -> bool:
    return "i" in words[max(at - 3, 0) : at + 1] and not {"he", "she", "son", "daughter"} & set(
        words[max(at - 3, 0) : at]
    )


def _chemotherapy_of_nitrosourea(facts: dict[str, Any]) -> None:
    """A nitrosourea is chemotherapy too, whose last day is no earlier."""
    nitrosourea = facts.get("nitrosourea")
    if not isinstance(nitrosourea, dict) or nitrosourea.get("had") != "yes":
        return
    before = facts.get("chemotherapy")
    chemotherapy = dict(before) if isinstance(before, dict) and before.get("had") == "yes" else {"had": "yes"}
    if nitrosourea.get("last") == "ongoing":
        chemotherapy["last"] = "ongoing"
    chemotherapy.pop("kind", None)
    facts["chemotherapy"] = chemotherapy
