"""A message laid out for judging: names, cues, dates and clauses, with quick ways to look around a word."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.understanding.clauses import Clause, cut
from bot.understanding.dates import DateSpan
from bot.understanding.vocabulary import Found, Span

_ALREADY_NEGATED = frozenset(["not_negation", "unsure", "unsure_when"])


@dataclass(frozen=True)
class Scene:
    """A message with all that judging needs: names, cues, dates and clauses."""

    found: Found
    dates: list[DateSpan]
    clauses: list[Clause]
    patient_writes: bool
    patient_named: bool
    blocked: dict[str, list[Span]]

    @cached_property
    def transparent(self) -> frozenset[int]:
        """Give the words through which a "no" reaches what follows."""
        inside = _positions(self.found.cue("transparent")) | _positions(self.found.cue("filler"))
        for mention in self.found.mentions:
            inside |= set(range(mention.start, mention.end))
        return frozenset(inside)

    @cached_property
    def _clause_starts(self) -> list[int]:
        return [clause.start for clause in self.clauses]

    @property
    def words(self) -> list[str]:
        """The message's words."""
        return self.found.message.words

    def clause_of(self, at: int) -> Clause:
        """Give the clause that holds a word (the last before it, where a mark is asked for)."""
        return self.clauses[max(bisect_right(self._clause_starts, at) - 1, 0)]

    def cue(self, name: str, start: int, end: int) -> list[Span]:
        """Give where a cue's words stand between two words; those inside names or dates don't count."""
        if name not in self.blocked:
            self.blocked[name] = sorted(self._free(name))
        free = self.blocked[name]
        return [
            span
            for span in free[bisect_left(free, (start, 0)) : bisect_left(free, (end, 0))]
            if span[1] <= end
        ]

    @cached_property
    def _named(self) -> frozenset[int]:
        inside = {at for mention in self.found.mentions for at in range(mention.start, mention.end)}
        return frozenset(inside | {at for date in self.dates for at in range(date.start, date.end)})

    def _free(self, name: str) -> Iterable[Span]:
        inside = set(self._named)
        if name in ("negation", "negated_after"):
            for other in _ALREADY_NEGATED:
                inside |= {at for start, end in self.found.cue(other) for at in range(start, end)}
        if name == "hypothetical":
            inside |= {at for start, end in self.found.cue("not_hypothetical") for at in range(start, end)}
        if name in ("planned", "hypothetical"):
            for other in ("unsure", "unsure_when", "not_hypothetical"):
                inside |= {at for start, end in self.found.cue(other) for at in range(start, end)}
        for span in self.found.cue(name):
            if inside.isdisjoint(range(*span)):
                if name == "planned" and span[1] < len(self.words) and self.words[span[1]] == "not":
                    continue
                yield span


def make_scene(found: Found, dates: list[DateSpan], patient_writes: bool, patient_named: bool) -> Scene:
    """Cut the clauses and keep all together."""
    return Scene(found, dates, cut(found, dates), patient_writes, patient_named, {})


def _positions(spans: list[Span]) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}
