"""The message as an answer to the question that was asked: bare yes and no, numbers, places, names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.understanding.ages.age_answers import answer_age
from bot.understanding.answers.answer_details import answer_detail
from bot.understanding.answers.answer_kinds import add_kind
from bot.understanding.answers.answer_lists import answer_list, ticked_places
from bot.understanding.answers.answer_sex import answer_sex
from bot.understanding.answers.answer_states import add_own_cells, read_platelets, read_state
from bot.understanding.answers.answer_verdicts import Verdict, doubts, leaves_open, read_verdict
from bot.understanding.answers.answer_words import ANSWERS, is_told_so, phrases, says
from bot.understanding.answers.control import plain_words
from bot.understanding.answers.enumerations import told
from bot.understanding.answers.positions import read_places
from bot.understanding.files import read_lexicon_file
from bot.understanding.people.respondent_answers import answer_respondent
from bot.understanding.statements.scene import Scene
from bot.understanding.text import Message
from criteria.facts import (
    BRAIN,
    COURSES,
    DIAGNOSIS_IDS,
    EVENTS,
    LISTS,
    NOT_SURE,
    ONGOING,
    RESPONDENTS,
    SEXES,
    YES_NO_FACTS,
)

_SHORTEST_SLIP = 6
_LEAST_SCORE, _BEST_SCORE = 20, 100
STS_WITH_PLACE = frozenset(DIAGNOSIS_IDS[: DIAGNOSIS_IDS.index("osteosarcoma")]) - {
    "ewing_sarcoma",
    "malignant_rhabdoid_tumor",
}


def answer(
    scene: Scene,
    asked: str,
    facts: dict[str, Any],
    control: str | None,
    lang: str,
    known: Mapping[str, Any] | None,
) -> bool:
    """Add to `facts` what the message means as an answer to `asked`. True when it is the whole list
    that was asked."""
    text = " ".join(plain_words(scene.found.message))
    if asked in LISTS:
        _leave_other_meanings(scene, asked, facts, text, lang)
        return answer_list(scene, asked, facts, control, lang, known)
    fact, _, detail = asked.partition(".")
    if detail:
        answer_detail(scene, fact, detail, facts, control, text, known)
    elif fact == "age":
        answer_age(facts, text.split(), lang)
        _unsure(scene, fact, facts, control)
    elif fact == "activity":
        _activity(scene, facts, control, text, lang)
    elif fact == "respondent":
        answer_respondent(scene, facts, text, lang)
        place = _only_place(scene, len(RESPONDENTS))
        if place is not None:
            facts.setdefault(fact, RESPONDENTS[place])
        _unsure(scene, fact, facts, control)
    elif fact == "sex":
        answer_sex(scene, facts)
        place = _only_place(scene, len(SEXES))
        if place is not None:
            facts.setdefault(fact, SEXES[place])
        _unsure(scene, fact, facts, control)
    elif fact == "home":
        _unsure(scene, fact, facts, control)
    elif fact == "disease_course":
        _course(facts, control, text, lang, scene)
    elif fact == "diagnosis":
        _diagnosis(scene, facts, control, text, lang)
    elif fact in EVENTS or fact in YES_NO_FACTS or fact == BRAIN:
        _yes_or_no(scene, fact, facts, control, text, lang)
    return False


def _leave_other_meanings(scene: Scene, asked: str, facts: dict[str, Any], text: str, lang: str) -> None:
    """Leave out what the words mean only elsewhere: "ALL" is no leukemia among the treatments, and "all
    clear" or "it came back up" tells nothing of the cancer where something else was asked."""
    if asked in LISTS and says(lang, "all_of_list", text):
        facts.pop("diagnosis", None)
    of_cancer = scene.language.words(ANSWERS, "of_the_cancer")
    if facts.get("disease_course") in (["in_remission"], ["relapsed"]) and of_cancer.isdisjoint(scene.words):
        del facts["disease_course"]


def _unsure(scene: Scene, fact: str, facts: dict[str, Any], control: str | None) -> None:
    if fact not in facts and (control == "dont_know" or (control is None and doubts(scene))):
        facts[fact] = NOT_SURE


def _only_place(scene: Scene, count: int) -> int | None:
    """Give the one choice that the message ticks by its place ("the second one")."""
    places = read_places(scene, count)
    return min(places.yes) if len(places.yes) == 1 and not places.no else None


def _yes_or_no(
    scene: Scene, fact: str, facts: dict[str, Any], control: str | None, text: str, lang: str
) -> None:
    if facts.get(fact) == {"had": NOT_SURE}:
        facts[fact] = NOT_SURE
    if fact in YES_NO_FACTS:
        _leave_other_meanings(scene, fact, facts, text, lang)
    if fact == "other_cancer" and scene.language.pattern(ANSWERS, "only_this_cancer").fullmatch(text):
        facts[fact] = "no"
        return
    people = scene.language.words(ANSWERS, "of_a_person")
    named = [
        mention.start
        for mention in scene.found.mentions
        if mention.name == fact and people.isdisjoint(scene.words[mention.end : mention.end + 1])
    ]
    if control is None and leaves_open(scene, named):
        facts[fact] = NOT_SURE
        return
    verdict = _verdict(scene, fact, control, text, lang)
    if verdict:
        # "No, he finished in May": what has ended was had.
        _apply(fact, verdict, facts, bool(named) or bool(scene.found.cue("stop")))
    elif fact in EVENTS and says(lang, "ongoing", text):
        facts[fact] = {"had": "yes", "last": ONGOING}
    elif fact == "low_platelets" and fact not in facts:
        read_platelets(scene, facts)
    add_own_cells(scene, fact, facts, verdict)
    if fact in EVENTS and is_told_so(facts.get(fact)):
        add_kind(scene, fact, facts[fact], asked_for=False)


