"""The message as an answer to the question that was asked: bare yes and no, numbers, dates, kinds and
lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.understanding.age_answers import answer_age
from bot.understanding.answer_lists import answer_list, phrases, says
from bot.understanding.control import plain_words
from bot.understanding.diagnoses import place_in
from bot.understanding.enumerations import told
from bot.understanding.files import read_lexicon_file
from bot.understanding.respondent_answers import answer_respondent
from bot.understanding.scene import Scene
from bot.understanding.text import Message
from bot.understanding.treatments import broken_by_tumour
from criteria.facts import (
    BRAIN,
    COURSES,
    DIAGNOSIS_IDS,
    EVENTS,
    LISTS,
    NOT_SURE,
    ONGOING,
    YES_NO_FACTS,
)

_SHORTEST_SLIP = 6
_SCORE = re.compile(r"(\d{1,3})(?: (?:to|or) (\d{1,3}))?(?: %| percent)?")
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
        return answer_list(scene, asked, facts, control, lang, known)
    fact, _, detail = asked.partition(".")
    if detail:
        _detail(scene, fact, detail, facts, control, text, lang, known)
    elif fact == "age":
        answer_age(facts, text.split(), lang)
        _unsure(fact, facts, control)
    elif fact == "activity":
        _activity(facts, control, text, lang)
    elif fact == "respondent":
        answer_respondent(scene, facts, text, lang)
        _unsure(fact, facts, control)
    elif fact == "disease_course":
        _course(facts, control, text, lang, scene)
    elif fact == "diagnosis":
        _diagnosis(facts, control, text)
    elif fact in EVENTS or fact in YES_NO_FACTS or fact == BRAIN:
        _yes_or_no(scene, fact, facts, control, lang)
    return False


def _unsure(fact: str, facts: dict[str, Any], control: str | None) -> None:
    if control == "dont_know" and fact not in facts:
        facts[fact] = NOT_SURE


def _lead(scene: Scene, lang: str) -> str | None:
    """Give the "yes" or "no" with which the message opens."""
    words = plain_words(scene.found.message)
    for word in words[:2]:
        for value in ("yes", "no"):
            if says(lang, value, word):
                if (
                    value == "no"
                    and len(words) > 1
                    and words.index(word) == 0
                    and words[1] in ("idea", "clue", "more", "longer", "doubt")
                ):
                    return None
                return value
        if word not in ("well", "um", "uh", "oh", "unfortunately", "sadly", "thankfully"):
            return None
    return None


def _yes_or_no(scene: Scene, fact: str, facts: dict[str, Any], control: str | None, lang: str) -> None:
    value = {"yes": "yes", "no": "no", "dont_know": NOT_SURE}.get(control or "") or _lead(scene, lang)
    text = " ".join(plain_words(scene.found.message))
    if value is None and says(lang, "none_of_list", text):
        value = "no"
    if value is None and says(lang, "ongoing", text):
        value = "yes"
        if fact in EVENTS:
            facts[fact] = {"had": "yes", "last": ONGOING}
            return
    if value is None:
        return
    if fact not in facts:
        facts[fact] = told(fact, value)
    elif (
        fact in EVENTS
        and value == "yes"
        and isinstance(facts[fact], dict)
        and facts[fact].get("had") == "not_sure"
    ):
        facts[fact]["had"] = "yes"


def _activity(facts: dict[str, Any], control: str | None, text: str, lang: str) -> None:
    match = _SCORE.fullmatch(text)
    guards = read_lexicon_file(lang, "answers")["activity_not_if"]
    if "activity" not in facts and not match and not set(guards) & set(text.split()):
        named = {score for name, score in phrases(lang, "activity").items() if f" {name} " in f" {text} "}
        if len(named) == 1:
            facts["activity"] = {"score": [int(score) for score in named.pop().split()]}
    if "activity" not in facts and match:
        low, high = sorted((int(match[1]), int(match[2] or match[1])))
        if low >= 20 and high <= 100:
            facts["activity"] = {"score": [low, high]}
    _unsure("activity", facts, control)


def _course(facts: dict[str, Any], control: str | None, text: str, lang: str, scene: Scene) -> None:
    answers: dict[str, str] = {}
    for entry in read_lexicon_file(lang, "course"):
        for phrase in entry.get("answers", entry.get("names", ())):
            answers[" ".join(plain_words(Message(phrase)))] = entry["value"]
    whole = " ".join(scene.words)
    pieces = [
        " ".join(word for word in piece.split() if word not in (".", "!"))
        for piece in re.split(r" ?(?:,|;|\n|\band\b) ?", whole)
    ]
    told = set(facts.get("disease_course", ()))
    told |= {answers[piece.strip()] for piece in pieces if piece.strip() in answers}
    told |= {
        piece.strip().replace(" ", "_") for piece in pieces if piece.strip().replace(" ", "_") in COURSES
    }
    if not told and control is None and len(text) >= _SHORTEST_SLIP:  # "camr back"
        near = process.extractOne(text, list(answers), scorer=OSA.distance, score_cutoff=1)
        told |= {answers[near[0]]} if near else set()
    if told and control not in ("no", "dont_know"):
        facts["disease_course"] = [course for course in COURSES if course in told]
    elif control == "dont_know":
        facts["disease_course"] = NOT_SURE
    elif control == "no" or says(lang, "none_of_list", text):
        facts["disease_course"] = []


def _diagnosis(facts: dict[str, Any], control: str | None, text: str) -> None:
    as_id = text.replace(" ", "_")
    if as_id in DIAGNOSIS_IDS:
        facts["diagnosis"] = {
            "id": as_id,
            **({"arises_in": "soft_tissue"} if as_id in STS_WITH_PLACE else {}),
        }
    elif "diagnosis" not in facts and text in (
        "cancer",
        "tumor",
        "tumour",
        "a tumor",
        "a tumour",
        "some cancer",
        "a lump",
        "a mass",
        "other",
        "something else",
    ):
        facts["diagnosis"] = {"id": NOT_SURE}
    _unsure("diagnosis", facts, control)


def _detail(
    scene: Scene,
    fact: str,
    detail: str,
    facts: dict[str, Any],
    control: str | None,
    text: str,
    lang: str,
    known: Mapping[str, Any] | None,
) -> None:
    if fact == "diagnosis" and detail == "arises_in":
        _arises_in(scene, facts, control, text, lang, known)
        return
    if fact == BRAIN:
        _brain(scene, detail, facts, control, lang)
        return
    if fact not in EVENTS:
        return
    value = facts.get(fact)
    event: dict[str, Any] = dict(value) if isinstance(value, dict) else {}
    if event.get("had") == "no" or (control == "no" and text.startswith("never")):
        facts[fact] = {"had": "no"}
        return
    kind = _kind(fact, text, lang)
    if kind:
        event["kind"] = kind
    if detail == "last" and "last" not in event:
        if _still(text, lang):
            event["last"] = ONGOING
        elif control == "dont_know" or scene.found.cue("unsure_when"):
            event["last"] = NOT_SURE
    if (
        detail == "kind"
        and "kind" not in event
        and control == "dont_know"
        and any(k not in ("mild", "fungal", "by_tumour") for k in EVENTS[fact])
    ):
        event["kind"] = NOT_SURE
    if event and set(event) != {"had"}:
        event["had"] = "yes"
        facts[fact] = {name: event[name] for name in ("had", "last", "kind") if name in event}


def _still(text: str, lang: str) -> bool:
    bare = text.removeprefix("yes ").removeprefix("no ").removesuffix(" now").strip()
    return says(lang, "ongoing", text) or says(lang, "ongoing", bare)


def _kind(fact: str, text: str, lang: str) -> str | None:
    table = read_lexicon_file(lang, "answers")["kinds"].get(fact)
    if not table:
        return None
    named = phrases(lang, "kinds", fact)
    exact = named.get(text) or (text.replace(" ", "_") if text.replace(" ", "_") in EVENTS[fact] else None)
    if exact:
        return exact
    if fact == "injury" and broken_by_tumour(text):
        return "by_tumour"
    padded = f" {text} "
    inside = [
        (phrase, kind) for phrase, kind in named.items() if f" {phrase} " in padded and " not " not in padded
    ]
    longest = [(p, k) for p, k in inside if not any(p != q and f" {p} " in f" {q} " for q, _ in inside)]
    kinds = {kind for _, kind in longest}
    return kinds.pop() if len(kinds) == 1 else None


def _arises_in(
    scene: Scene,
    facts: dict[str, Any],
    control: str | None,
    text: str,
    lang: str,
    known: Mapping[str, Any] | None,
) -> None:
    place = phrases(lang, "arises_in").get(text) or place_in(scene.words, read_lexicon_file(lang, "places"))
    if control == "dont_know":
        place = NOT_SURE
    if place is None:
        return
    before = facts.get("diagnosis") or (known or {}).get("diagnosis")
    named = before.get("id") if isinstance(before, Mapping) else None
    facts["diagnosis"] = {**({"id": named} if named and named != NOT_SURE else {}), "arises_in": place}


def _brain(scene: Scene, detail: str, facts: dict[str, Any], control: str | None, lang: str) -> None:
    brain = facts.get(BRAIN)
    told: dict[str, Any] = dict(brain) if isinstance(brain, dict) else {}
    if detail == "symptom_free_since":
        days = [when for when in scene.dates if when.interval]
        if control == "dont_know":
            told[detail] = NOT_SURE
        elif days and days[-1].interval:
            told[detail] = [day.isoformat() for day in days[-1].interval]
    elif detail in ("symptoms_now", "treated") and detail not in told:
        value = {"yes": "yes", "no": "no", "dont_know": NOT_SURE}.get(control or "") or _lead(scene, lang)
        if value is None and detail == "treated":
            treated = any(m.name in ("radiation", "surgery", "chemotherapy") for m in scene.found.mentions)
            value = "yes" if treated and not {"not", "no", "never"} & set(scene.words) else None
        if value:
            told[detail] = value
    if told:
        facts[BRAIN] = {**told, "had": told.get("had", "yes")}
