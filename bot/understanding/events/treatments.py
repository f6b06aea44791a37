"""Treatments and other dated events: whether they were had, whether they go on, their kind."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from typing import Any

from bot.understanding.events.aspect import Aspect
from bot.understanding.events.event_dates import attach_dates
from bot.understanding.events.event_kinds import kind_of, radiation_kind
from bot.understanding.events.event_names import event_of
from bot.understanding.events.event_same_time import go_on_with, share_days, take_over_days
from bot.understanding.events.event_verdicts import given_daily, refuses, settled, still_given, that_was_all
from bot.understanding.events.landmarks import Landmarks
from bot.understanding.events.told import ONE_DAY_EVENTS, Told
from bot.understanding.statements.assertions import judge, stands_before_a_plan
from bot.understanding.statements.scene import Scene
from bot.understanding.time.counted_days import count_from_another
from bot.understanding.vocabulary import Mention
from criteria.facts import EVENTS

_FILE = "events"
_LOOK_BEFORE = 3
_FEW_DATES = 4
_CORRECTED_WITHIN = 10
WINDOW_EVENTS = frozenset(
    {"growth_factor", "steroids", "infection", "live_vaccine", "other_surgery", "injury", "blood_clot"}
)


def read_events(scene: Scene, topic: str | None = None) -> tuple[list[Told], list[str]]:
    """Read all events, in order, and the problems of dates. `topic`: the event that the text answers
    about."""
    told: list[Told] = []
    named: dict[int, Told] = {}
    marks = Landmarks(scene)
    for mention in scene.found.mentions:
        event = event_of(marks, mention, topic)
        if event is None:
            continue
        verdict = settled(marks, mention, judge(scene, mention))
        if verdict == "leave_out":
            _finishing_later(scene, mention, event, told)
            continue
        if named and that_was_all(scene, mention) and any(item.event == event for item in told):
            continue
        item = Told(event, verdict, mention.start, kind=kind_of(scene, mention, event), names=[mention])
        _stopped_not_never(marks, mention, item)
        told.append(item)
        named[mention.start] = item
    problems = attach_dates(marks, told, named, topic)
    count_from_another(scene, told, topic)
    _put_right(scene, told)
    take_over_days(scene, told)
    share_days(marks, told)
    aspect = Aspect(marks)
    for item in told:
        aspect.settle(item)
    go_on_with(marks, told)
    told = [item for item in told if (item.names or item.last is not None) and _certain(scene, item, topic)]
    for item in told:
        if item.event == "radiation" and not item.names:  # the answer to a question, with no name
            item.kind = radiation_kind(scene.found.message.norm, scene.language)
    had = {item.event for item in told if item.had == "yes"}
    told = [
        item
        for item in told
        if not (item.event in had and _one_more(scene, item, "further"))
        and not _one_more(scene, item, "again")
    ]
    if topic and not any(item.event == topic for item in told):
        told += _of_the_question(scene, topic)
    return told, problems


def _of_the_question(scene: Scene, topic: str) -> list[Told]:
    """Read what is said of the event that was asked about without a name: "we refused it"."""
    if any(clause.asks for clause in scene.clauses):
        return []
    if refuses(scene):
        return [Told(topic, "no", 0)]
    if topic not in ONE_DAY_EVENTS and still_given(scene):
        daily = topic == "growth_factor" and given_daily(scene)
        return [Told(topic, "yes", 0, last="ongoing", kind="short_acting" if daily else None)]
    only = not scene.language.words(_FILE, "only").isdisjoint(scene.words)
    others = [m for m in scene.found.mentions if m.kind == "treatments"]
    if topic in WINDOW_EVENTS and only and others and all(m.name in ("nothing", topic) for m in others):
        return [Told(topic, "no", 0)]  # "that's just her inhaler"
    return []


def _put_right(scene: Scene, told: list[Told]) -> None:
    """Forget a day that was put right: "chemo was the 12th. no wait, the last chemo was the 9th"."""
    dated: dict[str, Told] = {}
    for item in sorted((item for item in told if item.dated_at >= 0), key=lambda item: item.dated_at):
        before = dated.get(item.event)
        if before is not None and any(
            item.dated_at - start <= _CORRECTED_WITHIN
            for start, _ in scene.cue("correction", before.dated_at + 1, item.dated_at)
        ):
            before.last = None
        dated[item.event] = item


def _one_more(scene: Scene, item: Told, words: str) -> bool:
    """Whether only a further one is denied: "no other chemo" beside some, "we said no to more radiation"."""
    if item.had != "no" or not item.names:
        return False
    start = item.names[0].start
    further = scene.language.words(_FILE, words)
    return not further.isdisjoint(scene.words[max(start - 1, 0) : start])


def _certain(scene: Scene, item: Told, topic: str | None) -> bool:
    """Whether it is told that there was one: "the transplant" alone is a word, and had no day."""
    if not item.names or item.names[0].name != "stem_cell_transplant" or not item.names[0].entry.get("weak"):
        return True
    if item.event == topic or (item.had == "yes" and isinstance(item.last, tuple)):
        return True
    mention = item.names[0]
    before = scene.words[max(0, mention.start - _LOOK_BEFORE) : mention.start]
    had_it = item.had == "yes" and not scene.language.words(_FILE, "had_it").isdisjoint(before)
    around = scene.words[max(0, mention.start - _LOOK_BEFORE) : mention.end + _LOOK_BEFORE]
    never = not scene.language.words(_FILE, "not_had").isdisjoint(around)
    return had_it or (item.had == "no" and (never or bool(mention.entry.get("verb"))))


def _stopped_not_never(marks: Landmarks, mention: Mention, item: Told) -> None:
    """Read "no chemo since June" as a last day, "no fever in the last 5 weeks" as no, "no chemo this
    month" as nothing."""
    if item.had != "no":
        return
    scene = marks.scene
    clause = scene.clause_of(mention.start)
    language = scene.language
    tail = scene.words[mention.end : clause.end]
    if not language.words(_FILE, "now").isdisjoint(tail) or language.pattern(_FILE, "right_now").search(
        " ".join(tail)
    ):
        item.had = "no" if item.event in WINDOW_EVENTS else "stopped"
    since = language.words(_FILE, "since")
    if (
        not since.isdisjoint(tail[:1])
        and language.words(_FILE, "no_event").isdisjoint(tail)
        and item.event not in WINDOW_EVENTS
    ):
        item.had = "stopped"  # "no chemo since his transplant"
    this = language.words(_FILE, "this")
    first, last = (bisect_left(marks.dates, at) for at in (mention.start, clause.end))
    for when in scene.dates[first:last][:_FEW_DATES]:
        if when.intro == "since" or when.role in ("lapse", "in"):
            if item.event in WINDOW_EVENTS and when.intro != "since":
                continue
            item.had, item.last = "yes", when.interval
        elif when.role == "window" or scene.words[when.start] in this:
            item.had = "no" if item.event in WINDOW_EVENTS else "stopped"