def _verdict(scene: Scene, fact: str, control: str | None, text: str, lang: str) -> Verdict | None:
    if control in ("yes", "no"):
        return Verdict(control)
    if control == "dont_know":
        return Verdict(NOT_SURE)
    verdict = read_verdict(scene, frozenset([fact]))
    if verdict:
        return verdict
    state = read_state(scene, fact)
    if state:
        return state
    return Verdict("no") if says(lang, "none_of_list", text) else None


def _apply(fact: str, verdict: Verdict, facts: dict[str, Any], named: bool) -> None:
    """Let what was said of the fact stand beside, or over, what its names tell."""
    before = facts.get(fact)
    said_so = is_told_so(before)
    if before is None or (verdict.concludes and said_so != (verdict.value == "yes")):
        facts[fact] = told(fact, verdict.value)
    elif verdict.value == "no" and verdict.outright and said_so and not named:
        facts[fact] = told(fact, "no")  # "no. they talked about it in 2024": the day is of something else
    elif verdict.value == "yes" and fact in EVENTS and before == NOT_SURE and verdict.outright:
        facts[fact] = told(fact, "yes")


def _activity(scene: Scene, facts: dict[str, Any], control: str | None, text: str, lang: str) -> None:
    language = scene.language
    match = language.pattern(ANSWERS, "activity_score").fullmatch(text)
    guards = language.words(ANSWERS, "activity_not_if")
    if "activity" not in facts and not match and guards.isdisjoint(text.split()):
        named = {score for name, score in phrases(lang, "activity").items() if f" {name} " in f" {text} "}
        if len(named) == 1:
            facts["activity"] = {"score": [int(score) for score in named.pop().split()]}
    if "activity" not in facts and match:
        low, high = sorted((int(match["low"]), int(match["high"] or match["low"])))
        if low >= _LEAST_SCORE and high <= _BEST_SCORE:
            facts["activity"] = {"score": [low, high]}
    if "activity" not in facts and not match:
        levels = language.table(ANSWERS, "activity_levels")
        place = _only_place(scene, len(levels))
        if place is not None:
            facts["activity"] = {"score": [int(score) for score in levels[place]]}
    _unsure(scene, "activity", facts, control)


@cache
def _course_names(lang: str) -> dict[str, str]:
    """Give the course that each short answer means."""
    return {
        " ".join(plain_words(Message(phrase, lang))): entry["value"]
        for entry in read_lexicon_file(lang, "course")
        for phrase in entry.get("answers", entry.get("names", ()))
    }


def _course(facts: dict[str, Any], control: str | None, text: str, lang: str, scene: Scene) -> None:
    answers = _course_names(lang)
    whole = " ".join(scene.words)
    cut = scene.language.pattern(ANSWERS, "between_courses")
    pieces = [
        " ".join(word for word in piece.split() if word not in (".", "!")) for piece in re.split(cut, whole)
    ]
    told = set(facts.get("disease_course", ()))
    told |= {answers[piece.strip()] for piece in pieces if piece.strip() in answers}
    told |= {
        piece.strip().replace(" ", "_") for piece in pieces if piece.strip().replace(" ", "_") in COURSES
    }
    told |= {COURSES[place] for place in ticked_places(scene, len(COURSES), lang)}
    slip_may_be = len(text) >= _SHORTEST_SLIP and not any(letter.isdigit() for letter in text)
    if not told and control is None and slip_may_be:  # "camr back"
        near = process.extractOne(text, list(answers), scorer=OSA.distance, score_cutoff=1)
        told |= {answers[near[0]]} if near else set()
    if told and control not in ("no", "dont_know"):
        facts["disease_course"] = [course for course in COURSES if course in told]
    elif control == "dont_know" or (control is None and doubts(scene)):
        facts["disease_course"] = NOT_SURE
    elif control == "no" or says(lang, "none_of_list", text):
        facts["disease_course"] = []


def _diagnosis(scene: Scene, facts: dict[str, Any], control: str | None, text: str, lang: str) -> None:
    as_id = text.replace(" ", "_")
    choices = scene.language.table(ANSWERS, "diagnosis_choices")
    if as_id in DIAGNOSIS_IDS:
        _named(as_id, facts)
    elif "diagnosis" not in facts and says(lang, "some_tumor", text):
        facts["diagnosis"] = {"id": NOT_SURE}
    elif "diagnosis" not in facts and (place := _only_place(scene, len(choices))) is not None:
        _named(choices[place], facts)
    if "diagnosis" not in facts and scene.language.pattern(ANSWERS, "not_yet_named").search(text):
        facts["diagnosis"] = {"id": NOT_SURE}
    _unsure(scene, "diagnosis", facts, control)


def _named(diagnosis: str, facts: dict[str, Any]) -> None:
    place = (
        {"arises_in": "soft_tissue"}
        if diagnosis in STS_WITH_PLACE
        else {"arises_in": "bone"}
        if diagnosis == "osteosarcoma"
        else {}
    )
    facts["diagnosis"] = {"id": diagnosis, **place}
