"""A correction that does not say what it corrects: "no wait, it was 6 weeks ago"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.interview.model import CHANGE, CONFIRM, Facts, Incoming, Memory, World
from bot.interview.questions import BY_ID, DAY_FIELDS, Question
from bot.understanding import Understood, only_a_day_or_age, taken_back, understand


@dataclass(frozen=True)
class PutRight:
    """What a correction says: the facts that it puts right, or the questions of which it may mean one."""

    facts: Facts
    may_mean: tuple[str, ...] = ()


def hear_put_right(
    incoming: Incoming, memory: Memory, facts: Facts, world: World, understood: Understood
) -> PutRight | None:
    """The correction of what was told in the last turn or two, where it can only mean that.

    A correction that does not name what it corrects counts only where it is a day or an age and nothing else:
    "sorry, vaccinated 6 weeks ago" corrects no day of chemo, and no yes becomes a no by it. Where it could
    mean two answers, or the answer to the question that waits, it is asked: a fact is never guessed. None
    where the message is no such correction.
    """
    if memory.asks in (CONFIRM, CHANGE) or understood.emergency or understood.control not in (None, "no"):
        return None
    taken = taken_back(incoming.text, incoming.language)
    if taken is None:
        return None
    rest, sure = taken
    named = understand(rest, world.today, lang=incoming.language, known=facts).facts
    if named:
        # It says itself what it is about.
        return PutRight(named) if named.keys() <= facts.keys() else None
    if not only_a_day_or_age(rest, incoming.language) or _picks_by_number(rest, memory):
        return None
    fitting = _fitting(rest, _lately(memory), facts, world)
    waiting = BY_ID.get(memory.asks or "")
    if fitting and waiting is not None and _fitting(rest, [waiting], facts, world):
        return PutRight({}, (*fitting, waiting.id)) if sure else None
    return _one_of(fitting)


def _lately(memory: Memory) -> list[Question]:
    """The days and the age that the last turns told; not what is taken in just now."""
    told = dict.fromkeys(name for turn in memory.lately[1:] for name in turn)
    questions = [BY_ID[name] for name in told if name in BY_ID]
    return [question for question in questions if question.field in DAY_FIELDS or question.id == "age"]


def _picks_by_number(text: str, memory: Memory) -> bool:
    """Whether a bare number may be that of a choice on screen."""
    number = text.strip(" .!")
    return number.isdecimal() and 1 <= int(number) <= len(memory.choices)


def _fitting(text: str, questions: list[Question], facts: Facts, world: World) -> dict[str, Facts]:
    """By question, what the text would tell as an answer to it, where that is something else than before."""
    fitting = {}
    for question in questions:
        told = understand(text, world.today, asked=question.id, known=facts).facts.get(question.fact)
        answer, before = _answer(told, question), _answer(facts.get(question.fact), question)
        if answer is not None and answer != before:
            fitting[question.id] = {question.fact: told}
    return fitting


def _answer(value: Any, question: Question) -> Any:
    """The day or the age that a fact's value tells; nothing where it tells another thing."""
    if not isinstance(value, dict):
        return None
    if question.id == "age":
        least, most = value["months"]
        # "6 weeks" beside a child of 7 is no age.
        return [least, most] if least % 12 == 0 and most == least + 11 else None
    day = value.get(question.field)
    return day if isinstance(day, list) else None


def _one_of(fitting: dict[str, Facts]) -> PutRight | None:
    if len(fitting) == 1:
        return PutRight(next(iter(fitting.values())))
    return PutRight({}, tuple(fitting)) if fitting else None
