"""When each event was: which date of the text belongs to which event, and whether it is a last day."""

from __future__ import annotations

from bot.understanding.events.event_targets import Targets
from bot.understanding.events.landmarks import Landmarks, count
from bot.understanding.events.rest_days import ends_in, ends_later, is_put_right_by, paused, put_right
from bot.understanding.events.told import ONE_DAY_EVENTS, Told
from bot.understanding.statements.clauses import Clause
from bot.understanding.statements.scene import Scene
from bot.understanding.time.calendar import Interval, add_days
from bot.understanding.time.dates import DateSpan

_FILE = "events"
_FEW_WORDS = 5


def attach_dates(marks: Landmarks, told: list[Told], named: dict[int, Told], topic: str | None) -> list[str]:
    """Give each date to the event it speaks of; return the problems of dates that cannot be."""
    scene = marks.scene
    targets = Targets(marks, told, named, topic)
    told_in = {scene.clause_of(at).sentence for at, item in named.items() if item.had == "yes"}
    problems: list[str] = []
    for when in scene.dates:
        clause = scene.clause_of(when.start)
        if _no_day(scene, when):
            continue
        asks = clause.asks and clause.sentence not in told_in
        if _yet_to_come(scene, clause, when) or put_right(scene, when):
            coming = targets.of(clause, when, None) if when.weekday else None
            if coming and coming.event not in ONE_DAY_EVENTS and not clause.asks:
                coming.last = "ongoing"  # "his last chemo is friday"
        elif asks or (when.role in ("window", "lapse", "in") and not _off_for(scene, clause, when)):
            if when.role == "window" and when.interval and not clause.asks:
                _window(targets, clause, when)
        else:
            target = targets.of(clause, when, topic)
            if target and when.problem:
                if when.problem != "future_date" or not scene.cue("planned", clause.start, clause.end):
                    problems.append(when.problem)
            elif target:
                _date(marks, clause, when, target)
                for other in targets.beside(clause, when, target):
                    _date(marks, clause, when, other)
    return problems


def _date(marks: Landmarks, clause: Clause, when: DateSpan, target: Told) -> None:
    """Make of a day what it tells of its event: the last day, or that it still goes on."""
    scene = marks.scene
    if target.had == "stopped" and scene.cue("stop", clause.start, when.start):
        target.had = "yes"  # "no chemo this week, the last one was on the 27th"
    if _goes_on(scene, clause, when, target):
        target.last = "ongoing"
        return
    if (when.role == "post" and _day_of(scene, when)) or _as_of_today(scene, when):
        return
    if when.interval is None or target.had != "yes":
        return
    if _is_start(scene, clause, when) or (when.intro == "from" and _until(marks, clause)):
        return
    if when.intro == "from" and target.event not in (*ONE_DAY_EVENTS, "infection") and not _ends(scene, when):
        return  # "larotrectinib from september"
    if _start_of_both(marks, clause, when):
        return
    if when.intro == "since" and not _stopped(scene, clause) and when.role == "past" and target.last is None:
        return
    interval = _day_plus(scene, when) or when.interval
    corrected = target.dated_at >= 0 and _corrected(scene, target.dated_at, when.start)
    target.last = interval if corrected else _later(target.last, interval)
    target.dated_at = when.start


def _goes_on(scene: Scene, clause: Clause, when: DateSpan, target: Told) -> bool:
    """Whether the day tells of a treatment that still goes on."""
    if target.event in ONE_DAY_EVENTS:
        return False
    if when.role == "post" and _day_of(scene, when):
        return True
    if _as_of_today(scene, when):
        return target.had == "yes" and not _stopped(scene, clause)
    if when.interval is None or target.had != "yes":
        return when.role == "future" and ends_in(scene, clause, when)
    if ends_later(scene, clause, when) or _still_until(scene, clause, when):
        return True
    if when.role == "future" and ends_in(scene, clause, when):
        return True
    begun = _is_start(scene, clause, when) or (when.role == "past" and target.last is None)
    return when.intro == "since" and begun and not _stopped(scene, clause)


def _ends(scene: Scene, when: DateSpan) -> bool:
    """Whether a stretch names its end too: "from the 13th to the 15th of July"."""
    words = scene.words[when.start : when.end]
    return len([word for word in words if word[0].isdigit() and not (len(word) == 4 and word.isdigit())]) > 1


def _as_of_today(scene: Scene, when: DateSpan) -> bool:
    """Whether the day only says when this is told: "as of today: vinorelbine", "as of today off chemo"."""
    lead = " ".join(scene.words[max(when.start - 2, 0) : when.end])
    return scene.language.pattern(_FILE, "as_of_today").search(lead) is not None


def _no_day(scene: Scene, when: DateSpan) -> bool:
    """Whether it only looks like a day: "a 10/10 match"."""
    return not scene.language.words(_FILE, "not_a_day").isdisjoint(scene.words[when.end : when.end + 1])


def _until(marks: Landmarks, clause: Clause) -> bool:
    """Whether the clause tells an end too ("from january until june")."""
    return count([when.start for when in marks.scene.dates if when.intro == "until"], clause) > 0


def _corrected(scene: Scene, first: int, second: int) -> bool:
    """Whether a "sorry" stands between two days, or a "no" right before the second: "no, the 9th"."""
    return bool(scene.cue("correction", first + 1, second)) or is_put_right_by(scene, second)


