"""Where many trials stand on one family's facts: verdicts, dates, and what is still worth asking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from criteria.assess import Assessment, Verdict, assess
from criteria.columns import NO_DAY, Numbers
from criteria.judging import Facts
from criteria.outcomes import NOT_MET, NOT_YET, SETTLED_OPEN, UNKNOWN, Outcome, Paths
from criteria.standing import needed_paths
from criteria.trial import Trial

VERDICTS: tuple[Verdict, ...] = ("likely", "possible", "not_yet", "not_likely")
"""The verdicts by their code in ``Standings.verdicts``."""
LIKELY, POSSIBLE, NOT_YET_VERDICT, NOT_LIKELY = range(4)

_FIRST_DAY = np.datetime64("0001-01-01", "D")
_NOTHING = np.uint64(0)
_NEVER_SKIPPED = NO_DAY - 1


@dataclass(frozen=True)
class TrialStanding:
    """One trial's part of the picture.

    assessment  what its criteria make of the facts
    needed      fact paths that could still change its verdict or the verdict's date
    """

    trial: Trial
    assessment: Assessment
    needed: frozenset[str]


class Edges:
    """Which rules each trial has: the rows of all rules, trial after trial, and where each trial begins."""

    def __init__(self, rules: Numbers, counts: Numbers) -> None:
        self.rules, self.counts = rules, counts
        self.starts = np.cumsum(counts) - counts

    def some(self, trials: Numbers) -> Edges:
        """Those of some trials only."""
        counts = self.counts[trials]
        moved = self.starts[trials] - (np.cumsum(counts) - counts)
        return Edges(self.rules[np.arange(counts.sum()) + np.repeat(moved, counts)], counts)

    def either(self, bits: Numbers) -> Numbers:
        """The bits that any rule of a trial has; ``bits`` has one entry for each rule."""
        return np.bitwise_or.reduceat(bits[self.rules], self.starts)

    def most(self, numbers: Numbers) -> Numbers:
        """The largest number among a trial's rules."""
        return np.maximum.reduceat(numbers[self.rules], self.starts)


class Standings:
    """Where all trials stand on one family's facts.

    trials    the numbers of the trials in the catalogue that this tells of, in order
    verdicts  each one's verdict, as its place in VERDICTS
    """

    def __init__(
        self,
        catalogue: Sequence[Trial],
        paths: Paths,
        facts: Facts,
        today: date,
        trials: Numbers,
        edges: Edges,
        found: Outcome,
    ) -> None:
        self.facts, self.today, self.trials = facts, today, trials
        self._catalogue, self._paths, self._edges = catalogue, paths, edges
        kinds = edges.either(found.kinds)
        self.verdicts: Numbers = np.full(len(trials), LIKELY, np.int8)
        self.verdicts[kinds & UNKNOWN > 0] = POSSIBLE
        self.verdicts[kinds & NOT_YET > 0] = NOT_YET_VERDICT
        self.verdicts[kinds & NOT_MET > 0] = NOT_LIKELY
        waits = self.verdicts == NOT_YET_VERDICT
        self._until = np.where(waits, edges.most(found.until), NO_DAY)
        self._needed = self._needed_bits(found, waits, (kinds & SETTLED_OPEN) > 0)
        # What the verdicts rest on is seldom asked for; the rules' findings are overwritten by the next turn.
        self._kinds, self._support = found.kinds.copy(), found.support.copy()

    def _needed_bits(self, found: Outcome, waits: Numbers, settled_open: Numbers) -> Numbers:
        edges = self._edges
        # Beside a date that is known, what cannot move it need not be asked.
        known = np.where(waits, self._until, _NEVER_SKIPPED)
        counts = found.reach[edges.rules] > np.repeat(known, edges.counts)
        all_count = bool(counts.all())
        needed = np.zeros((len(found.against), len(self.trials)), np.uint64)
        for word, (against, towards) in enumerate(zip(found.against, found.towards, strict=True)):
            bits = against[edges.rules]
            if not all_count:
                bits = np.where(counts, bits, _NOTHING)
            needed[word] = np.bitwise_or.reduceat(bits, edges.starts)
            needed[word] |= np.where(waits | settled_open, _NOTHING, edges.either(towards))
        needed[:, self.verdicts == NOT_LIKELY] = 0
        return needed

    @property
    def untils(self) -> Numbers:
        """The day of each *not yet* verdict, as numpy's datetime64; NaT where none is known."""
        days = _FIRST_DAY + (self._until - 1).astype("timedelta64[D]")
        return np.where(self._until == NO_DAY, np.datetime64("NaT", "D"), days)

    @cached_property
    def _counts(self) -> Mapping[str, int]:
        names = self._paths.names
        rows = (
            self._needed[number // 64] >> np.uint64(number % 64) & np.uint64(1)
            for number in range(len(names))
        )
        counts = ((path, int(row.sum())) for path, row in zip(names, rows, strict=True))
        return {path: count for path, count in counts if count}

    def needed(self) -> Mapping[str, int]:
        """Every fact path that could still change a verdict or its date: of how many trials."""
        return self._counts

    @cached_property
    def _is_open(self) -> Numbers:
        return self._needed.any(axis=0)

    def open(self) -> Numbers:
        """The numbers of the trials for which anything is needed."""
        return self.trials[self._is_open]

    def open_count(self) -> int:
        """How many trials there are for which anything is needed."""
        return int(np.count_nonzero(self._is_open))

    def needed_by(self, place: int) -> frozenset[str]:
        """What the trial at this place of ``trials`` still needs."""
        return self._paths.read([int(word) for word in self._needed[:, place]])

    def trial(self, index: int) -> TrialStanding:
        """The whole standing of the trial with this number in the catalogue."""
        trial = self._catalogue[index]
        assessment = assess(trial, self.facts, self.today)
        return TrialStanding(trial, assessment, needed_paths(trial, assessment, self.facts, self.today))

    def support(self, lesser: Iterable[str] = ()) -> Mapping[Verdict, frozenset[str]]:
        """The fact paths that *not likely* and *not yet* rest on, each over all trials that have it.

        ``lesser`` are paths that a trial's verdict does not count where it rests on any other fact beside.
        """
        paths, support, lesser = self._paths, {}, frozenset(lesser)
        lesser_bits = paths.bits(lesser)
        lesser_facts = {path.partition(".")[0] for path in lesser}
        beside = ~paths.bits(path for path in paths.names if path.partition(".")[0] in lesser_facts)
        verdicts: tuple[tuple[Verdict, int, int], ...] = (
            ("not_likely", NOT_LIKELY, NOT_MET),
            ("not_yet", NOT_YET_VERDICT, NOT_YET),
        )
        for verdict, code, kind in verdicts:
            rules = np.where(self._kinds == kind, self._support, _NOTHING)
            of_trials = np.stack([self._edges.either(word) for word in rules])[:, self.verdicts == code]
            others = (of_trials & beside[:, None]).any(axis=0)
            of_trials[:, others] &= ~lesser_bits[:, None]
            words = np.bitwise_or.reduce(of_trials, axis=1)
            support[verdict] = paths.read([int(word) for word in words])
        return support
