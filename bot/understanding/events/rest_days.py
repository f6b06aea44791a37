"""Days that are not the last day after all: yet to come, put right, or while a treatment rests."""

from __future__ import annotations

from bot.understanding.statements.clauses import Clause
from bot.understanding.statements.scene import Scene
from bot.understanding.time.dates import DateSpan

_FILE = "events"
_LEAD = 8


def ends_later(scene: Scene, clause: Clause, when: DateSpan) -> bool:
    """Whether it is still to end on that day: "antibiotics end wednesday"."""
    words = scene.words
    before = words[clause.start : when.start + 1]
    if not scene.language.words(_FILE, "not_to_end").isdisjoint(before):
        return False
    if when.weekday:
        return ends_in(scene, clause, when)
    lead = words[max(clause.start, when.start - 2) : when.end - 1]
    return not scene.language.words(_FILE, "ends").isdisjoint(lead) and when.soon_again


def ends_in(scene: Scene, clause: Clause, when: DateSpan) -> bool:
    """Whether "ends" or "finish" stands right before the day, in the present."""
    lead = scene.words[max(clause.start, when.start - 2) : max(when.end - 1, when.start)]
    return not scene.language.words(_FILE, "ending").isdisjoint(lead)


def put_right(scene: Scene, when: DateSpan) -> bool:
    """Whether this is the day that it was not: "in october not november"."""
    words = scene.words
    denying = scene.language.words(_FILE, "not")
    at = when.start if words[when.start] in denying else when.start - 1
    return (
        at > 0
        and words[at] in denying
        and when.intro in ("", "from")
        and any(
            other is not when and other.interval and 0 <= when.start - other.end <= 3 for other in scene.dates
        )
    )


def is_put_right_by(scene: Scene, at: int) -> bool:
    """Whether the day at this word comes in the place of one told before: "the 12th. no, it was the 9th"."""
    lead = " ".join(scene.words[max(at - _LEAD, 0) : at]) + " "
    return scene.language.pattern(_FILE, "no_rather").search(lead) is not None


def paused(scene: Scene, clause: Clause) -> bool:
    """Whether the treatment rests: "on a break", "a chemo holiday"."""
    return any(clause.holds(start) for start, _ in scene.found.cue("pause"))
