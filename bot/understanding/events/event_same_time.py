"""Days told by another's: "total body irradiation in june, then the transplant, same month"."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from bot.understanding.events.landmarks import Landmarks
from bot.understanding.events.told import ONE_DAY_EVENTS, Told
from bot.understanding.statements.scene import Scene
from bot.understanding.time.calendar import Interval

_FILE = "events"
_LONGEST = {"day": 1, "week": 7, "month": 31, "year": 366}
_REACH = 8


def take_over_days(scene: Scene, told: list[Told]) -> None:
    """Give what happened "the same month" the month that was told last before."""
    message = scene.found.message
    for match in scene.language.pattern(_FILE, "same_time").finditer(message.norm):
        start, end = message.span_of(match)
        clause = scene.clause_of(start)
        if clause.asks:
            continue
        units = scene.language.table(_FILE, "same_units")
        unit = next(name for name, words in units.items() if match["unit"] in words)
        day = _told_last(scene, start, unit)
        item = _spoken_of(scene, told, start, end)
        if day is not None and item is not None and item.had == "yes" and item.last is None:
            item.last = day
            item.dated_at = start


def share_days(marks: Landmarks, told: list[Told]) -> None:
    """Read "when they took out the tumor in april they put donor bone in": both in april."""
    scene, when = marks.scene, marks.word("at_the_time")
    for first, second in pairwise(sorted((item for item in told if item.names), key=lambda item: item.at)):
        one, other = scene.clause_of(first.at), scene.clause_of(second.at)
        if one.sentence != other.sentence or one.asks or other.asks:
            continue
        opening = one if one.start == one.sentence_start else other
        if scene.words[opening.start] not in when or "no" in (first.had, second.had):
            continue
        if not {first.event, second.event} <= ONE_DAY_EVENTS:
            continue
        if isinstance(first.last, tuple) and second.last is None:
            second.last = first.last
        elif isinstance(second.last, tuple) and first.last is None:
            first.last = second.last


def go_on_with(marks: Landmarks, told: list[Told]) -> None:
    """Read "on VDC/IE, neulasta after every round": it goes on as long as the chemotherapy."""
    if not any(item.event == "chemotherapy" and item.last == "ongoing" for item in told):
        return
    pattern = marks.scene.language.pattern(_FILE, "with_every_round")
    for item in told:
        if item.event == "growth_factor" and item.had == "yes" and item.last is None and item.names:
            end = item.names[0].end
            behind = " ".join(marks.scene.words[end : end + _REACH])
            if pattern.search(behind):
                item.last = "ongoing"


def _told_last(scene: Scene, start: int, unit: str) -> Interval | None:
    """Give the last day told before, as long as the unit: the whole month of a day in it."""
    for when in reversed(scene.dates):
        if when.end > start or when.interval is None or when.role not in ("past", ""):
            continue
        first, last = when.interval
        if (last - first).days >= _LONGEST[unit]:
            return None
        if unit == "year":
            return (date(first.year, 1, 1), date(first.year, 12, 31)) if first.year == last.year else None
        if unit == "month" and (first.year, first.month) == (last.year, last.month):
            following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
            return (first.replace(day=1), date.fromordinal(following.toordinal() - 1))
        return (first, last) if unit in ("day", "week") else None
    return None


def _spoken_of(scene: Scene, told: list[Told], start: int, end: int) -> Told | None:
    """Give what the words are said of: the name before them in the sentence, or right behind."""
    sentence = scene.clause_of(start).sentence
    named = [item for item in told if item.names and scene.clause_of(item.at).sentence == sentence]
    before = [item for item in named if item.at < start]
    if before:
        return before[-1]
    return next((item for item in named if end <= item.at <= end + _REACH), None)
