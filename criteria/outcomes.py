"""What many rules of one form find: the findings of ``criteria.assess``, as columns.

Of a finding only what decides about verdicts and questions is kept; reasons and sentences are for the one
trial that somebody looks at, and ``assess`` gives them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, override

import numpy as np

from criteria.assess import find
from criteria.columns import NO_DAY, BetweenColumn, Later, Numbers, Tree, View
from criteria.forms import tree_of
from criteria.judging import Condition, Facts
from criteria.trial import Criterion, Rule

MET_OR_LEFT, UNKNOWN, SETTLED_OPEN, NOT_YET, NOT_MET = 0, 1, 2, 4, 8
"""What a finding is, as bits. SETTLED_OPEN stands beside UNKNOWN where nothing is left to ask."""

ALWAYS = 2**31 - 1
"""As a reach: the rule may still rule out, which matters whatever the date."""

MOST_LOCAL_PATHS = 64
ONE_BY_ONE = "one by one"
"""The beginning of a form whose rules can't be judged in columns."""


class Outcome(NamedTuple):
    """The findings of some rules, an entry for each.

    kinds    bits as above
    until    the day of a *not yet*, as an ordinal, or NO_DAY
    reach    how late the day of a *not yet* could come to lie by what is not told yet; ALWAYS or NO_DAY
    against, towards, support  sets of fact paths as bits: one row for each 64 paths
    """

    kinds: Numbers
    until: Numbers
    reach: Numbers
    against: Numbers
    towards: Numbers
    support: Numbers

    @classmethod
    def empty(cls, count: int, words: int) -> Outcome:
        """Rules that find nothing: as a criterion that is left to the team."""
        return cls(
            np.zeros(count, np.uint8),
            np.full(count, NO_DAY, np.int32),
            np.full(count, NO_DAY, np.int32),
            *(np.zeros((words, count), np.uint64) for _ in range(3)),
        )

    def nbytes(self) -> int:
        """How much memory the columns take."""
        return sum(column.nbytes for column in self)


class Logic(NamedTuple):
    """A rule without its words: rules that say the same of all facts."""

    met: Condition
    not_met: tuple[Condition, ...]
    not_yet: tuple[Condition, ...]
    unknown: tuple[Condition, ...]

    @classmethod
    def of(cls, rule: Rule) -> Logic:
        """The logic of a rule. The cases that only explain count too: their days may turn a finding."""
        groups = (tuple(case.when for case in cases) for cases in (rule.not_met, rule.not_yet, rule.unknown))
        return cls(rule.met.when, *groups)

    def conditions(self) -> tuple[Condition, ...]:
        """All conditions, in one order."""
        return self.met, *self.not_met, *self.not_yet, *self.unknown


