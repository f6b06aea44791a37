"""Whose fact, and is it so? For each name in the text: affirmed, denied, not sure, or not to be counted
at all."""

from __future__ import annotations

from typing import Literal

from bot.understanding.clauses import Clause
from bot.understanding.denials import came_to_nothing, could_not, denials, only_looked_for
from bot.understanding.scene import Scene
from bot.understanding.vocabulary import Mention
from bot.understanding.whose import about_another

Verdict = Literal["yes", "no", "not_sure", "leave_out"]

_SHORT_LOOK = 6
_PLANNED_AFTER = frozenset(
    [
        "scheduled",
        "planned",
        "upcoming",
        "next",
        "offered",
        "recommended",
        "suggested",
        "discussed",
        "considered",
        "coming",
        "starts",
        "starting",
        "begins",
        "soon",
        "proposed",
        "ahead",
    ]
)
_WAITING = frozenset({"once", "when", "after", "until", "before"})


def judge(scene: Scene, mention: Mention) -> Verdict:
    """Say whether what is named is so for the patient."""
    clause = scene.clause_of(mention.start)
    verdict = _judge_in(scene, clause, mention)
    if verdict == "yes" and clause.elliptical and not _evidence(scene, clause):
        earlier = [other for other in scene.clauses if other.start < clause.start]
        if earlier and earlier[-1].sentence >= clause.sentence - 1:
            before = earlier[-1]
            if _mood(scene, before, before.end) == "planned" and not _evidence(scene, before):
                return "leave_out"
            if before.sentence == clause.sentence and (
                before.asks or about_another(scene, before, before.end)
            ):
                return "leave_out"
    return verdict


def _judge_in(scene: Scene, clause: Clause, mention: Mention) -> Verdict:
    if clause.asks:
        return _answered_question(scene, clause, mention)
    if about_another(scene, clause, mention.start):
        return "leave_out"
    ticked = _ticked(scene, mention)
    if ticked:
        return ticked
    if stands_before_a_plan(scene, clause, mention):
        return "leave_out"
    if mention.kind == "treatments" and _left_to_do(scene, mention):
        return "leave_out"
    mood = _mood(scene, clause, mention.start, mention.end)
    negations = denials(scene, clause, mention)
    if mood == "planned":
        return "leave_out"
    if mood == "unsure":
        return "not_sure"
    if negations >= 2 or (negations and could_not(scene, clause, mention)):
        return "leave_out"
    if not negations and (only_looked_for(scene, clause, mention) or came_to_nothing(scene, clause, mention)):
        return "leave_out"
    if mood in ("hypothetical", "general"):
        return "leave_out"
    return "no" if negations else "yes"


def stands_before_a_plan(scene: Scene, clause: Clause, mention: Mention) -> bool:
    """Whether it is only what a plan waits for: "once chemo is finished we will ..."."""
    at = mention.start - 1
    while at > clause.start and scene.words[at] in ("his", "her", "the", "my", "this", "all"):
        at -= 1
    waits = at >= clause.start and scene.words[at] in _WAITING
    return waits and bool(scene.cue("planned", mention.end, clause.end))


def _left_to_do(scene: Scene, mention: Mention) -> bool:
    """Whether it is all still ahead: "only radiation left to do", but not "2 weeks of radiation left"."""
    if scene.words[mention.end : mention.end + 1] != ["left"]:
        return False
    at = mention.start - 1
    while at > 0 and scene.words[at] in ("the", "his", "her", "my", "some"):
        at -= 1
    before = scene.words[at] if at >= 0 else ""
    counted = before in ("of", "more", "few") or before.isdigit()
    return before in ("only", "just") or (
        not counted and scene.words[mention.end + 1 : mention.end + 3] == ["to", "do"]
    )


def _ticked(scene: Scene, mention: Mention) -> Verdict | None:
    """Read the form's way of writing: "chemo: yes radiation: no"."""
    mark, value = ([*scene.words[mention.end : mention.end + 2], "", ""])[:2]
    if mark != ":":
        return None
    return "yes" if value in ("yes", "y", "yep") else "no" if value in ("no", "none", "n", "never") else None


def _answered_question(scene: Scene, clause: Clause, mention: Mention) -> Verdict:
    """Read "Radiation? No." and "Chemo? Yes, in June."; any other question tells nothing."""
    words = scene.words
    alone = all(
        mention.start <= at < mention.end or words[at] in ("?", "any", "and", "his", "her", "the", "had", ",")
        for at in range(clause.start, clause.end)
    )
    if alone and clause.end + 1 <= len(words):
        at = clause.end + (clause.end < len(words) and words[clause.end] == "?")
        reply = words[at] if at < len(words) else ""
        if reply in ("no", "none", "never", "nope", "nah"):
            return "no"
        if reply in ("yes", "yep", "yeah"):
            return "yes"
    return "leave_out"


def _mood(scene: Scene, clause: Clause, start: int, end: int | None = None) -> str:
    """Give "planned", "hypothetical", "general", "unsure" or "" for what is named at `start` in the
    clause."""
    words = scene.words
    past = scene.cue("past", clause.start, start)
    if end is not None and any(
        span[1] <= start and _reaches(scene, span[1], start)
        for span in scene.cue("unsure", clause.start, start)
    ):
        return "unsure"
    for kind in ("hypothetical", "general", "planned"):
        for span in scene.cue(kind, clause.start, start):
            undone = [
                cue
                for cue in past
                if cue[0] >= span[1] and words[cue[0]] not in ("been", "on", "with", "off", "started")
            ]
            undone = [
                cue
                for cue in undone
                if not (words[cue[0]] == "had" and words[span[0]] in ("should", "might", "could"))
            ]
            if not undone:
                return kind
    if end is None:
        return ""
    if _set_for_a_weekday(scene, start, end):
        return "planned"
    for span in scene.cue("planned", end, clause.end):
        if words[span[1] - 1] in _PLANNED_AFTER or (
            span[0] - end <= 2
            and words[span[0]] in ("will", "might", "may", "is", "could", "would", "can", "should")
        ):
            return "planned"
    future = [date for date in scene.dates if date.role in ("future", "in") and clause.holds(date.start)]
    if future and not _evidence(scene, clause) and future[0].problem is None:
        return "planned"
    return ""


def _set_for_a_weekday(scene: Scene, start: int, end: int) -> bool:
    """Read "his biopsy is monday": what is told so is yet to come."""
    words = scene.words
    at = end
    while at < len(words) and words[at] in ("is", "are", "on", "set", "for", "this", "coming", "scheduled"):
        at += 1
    if not {"is", "are"} & set(words[end : end + 1]) or words[max(start - 1, 0)] in (
        "last",
        "final",
        "latest",
    ):
        return False
    return any(when.weekday and when.start <= at < when.end for when in scene.dates) or any(
        when.weekday and when.start == end + 1 for when in scene.dates
    )


def _reaches(scene: Scene, start: int, end: int) -> bool:
    between = scene.words[start:end]
    return len(between) <= _SHORT_LOOK + 2 and "when" not in between and "how" not in between


def _evidence(scene: Scene, clause: Clause) -> bool:
    """Whether something in the clause says that it happened."""
    strong = [
        span
        for span in scene.cue("past", clause.start, clause.end)
        if scene.words[span[0]] not in ("with", "on", "just", "only", "off", "now")
    ]
    return bool(strong) or any(
        date.interval and date.role == "past" and clause.holds(date.start) for date in scene.dates
    )