def _yet_to_come(scene: Scene, clause: Clause, when: DateSpan) -> bool:
    """Whether "Friday" or "March" is meant as the next one: "next one Friday"."""
    before = scene.words[clause.start : when.start]
    by = scene.language.words
    if when.weekday and before and before[-1] in by(_FILE, "day_is"):
        return True
    following = by(_FILE, "next")
    return not following.isdisjoint(before[-4:]) or (
        bool(before) and before[-1] in by(_FILE, "until_next") and not following.isdisjoint(before)
    )


def _still_until(scene: Scene, clause: Clause, when: DateSpan) -> bool:
    """Whether it goes on up to a day to come: "still going, till friday"."""
    if when.intro != "until" or not (when.weekday or when.soon_again):
        return False
    past = scene.language.words(_FILE, "past_verbs")
    going_on = scene.cue("ongoing", clause.start, when.start)
    if going_on and past.isdisjoint(scene.words[clause.start : when.start]):
        return True
    start = scene.found.message.sentences[clause.sentence][0]
    still = scene.language.words(_FILE, "strong")
    return any(scene.words[cue[0]] in still for cue in scene.cue("ongoing", start, when.start))


def _day_plus(scene: Scene, when: DateSpan) -> Interval | None:
    """Read "it's day +100 today": that many days ago."""
    if when.interval is None or when.interval[0] != when.interval[1] or when.role != "past":
        return None
    found = scene.language.pattern(_FILE, "day_plus").search(scene.found.message.norm)
    if found is None or not 0 <= when.start - scene.found.message.span_of(found)[1] <= 1:
        return None
    day = add_days(when.interval[0], -int(found["days"]))
    return (day, day)


def _day_of(scene: Scene, when: DateSpan) -> bool:
    """Whether it is so far on in it: "day 12 of cycle 4"."""
    return scene.words[when.end - 1] in scene.language.words(_FILE, "of")


def _off_for(scene: Scene, clause: Clause, when: DateSpan) -> bool:
    """Whether "for 3 weeks" counts since the end: "off chemo for 3 weeks", "done for 2 months"."""
    before = scene.words[max(clause.start, when.start - 4) : when.start]
    return (
        when.role == "lapse"
        and not scene.language.words(_FILE, "off").isdisjoint(before)
        and scene.language.words(_FILE, "started").isdisjoint(before)
    )


def _window(targets: Targets, clause: Clause, when: DateSpan) -> None:
    """Read "an infection in the last 2 weeks": its last day lies within."""
    for item in targets.inside(clause):
        if item.had == "yes" and item.last is None:
            item.last = when.interval
    if not targets.named and _bare(targets.marks.scene, clause, when):
        asked_about = targets.by_topic(targets.topic, when)
        if asked_about and asked_about.last is None:
            asked_about.last = when.interval


def _bare(scene: Scene, clause: Clause, when: DateSpan) -> bool:
    """Whether the clause says little more than when: "sometime within the past 2 weeks"."""
    rest = scene.words[clause.start : when.start] + scene.words[when.end : clause.end]
    return len(rest) <= _FEW_WORDS and scene.language.words(_FILE, "denying").isdisjoint(
        scene.words[clause.start : clause.end]
    )


def _later(last: Interval | str | None, new: Interval) -> Interval | str:
    if isinstance(last, tuple):
        overlap = (max(last[0], new[0]), min(last[1], new[1]))
        if overlap[0] <= overlap[1]:
            return overlap
        return max(last, new, key=lambda interval: interval[1])
    return new


def _is_start(scene: Scene, clause: Clause, when: DateSpan) -> bool:
    starts = scene.cue("start", clause.start, clause.end)
    if not starts:
        return False
    through = scene.language.words(_FILE, "through")
    stops = [
        span for span in scene.cue("stop", clause.start, clause.end) if scene.words[span[0]] not in through
    ]
    if not stops:
        return when.intro != "until"
    before = [(span[0], True) for span in starts if span[0] < when.start]
    before += [(span[0], False) for span in stops if span[0] < when.start]
    return max(before)[1] if before else False


def _start_of_both(marks: Landmarks, clause: Clause, when: DateSpan) -> bool:
    """Whether a start in the clause before holds here too: "started ifosfamide and doxorubicin in may"."""
    scene = marks.scene
    before = marks.before(clause)
    if not clause.elliptical or not before or before[0].sentence != clause.sentence:
        return False
    if when.intro == "until" or not any(
        mention.kind == "treatments" for mention in marks.mentions(before[0].start, before[0].end)
    ):
        return False
    small = scene.language.words(_FILE, "beside_a_joined_name")
    between = (at for at in range(clause.start, when.start) if at not in scene.named)
    if count(marks.dates, before[0]) or not small.issuperset(scene.words[at] for at in between):
        return False
    started = scene.cue("start", before[0].start, before[0].end)
    return bool(started) and not scene.cue("stop", before[0].start, before[0].end)


def _stopped(scene: Scene, clause: Clause) -> bool:
    words = scene.words[clause.start : clause.end]
    since, none = scene.language.words(_FILE, "since"), scene.language.words(_FILE, "none")
    none_since = any(word in since and at and words[at - 1] in none for at, word in enumerate(words))
    stopped = scene.cue("stop", clause.start, clause.end) or scene.cue("negation", clause.start, clause.end)
    return bool(none_since or stopped or paused(scene, clause))
