"""Where the things stand in a message that decide whose day a day is; all of it found in one walk.

Every question here is answered by halving a sorted list, so that a message of a thousand days and names takes
no longer than its length deserves.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from bot.understanding.statements.clauses import Clause
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention

FILE = "events"
_SPEAKING_ON = ("stop", "start", "ongoing", "unsure", "unsure_when", "correction")


class Landmarks:
    """The landmarks of one message."""

    def __init__(self, scene: Scene) -> None:
        """Look at nothing yet: each list is made when it is first asked for."""
        self.scene = scene
        self._numbers = {clause.start: number for number, clause in enumerate(scene.clauses)}
        self._starts = [mention.start for mention in scene.found.mentions]

    def word(self, group: str) -> frozenset[str]:
        """Give a group of words of `events.yml`."""
        return self.scene.language.words(FILE, group)

    def before(self, clause: Clause, number: int = 1) -> list[Clause]:
        """Give the clauses before one, the nearest first."""
        at = self._numbers[clause.start]
        return self.scene.clauses[max(at - number, 0) : at][::-1]

    def after(self, clause: Clause, number: int = 1) -> list[Clause]:
        """Give the clauses behind one, in order."""
        at = self._numbers[clause.start] + 1
        return self.scene.clauses[at : at + number]

    def mentions(self, start: int, end: int) -> tuple[Mention, ...]:
        """Give the names that begin between two words."""
        return self.scene.found.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def at(self, start: int) -> tuple[Mention, ...]:
        """Give the names that begin with this word."""
        return self.mentions(start, start + 1)

    def near(self, mention: Mention, reach: int) -> Iterator[Mention]:
        """Give the other names that stand within so many words of this one."""
        for other in self.mentions(mention.start - 2 * reach, mention.end + reach):
            if other is not mention and other.end >= mention.start - reach:
                yield other

    def others_named(self, clause: Clause) -> bool:
        """Whether the clause is about something with a day of its own that is no event."""
        return bool(count(self.anchor_words, clause) or count(self._courses, clause))

    def has_own_story(self, clause: Clause) -> bool:
        """Whether the clause tells of the disease ("in september the cancer was back") or of a plan."""
        cue = self.scene.cue
        planned = cue("planned", clause.start, clause.end) and not cue("past", clause.start, clause.end)
        return bool(planned or count(self._own_story, clause))

    def strange_words(self, clause: Clause) -> int:
        """Count the words of the clause that do not just speak on of what was named before."""
        return count(self._strange, clause)

    @cached_property
    def dates(self) -> list[int]:
        """Where days are told."""
        return [when.start for when in self.scene.dates]

    @cached_property
    def dated(self) -> frozenset[int]:
        """All words that days are told with."""
        return frozenset(at for when in self.scene.dates for at in range(when.start, when.end))

    @cached_property
    def each(self) -> list[int]:
        """Where "every" stands before a day ("every three weeks")."""
        words, every = self.scene.words, self.word("every")
        return [at - 1 for at in self.dates if at and words[at - 1] in every]

    @cached_property
    def anchor_words(self) -> list[int]:
        """Where words stand that have a day of their own; "at school" is only the place."""
        words, anchors = self.scene.words, self.word("other_anchors")
        places, leading = self.word("places"), self.word("at_a_place")
        return [
            at
            for at, word in enumerate(words)
            if word in anchors
            and at not in self._treated
            and not (word in places and not leading.isdisjoint(words[max(at - 2, 0) : at]))
        ]

    @cached_property
    def _treated(self) -> frozenset[int]:
        """All words of treatments' names."""
        treatments = (m for m in self.scene.found.mentions if m.kind == "treatments")
        return frozenset(at for mention in treatments for at in range(mention.start, mention.end))

    @cached_property
    def inner(self) -> frozenset[int]:
        """The words of treatments' names but their first: what begins there is part of the name."""
        treatments = (m for m in self.scene.found.mentions if m.kind == "treatments")
        return frozenset(at for mention in treatments for at in range(mention.start + 1, mention.end))

    @cached_property
    def _named(self) -> frozenset[int]:
        return frozenset(
            at for mention in self.scene.found.mentions for at in range(mention.start, mention.end)
        )

    @cached_property
    def _courses(self) -> list[int]:
        return [
            mention.start
            for mention in self.scene.found.mentions
            if mention.kind == "course" and mention.entry["value"] != "in_remission"
        ]

    @cached_property
    def _own_story(self) -> list[int]:
        own, words = self.word("own_story"), self.scene.words
        told = {m.start for m in self.scene.found.mentions if m.kind in ("diagnoses", "health")}
        told |= {at for at, word in enumerate(words) if word in own and at not in self._named}
        return sorted(told)

    @cached_property
    def _strange(self) -> list[int]:
        small, words = self.word("speaks_on"), self.scene.words
        known = self.dated | self._named
        known |= {
            at for name in _SPEAKING_ON for span in self.scene.cue(name, 0, len(words)) for at in range(*span)
        }
        return [
            at for at, word in enumerate(words) if word.isalpha() and word not in small and at not in known
        ]


def count(places: list[int], clause: Clause) -> int:
    """Count the places that lie in a clause."""
    return bisect_left(places, clause.end) - bisect_left(places, clause.start)


def last_before(places: list[int], start: int, end: int) -> int | None:
    """Give the last place from `start` on and before `end`."""
    at = bisect_left(places, end) - 1
    return places[at] if at >= 0 and places[at] >= start else None


def first_from(places: list[int], start: int, end: int) -> int | None:
    """Give the first place from `start` on and before `end`."""
    at = bisect_left(places, start)
    return places[at] if at < len(places) and places[at] < end else None
