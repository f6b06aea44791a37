"""What is still worth asking, and what must be read back before it rules anything out."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np

from bot.interview.model import NOT_SURE, Facts, Memory, World
from bot.interview.planner import choose, wanted
from bot.interview.questions import BY_ID, QUESTIONS, Question
from criteria import Verdict
from criteria.judging import look_up
from criteria.matching import VERDICTS, Standings, TrialStanding

MOST_QUESTIONS = 18
"""No family is ever asked more; what is then still open is left to the study team."""

COURSE_COUNTS_UNASKED = ("relapsed", "refractory", "high_risk")
GROWN_UP_MONTHS = 13 * 12


class Standing:
    """Where the interview stands.

    facts     the facts that count now
    needed    fact paths that could still change some trial's verdict or its date: of how many trials
    deciding  fact paths, in the order of the questions, that rule some trial out and were not confirmed yet
    counts    how many trials there are of each verdict; those that have none are left out
    found     what the matcher says of them
    """

    def __init__(self, facts: Facts, found: Standings, memory: Memory) -> None:
        self.facts = facts
        self.found = found
        self.needed = found.needed()
        numbers = np.bincount(found.verdicts, minlength=len(VERDICTS))
        self.counts = {name: int(n) for name, n in zip(VERDICTS, numbers, strict=True) if n}
        # Beside other facts the age only says which scale of activity holds.
        support = frozenset().union(*found.support(lesser=("age.months",)).values())
        open_paths = (path for path in support if memory.confirmed.get(path) != confirmed_value(path, facts))
        self.deciding = tuple(sorted(open_paths, key=_order))

    @property
    def verdict(self) -> Verdict:
        """The best that any trial comes to."""
        return next(iter(self.counts))

    @property
    def ruled_out(self) -> bool:
        """Whether no trial is left."""
        return self.verdict == "not_likely"

    @property
    def total(self) -> int:
        """How many trials there are."""
        return sum(self.counts.values())

    @cached_property
    def trials(self) -> tuple[TrialStanding, ...]:
        """The trials in the order in which a family hears of them, no more than MOST_TOLD.

        The best come first, and of those that need time the one that may change soonest.
        """
        days = np.where(np.isnat(self.found.untils), np.datetime64("9999-12-31", "D"), self.found.untils)
        places = np.lexsort((self.found.trials, days, self.found.verdicts))[:MOST_TOLD]
        return tuple(sorted((self.found.trial(int(self.found.trials[at])) for at in places), key=_first_told))

    def mark(self) -> str:
        """The same as long as every verdict and date is the same."""
        return hashlib.sha256(self.found.verdicts.tobytes() + self.found.untils.tobytes()).hexdigest()


MOST_TOLD: Final = 60
"""Of so many trials the findings are told and kept; of more, the least likely ones are only counted."""


def _first_told(one: TrialStanding) -> tuple[int, date, int, str]:
    assessment = one.assessment
    kinds = [finding.finding for finding in assessment.findings.values()]
    against = kinds.count("not_met") or kinds.count("unknown")
    return VERDICTS.index(assessment.verdict), assessment.until or date.max, against, one.trial.id


def counting(facts: Facts, memory: Memory) -> Facts:
    """The facts that count: of a course only volunteered, what no later answer can undo.

    A complete list says no to all that it lacks. A family that only said "it has
    spread" has said no to nothing.
    """
    course = facts.get("disease_course")
    if memory.course_answered or not isinstance(course, list):
        return facts
    kept = [item for item in course if item in COURSE_COUNTS_UNASKED]
    others = {name: value for name, value in facts.items() if name != "disease_course"}
    return {**others, "disease_course": kept} if kept else others


def standing(facts: Facts, memory: Memory, world: World) -> Standing:
    """Where the interview stands after these facts."""
    known = counting(facts, memory)
    return Standing(known, world.matcher.stand(known, world.today), memory)


def confirmed_value(path: str, facts: Facts) -> Any:
    """What a read-back of the path confirms, so that a later change needs a new one."""
    return [look_up(path, facts).value]


def _order(path: str) -> tuple[int, str]:
    for number, question in enumerate(QUESTIONS):
        if path in question.fills:
            return number, path
    return len(QUESTIONS), path


def question_for(path: str) -> Question | None:
    """The question that fills a fact path."""
    for question in QUESTIONS:
        if path in question.fills:
            return question
    return None


def child_alone(facts: Facts) -> bool:
    """Whether the patient writes, and is too young to do so alone."""
    age = facts.get("age")
    young = isinstance(age, dict) and age["months"][1] < GROWN_UP_MONTHS
    return facts.get("respondent") == "patient" and young


def next_question(
    now: Standing, facts: Facts, memory: Memory, world: World
) -> tuple[Question | None, list[Question]]:
    """The next question to ask, and those given up because there are too many.

    For one trial the order is that of ``QUESTIONS``; among several the planner chooses. Near the limit the
    follow-ups give way to the questions that are asked of everybody, and one question is kept for the
    read-back.
    """
    if "respondent" not in facts:
        return BY_ID["respondent"], []
    open_questions = wanted(now.needed, facts)
    left = MOST_QUESTIONS - 1 - memory.questions
    given_up: list[Question] = []
    while open_questions and left > 0:
        question = _chosen(open_questions, now, world)
        open_questions.remove(question)
        main_to_come = sum(1 for later in open_questions if later.main) + question.main
        if question.main or left > main_to_come:
            return question, given_up
        given_up.append(question)
    return None, [*given_up, *open_questions]


def _chosen(open_questions: list[Question], now: Standing, world: World) -> Question:
    if world.only_trial is not None:
        return open_questions[0]
    return choose(open_questions, now.facts, now.found, world.matcher, world.today) or open_questions[0]


def is_answered(question: Question, told: Facts) -> bool:
    """Whether newly told facts answer the question that waits (lists are judged apart)."""
    if question.fact not in told:
        return False
    value = told[question.fact]
    if not question.field or not isinstance(value, dict):
        return True
    return question.field in value or value.get("had") in ("no", NOT_SURE)
