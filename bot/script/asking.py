"""When a question is asked, found out by trying: from the trial's rules and the interview's own plan.

Nothing here is written down by hand. Each choice of each question is told to the interview's plan alone, and
the plan says which questions that makes worth asking.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.interview.model import Facts, Memory, SiteInfo, World
from bot.interview.plan import standing
from bot.interview.questions import QUESTIONS, Question, choice_told, item_told, makes_sense
from bot.interview.speech import Speaker
from bot.texts import Texts
from criteria import Trial, check_facts
from criteria.conditions import Between, Group, Includes, Not, OneOf, Ongoing, Within
from criteria.facts import BRAIN, EVENTS, NOT_SURE
from criteria.judging import Condition
from criteria.matching import Matcher

_ANY_DAY = date(2026, 1, 31)
"""Only distances between days count."""
_FARTHEST_DAYS = 120


@dataclass(frozen=True)
class Answers:
    """Some choices of one question, by their titles, and by what they stand for."""

    question: str
    titles: tuple[str, ...]
    payloads: tuple[str, ...]


@dataclass(frozen=True)
class Asking:
    """When a question is asked and what for.

    criteria   the criteria that wait for its answer
    opened_by  the answers that open it
    closed_by  the answers on the same thing that make it needless
    days       where it depends on the day of something: the first and last number of days ago in which it is
               asked, the last one None where there is none; empty where the day does not matter
    day_of     the question for that day
    told       whether it is asked where a family tells of the thing in her own words
    """

    criteria: tuple[str, ...]
    opened_by: tuple[Answers, ...] = ()
    closed_by: tuple[Answers, ...] = ()
    days: tuple[tuple[int, int | None], ...] = ()
    day_of: str = ""
    told: bool = True


class Plan:
    """Asks the interview's plan about one trial."""

    def __init__(self, trial: Trial, texts: Texts) -> None:
        self.trial = trial
        self.texts = texts
        self.world = World(_ANY_DAY, Matcher((trial,)), SiteInfo("{site}"), texts)
        self.speaker = Speaker(self.world, {})
        self._seen: dict[str, frozenset[str]] = {}

    def asking(self, question: Question) -> Asking:
        """When this question is asked."""
        criteria = self.criteria(question)
        if question.main:
            return Asking(criteria)
        day_of = question.follows or (f"{question.fact}.last" if question.field == "kind" else "")
        return Asking(
            criteria,
            opened_by=tuple(self._answers(question, opening=True)),
            closed_by=tuple(self._answers(question, opening=False)),
            days=self._days(question, day_of.partition(".")[0]) if day_of.endswith(".last") else (),
            day_of=day_of,
            told=bool(question.field) and self._wants(question, _happened(question.fact)),
        )

    def criteria(self, question: Question) -> tuple[str, ...]:
        """The criteria whose finding waits for an answer to the question."""
        return tuple(
            criterion.id
            for criterion in self.trial.criteria
            if criterion.rule is not None
            and any(
                path in question.fills or path.partition(".")[0] in question.fills
                for case in (criterion.rule.met, *criterion.rule.not_met, *criterion.rule.not_yet)
                for path in waited_for(case.when)
            )
        )

    def _answers(self, question: Question, opening: bool) -> Iterator[Answers]:
        """The earlier answers that open the question, or else those on the same thing that close it."""
        for earlier in QUESTIONS[: QUESTIONS.index(question)]:
            followed = earlier.id == question.follows
            if (earlier.fact == question.fact and bool(earlier.field) and not followed) is opening:
                continue
            key = f"questions.{earlier.id}.choices"
            choices = [
                (payload, title)
                for payload, title in (self.speaker.choices(key) if self.texts.has(key) else [])
                if payload not in (NOT_SURE, "none")
                and self._wants(question, _tells(earlier, payload)) is opening
            ]
            if choices:
                payloads, titles = zip(*choices, strict=True)
                yield Answers(earlier.id, titles, payloads)

    def _days(self, question: Question, event: str) -> tuple[tuple[int, int | None], ...]:
        asked = [ago for ago in range(_FARTHEST_DAYS + 1) if self._wants(question, _told_day(event, ago))]
        if len(asked) > _FARTHEST_DAYS:
            return ()
        starts = [day for day in asked if day - 1 not in asked]
        stops = [day if day < _FARTHEST_DAYS else None for day in asked if day + 1 not in asked]
        return tuple(zip(starts, stops, strict=True))

    def _wants(self, question: Question, told: Facts) -> bool:
        """Whether the plan wants to ask the question of a family that has told only this."""
        facts = check_facts(told, _ANY_DAY)
        if not makes_sense(question, facts):
            return False
        key = json.dumps(facts, sort_keys=True)
        if key not in self._seen:
            self._seen[key] = frozenset(standing(facts, Memory(), self.world).needed)
        return bool(question.fills & self._seen[key])


def waited_for(condition: Condition) -> Iterator[str]:
    """The fact paths that a condition is open without; what counts only when told is not waited for."""
    match condition:
        case Group():
            for part in condition.parts:
                yield from waited_for(part)
        case Not():
            yield from waited_for(condition.part)
        case OneOf():
            if condition.if_not_told is None:
                yield condition.path
        case Includes() | Between():
            yield condition.path
        case Within() | Ongoing():
            yield from condition.paths()


def _tells(question: Question, payload: str) -> Facts:
    """The facts that one choice tells."""
    if question.items:
        return {payload: item_told(payload)}
    return choice_told(question, payload, {})


def _happened(fact: str) -> Facts:
    """What a family tells who only says that there was such a thing."""
    told: Any = {"had": "yes"} if fact in EVENTS or fact == BRAIN else {"id": NOT_SURE}
    return {fact: told}


def _told_day(event: str, ago: int) -> Facts:
    day = (_ANY_DAY - timedelta(days=ago)).isoformat()
    return {event: {"had": "yes", "last": [day, day]}}
