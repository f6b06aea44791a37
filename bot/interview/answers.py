"""The answers so far, in words: one line for each question that was answered, so that each can be changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.interview.model import NOT_SURE, Facts, Memory
from bot.interview.questions import DAY_FIELDS, QUESTIONS, SOFT_TISSUE_BY_NAME, Question
from bot.interview.speech import Speaker
from bot.texts.measures import place_as_text
from bot.texts.voices import capital
from criteria.facts import BRAIN, EVENTS, ONGOING

_SINCE_BIRTH_DAYS = 2 * 366
"""An interval as long as this says no more than its end."""


def answers_so_far(facts: Facts, memory: Memory, speaker: Speaker) -> list[dict[str, str]]:
    """Each answer as the API shows it: its question's id and title, and what was told in words."""
    answers = []
    for question in QUESTIONS:
        if question.fact == "surgery" and question.id not in memory.asked and _follows(question, facts):
            continue
        text = _text(question, facts, speaker)
        if text:
            title = speaker.label(f"questions.{question.id}.title")
            answers.append({"question": question.id, "title": title, "text": text})
    return answers


def _follows(question: Question, facts: Facts) -> bool:
    """Whether a detail of the operation was not told but follows from the lists, which show no such line."""
    surgery = facts.get("surgery")
    if not isinstance(surgery, dict):
        return False
    last = surgery.get("last")
    if question.field == "kind":
        return surgery.get("kind") == "major"
    return isinstance(last, list) and _length(last) > _SINCE_BIRTH_DAYS


def _text(question: Question, facts: Facts, speaker: Speaker) -> str:
    """What was told, or nothing where this question has no answer yet."""
    if question.items:
        return _list(question, facts, speaker)
    if question.fact not in facts:
        return ""
    value = facts[question.fact]
    if question.field:
        return _detail(question, value, speaker)
    if value == NOT_SURE:
        return speaker.say("answers.not_sure")
    if question.id == "age":
        return speaker.age(*value["months"])
    if question.id == "diagnosis":
        return _diagnosis(value, speaker)
    if question.id == "home":
        return place_as_text(value, speaker.texts)
    if question.id == "activity":
        return speaker.activity_level(value["score"])
    if question.id == "disease_course":
        titles = _titles(question, speaker)
        return ", ".join(titles[item] for item in value) or titles["none"]
    return _choice(question, value["had"] if isinstance(value, dict) else value, speaker)


def _list(question: Question, facts: Facts, speaker: Speaker) -> str:
    told = {item: _had(facts[item]) for item in question.items if item in facts}
    things = {item: speaker.say(f"told.things.{item}") for item in told}
    yes = [things[item] for item, had in told.items() if had == "yes"]
    unsure = [things[item] for item, had in told.items() if had == NOT_SURE]
    if not told:
        return ""
    if not yes and len(unsure) == len(told):
        return speaker.say("answers.not_sure")
    parts = [capital("; ".join(yes) if yes else speaker.say("answers.none"))]
    if unsure:
        parts.append(speaker.say("answers.not_sure_of", things="; ".join(unsure)))
    return ". ".join(parts)


def _had(value: Any) -> str:
    return str(value["had"] if isinstance(value, dict) else value)


def _detail(question: Question, value: Any, speaker: Speaker) -> str:
    if not isinstance(value, dict) or question.field not in value:
        return ""
    if question.fact in (*EVENTS, BRAIN) and value.get("had") != "yes":
        return ""
    if question.id == "diagnosis.arises_in" and value["id"] in SOFT_TISSUE_BY_NAME:
        return ""
    told = value[question.field]
    return _days(told, speaker) if question.field in DAY_FIELDS else _choice(question, told, speaker)


def _days(told: Any, speaker: Speaker) -> str:
    if told == NOT_SURE:
        return speaker.say("answers.not_sure")
    if told == ONGOING:
        return speaker.say("answers.ongoing")
    earliest, latest = (date.fromisoformat(day) for day in told)
    if earliest == latest:
        return speaker.day(latest)
    if _length(told) > _SINCE_BIRTH_DAYS:
        return speaker.say("answers.before", day=speaker.day(latest))
    return speaker.say("answers.between", earliest=speaker.day(earliest), latest=speaker.day(latest))


def _length(interval: list[str]) -> int:
    return (date.fromisoformat(interval[1]) - date.fromisoformat(interval[0])).days


def _diagnosis(value: dict[str, str], speaker: Speaker) -> str:
    if value["id"] == "not_cancer":
        return speaker.say("told.diagnosis_not_cancer")
    if value["id"] == NOT_SURE:
        return speaker.say("answers.not_sure")
    return capital(speaker.say(f"told.diagnoses.{value['id']}"))


def _choice(question: Question, told: str, speaker: Speaker) -> str:
    """The title of the choice; a kind that only counts when told has no choice, and no line."""
    if told == NOT_SURE:
        return speaker.say("answers.not_sure")
    return _titles(question, speaker).get(told, "")


def _titles(question: Question, speaker: Speaker) -> dict[str, str]:
    return dict(speaker.choices(f"questions.{question.id}.choices"))
