"""Conditions over facts, in three-valued logic.

A condition is a tree of ``all``, ``any`` and ``not`` over leaves that look at one
fact. A leaf is true or false only where the facts decide it; otherwise it is
unknown (None). Kleene's logic carries that up the tree, and it brings the property
that the whole program rests on: with less information a condition can only become
unknown, never change sides. A rule that asks for a true condition before it rules
anybody out can therefore never rule a child out for want of an answer.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, override

from criteria.facts import EVENTS, ONGOING
from criteria.judging import Condition, Facts, Judgement, Told, look_up

_NONE: frozenset[str] = frozenset()


def _leaf(path: str, truth: bool | None, told: Told) -> Judgement:
    if truth is None:
        return Judgement(None, missing=told.missing)
    return Judgement(truth, support=frozenset({path}))


@dataclass(frozen=True)
class FactLeaf(Condition):
    """A leaf that looks at the value under one path."""

    path: str

    @override
    def paths(self) -> frozenset[str]:
        return frozenset({self.path})


@dataclass(frozen=True)
class OneOf(FactLeaf):
    """The fact is one of some values; ``if_not_told`` stands in where it was never told."""

    values: frozenset[str]
    if_not_told: str | None = None

    @override
    def judge(self, facts: Facts, today: date) -> Judgement:
        told = look_up(self.path, facts)
        if not told.known and told.missing and self.if_not_told is not None:
            return Judgement(self.if_not_told in self.values)
        return _leaf(self.path, told.value in self.values if told.known else None, told)


@dataclass(frozen=True)
class Includes(FactLeaf):
    """The list holds the value. The list is a complete answer: what it lacks was answered no."""

    value: str

    @override
    def judge(self, facts: Facts, today: date) -> Judgement:
        told = look_up(self.path, facts)
        return _leaf(self.path, self.value in told.value if told.known else None, told)


@dataclass(frozen=True)
class Between(FactLeaf):
    """The number, told as a range [least, most], lies between two bounds, both included."""

    at_least: int | None = None
    at_most: int | None = None

    @override
    def judge(self, facts: Facts, today: date) -> Judgement:
        told = look_up(self.path, facts)
        return _leaf(self.path, self._decide(*told.value) if told.known else None, told)

    def _decide(self, least: int, most: int) -> bool | None:
        low = self.at_least if self.at_least is not None else least
        high = self.at_most if self.at_most is not None else most
        if low <= least and most <= high:
            return True
        return False if most < low or least > high else None


def grown_on(condition: Condition, facts: Facts, today: date) -> date | None:
    """The latest day on which a patient who is too young for a condition on age alone no longer is.

    None for any other condition: beside other facts an age says which of several limits holds.
    """
    if not isinstance(condition, Between) or condition.path != AGE:
        return None
    told = look_up(AGE, facts)
    if condition.at_least is not None or condition.at_most is None or not told.known:
        return None
    least: int = told.value[0]
    return Washout(months=condition.at_most + 1 - least).after(today)


AGE = "age.months"


@dataclass(frozen=True)
class Washout:
    """How long something must lie back: days, or calendar months or years."""

    days: int = 0
    months: int = 0
    years: int = 0

    def after(self, day: date) -> date:
        """The first day on which the washout that began on ``day`` is over."""
        years, month0 = divmod(day.year * 12 + day.month - 1 + self.months + 12 * self.years, 12)
        last_of_month = monthrange(years, month0 + 1)[1]
        return date(years, month0 + 1, min(day.day, last_of_month)) + timedelta(days=self.days)


@dataclass(frozen=True)
class Within(Condition):
    """The last day of an event lies less than a washout back (or the event still goes on).

    True where even the earliest possible day is that near, false where even the
    latest is not, unknown between.
    """

    path: str
    washout: Washout
    if_not_told: str | None = None

    def _day_path(self) -> str:
        return f"{self.path}.last" if self.path in EVENTS else self.path

    @override
    def judge(self, facts: Facts, today: date) -> Judgement:
        told = look_up(self._day_path(), facts)
        if not told.known:
            if self.path in told.missing and self.if_not_told == "no":
                return Judgement(False)
            return Judgement(None, missing=told.missing)
        support = frozenset({self._day_path()})
        if told.value is None:
            return Judgement(False, support=frozenset({f"{self.path.partition('.')[0]}.had"}))
        if told.value == ONGOING:
            return Judgement(True, support=support)
        earliest, latest = (date.fromisoformat(day) for day in told.value)
        if self.washout.after(latest) <= today:
            return Judgement(False, support=support)
        if self.washout.after(earliest) > today:
            return Judgement(True, support=support, ends=frozenset({self.washout.after(latest)}))
        return Judgement(None)

    @override
    def paths(self) -> frozenset[str]:
        return frozenset({self._day_path()})

    @override
    def turning_days(self, facts: Facts) -> frozenset[date]:
        told = look_up(self._day_path(), facts)
        if not told.known or told.value in (None, ONGOING):
            return frozenset()
        return frozenset({self.washout.after(date.fromisoformat(told.value[1]))})

    @override
    def latest_ends(self, today: date) -> frozenset[date]:
        return frozenset({self.washout.after(today)})


@dataclass(frozen=True)
class Ongoing(Condition):
    """The event is said to go on today."""

    event: str

    @override
    def judge(self, facts: Facts, today: date) -> Judgement:
        path = f"{self.event}.last"
        told = look_up(path, facts)
        return _leaf(path, told.value == ONGOING if told.known else None, told)

    @override
    def paths(self) -> frozenset[str]:
        return frozenset({f"{self.event}.last"})


@dataclass(frozen=True)
class Not(Condition):
    """The opposite; unknown stays unknown."""

    part: Condition

    @override
    def judge(self, facts: Facts, today: date) -> Judgement:
        inner = self.part.judge(facts, today)
        if inner.truth is None:
            return inner
        return Judgement(not inner.truth, support=inner.support)

    @override
    def paths(self) -> frozenset[str]:
        return self.part.paths()

    @override
    def turning_days(self, facts: Facts) -> frozenset[date]:
        return self.part.turning_days(facts)

    @override
    def latest_ends(self, today: date) -> frozenset[date]:
        return self.part.latest_ends(today)


@dataclass(frozen=True)
class Group(Condition):
    """Several conditions taken together; ``decisive`` is the truth of one part that decides alone."""

    parts: tuple[Condition, ...]
    decisive: ClassVar[bool]

    @override
    def judge(self, facts: Facts, today: date) -> Judgement:
        return _combine((part.judge(facts, today) for part in self.parts), self.decisive)

    @override
    def paths(self) -> frozenset[str]:
        return frozenset().union(*(part.paths() for part in self.parts))

    @override
    def turning_days(self, facts: Facts) -> frozenset[date]:
        return frozenset().union(*(part.turning_days(facts) for part in self.parts))

    @override
    def latest_ends(self, today: date) -> frozenset[date]:
        return frozenset().union(*(part.latest_ends(today) for part in self.parts))


class Every(Group):
    """All parts true; one false part makes it false, whatever is unknown."""

    decisive = False


class Some(Group):
    """At least one part true; one true part makes it true, whatever is unknown."""

    decisive = True


def _combine(judgements: Iterable[Judgement], decisive: bool) -> Judgement:
    """Kleene's ``all`` (decided by one false part) or ``any`` (decided by one true part)."""
    parts = tuple(judgements)
    truths = [part.truth for part in parts]
    if decisive in truths:
        truth, resting_on = decisive, [part for part in parts if part.truth is decisive]
    elif None in truths:
        return Judgement(None, missing=_NONE.union(*[part.missing for part in parts if part.truth is None]))
    else:
        truth, resting_on = not decisive, list(parts)
    if len(resting_on) == 1:
        return Judgement(truth, support=resting_on[0].support, ends=resting_on[0].ends)
    return Judgement(
        truth,
        support=_NONE.union(*[part.support for part in resting_on]),
        ends=frozenset[date]().union(*[part.ends for part in resting_on]),
    )
