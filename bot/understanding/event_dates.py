"""When each event was: which date of the text belongs to which event, and whether it is a last day."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.understanding.calendar import Interval
from bot.understanding.clauses import Clause
from bot.understanding.dates import DateSpan
from bot.understanding.rest_days import ends_in, ends_later, paused, put_right
from bot.understanding.scene import Scene
from bot.understanding.vocabulary import Mention

ONE_DAY_EVENTS = frozenset(
    {
        "surgery",
        "other_surgery",
        "live_vaccine",
        "injury",
        "blood_clot",
        "organ_transplant",
        "stem_cell_transplant",
        "abdominal_hole",
    }
)
_FEW_WORDS = 5
_DENYING = frozenset({"no", "not", "none", "never", "nothing", "nope", "neither", "without"})
_OTHER_ANCHORS = frozenset(
    [
        "diagnosed",
        "born",
        "scan",
        "scans",
        "mri",
        "ct",
        "pet",
        "appointment",
        "visit",
        "admitted",
        "found",
        "noticed",
        "symptoms",
        "fever",
        "trip",
        "school",
        "vacation",
        "turned",
        "results",
        "checkup",
        "moved",
        "relapse",
        "diagnosis",
        "age",
        "hospital",
        "home",
        "discharged",
    ]
)


@dataclass
class Told:
    """What one place in the text says of an event."""

    event: str
    had: str
    at: int
    last: Interval | str | None = None
    kind: str | None = None
    names: list[Mention] = field(default_factory=list)
    dated_at: int = -1


def attach_dates(scene: Scene, told: list[Told], named: dict[int, Told], topic: str | None) -> list[str]:
    """Give each date to the event it speaks of; return the problems of dates that cannot be."""
    problems: list[str] = []
    for when in scene.dates:
        clause = scene.clause_of(when.start)
        if _yet_to_come(scene, clause, when) or put_right(scene, when):
            coming = _target(scene, clause, when, named, told, None) if when.weekday else None
            if coming and coming.event not in ONE_DAY_EVENTS and not clause.asks:
                coming.last = "ongoing"  # "his last chemo is friday"
            continue
        if clause.asks or (when.role in ("window", "lapse", "in") and not _off_for(scene, clause, when)):
            if when.role == "window" and not clause.asks:
                _window(scene, clause, when, named)
                if not named and when.interval and _bare(scene, clause, when):
                    asked_about = _by_topic(told, topic, when)
                    if asked_about and asked_about.last is None:
                        asked_about.last = when.interval
            continue
        target = _target(scene, clause, when, named, told, topic)
        if target is None:
            continue
        if when.problem:
            if when.problem != "future_date" or not scene.cue("planned", clause.start, clause.end):
                problems.append(when.problem)
            continue
        if when.role == "future" and target.event not in ONE_DAY_EVENTS and ends_in(scene, clause, when):
            target.last = "ongoing"
        if when.interval is None or target.had != "yes":
            continue
        if target.event not in ONE_DAY_EVENTS and ends_later(scene, clause, when):
            target.last = "ongoing"
            continue
        if _is_start(scene, clause, when):
            if when.intro == "since" and not _stopped(scene, clause):
                target.last = "ongoing" if target.event not in ONE_DAY_EVENTS else target.last
            continue
        if when.intro == "from" and any(d.intro == "until" and clause.holds(d.start) for d in scene.dates):
            continue
        if (
            when.intro == "since"
            and not _stopped(scene, clause)
            and when.role == "past"
            and target.last is None
        ):
            if target.event not in ONE_DAY_EVENTS:
                target.last = "ongoing"
            continue
        corrected = any(target.dated_at < at < when.start for at, _ in scene.found.cue("correction"))
        if target.dated_at >= 0 and corrected:
            target.last = when.interval
        else:
            target.last = _later(target.last, when.interval)
        target.dated_at = when.start
    return problems


def _yet_to_come(scene: Scene, clause: Clause, when: DateSpan) -> bool:
    """Whether "Friday" or "March" is meant as the next one: "next one Friday"."""
    before = scene.words[clause.start : when.start]
    if when.weekday and before and before[-1] in ("is", "are", "every", "each"):
        return True
    return "next" in before[-4:] or bool(before and before[-1] in ("will", "until") and "next" in before)


def _off_for(scene: Scene, clause: Clause, when: DateSpan) -> bool:
    """Whether "for 3 weeks" counts since the end: "off chemo for 3 weeks", "done for 2 months"."""
    before = scene.words[max(clause.start, when.start - 4) : when.start]
    return (
        when.role == "lapse"
        and bool({"off", "done", "finished", "stopped"} & set(before))
        and "started" not in before
    )


def _window(scene: Scene, clause: Clause, when: DateSpan, named: dict[int, Told]) -> None:
    for at, item in named.items():
        if clause.holds(at) and item.had == "yes" and item.last is None and when.interval:
            item.last = when.interval


def _bare(scene: Scene, clause: Clause, when: DateSpan) -> bool:
    """Whether the clause says little more than when: "sometime within the past 2 weeks"."""
    rest = scene.words[clause.start : when.start] + scene.words[when.end : clause.end]
    return len(rest) <= _FEW_WORDS and not _DENYING & set(scene.words[clause.start : clause.end])


def _later(last: Interval | str | None, new: Interval) -> Interval | str:
    if isinstance(last, tuple):
        overlap = (max(last[0], new[0]), min(last[1], new[1]))
        if overlap[0] <= overlap[1]:
            return overlap
        return max(last, new, key=lambda interval: interval[1])
    return new


def _target(
    scene: Scene, clause: Clause, when: DateSpan, named: dict[int, Told], told: list[Told], topic: str | None
) -> Told | None:
    inside = {at: item for at, item in named.items() if clause.holds(at)}
    if when.role == "post":
        following = [at for at in inside if at >= when.start]
        return inside[min(following)] if following else _by_topic(told, topic, when)
    others = [at for at in range(clause.start, clause.end) if scene.words[at] in _OTHER_ANCHORS]
    others += [
        m.start
        for m in scene.found.mentions
        if clause.holds(m.start) and m.kind == "course" and m.entry["value"] != "in_remission"
    ]
    others += [
        m.start
        for m in scene.found.mentions
        if clause.holds(m.start) and m.kind == "treatments" and m.start not in named
    ]
    before = [at for at in (*inside, *others) if at < when.start]
    if before and max(before) not in inside and _gives_a_reason(scene, clause, max(before), when):
        earlier = [other for other in scene.clauses if other.start < clause.start][-1]
        reached = [at for at in named if earlier.holds(at)]
        if reached:
            return named[max(reached)]
        return _named_before(scene, earlier, named) or _by_topic(told, topic, when)
    if before:
        return inside.get(max(before))
    after = [at for at in (*inside, *others) if at >= when.end]
    if after:
        return inside.get(min(after))
    return _named_before(scene, clause, named) or _by_topic(told, topic, when)


def _gives_a_reason(scene: Scene, clause: Clause, at: int, when: DateSpan) -> bool:
    """Whether the day belongs to what was stopped: "we stopped because it wasn't working, in august"."""
    earlier = [other for other in scene.clauses if other.start < clause.start]
    refractory = any(
        m.start == at and m.kind == "course" and m.entry["value"] == "refractory"
        for m in scene.found.mentions
    )
    return (
        refractory
        and scene.words[clause.start] in ("because", "since", "as")
        and bool(earlier)
        and earlier[-1].sentence == clause.sentence
        and bool(scene.cue("stop", earlier[-1].start, earlier[-1].end))
    )


def _named_before(scene: Scene, clause: Clause, named: dict[int, Told]) -> Told | None:
    """Find what "finished in June" speaks of: the one event of the clause before."""
    earlier = [other for other in scene.clauses if other.start < clause.start]
    speaks = (
        scene.cue("stop", clause.start, clause.end)
        or scene.cue("ongoing", clause.start, clause.end)
        or scene.cue("start", clause.start, clause.end)
    )
    loose = {"it", "that", "one", "them", "was", "ago", "back"} & set(scene.words[clause.start : clause.end])
    bare = clause.end - clause.start <= 8
    if not earlier or not (speaks or (loose and bare) or bare):
        return None
    if others_named(scene, clause):
        return None
    for before in reversed(earlier[-2:]):
        if before.sentence < clause.sentence - 1:
            return None
        inside = [item for at, item in named.items() if before.holds(at) and item.had != "no"]
        if len({item.event for item in inside}) == 1:
            return inside[-1]
        if inside or others_named(scene, before):
            return None
    return None


def others_named(scene: Scene, clause: Clause) -> bool:
    """Whether the clause is about something with a day of its own that is no event."""
    return any(scene.words[at] in _OTHER_ANCHORS for at in range(clause.start, clause.end)) or any(
        m.kind == "course" and clause.holds(m.start) for m in scene.found.mentions
    )


def _by_topic(told: list[Told], topic: str | None, when: DateSpan) -> Told | None:
    if topic is None:
        return None
    same = [item for item in told if item.event == topic and item.had in ("yes", "not_sure")]
    if same:
        same[-1].had = "yes"
        return same[-1]
    item = Told(topic, "yes", when.start)
    told.append(item)
    return item


def _is_start(scene: Scene, clause: Clause, when: DateSpan) -> bool:
    starts = scene.cue("start", clause.start, clause.end)
    if not starts:
        return False
    stops = [
        span for span in scene.cue("stop", clause.start, clause.end) if scene.words[span[0]] != "through"
    ]
    if not stops:
        return when.intro != "until"
    before = [(span[0], True) for span in starts if span[0] < when.start]
    before += [(span[0], False) for span in stops if span[0] < when.start]
    return max(before)[1] if before else False


def _stopped(scene: Scene, clause: Clause) -> bool:
    words = scene.words[clause.start : clause.end]
    none_since = any(
        word == "since" and at and words[at - 1] in ("not", "none", "nothing", "never", "no")
        for at, word in enumerate(words)
    )
    stopped = scene.cue("stop", clause.start, clause.end) or scene.cue("negation", clause.start, clause.end)
    return bool(none_since or stopped or paused(scene, clause))
