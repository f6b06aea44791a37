"""Cancers of earlier in life, beside the one that is told of now: "had leukemia at 4, now rhabdo"."""

from __future__ import annotations

from bot.understanding.illness.open_diagnoses import GENERAL, SARCOMAS
from bot.understanding.statements.assertions import judge
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention

_FILE = "illness"
_NEAR = 2
_LOOK = 8
_ASKED = "other_cancer"
_BRACKETS = frozenset("()")
_MARKS = frozenset(",.!")


def earlier_cancers(scene: Scene) -> frozenset[int]:
    """Give where the cancers of earlier in life are named, beside which the present one is named too."""
    named = [
        m
        for m in scene.found.mentions
        if m.kind == "diagnoses" and m.entry["id"] not in ("not_sure", "not_cancer", *GENERAL)
    ]
    if len({m.entry["id"] for m in named}) < _NEAR and not _another_is_told(scene):
        return _before_some_sarcoma(scene, named)
    if len({m.entry["id"] for m in named}) < _NEAR:
        return frozenset(m.start for m in named if _is_past(scene, m))
    past = {m.start for m in named if _is_past(scene, m)}
    present = {m.entry["id"] for m in named if m.start not in past}
    return frozenset(m.start for m in named if m.start in past and present - {m.entry["id"]})


def _before_some_sarcoma(scene: Scene, named: list[Mention]) -> frozenset[int]:
    """Give where an illness of the past is named before "now she has a sarcoma", which has no name yet."""
    later = [
        m.start
        for m in scene.found.mentions
        if m.kind == "diagnoses" and m.entry["id"] in GENERAL and judge(scene, m) == "yes"
    ]
    return frozenset(
        m.start
        for m in named
        if later
        and later[-1] > m.start
        and not _may_be_the_sarcoma(str(m.entry["id"]))
        and _is_past(scene, m)
    )


def _another_is_told(scene: Scene) -> bool:
    """Whether another cancer is told of that has no name: "leukemia in 2019, now a second cancer"."""
    return any(
        m.name == _ASKED and m.entry["value"] == "yes" and judge(scene, m) == "yes"
        for m in scene.found.mentions
    )


def _is_past(scene: Scene, mention: Mention) -> bool:
    """Whether the words beside a name put it into the past: "had ... at 4", "survived ...", "... in 2019"."""
    clause = scene.clause_of(mention.start)
    sentence = [c for c in scene.clauses if c.sentence == clause.sentence]
    before = " ".join(scene.words[max(clause.start, mention.start - _LOOK) : mention.start])
    behind = scene.words[mention.end : min(sentence[-1].end, mention.end + _LOOK)]
    after = " ".join(word for word in behind if word not in _BRACKETS)
    language = scene.language
    if language.pattern(_FILE, "is_present").search(before):
        return False
    if language.pattern(_FILE, "past_after").match(after):
        return True
    return bool(language.pattern(_FILE, "past_before").search(before))


def of_long_ago(scene: Scene, mention: Mention, present: str, about_others: bool, asked: str | None) -> bool:
    """Whether it is an illness of earlier in life: "had leukemia when he was 3", "retinoblastoma as a baby".

    Where the present one is known, a few words tell; else it must be a cancer that is no soft tissue
    sarcoma, and nothing may tie it to today.
    """
    told = str(mention.entry["id"])
    if asked == "diagnosis" or told == present:
        return False
    known = present not in ("", "not_sure")
    if asked == _ASKED or (known and about_others):
        return True
    clause = scene.clause_of(mention.start)
    language = scene.language
    words = scene.words[clause.start : clause.end]
    long_ago = any(
        clause.holds(start) and _said_of(scene, clause.end, mention, start, end)
        for start, end in scene.found.cue("long_ago")
    )
    if known and asked != "confirm" and not scene.found.cue("correction"):
        before = scene.words[max(clause.start, mention.start - 3) : mention.start]
        long_ago = long_ago or not language.words(_FILE, "had").isdisjoint(before)
    if not long_ago or any(m.kind == "course" for m in scene.found.mentions):
        return False
    if known:
        return True
    had = not language.words(_FILE, "survived").isdisjoint(words)
    diagnosed = not language.words(_FILE, "was_diagnosed").isdisjoint(words)
    return had and not diagnosed and not _may_be_the_sarcoma(told)


def _may_be_the_sarcoma(told: str) -> bool:
    return told.endswith("sarcoma") or told in SARCOMAS


def _said_of(scene: Scene, clause_end: int, mention: Mention, start: int, end: int) -> bool:
    """Whether "before" or "when he was 3" is said of the illness, not of what stands beside it."""
    if start >= mention.end:
        closing = _MARKS | scene.language.words(_FILE, "closes_earlier")
        ends = end >= clause_end or scene.words[end] in closing
        return start - mention.end <= _NEAR and (ends or end - start > 1)
    return mention.start - end <= _NEAR + 2 and end - start > 1
