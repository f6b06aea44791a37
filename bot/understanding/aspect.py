"""Whether a treatment still goes on: "still", "on it", "every three weeks" against "finished"."""

from __future__ import annotations

from bot.understanding.clauses import Clause
from bot.understanding.event_dates import ONE_DAY_EVENTS, Told, others_named
from bot.understanding.rest_days import paused
from bot.understanding.scene import Scene
from bot.understanding.vocabulary import Mention

_ROUNDS = frozenset(
    [
        "one",
        "1",
        "cycle",
        "round",
        "dose",
        "infusion",
        "treatment",
        "session",
        "course",
        "block",
        "shot",
        "chemo",
        "bag",
        "cycles",
        "rounds",
    ]
)
_LINKS = frozenset(
    [
        "is",
        "on",
        "will",
        "be",
        "starts",
        "begins",
        "comes",
        "due",
        "in",
        "at",
        "for",
        ":",
        ",",
        "the",
        "this",
        "coming",
        "supposed",
        "to",
    ]
)
_PAST_ON = frozenset(["was", "were", "went", "put", "started", "had", "due", "been"])
_SIDE = frozenset(
    ["after", "since", "from", "before", "because", "during", "following", "due", "tired", "sick"]
)
_UNFINISHED = frozenset(["finished", "done", "stopped", "over", "completed", "ended"])


def settle_aspect(scene: Scene, item: Told) -> None:
    """Settle "still", "on", "every three weeks" against "finished"."""
    if item.had == "stopped":
        return
    if item.had == "yes" and item.event not in ONE_DAY_EVENTS and _next_is_set(scene, item):
        item.last = "ongoing"
        return
    if item.had != "yes" or item.last == "ongoing" or item.event in ONE_DAY_EVENTS or not item.names:
        return
    mention = item.names[0]
    clause = scene.clause_of(mention.start)
    if is_ongoing(scene, clause, mention, item.event) and not isinstance(item.last, tuple):
        item.last = "ongoing"
        return
    if item.last is None:
        _later_clause(scene, clause, item)
    if item.last is None and any(
        span[0] >= clause.start and span[0] <= clause.end + 4 for span in scene.found.cue("unsure_when")
    ):
        item.last = "not_sure"


def _next_is_set(scene: Scene, item: Told) -> bool:
    """Whether a day for the next one stands after it: "finished Nov 2, next one Friday"."""
    words = scene.words
    for at, word in enumerate(words):
        if word != "next" or at < item.at or scene.clause_of(at).asks:
            continue
        place = at + 1 + (words[at + 1 : at + 2] != [] and words[at + 1] in _ROUNDS)
        linked = place
        while linked < len(words) and words[linked] in _LINKS:
            linked += 1
        if place == at + 1 and linked == place:
            continue
        names = [m for m in scene.found.mentions if item.at < m.start < linked and m.name != item.event]
        days = [when for when in scene.dates if when.start <= linked < when.end or when.start == linked]
        due = words[linked : linked + 1] in (["due"], ["scheduled"], ["planned"], ["soon"])
        if (days or due) and not [m for m in names if m.kind == "treatments"]:
            return True
    return False


def is_ongoing(scene: Scene, clause: Clause, mention: Mention, event: str) -> bool:
    """Whether the clause says that it is still being given."""
    words = scene.words
    if paused(scene, clause):
        return False
    unfinished = any(
        words[s[1] - 1] in _UNFINISHED for s in scene.cue("not_negation", clause.start, clause.end)
    )
    if scene.cue("stop", clause.start, clause.end) and not unfinished:
        strong = [
            s
            for s in scene.cue("ongoing", clause.start, clause.end)
            if words[s[0]] in ("still", "will", "finishes", "not", "supposed")
        ]
        if not strong:
            return False
    if words[mention.start - 1 : mention.start] == ["next"] or words[mention.end : mention.end + 1] == [
        "left"
    ]:
        return True
    for start, end in scene.cue("ongoing", clause.start, clause.end):
        if start >= mention.end:
            return True
        between = set(words[end : mention.start])
        if not between & _SIDE and mention.start - end <= 8:
            return True
    at = mention.start - 1
    while at > clause.start and words[at] in (
        "a",
        "the",
        "oral",
        "low",
        "dose",
        "daily",
        "iv",
        "some",
        "high",
        "of",
        "course",
        "his",
        "her",
        "for",
        "an",
        "and",
        "more",
    ):
        at -= 1
    if words[at] == "on" and at >= clause.start:
        lead = words[at - 1] if at > clause.start else ""
        if lead == "been":
            return (at - 2 < clause.start or words[at - 2] in ("has", "have")) and "before" not in words[
                mention.end : clause.end
            ]
        return lead not in _PAST_ON
    return (
        event == "infection"
        and words[at] in ("has", "have", "fighting")
        and "had" not in words[clause.start : at]
    )


def _later_clause(scene: Scene, clause: Clause, item: Told) -> None:
    """Read "He had VAC, still getting it" and "chemo since May, next one Friday"."""
    following = [
        other
        for other in scene.clauses
        if other.start > clause.start and other.sentence <= clause.sentence + 1
    ]
    for after in following[:1]:
        if (
            after.asks
            or any(after.holds(m.start) for m in scene.found.mentions)
            or others_named(scene, after)
        ):
            return
        ongoing = scene.cue("ongoing", after.start, after.end)
        short = after.end - after.start <= 7
        if (
            ongoing
            and short
            and not scene.cue("stop", after.start, after.end)
            and {"still", "next", "ongoing", "every", "left", "go", "going"}
            & set(scene.words[after.start : after.end])
            and not scene.cue("negation", after.start, after.end)
        ):
            item.last = "ongoing"