def _finishing_later(scene: Scene, mention: Mention, event: str, told: list[Told]) -> None:
    """Read "will finish chemo next week" and "next chemo is Friday" as ongoing."""
    clause = scene.clause_of(mention.start)
    words = scene.words[clause.start : clause.end]
    before = scene.words[max(mention.start - 2, clause.start) : mention.start]
    language = scene.language
    finishing = not language.words(_FILE, "finishing").isdisjoint(words) and not language.words(
        _FILE, "finish"
    ).isdisjoint(words)
    next_one = not language.words(_FILE, "next").isdisjoint(before) and language.words(
        _FILE, "is"
    ).isdisjoint(before)
    if stands_before_a_plan(scene, clause, mention):
        return
    if clause.asks or event in ONE_DAY_EVENTS or not (finishing or next_one):
        return
    if not scene.cue("hypothetical", clause.start, clause.end) and language.words(_FILE, "start").isdisjoint(
        words
    ):
        told.append(Told(event, "yes", mention.start, last="ongoing", names=[mention]))


def as_fact(items: list[Told]) -> dict[str, Any]:
    """Join what was told of one event, in order of the text, into one fact."""
    positive = [item for item in items if item.had in ("yes", "stopped")]
    if not positive:
        return {"had": items[-1].had}
    denied_later = [
        item for item in items if item.had == "no" and item.at > positive[-1].at and not _only_one_drug(item)
    ]
    if denied_later and not any(item.last or item.kind == "minor" for item in positive):
        return {"had": "no"}
    if all(item.had == "stopped" for item in positive):
        return {}
    event = positive[0].event
    if event in ("surgery", "other_surgery") and any(item.kind != "minor" for item in positive):
        positive = [item for item in positive if item.kind != "minor"]
    fact: dict[str, Any] = {"had": "yes"}
    lasts = [item.last for item in positive if item.last is not None]
    days = [last for last in lasts if isinstance(last, tuple)]
    if "ongoing" in lasts:
        fact["last"] = "ongoing"
    elif days:
        fact["last"] = _iso((max(day[0] for day in days), max(day[1] for day in days)))
    elif lasts:
        fact["last"] = lasts[-1]
    kinds = [item.kind for item in positive]
    told = [kind for kind in kinds if kind]
    if event in ("chemotherapy", "infection"):
        told = (
            told
            if len(told) == len([k for item, k in zip(positive, kinds, strict=True) if _specific(item)])
            or all(kinds)
            else []
        )
    if told:
        fact["kind"] = (
            told[-1]
            if len(set(told)) == 1 or event in ("surgery", "other_surgery")
            else _strongest(event, told)
        )
    return fact


def _only_one_drug(item: Told) -> bool:
    """Whether only one drug is denied: "vincristine and dactinomycin, no doxorubicin" is chemotherapy."""
    return item.event == "chemotherapy" and any(name.entry.get("agent") for name in item.names)


def _specific(item: Told) -> bool:
    return (
        any(name.entry.get("agent") or name.entry.get("kind") for name in item.names)
        or item.event == "infection"
    )


def _strongest(event: str, kinds: list[str]) -> str:
    """Where two kinds were told, the one with the longer wait."""
    order = list(EVENTS[event])
    if event == "radiation":
        order = ["small_area", "small_area_to_cure", "large_area", "mibg"]
    return max(kinds, key=lambda kind: order.index(kind) if kind in order else -1)


def _iso(interval: tuple[date, date]) -> list[str]:
    return [interval[0].isoformat(), interval[1].isoformat()]
