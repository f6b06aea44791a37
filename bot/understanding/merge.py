"""Puts together what the parts find in one message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.understanding.ages.age_answers import with_number_slips, with_slips_of_age
from bot.understanding.ages.ages import find_age
from bot.understanding.alarm import read_alarm
from bot.understanding.answers.answer_home import read_home
from bot.understanding.answers.answers import answer
from bot.understanding.answers.control import other_language, read_control
from bot.understanding.answers.list_names import with_asked_names
from bot.understanding.answers.readback import read_back_control, settle_read_back
from bot.understanding.answers.replies import ends_in_doubt, in_doubt, without_marks
from bot.understanding.distress import at_a_loss, read_distress
from bot.understanding.events.treatments import as_fact, read_events
from bot.understanding.files import languages
from bot.understanding.illness.activity import read_activity
from bot.understanding.illness.course import read_course
from bot.understanding.illness.diagnoses import read_diagnosis
from bot.understanding.illness.health import read_health
from bot.understanding.illness.illness_phrases import with_phrases
from bot.understanding.people.people import child_is_named, mark_children, patient_writes, respondent
from bot.understanding.people.pronouns import patient_pronoun
from bot.understanding.result import Understood
from bot.understanding.statements.corrections import with_corrections
from bot.understanding.statements.scene import make_scene
from bot.understanding.text import Message
from bot.understanding.time.counted_days import cut_at
from bot.understanding.time.date_answers import as_date_answer
from bot.understanding.time.dates import find_dates
from bot.understanding.vocabulary import Found, vocabulary
from criteria.facts import EVENTS, FACT_NAMES, LISTS


def understand_message(
    text: str, today: date, asked: str | None, lang: str, known: Mapping[str, Any] | None
) -> Understood:
    """Read one message; see `bot.understanding.understand`."""
    lang = lang if lang in languages() else "en"
    message = Message(text, lang)
    problems = ["long_text"] if message.too_long else []
    if not message.words:
        return Understood(
            problems=tuple(problems), control="dont_know" if text.strip() in ("?", "??") else None
        )
    control, target = read_control(message, text, lang)
    home = read_home(text) if asked == "home" else None
    # "München" and "São Paulo" are no other language where the question was where a family lives.
    foreign = None if home else other_language(message, text)
    emergency, distress = read_alarm(message, today, lang), read_distress(message, lang, asked)
    if foreign:
        return Understood({}, False, tuple(problems), control, target, emergency, foreign, distress)
    lost = at_a_loss(message)
    asked = None if lost else asked
    control = control or read_back_control(message, asked, lang)
    if asked and asked.endswith((".last", "_since")):
        message = as_date_answer(message, text)
    message = with_number_slips(message, lang) if asked == "age" else with_slips_of_age(message)
    found = with_phrases(with_asked_names(vocabulary(lang).find(message), asked, lang), asked)
    found = with_corrections(found)
    mark_children(found)
    facts, whole, control, found_problems = _facts(found, today, asked, lang, known, control)
    control = None if lost and control == "dont_know" else control
    problems += [code for code in dict.fromkeys(found_problems) if code not in problems]
    if home:
        facts["home"] = home
        control = None if control == "dont_know" else control
    if target and facts.get(target.partition(".")[0]) in ({"had": "yes"}, {"had": "no"}, "yes", "no"):
        del facts[target.partition(".")[0]]
    ordered = {name: _whole(facts[name]) for name in FACT_NAMES if name in facts}
    who = facts.get("respondent") or (known or {}).get("respondent")
    pronoun, named = patient_pronoun(found, who)
    return Understood(
        ordered, whole, tuple(problems), control, target, emergency, None, distress, pronoun, named
    )


def _facts(
    found: Found,
    today: date,
    asked: str | None,
    lang: str,
    known: Mapping[str, Any] | None,
    control: str | None,
) -> tuple[dict[str, Any], bool, str | None, list[str]]:
    facts: dict[str, Any] = {}
    who = respondent(found)
    told_before = (known or {}).get("respondent")
    if who and not (told_before == "carer" and who == "parent" and not found.cue("i_am_parent")):
        facts["respondent"] = who
    writes = patient_writes(found, who, known)
    dates = find_dates(found.message, today)
    scene = make_scene(found, dates, writes, child_is_named(found))
    age = find_age(scene, today, asked, who == "patient" or told_before == "patient")
    if age:
        facts["age"] = {"months": list(age)}
    born = age or _known_age(known)
    if born:
        dates = find_dates(found.message, today, born)
        scene = make_scene(found, dates, writes, child_is_named(found))
    topic, _, _detail = (asked or "").partition(".")
    told, problems = read_events(scene, topic if topic in EVENTS else None)
    cut_at(told, today)
    for event in dict.fromkeys(item.event for item in told):
        fact = as_fact([item for item in told if item.event == event])
        if fact:
            facts[event] = fact
    diagnosis, earlier_cancer = read_diagnosis(scene, lang, known, asked)
    if diagnosis:
        facts["diagnosis"] = diagnosis
    course = read_course(scene, today, asked)
    if course:
        facts["disease_course"] = course
    facts.update(read_health(scene, asked))
    if earlier_cancer:
        facts["other_cancer"] = "yes"
    activity = read_activity(scene, asked)
    if activity:
        facts["activity"] = {"score": activity}
    if not any(clause.asks for clause in scene.clauses) and scene.language.pattern(
        "whole", "no_treatment"
    ).search(found.message.norm):
        for item in LISTS["treatments"]:
            facts.setdefault(item, {"had": "no"})
    if asked and not control and not facts and _doubts(found.message, lang):
        control = "dont_know"
    whole = answer(scene, asked, facts, control, lang, known) if asked else False
    control = settle_read_back(scene, asked, facts, control, lang, known)
    _chemotherapy_of_nitrosourea(facts, known)
    if asked and asked.endswith(".last"):
        problems += [when.problem for when in dates if when.problem and not _dated(facts, asked)]
    return facts, whole, control, problems


def _whole(value: Any) -> Any:
    """A fact of which nothing but doubt is told is "not sure" as a whole."""
    return "not_sure" if value == {"had": "not_sure"} else value


def _doubts(message: Message, lang: str) -> bool:
    return in_doubt(without_marks(message.words), lang, answers=True) or ends_in_doubt(message.words, lang)


def _dated(facts: dict[str, Any], asked: str) -> bool:
    value = facts.get(asked.partition(".")[0])
    return isinstance(value, dict) and "last" in value


def _known_age(known: Mapping[str, Any] | None) -> tuple[int, int] | None:
    age = (known or {}).get("age")
    return tuple(age["months"]) if isinstance(age, Mapping) else None


def _chemotherapy_of_nitrosourea(facts: dict[str, Any], known: Mapping[str, Any] | None) -> None:
    """A nitrosourea is chemotherapy too, whose last day is no earlier.

    Its day is that of both where no other day of chemotherapy is told, now or before.
    """
    chemotherapy_before = (known or {}).get("chemotherapy")
    told_before = isinstance(chemotherapy_before, Mapping) and "last" in chemotherapy_before
    nitrosourea = facts.get("nitrosourea")
    if not isinstance(nitrosourea, dict) or nitrosourea.get("had") != "yes":
        return
    before = facts.get("chemotherapy")
    chemotherapy = dict(before) if isinstance(before, dict) and before.get("had") == "yes" else {"had": "yes"}
    if nitrosourea.get("last") == "ongoing":
        chemotherapy["last"] = "ongoing"
    elif isinstance(nitrosourea.get("last"), list) and "last" not in chemotherapy and not told_before:
        chemotherapy["last"] = nitrosourea["last"]
    chemotherapy.pop("kind", None)
    facts["chemotherapy"] = chemotherapy
