"""Conditions over columns: many conditions of one form, alike but for their limits, judged at once.

Ten thousand trials ask for a hundred ages and a few dozen washouts in a handful of forms. Conditions of
one form become one tree here, whose leaves hold a column of limits: one entry for each condition. What it
says of an entry is exactly what ``Condition.judge`` says of that condition; the tests compare the two.

Truths are columns of 1 (true), 0 (false) and -1 (not known). Sets of fact paths are bits of a number, by
``View.bits``. Days are ordinals, -1 for none. Whatever is the same for all entries is a column without an
axis, which numpy spreads as needed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, override

import numpy as np
from numpy.typing import NDArray

from criteria.conditions import AGE, Between, Washout, Within
from criteria.facts import ONGOING
from criteria.judging import Facts, Told, look_up

Numbers = NDArray[Any]
NO_DAY = -1
_NO_PATHS: Numbers = np.array(0, np.uint64)
_NOT_KNOWN, _FALSE, _TRUE = (np.array(truth, np.int8) for truth in (-1, 0, 1))
_NO_ENDS: Numbers = np.array(NO_DAY, np.int32)
_NO_BOUND = 2**30


class Judged(NamedTuple):
    """As ``criteria.judging.Judgement``, for a whole column; of the ends of washouts only the latest."""

    truth: Numbers
    missing: Numbers = _NO_PATHS
    support: Numbers = _NO_PATHS
    ends: Numbers = _NO_ENDS


class View:
    """The facts of one family on one day, and what was judged of them already; ``rows`` if not of all."""

    def __init__(
        self, facts: Facts, today: date, bits: Mapping[str, int], rows: Numbers | None = None
    ) -> None:
        self.facts, self.today, self.now, self.bits = facts, today, today.toordinal(), bits
        self.rows = rows
        self.judged: dict[int, Judged] = {}

    def of(self, column: Numbers) -> Numbers:
        """The entries of a column that are looked at."""
        return column if self.rows is None or not column.ndim else column[self.rows]

    def mask(self, paths: frozenset[str]) -> Numbers:
        """A set of fact paths as bits."""
        return np.array(sum(1 << self.bits[path] for path in paths), np.uint64)


class Later(NamedTuple):
    """Some of the entries, each on a day of its own."""

    view: View
    rows: Numbers
    days: Numbers

    def of(self, column: Numbers) -> Numbers:
        """These entries of a column."""
        return column[self.rows] if column.ndim else column


class Tree(ABC):
    """One form of condition with its columns of limits."""

    def judge(self, view: View) -> Judged:
        """What each condition says today."""
        if id(self) not in view.judged:
            view.judged[id(self)] = self._judge(view)
        return view.judged[id(self)]

    @abstractmethod
    def _judge(self, view: View) -> Judged: ...

    def truth(self, later: Later) -> Numbers:
        """The truth of some conditions, each on its own day. What no day changes is as it is today."""
        return later.of(self.judge(later.view).truth)

    def washouts(self) -> Iterator[WithinColumn]:
        """The leaves whose truth changes with the day."""
        return iter(())


@lru_cache(maxsize=65536)
def _after(washout: Washout, day: date) -> int:
    return washout.after(day).toordinal()


def _distinct(values: Sequence[Any]) -> tuple[list[Any], Numbers]:
    numbers: dict[Any, int] = {}
    rows = [numbers.setdefault(value, len(numbers)) for value in values]
    return list(numbers), np.array(rows, np.int32)


def _leaf(path: str, truth: Numbers | None, told: Told, view: View) -> Judged:
    if truth is None:
        return Judged(_NOT_KNOWN, missing=view.mask(told.missing))
    support = view.mask(frozenset({path}))
    unknown = truth == _NOT_KNOWN
    if unknown.any():
        # Told, but too wide a range to decide: nothing is missing, nothing rests on it.
        return Judged(truth, support=np.where(unknown, _NO_PATHS, support))
    return Judged(truth, support=support)


class ValueColumn(Tree):
    """A leaf that compares the value of one fact: ``holds`` says whether a limit lets the value pass."""

    def __init__(
        self, path: str, limits: Sequence[Any], holds: Callable[[Any, Any], bool], if_not_told: str | None
    ) -> None:
        self.path, self.holds, self.if_not_told = path, holds, if_not_told
        self.limits, self.rows = _distinct(limits)
        self._columns: dict[str | None, Numbers] = {}

    @override
    def _judge(self, view: View) -> Judged:
        told = look_up(self.path, view.facts)
        if not told.known and told.missing and self.if_not_told is not None:
            return Judged(view.of(self._column(self.if_not_told)))
        truth = view.of(self._column(told.value)) if told.known else None
        return _leaf(self.path, truth, told, view)

    def _column(self, value: Any) -> Numbers:
        # The vocabulary has few words; thousands of lists of diagnoses are slow to look through each time.
        if isinstance(value, str | None) and value in self._columns:
            return self._columns[value]
        truths = np.array([self.holds(limit, value) for limit in self.limits], np.int8)
        column: Numbers = truths[0] if len(truths) == 1 else truths[self.rows]
        if isinstance(value, str | None):
            self._columns[value] = column
        return column


class BetweenColumn(Tree):
    """``Between``, with a column of each bound."""

    def __init__(self, leaves: Sequence[Between]) -> None:
        self.path = leaves[0].path
        self.low = _bounds([leaf.at_least for leaf in leaves], -_NO_BOUND)
        self.high = _bounds([leaf.at_most for leaf in leaves], _NO_BOUND)

    @override
    def _judge(self, view: View) -> Judged:
        told = look_up(self.path, view.facts)
        return _leaf(self.path, self._decide(view, *told.value) if told.known else None, told, view)

    def _decide(self, view: View, least: int, most: int) -> Numbers:
        low, high = view.of(self.low), view.of(self.high)
        inside = (low <= least) & (most <= high)
        outside = (most < low) | (least > high)
        return np.where(inside, _TRUE, np.where(outside, _FALSE, _NOT_KNOWN))

    def grown(self, view: View) -> Numbers:
        """For each condition on age alone the day that ``grown_on`` tells; NO_DAY for the others."""
        told = look_up(self.path, view.facts)
        if self.path != AGE or not told.known:
            return _NO_ENDS
        low, high = view.of(self.low), view.of(self.high)
        limits, rows = np.unique(high, return_inverse=True)
        waits = [NO_DAY if limit == _NO_BOUND else max(0, int(limit) + 1 - told.value[0]) for limit in limits]
        days = [
            NO_DAY if months == NO_DAY else _after(Washout(months=months), view.today) for months in waits
        ]
        return np.where(low == -_NO_BOUND, np.array(days, np.int32)[rows], NO_DAY)


def _bounds(bounds: Sequence[int | None], none: int) -> Numbers:
    return np.array([none if bound is None else bound for bound in bounds], np.int64)


class WithinColumn(Tree):
    """``Within``, with a column of washouts."""

    def __init__(self, leaves: Sequence[Within]) -> None:
        first = leaves[0]
        self.path, self.if_not_told = first.path, first.if_not_told
        (self.day_path,) = first.paths()
        self.limits, self.rows = _distinct([leaf.washout for leaf in leaves])

    @override
    def _judge(self, view: View) -> Judged:
        told = look_up(self.day_path, view.facts)
        if not told.known:
            if self.path in told.missing and self.if_not_told == "no":
                return Judged(_FALSE)
            return Judged(_NOT_KNOWN, missing=view.mask(told.missing))
        support = view.mask(frozenset({self.day_path}))
        if told.value is None:
            return Judged(_FALSE, support=view.mask(frozenset({f"{self.path.partition('.')[0]}.had"})))
        if told.value == ONGOING:
            return Judged(_TRUE, support=support)
        earliest, latest = self._over(view, told.value)
        truth = self._decide(earliest, latest, view.now)
        return Judged(
            truth,
            support=np.where(truth == _NOT_KNOWN, _NO_PATHS, support),
            ends=np.where(truth == _TRUE, latest, _NO_ENDS),
        )

    @override
    def truth(self, later: Later) -> Numbers:
        told = look_up(self.day_path, later.view.facts)
        if not told.known or told.value in (None, ONGOING):
            return super().truth(later)
        earliest, latest = (later.of(days) for days in self._over(later.view, told.value))
        return self._decide(earliest, latest, later.days)

    @override
    def washouts(self) -> Iterator[WithinColumn]:
        yield self

    def turning_days(self, view: View) -> Numbers | None:
        """The day on which each washout is certainly over; None where no day is told."""
        told = look_up(self.day_path, view.facts)
        if not told.known or told.value in (None, ONGOING):
            return None
        return self._days(view, date.fromisoformat(told.value[1]))

    def latest_ends(self, view: View) -> Numbers:
        """The day on which each washout ends at the latest, whatever is told."""
        return self._days(view, view.today)

    def _over(self, view: View, interval: Sequence[str]) -> tuple[Numbers, Numbers]:
        earliest, latest = (self._days(view, date.fromisoformat(day)) for day in interval)
        return earliest, latest

    def _days(self, view: View, day: date) -> Numbers:
        return np.array([_after(washout, day) for washout in self.limits], np.int32)[view.of(self.rows)]

    @staticmethod
    def _decide(earliest: Numbers, latest: Numbers, now: Any) -> Numbers:
        return np.where(latest <= now, _FALSE, np.where(earliest > now, _TRUE, _NOT_KNOWN))


class NotTree(Tree):
    """The opposite; unknown stays unknown."""

    def __init__(self, part: Tree) -> None:
        self.part = part

    @override
    def _judge(self, view: View) -> Judged:
        inner = self.part.judge(view)
        return Judged(_opposite(inner.truth), inner.missing, inner.support)

    @override
    def truth(self, later: Later) -> Numbers:
        return _opposite(self.part.truth(later))

    @override
    def washouts(self) -> Iterator[WithinColumn]:
        return self.part.washouts()


def _opposite(truth: Numbers) -> Numbers:
    return np.where(truth == _NOT_KNOWN, _NOT_KNOWN, _TRUE - truth)


class GroupTree(Tree):
    """``all`` or ``any``; ``decisive`` is the truth of one part that decides alone."""

    def __init__(self, parts: Sequence[Tree], decisive: bool) -> None:
        self.parts = tuple(parts)
        self.decisive, self.other = (_TRUE, _FALSE) if decisive else (_FALSE, _TRUE)

    @override
    def _judge(self, view: View) -> Judged:
        parts = [part.judge(view) for part in self.parts]
        truth = self._combine([part.truth for part in parts])
        missing = support = deciding = _NO_PATHS
        ends = deciding_ends = _NO_ENDS
        for part in parts:
            decides = part.truth == self.decisive
            missing = missing | part.missing
            support = support | part.support
            deciding = deciding | np.where(decides, part.support, _NO_PATHS)
            if part.ends is not _NO_ENDS:
                ends = np.maximum(ends, part.ends)
                deciding_ends = np.maximum(deciding_ends, np.where(decides, part.ends, _NO_ENDS))
        decided, unknown = truth == self.decisive, truth == _NOT_KNOWN
        if ends is not _NO_ENDS:
            ends = np.where(decided, deciding_ends, np.where(unknown, _NO_ENDS, ends))
        return Judged(
            truth,
            np.where(unknown, missing, _NO_PATHS),
            np.where(decided, deciding, np.where(unknown, _NO_PATHS, support)),
            ends,
        )

    @override
    def truth(self, later: Later) -> Numbers:
        return self._combine([part.truth(later) for part in self.parts])

    def _combine(self, truths: Sequence[Numbers]) -> Numbers:
        if not truths:
            return self.other
        decided: Any = np.array(False)
        unknown: Any = np.array(False)
        for truth in truths:
            decided = decided | (truth == self.decisive)
            unknown = unknown | (truth == _NOT_KNOWN)
        return np.where(decided, self.decisive, np.where(unknown, _NOT_KNOWN, self.other))

    @override
    def washouts(self) -> Iterator[WithinColumn]:
        for part in self.parts:
            yield from part.washouts()
