"""Days that are not the last day after all: yet to come, put right, or while a treatment rests."""

from __future__ import annotations

from bot.understanding.clauses import Clause
from bot.understanding.dates import DateSpan
from bot.understanding.scene import Scene


def ends_later(scene: Scene, clause: Clause, when: DateSpan) -> bool:
    """Whether it is still to end on that day: "antibiotics end wednesday"."""
    words = scene.words
    before = words[clause.start : when.start + 1]
    if {"did", "was", "were", "had", "last", "of", "date", "day", "start", "started"} & set(before):
        return False
    if when.weekday:
        return ends_in(scene, clause, when)
    lead = words[max(clause.start, when.start - 2) : when.end - 1]
    return bool({"ends", "finishes", "stops"} & set(lead)) and when.soon_again


def ends_in(scene: Scene, clause: Clause, when: DateSpan) -> bool:
    """Whether "ends" or "finish" stands right before the day, in the present."""
    lead = scene.words[max(clause.start, when.start - 2) : max(when.end - 1, when.start)]
    return bool({"end", "ends", "ending", "finish", "finishes", "finishing", "stop", "stops"} & set(lead))


def put_right(scene: Scene, when: DateSpan) -> bool:
    """Whether this is the day that it was not: "in october not november"."""
    words = scene.words
    at = when.start - 1 if words[when.start] not in ("not",) else when.start
    return (
        at > 0
        and words[at] == "not"
        and when.intro in ("", "from")
        and any(
            other is not when and other.interval and 0 <= when.start - other.end <= 3 for other in scene.dates
        )
    )


def paused(scene: Scene, clause: Clause) -> bool:
    """Whether the treatment rests: "on a break", "a chemo holiday"."""
    return any(clause.holds(start) for start, _ in scene.found.cue("pause"))
