"""Which event a day of the text speaks of: the nearest name, the one before, or what was asked about."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property

from bot.understanding.events.landmarks import Landmarks, count, first_from, last_before
from bot.understanding.events.rest_days import is_put_right_by
from bot.understanding.events.told import ONE_DAY_EVENTS, Told
from bot.understanding.statements.clauses import Clause
from bot.understanding.time.dates import DateSpan
from bot.understanding.vocabulary import Mention

_STRANGE_WORDS = 1
_FOUND_EVENTS = ("blood_clot", "infection", "abdominal_hole", "injury")
_A_FEW = 4
_CLAUSES_BACK = 2


class Targets:
    """Finds whose day a day is, among the events told in one message."""

    def __init__(self, marks: Landmarks, told: list[Told], named: dict[int, Told], topic: str | None) -> None:
        """Take what was told; `named`: what each name tells, by its first word; `topic`: what is asked."""
        self.marks = marks
        self.told = told
        self.named = named
        self.topic = topic
        self._starts = sorted(named)

    def inside(self, clause: Clause) -> list[Told]:
        """Give what the names in a clause tell."""
        first, last = (bisect_left(self._starts, at) for at in (clause.start, clause.end))
        return [self.named[at] for at in self._starts[first:last]]

    def of(self, clause: Clause, when: DateSpan, topic: str | None) -> Told | None:
        """Give the event whose day it is, or None."""
        if when.role == "post":
            following = first_from(self._starts, when.start, clause.end)
            return self.by_topic(topic, when) if following is None else self.named[following]
        nearest = last_before(self._anchors, clause.start, when.start)
        if nearest is not None:
            nearest = self._found_then(clause, nearest)
            if nearest not in self.named and self._gives_a_reason(clause, nearest):
                return self._what_was_stopped(clause, topic, when)
            return self.named.get(self._head(clause, nearest))
        following = first_from(self._anchors, when.end, clause.end)
        if following is not None:
            return self._last_of_before(clause, when, following) or self.named.get(following)
        if not self.marks.word("meant").isdisjoint(self.marks.scene.words[clause.start : when.start]):
            return None  # "it was supposed to be monday"
        return self._from_around(clause, topic, when)

    def by_topic(self, topic: str | None, when: DateSpan) -> Told | None:
        """Give what was told of the event that is asked about; a day alone tells that it was had."""
        if topic is None:
            return None
        for item in reversed(self.told):
            if item.event == topic and item.had in ("yes", "not_sure"):
                item.had = "yes"
                return item
        item = Told(topic, "yes", when.start)
        self.told.append(item)
        return item

    def beside(self, clause: Clause, when: DateSpan, target: Told) -> list[Told]:
        """Give the others that a day speaks of: "chemo and radiation, both finished in august"."""
        both = self.marks.word("both")
        if both.isdisjoint(self.marks.scene.words[clause.start : when.start]):
            return []
        near = [clause, *self.marks.before(clause)]
        others = [item for other in near for item in self.inside(other) if item.had == "yes"]
        if self.topic and self.topic != target.event:
            others += [item for item in (self.by_topic(self.topic, when),) if item]
        return [item for item in others if item is not target]

    def _last_of_before(self, clause: Clause, when: DateSpan, following: int) -> Told | None:
        """Read "fourteen rounds of chemo, the last in June, and radiotherapy": it is the chemo's."""
        words, joining = self.marks.scene.words, self.marks.scene.grammar("joining") | {","}
        last = self.marks.scene.cue("stop", clause.start, when.start)
        if not last or joining.isdisjoint(words[when.end : following]):
            return None
        before = self.marks.before(clause)
        inside = self.inside(before[0]) if before and before[0].sentence == clause.sentence else []
        return inside[-1] if inside and inside[-1].had == "yes" and inside[-1].last is None else None

    def _corrected(self, clause: Clause, when: DateSpan) -> Told | None:
        """Read "sorry, just checked the calendar, it's 4 weeks ago": of what was dated last."""
        start = self.marks.scene.found.message.sentences[clause.sentence][0]
        scene = self.marks.scene
        if not scene.cue("correction", start, when.start) and not is_put_right_by(scene, when.start):
            return None
        dated = [item for item in self.told if item.dated_at >= 0]
        return max(dated, key=lambda item: item.dated_at, default=None)

    def _day_first(self, clause: Clause, when: DateSpan) -> Told | None:
        """Read "a couple weeks back they took the tumor out": the sentence opens with the day."""
        spans = self.marks.scene.found.message.sentences
        if clause.start != spans[clause.sentence][0] or when.end < clause.end or when.start != clause.start:
            return None
        for after in self.marks.after(clause):
            if after.sentence == clause.sentence and not count(self.marks.dates, after):
                inside = self.inside(after)
                return inside[0] if inside and inside[0].had == "yes" else None
        return None

    def _from_around(self, clause: Clause, topic: str | None, when: DateSpan) -> Told | None:
        """Look for the event around a clause that names none."""
        strange = self.marks.strange_words(clause)
        found = self._in_brackets(clause, when) or self._corrected(clause, when)
        found = found or self._day_first(clause, when)
        if strange and not found:
            found = self._named_next(clause)
        found = found or self._named_before(clause) or self._named_next(clause) or self._the_only_one(clause)
        if found or self.marks.has_own_story(clause):
            return found
        unsure = strange and any(item.event == topic and item.had == "not_sure" for item in self.told)
        return None if unsure else self.by_topic(topic, when)

    @cached_property
    def _anchors(self) -> list[int]:
        """Where names and other words stand that a day may belong to."""
        others = [m.start for m in self.marks.scene.found.mentions if self._is_another(m)]
        return sorted({*self._starts, *others, *self.marks.anchor_words})

    def _is_another(self, mention: Mention) -> bool:
        """Whether a name that tells of no event may have the day nonetheless."""
        if mention.kind == "treatments":
            return mention.name != "other_surgery"
        if mention.kind != "course" or mention.start in self.marks.inner:
            return False
        value = mention.entry["value"]
        if value == "in_remission":
            return self._as_of(mention.end)
        return value != "metastatic" or not self._is_a_place(mention)

    def _is_a_place(self, mention: Mention) -> bool:
        """Whether the cancer's spread only tells where a treatment went: "cyberknife on a lung spot"."""
        return last_before(self._starts, mention.start - _A_FEW, mention.start) is not None

    def _as_of(self, at: int) -> bool:
        """Whether a day of its own follows a remission right away: "in remission as of friday"."""
        words, links = self.marks.scene.words, self.marks.word("as_of")
        while at < len(words) and words[at] in links and at not in self.marks.dated:
            at += 1
        return at in self.marks.dated

    def _head(self, clause: Clause, nearest: int) -> int:
        """Give the nearest name before the day; of "a stroke after surgery in march" the stroke."""
        head = last_before(self._anchors, clause.start, nearest)
        if head is None or nearest not in self.named:
            return nearest
        ends = [mention.end for mention in self.marks.at(head)]
        if not ends or self.marks.scene.words[max(ends)] not in self.marks.word("after_it"):
            return nearest
        return nearest if head in self.named and self.named[head].last is not None else head

    def _found_then(self, clause: Clause, nearest: int) -> int:
        """Give the clot itself for the "found" of "a clot round the port, found in september"."""
        if self.marks.scene.words[nearest] not in self.marks.word("found"):
            return nearest
        before = last_before(self._anchors, clause.start, nearest)
        found = before is not None and before in self.named and self.named[before].event in _FOUND_EVENTS
        return before if found and before is not None else nearest

    def _gives_a_reason(self, clause: Clause, at: int) -> bool:
        """Whether the day belongs to what was stopped: "we stopped because it wasn't working, in august"."""
        scene = self.marks.scene
        refractory = any(m.kind == "course" and m.entry["value"] == "refractory" for m in self.marks.at(at))
        if not refractory or scene.words[clause.start] not in self.marks.word("because"):
            return False
        return any(
            earlier.sentence == clause.sentence and scene.cue("stop", earlier.start, earlier.end)
            for earlier in self.marks.before(clause)
        )

    def _what_was_stopped(self, clause: Clause, topic: str | None, when: DateSpan) -> Told | None:
        earlier = self.marks.before(clause)[0]
        reached = last_before(self._starts, earlier.start, earlier.end)
        if reached is not None:
            return self.named[reached]
        return self._named_before(earlier) or self.by_topic(topic, when)

    def _named_before(self, clause: Clause) -> Told | None:
        """Find what "finished in June" speaks of: the one event of the clause before."""
        marks, cue = self.marks, self.marks.scene.cue
        if marks.others_named(clause) or marks.has_own_story(clause):
            return None
        speaks = any(cue(name, clause.start, clause.end) for name in ("stop", "ongoing", "start"))
        if marks.strange_words(clause) > _STRANGE_WORDS + speaks:
            return None
        for before in marks.before(clause, _CLAUSES_BACK):
            if before.sentence < clause.sentence - 1:
                return None
            inside = [item for item in self.inside(before) if item.had != "no"]
            if len({item.event for item in inside}) > 1:
                inside = [item for item in inside if not self._tells_when(item)] or inside
            if len({item.event for item in inside}) == 1:
                if self._only_when(inside, clause, before):
                    continue
                return inside[-1]
            if inside and inside[-1].had == "yes" and self._of_that(clause):
                return inside[-1]
            if inside or marks.others_named(before):
                return None
        return None

    def _of_that(self, clause: Clause) -> bool:
        """Whether a clause speaks of the last thing named: "the last dose of that was in june"."""
        scene = self.marks.scene
        text = " ".join(scene.words[clause.start : clause.end])
        return scene.language.pattern("events", "last_of_that").search(text) is not None

    def _only_when(self, inside: list[Told], clause: Clause, before: Clause) -> bool:
        """Whether what ended is told further back: "chemo after the surgery, finished in april"."""
        return (
            before.sentence == clause.sentence
            and bool(self.marks.scene.cue("stop", clause.start, clause.end))
            and all(item.event in ONE_DAY_EVENTS and self._tells_when(item) for item in inside)
        )

    def _in_brackets(self, clause: Clause, when: DateSpan) -> Told | None:
        """Read "MIBG therapy (August 2026)": a day alone in brackets is of the name right before."""
        words = self.marks.scene.words
        if (
            when.start > clause.start
            or when.end < clause.end
            or words[clause.start - 1 : clause.start] != ["("]
        ):
            return None
        at = last_before(self._anchors, 0, clause.start)
        ends = [mention.end for mention in self.marks.at(at)] if at is not None else []
        return self.named.get(at) if at is not None and clause.start - 1 in ends else None

    def _tells_when(self, item: Told) -> bool:
        """Whether a name only tells when another was given ("neulasta after every chemo")."""
        lead = self.marks.scene.words[max(item.at - 2, 0) : item.at]
        return not self.marks.word("beside_another").isdisjoint(lead)

    def _named_next(self, clause: Clause) -> Told | None:
        """Read "on monday she fell and broke her ankle": the day is told first, the event behind "and"."""
        marks = self.marks
        for after in marks.after(clause):
            if after.sentence != clause.sentence or marks.others_named(clause) or count(marks.dates, after):
                return None
            inside = self.inside(after)
            if self._points_back(after):
                return next((item for item in inside if item.had == "yes"), None)
            if marks.scene.words[after.start] in marks.scene.grammar("subjects"):
                return None
            found = next((item for item in inside if item.event in ONE_DAY_EVENTS), None)
            return found if found and found.had == "yes" else None
        return None

    def _points_back(self, clause: Clause) -> bool:
        """Whether the clause says what a day told before was: "..., that was the day of her last chemo"."""
        words = self.marks.scene.words[clause.start : clause.start + 2]
        return (
            len(words) > 1 and words[0] in self.marks.word("pointing") and words[1] in self.marks.word("was")
        )

    def _the_only_one(self, clause: Clause) -> Told | None:
        """Read "last pill was on november 10" where all the message tells of is one treatment."""
        marks = self.marks
        if (
            not marks.scene.cue("stop", clause.start, clause.end)
            or marks.strange_words(clause) > _STRANGE_WORDS
        ):
            return None
        if marks.others_named(clause) or marks.has_own_story(clause):
            return None
        had = [item for item in self.told if item.had == "yes" and item.event not in ONE_DAY_EVENTS]
        return had[-1] if len({item.event for item in had}) == 1 and had[-1].last is None else None
