"""A message laid out for judging: names, cues, dates and clauses, with quick ways to look around a word."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.understanding.language import Language
from bot.understanding.statements.clauses import Clause, cut
from bot.understanding.time.dates import DateSpan
from bot.understanding.vocabulary import Found, Mention, Span

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
        also = self.grammar("also_transparent")
        inside |= {at for at, word in enumerate(self.words) if word in also}
        return frozenset(inside)

    @cached_property
    def _clause_starts(self) -> list[int]:
        return [clause.start for clause in self.clauses]

    @property
    def words(self) -> list[str]:
        """The message's words."""
        return self.found.message.words

    @property
    def language(self) -> Language:
        """The language that the message is read in."""
        return self.found.message.language

    def grammar(self, name: str) -> frozenset[str]:
        """Give a group of the language's small words, as `grammar.yml` lists them."""
        return self.language.words("grammar", name)

    def clause_of(self, at: int) -> Clause:
        """Give the clause that holds a word (the last before it, where a mark is asked for)."""
        return self.clauses[max(bisect_right(self._clause_starts, at) - 1, 0)]

    def before(self, clause: Clause) -> Clause | None:
        """Give the clause before, if there is one."""
        at = bisect_left(self._clause_starts, clause.start)
        return self.clauses[at - 1] if at else None

    def following(self, clause: Clause, most: int) -> list[Clause]:
        """Give the next clauses of the same sentence, `most` at most."""
        at = bisect_right(self._clause_starts, clause.start)
        return [other for other in self.clauses[at : at + most] if other.sentence == clause.sentence]

    @cached_property
    def _mention_starts(self) -> list[int]:
        return [mention.start for mention in self.found.mentions]

    def mentions_from(self, start: int) -> Iterator[Mention]:
        """Give the names from a word on, in order."""
        for at in range(bisect_left(self._mention_starts, start), len(self._mention_starts)):
            yield self.found.mentions[at]

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
    def named(self) -> frozenset[int]:
        """Give the words that belong to names."""
        return frozenset(at for mention in self.found.mentions for at in range(mention.start, mention.end))

    @cached_property
    def denied_behind(self) -> frozenset[int]:
        """Give where what follows a name that itself denies stands: "no sign of it in the brain"."""
        denying = self.grammar("denying_names")
        ends = [m.end for m in self.found.mentions if self.words[m.start] in denying]
        linked = {end + 1 for end in ends if "".join(self.words[end : end + 1]).isalnum()}
        return frozenset(ends) | linked

    @cached_property
    def _named(self) -> frozenset[int]:
        return frozenset(self.named | {at for date in self.dates for at in range(date.start, date.end)})

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
        denied = self.grammar("not") if name == "planned" else frozenset()
        for span in self.found.cue(name):
            if inside.isdisjoint(range(*span)) and not denied & set(self.words[span[1] : span[1] + 1]):
                yield span


def make_scene(found: Found, dates: list[DateSpan], patient_writes: bool, patient_named: bool) -> Scene:
    """Cut the clauses and keep all together."""
    return Scene(found, dates, cut(found, dates), patient_writes, patient_named, {})


def _positions(spans: list[Span]) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}
