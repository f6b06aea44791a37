"""Many trials at once: verdicts, dates and what is still worth asking, for a whole catalogue.

A catalogue is compiled once. Rules that say the same are kept once, however many trials have them; rules
of one form, alike but for their limits, are judged together (``criteria.outcomes``); what they found is kept
for the next turn, which changes few facts (a bounded cache). Then each trial's verdict is put together from
the findings of its rules (``criteria.standings``). All of it is exactly what ``assess`` and ``needed_paths``
say of each trial: the tests compare them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from threading import Lock
from typing import Any

import numpy as np

from criteria.columns import Numbers
from criteria.forms import FormError, form_of
from criteria.judging import Facts
from criteria.outcomes import ONE_BY_ONE, SETTLED_OPEN, UNKNOWN, Logic, Outcome, Paths, gather, local_paths
from criteria.standings import VERDICTS, Edges, Standings, TrialStanding
from criteria.trial import Criterion, Rule, Trial

__all__ = ["VERDICTS", "Matcher", "Standings", "TrialStanding"]

CACHE_BYTES = 64 * 2**20
"""How much memory the kept findings of rules may take."""

FEW = 4
"""Up to so many rules of one form are judged one by one: columns would cost more than they save."""

_LEFT, _WAITING = 0, 1


class Matcher:
    """A catalogue of trials, compiled.

    ``cache_bytes`` bounds what is kept of earlier turns; up to ``few`` rules of one form are judged one
    by one. Several threads may use it.
    """

    def __init__(self, trials: Sequence[Trial], cache_bytes: int = CACHE_BYTES, few: int = FEW) -> None:
        self.trials = tuple(trials)
        numbers, rules = _distinct_rules(self.trials)
        self.paths = Paths(sorted({path for rule in rules for path in local_paths(rule)}))
        by_form: dict[Any, list[int]] = {}
        for number, rule in enumerate(rules):
            by_form.setdefault(_form(rule, number), []).append(number)
        self.groups = gather(
            {form: [rules[number] for number in of_form] for form, of_form in by_form.items()},
            self.paths,
            few,
        )
        # Two rows stand for what has no rule: left to the team, and waiting for somebody to accept it.
        order = [number for of_form in by_form.values() for number in of_form]
        rows = np.empty(len(rules) + 2, np.int64)
        rows[[_LEFT, _WAITING]] = [_LEFT, _WAITING]
        rows[np.array(order, np.int64) + 2] = np.arange(len(rules)) + 2
        self._edges = Edges(
            rows[np.fromiter((number for of_trial in numbers for number in of_trial), np.int64)],
            np.array([len(of_trial) for of_trial in numbers], np.int64),
        )
        self._all = np.arange(len(self.trials))
        ends = np.cumsum([2, *(len(group.rules) for group in self.groups)])
        self._slices = [slice(start, end) for start, end in pairwise(ends)]
        self._groups_of: dict[str, list[int]] = {}
        for place, group in enumerate(self.groups):
            for name in group.facts:
                self._groups_of.setdefault(name, []).append(place)
        self._found = Outcome.empty(len(rules) + 2, self.paths.words)
        self._found.kinds[_WAITING] = UNKNOWN | SETTLED_OPEN
        self._told: dict[str, str] | None = None
        self._day: date | None = None
        self._kept: OrderedDict[tuple[Any, ...], Outcome] = OrderedDict()
        self.kept_bytes, self._most_bytes = 0, cache_bytes
        self._lock = Lock()

    @property
    def rule_count(self) -> int:
        """How many different rules the catalogue has."""
        return len(self._found.kinds) - 2

    def stand(self, facts: Facts, today: date, among: Numbers | None = None) -> Standings:
        """Where the trials stand on checked facts; with ``among``, numbers of trials, only these."""
        if among is None:
            return self._stand(facts, today, self._all, self._edges)
        return self._stand(facts, today, among, self._edges.some(among))

    def stand_on_each(
        self, many: Iterable[Facts], today: date, among: Numbers, base: Facts
    ) -> list[Standings]:
        """Where these trials stand on each of several sets of facts, all of them near to ``base``."""
        edges = self._edges.some(among)
        used = np.unique(edges.rules)
        if 2 * len(used) > self.rule_count:
            return [self._stand(facts, today, among, edges) for facts in many]
        # Of a large catalogue only the rules of these trials are judged, and nothing of it is kept.
        compact = Edges(np.searchsorted(used, edges.rules), edges.counts)
        with self._lock:
            self._find(base, today)
            found = Outcome(*(column[..., used] for column in self._found))
        return [
            Standings(
                self.trials,
                self.paths,
                facts,
                today,
                among,
                compact,
                self._moved(found, used, base, facts, today),
            )
            for facts in many
        ]

    def _moved(self, found: Outcome, used: Numbers, base: Facts, facts: Facts, today: date) -> Outcome:
        """The findings of some rules, moved from the facts that they were made on to others."""
        names = {name for name in self._groups_of if repr(base.get(name)) != repr(facts.get(name))}
        moved = Outcome(*(column.copy() for column in found))
        for place in {place for name in names for place in self._groups_of[name]}:
            rows = self._slices[place]
            start, end = np.searchsorted(used, (rows.start, rows.stop))
            if start == end:
                continue
            outcome = self.groups[place].find(facts, today, used[start:end] - rows.start)
            for column, into in zip(outcome, moved, strict=True):
                into[..., start:end] = column
        return moved

    def _stand(self, facts: Facts, today: date, trials: Numbers, edges: Edges) -> Standings:
        with self._lock:
            self._find(facts, today)
            return Standings(self.trials, self.paths, facts, today, trials, edges, self._found)

    def _find(self, facts: Facts, today: date) -> None:
        """Brings the findings of all rules to these facts; what did not change stays."""
        told = {name: repr(facts[name]) for name in self._groups_of if name in facts}
        if self._told is None or self._day != today:
            changed = set(self._groups_of)
        else:
            names = told.keys() | self._told.keys()
            changed = {name for name in names if told.get(name) != self._told.get(name)}
        # Should a rule fail, the findings are neither the old nor the new ones.
        self._told = None
        for place in sorted({place for name in changed for place in self._groups_of[name]}):
            group, rows = self.groups[place], self._slices[place]
            key = (place, today, *(told.get(name) for name in group.facts))
            outcome = self._kept.get(key)
            if outcome is None:
                outcome = group.find(facts, today)
                self._keep(key, outcome)
            else:
                self._kept.move_to_end(key)
            for column, into in zip(outcome, self._found, strict=True):
                into[..., rows] = column
        self._told, self._day = told, today

    def _keep(self, key: tuple[Any, ...], outcome: Outcome) -> None:
        self._kept[key] = outcome
        self.kept_bytes += outcome.nbytes()
        while self.kept_bytes > self._most_bytes and self._kept:
            _, oldest = self._kept.popitem(last=False)
            self.kept_bytes -= oldest.nbytes()


def _distinct_rules(trials: Sequence[Trial]) -> tuple[list[list[int]], list[Rule]]:
    """For each trial the numbers of its rules, and the different rules, the first of which has number 2."""
    numbers: dict[Logic, int] = {}
    by_identity: dict[int, int] = {}
    rules: list[Rule] = []

    def number(criterion: Criterion) -> int:
        rule = criterion.rule
        if rule is None:
            return _WAITING if criterion.waiting else _LEFT
        if id(rule) not in by_identity:
            logic = Logic.of(rule)
            if logic not in numbers:
                numbers[logic] = len(rules) + 2
                rules.append(rule)
            by_identity[id(rule)] = numbers[logic]
        return by_identity[id(rule)]

    # The row that finds nothing keeps a trial without criteria from having no row at all.
    of_trials = [sorted({_LEFT, *(number(criterion) for criterion in trial.criteria)}) for trial in trials]
    return of_trials, rules


def _form(rule: Rule, number: int) -> tuple[Any, ...]:
    """What rules that can be judged together have in common; for others something of their own."""
    logic = Logic.of(rule)
    try:
        return tuple(
            tuple(form_of(condition) for condition in group)
            for group in ((logic.met,), logic.not_met, logic.not_yet, logic.unknown)
        )
    except FormError:
        return ONE_BY_ONE, number
