"""Whether a treatment still goes on: "still", "on it", "every three weeks" against "finished"."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property

from bot.understanding.events.landmarks import Landmarks, count
from bot.understanding.events.rest_days import paused
from bot.understanding.events.told import ONE_DAY_EVENTS, Told
from bot.understanding.statements.clauses import Clause
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention

_FILE = "events"
_MIDST_LOOK = 4
_CLAUSES_AFTER = 3
_SHORT = 10
_FEW = 12
_BACK = 16


class Aspect:
    """Settles for each event of a message whether it goes on."""

    def __init__(self, marks: Landmarks) -> None:
        """Look once at what holds for the whole message."""
        self.marks = marks
        self.scene = marks.scene
        pattern = self.scene.language.pattern(_FILE, "when_unknown")
        self._when_unknown = pattern.search(self.scene.found.message.norm) is not None

    def settle(self, item: Told) -> None:
        """Settle "still", "on", "every three weeks" against "finished"."""
        if item.had == "stopped":
            return
        if item.had == "yes" and item.event not in ONE_DAY_EVENTS and self._next_is_set(item):
            item.last = "ongoing"
            return
        if item.had != "yes" or item.last == "ongoing" or item.event in ONE_DAY_EVENTS or not item.names:
            return
        mention = item.names[0]
        clause = self.scene.clause_of(mention.start)
        if not isinstance(item.last, tuple) and is_ongoing(self.marks, clause, mention, item.event):
            item.last = "ongoing"
            return
        if item.last is None:
            self._later_clause(clause, item)
        unsure = self.scene.cue("unsure_when", clause.start, len(self.scene.words))[:1]
        if item.last is None and (self._when_unknown or (unsure and unsure[0][0] <= clause.end + 4)):
            item.last = "not_sure"

    @cached_property
    def _set_for_next(self) -> list[tuple[int, int]]:
        """Where "next" stands with a day for it, and where that day stands: "next one Friday"."""
        words, by = self.scene.words, self.marks.word
        following, rounds, links, due = by("next"), by("rounds"), by("next_links"), by("due")
        found = []
        for at, word in enumerate(words):
            if word not in following or self.scene.clause_of(at).asks:
                continue
            place = at + 1 + (at + 1 < len(words) and words[at + 1] in rounds)
            linked = place
            while linked < len(words) and words[linked] in links:
                linked += 1
            bare = place == at + 1 and linked == place
            if not bare and linked < len(words) and (linked in self.marks.dated or words[linked] in due):
                found.append((at, linked))
        return found

    @cached_property
    def _of_another(self) -> dict[int, int]:
        """Give, for each name of a treatment, where the next name of another one stands."""
        treatments = [m for m in self.scene.found.mentions if m.kind == "treatments"]
        end = len(self.scene.words)
        found: dict[int, int] = {}
        for mention, behind in zip(reversed(treatments), [None, *reversed(treatments)], strict=False):
            if behind is None:
                found[mention.start] = end
            elif behind.name != mention.name:
                found[mention.start] = behind.start
            else:
                found[mention.start] = found[behind.start]
        return found

    def _next_is_set(self, item: Told) -> bool:
        """Whether a day for the next one stands after it: "finished Nov 2, next one Friday"."""
        if not self._set_for_next:
            return False
        at = bisect_left(self._set_for_next, (item.at, 0))
        limit = self._of_another.get(item.at, len(self.scene.words))
        return at < len(self._set_for_next) and self._set_for_next[at][1] <= limit

    def _later_clause(self, clause: Clause, item: Told) -> None:
        """Read "He had VAC, still getting it" and "chemo since May, next one Friday"."""
        scene, still = self.scene, self.marks.word("still")
        for after in self.marks.after(clause, _CLAUSES_AFTER):
            if after.sentence > clause.sentence + 1 or after.asks or self.marks.others_named(after):
                return
            if any(m.name != item.event for m in self.marks.mentions(after.start, after.end)[:_FEW]):
                return
            if (
                (
                    after.end - after.start <= _SHORT
                    and scene.cue("ongoing", after.start, after.end)
                    and not scene.cue("stop", after.start, after.end)
                    and not still.isdisjoint(scene.words[after.start : after.end])
                    and not scene.cue("negation", after.start, after.end)
                )
                or self._still_on_it(after)
                or self._some_to_go(after)
            ):
                item.last = "ongoing"
                return

    def _still_on_it(self, clause: Clause) -> bool:
        """Whether a clause says "he still takes it every morning", whatever else it says."""
        pattern = self.scene.language.pattern
        text = " ".join(self.scene.words[clause.start : clause.end])
        said = pattern(_FILE, "still_on_it").search(text) and not pattern(_FILE, "not_still").search(text)
        return bool(said) and not self.scene.cue("stop", clause.start, clause.end)

    def _some_to_go(self, clause: Clause) -> bool:
        """Whether a clause counts what is left: "2 given, 2 to go"."""
        text = " ".join(self.scene.words[clause.start : clause.end])
        return self.scene.language.pattern(_FILE, "so_many_to_go").search(text) is not None


def is_ongoing(marks: Landmarks, clause: Clause, mention: Mention, event: str) -> bool:
    """Whether the clause says that it is still being given."""
    scene = marks.scene
    words = scene.words
    by = scene.language.words
    if paused(scene, clause):
        return False
    lead = " ".join(words[max(clause.start, mention.start - _MIDST_LOOK) : mention.start]) + " "
    behind = " " + " ".join(words[mention.end : min(clause.end, mention.end + _MIDST_LOOK)])
    pattern = scene.language.pattern
    if pattern(_FILE, "amid").search(lead) or pattern(_FILE, "to_go").search(behind):
        return True
    if (mention.entry.get("weak") and pattern(_FILE, "of_so_many").search(behind)) or _midway(scene, clause):
        return True
    if mention.entry.get("going_on") and not scene.cue("stop", mention.end, clause.end):
        return True
    ended = by(_FILE, "unfinished")
    unfinished = any(words[s[1] - 1] in ended for s in scene.cue("not_negation", clause.start, clause.end))
    of_one = pattern(_FILE, "the_one_now")
    going_on = [
        span
        for span in scene.cue("ongoing", clause.start, clause.end)
        if not of_one.search(" ".join(words[max(span[0] - 1, 0) : span[1]]))
    ]
    if scene.cue("stop", clause.start, clause.end) and not unfinished:
        strong = by(_FILE, "strong")
        if not any(words[s[0]] in strong for s in going_on):
            return False
    some_left = not by(_FILE, "left").isdisjoint(words[mention.end : mention.end + 1])
    some_left = some_left and by(_FILE, "left_whom").isdisjoint(words[mention.end + 1 : mention.end + 2])
    if some_left or not by(_FILE, "next").isdisjoint(words[mention.start - 1 : mention.start]):
        return True
    if count(marks.each, clause):
        return True
    side = by(_FILE, "side")
    only_when = mention.start > clause.start and words[mention.start - 1] in side
    if not only_when and going_on and going_on[-1][0] >= mention.end:
        return True
    for start, end in going_on:
        if (
            start >= mention.start - _BACK
            and 0 <= mention.start - end <= 8
            and side.isdisjoint(words[end : mention.start])
        ):
            return True
    return _stands_after_on(scene, clause, mention, event)


def _stands_after_on(scene: Scene, clause: Clause, mention: Mention, event: str) -> bool:
    """Whether "on" stands before the name ("on low dose chemo"), or a "has" before an infection."""
    words = scene.words
    by = scene.language.words
    small = by(_FILE, "before_on")
    at = mention.start - 1
    while at > clause.start and words[at] in small:
        at -= 1
    if words[at] in by(_FILE, "on") and at >= clause.start:
        lead = words[at - 1] if at > clause.start else ""
        if lead in by(_FILE, "been"):
            has = at - 2 < clause.start or words[at - 2] in by(_FILE, "has")
            return has and by(_FILE, "before").isdisjoint(words[mention.end : clause.end])
        return lead not in by(_FILE, "past_on")
    return (
        event == "infection"
        and words[at] in by(_FILE, "fighting")
        and by(_FILE, "had").isdisjoint(words[clause.start : at])
    )


def _midway(scene: Scene, clause: Clause) -> bool:
    """Whether the clause counts a part of a plan: "chemo, 4 of 8", "2 out of 6 cycles done"."""
    text = " ".join(scene.words[clause.start : clause.end + _FEW])
    pattern = scene.language.pattern
    found = pattern(_FILE, "so_many_of").search(text)
    if found is None or pattern(_FILE, "no_further").search(text):
        return False
    return int(found["done"]) < int(found["all"])