class Paths:
    """All fact paths of a catalogue, each with its number."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.names = tuple(paths)
        self.numbers = {path: number for number, path in enumerate(paths)}
        self.words = max(1, -(-len(paths) // 64))

    def bits(self, paths: Iterable[str]) -> Numbers:
        """These paths as bits, 64 of them a word; what the catalogue does not know is left."""
        words = np.zeros(self.words, np.uint64)
        for path in paths:
            if path in self.numbers:
                word, bit = divmod(self.numbers[path], 64)
                words[word] |= np.uint64(1 << bit)
        return words

    def write(self, paths: frozenset[str], row: int, into: Numbers) -> None:
        """Set the bits of these paths in one entry."""
        into[:, row] = self.bits(paths)

    def read(self, masks: Sequence[int]) -> frozenset[str]:
        """The paths whose bits are set."""
        return frozenset(
            path for number, path in enumerate(self.names) if masks[number // 64] >> (number % 64) & 1
        )


class Rules(ABC):
    """Some rules that look at the same facts."""

    def __init__(self, rules: Sequence[Rule], paths: Paths) -> None:
        self.rules, self.paths = tuple(rules), paths
        self.facts = tuple(sorted({path.partition(".")[0] for path in rules[0].paths()}))

    @abstractmethod
    def find(self, facts: Facts, today: date, rows: Numbers | None = None) -> Outcome:
        """What the rules find, in their order; with ``rows``, only those in these places."""


class OneByOne(Rules):
    """Rules that are judged one by one: few of a form, or of a kind without columns."""

    @override
    def find(self, facts: Facts, today: date, rows: Numbers | None = None) -> Outcome:
        rules = self.rules if rows is None else [self.rules[row] for row in rows]
        outcome = Outcome.empty(len(rules), self.paths.words)
        for row, rule in enumerate(rules):
            self._find(rule, row, facts, today, outcome)
        return outcome

    def _find(self, rule: Rule, row: int, facts: Facts, today: date, outcome: Outcome) -> None:
        found = find(Criterion("", "", "", rule), facts, today)
        if found.finding == "not_met":
            outcome.kinds[row] = NOT_MET
        elif found.finding == "not_yet":
            outcome.kinds[row] = NOT_YET
        elif found.finding == "unknown":
            outcome.kinds[row] = UNKNOWN if found.against or found.towards else UNKNOWN | SETTLED_OPEN
        if found.until is not None:
            outcome.until[row] = found.until.toordinal()
        if found.against and any(case.when.judge(facts, today).truth is None for case in rule.not_met):
            outcome.reach[row] = ALWAYS
        elif found.against:
            ends = (end.toordinal() for case in rule.not_yet for end in case.when.latest_ends(today))
            outcome.reach[row] = max(ends, default=NO_DAY)
        for paths, into in (
            (found.against, outcome.against),
            (found.towards, outcome.towards),
            (found.support, outcome.support),
        ):
            self.paths.write(paths, row, into)


class Together(Rules):
    """Many rules of one form, judged in columns."""

    def __init__(self, rules: Sequence[Rule], paths: Paths) -> None:
        super().__init__(rules, paths)
        logics = [Logic.of(rule) for rule in rules]
        known: dict[Any, Tree] = {}

        def trees(groups: Sequence[tuple[Condition, ...]]) -> list[Tree]:
            return [tree_of(conditions, known) for conditions in zip(*groups, strict=True)]

        (self.met,) = trees([(logic.met,) for logic in logics])
        self.not_met = trees([logic.not_met for logic in logics])
        self.not_yet = trees([logic.not_yet for logic in logics])
        unknown = trees([logic.unknown for logic in logics])
        every = (self.met, *self.not_met, *self.not_yet, *unknown)
        self.washouts = tuple({id(leaf): leaf for tree in every for leaf in tree.washouts()}.values())
        self.waits = tuple(leaf for tree in self.not_yet for leaf in tree.washouts())
        self.bits = {path: bit for bit, path in enumerate(local_paths(rules[0]))}

    @override
    def find(self, facts: Facts, today: date, rows: Numbers | None = None) -> Outcome:
        view = View(facts, today, self.bits, rows)
        count = len(self.rules) if rows is None else len(rows)
        outcome = Outcome.empty(count, self.paths.words)
        none = np.zeros(count, np.uint64)
        out = np.zeros(count, bool)
        wait, open_out = out.copy(), out.copy()
        against, support_out, support_wait, ends = none, none, none, np.array(NO_DAY, np.int32)
        for tree in self.not_met:
            judged = tree.judge(view)
            out |= judged.truth == 1
            open_out |= judged.truth == -1
            against = against | judged.missing
            support_out = support_out | np.where(judged.truth == 1, judged.support, 0).astype(np.uint64)
        for tree in self.not_yet:
            judged = tree.judge(view)
            true = judged.truth == 1
            wait |= true
            against = against | judged.missing
            support_wait = support_wait | np.where(true, judged.support, 0).astype(np.uint64)
            last = tree.grown(view) if isinstance(tree, BetweenColumn) else judged.ends
            ends = np.maximum(ends, np.where(true, last, NO_DAY))
        met = self.met.judge(view)
        wait &= ~out
        fits = (met.truth == 1) & ~out & ~wait
        unknown = ~(out | wait | fits)
        against = np.where(unknown | wait, against, none)
        towards = np.where(unknown, met.missing & ~against, none).astype(np.uint64)
        outcome.kinds[:] = NOT_MET * out + NOT_YET * wait + UNKNOWN * unknown
        outcome.kinds[unknown & (against | towards == 0)] |= SETTLED_OPEN
        if wait.any():
            waiting = np.flatnonzero(wait)
            outcome.until[waiting] = self._until(view, waiting, np.broadcast_to(ends, wait.shape)[waiting])
        outcome.reach[:] = self._reach(view, against != 0, open_out)
        support = np.where(out, support_out, np.where(wait, support_wait, none))
        for local, into in (
            (against, outcome.against),
            (towards, outcome.towards),
            (support, outcome.support),
        ):
            self._spread(local, into)
        return outcome

    def _until(self, view: View, rows: Numbers, ends: Numbers) -> Numbers:
        """For each of these rules the day to tell: see ``criteria.assess``."""
        turning = [days[rows] for leaf in self.washouts if (days := leaf.turning_days(view)) is not None]
        until = np.full(len(rows), NO_DAY, np.int32)
        for days in np.sort(np.stack(turning), axis=0) if turning else ():
            due = np.flatnonzero((until == NO_DAY) & (days > view.now))
            if not len(due):
                continue
            later = Later(view, rows[due], days[due])
            fits = np.broadcast_to(self.met.truth(later) == 1, due.shape)
            for tree in (*self.not_met, *self.not_yet):
                fits = fits & (tree.truth(later) != 1)
            until[due[fits]] = days[due[fits]]
        return np.where(until == NO_DAY, ends, until)

    def _reach(self, view: View, against: Numbers, open_out: Numbers) -> Numbers:
        latest: Numbers = np.array(NO_DAY, np.int32)
        for leaf in self.waits:
            latest = np.maximum(latest, leaf.latest_ends(view))
        return np.where(against, np.where(open_out, ALWAYS, latest), NO_DAY)

    def _spread(self, local: Numbers, into: Numbers) -> None:
        """From the numbers that paths have in this form to those that they have in the catalogue."""
        for path, bit in self.bits.items():
            has = (local >> np.uint64(bit)) & np.uint64(1)
            if has.any():
                word, place = divmod(self.paths.numbers[path], 64)
                into[word] |= has << np.uint64(place)


def local_paths(rule: Rule) -> list[str]:
    """Every path that the rule may name: what it looks at, and what must be told before it can."""
    names = {path.partition(".")[0] for path in rule.paths()}
    return sorted({*rule.paths(), *names, *(f"{name}.had" for name in names)})


def gather(logic: Mapping[tuple[Any, ...], Sequence[Rule]], paths: Paths, alone: int) -> list[Rules]:
    """Rules by form: those of a form with at most ``alone`` rules one by one, the others together."""
    gathered: list[Rules] = []
    for form, rules in logic.items():
        few = form[0] == ONE_BY_ONE or len(rules) <= alone or len(local_paths(rules[0])) > MOST_LOCAL_PATHS
        gathered.append(OneByOne(rules, paths) if few else Together(rules, paths))
    return gathered
