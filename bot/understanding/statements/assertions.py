"""Whose fact, and is it so? For each name in the text: affirmed, denied, not sure, or not to be counted
at all."""

from __future__ import annotations

from itertools import islice, pairwise, takewhile
from typing import Literal

from bot.understanding.people.whose import about_another, denied_of_the_patient, was_another
from bot.understanding.statements.clauses import Clause
from bot.understanding.statements.contradictions import Surroundings, contradicted
from bot.understanding.statements.denials import came_to_nothing, could_not, denials, only_looked_for
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention, Span

Verdict = Literal["yes", "no", "not_sure", "leave_out"]

_SHORT_LOOK = 6
_RUN_ON = 2
_TICK_MARKS = (":", "—", "=")
_TOLD_AFTER: tuple[tuple[Verdict, str], ...] = (("no", "told_after_no"), ("yes", "told_after_yes"))
_REPLIES: tuple[tuple[Verdict, str], ...] = (("no", "replied_no"), ("yes", "replied_yes"))


def judge(scene: Scene, mention: Mention) -> Verdict:
    """Say whether what is named is so for the patient."""
    clause = scene.clause_of(mention.start)
    verdict = _judge_in(scene, clause, mention)
    if verdict == "yes" and clause.elliptical and not _evidence(scene, clause):
        before = scene.before(clause)
        if before and before.sentence >= clause.sentence - 1:
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
        return "no" if denied_of_the_patient(scene, mention.end) else "leave_out"
    if was_another(scene, clause, mention.start, mention.end):
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
    around = Surroundings(scene, clause, mention)
    against = contradicted(around, scene, clause, mention, negations > 0)
    if against is not None:
        return against
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
    skipped = scene.grammar("before_what_waits")
    at = mention.start - 1
    while at > clause.start and scene.words[at] in skipped:
        at -= 1
    waits = at >= clause.start and scene.words[at] in scene.grammar("waiting")
    return waits and bool(scene.cue("planned", mention.end, clause.end))


def _left_to_do(scene: Scene, mention: Mention) -> bool:
    """Whether it is all still ahead: "only radiation left to do", but not "2 weeks of radiation left"."""
    words = scene.words
    if mention.end >= len(words) or words[mention.end] not in scene.grammar("left"):
        return False
    skipped = scene.grammar("before_what_is_left")
    at = mention.start - 1
    while at > 0 and words[at] in skipped:
        at -= 1
    before = words[at] if at >= 0 else ""
    counted = before in scene.grammar("amounts") or before.isdigit()
    to_do = " ".join(words[mention.end + 1 : mention.end + 3]) in scene.grammar("to_do")
    return before in scene.grammar("only") or (to_do and not counted)


def _ticked(scene: Scene, mention: Mention) -> Verdict | None:
    """Read the form's way of writing: "chemo: yes radiation: no"."""
    mark, value, after = ([*scene.words[mention.end : mention.end + 3], "", "", ""])[:3]
    if mark in scene.grammar("no_behind") and not value.isalnum():
        return "no"
    if _is_run_on(scene, mention):
        return "yes" if mark in scene.grammar("ticked_yes") else "no"
    if mark not in _TICK_MARKS or (mark != _TICK_MARKS[0] and after.isalnum()):
        return None
    if value in scene.grammar("ticked_yes"):
        return "yes"
    if value in scene.grammar("ticked_later"):
        return "leave_out"
    return "no" if value in scene.grammar("ticked_no") else None


def _is_run_on(scene: Scene, mention: Mention) -> bool:
    """Whether a sentence only ticks names off, without a mark: "chemo yes radiation no surgery no"."""
    start, end = scene.found.message.sentences[scene.clause_of(mention.start).sentence]
    ticks = scene.grammar("ticked_yes") | scene.grammar("ticked_no")
    names = list(takewhile(lambda m: m.start < end, islice(scene.mentions_from(start), _SHORT_LOOK + 1)))
    if len(names) < _RUN_ON or len(names) > _SHORT_LOOK or names[0].start != start:
        return False
    return all(name.end < len(scene.words) and scene.words[name.end] in ticks for name in names) and all(
        later.start == earlier.end + 1 for earlier, later in pairwise(names)
    )


def _answered_question(scene: Scene, clause: Clause, mention: Mention) -> Verdict:
    """Read "Radiation? No." and "Chemo? Yes, in June."; any other question tells nothing."""
    words = scene.words
    beside = scene.grammar("beside_a_short_question")
    alone = all(
        mention.start <= at < mention.end or words[at] in ("?", ",") or words[at] in beside
        for at in range(clause.start, clause.end)
    )
    if alone and clause.end + 1 <= len(words):
        at = clause.end + (clause.end < len(words) and words[clause.end] == "?")
        reply = " ".join(words[at : at + _SHORT_LOOK])
        for verdict, name in _REPLIES:
            if scene.language.pattern("grammar", name).search(reply):
                return verdict
    return _told_after(scene, mention)


def _told_after(scene: Scene, mention: Mention) -> Verdict:
    """Read "Would a clot keep her out? She had one in 2023.": the answer speaks of what was asked about."""
    start, end = scene.found.message.sentences[scene.clause_of(mention.start).sentence]
    near = takewhile(lambda m: m.start < end, islice(scene.mentions_from(start), _SHORT_LOOK))
    named = sum(m.kind == mention.kind for m in near)
    if named > 1 or scene.words[end - 1] != "?":
        return "leave_out"
    told = " ".join(scene.words[end : end + 2 * _SHORT_LOOK])
    for verdict, name in _TOLD_AFTER:
        if scene.language.pattern("grammar", name).search(told):
            return verdict
    return "leave_out"


def _mood(scene: Scene, clause: Clause, start: int, end: int | None = None) -> str:
    """Give "planned", "hypothetical", "general", "unsure" or "" for what is named at `start` in the
    clause."""
    if end is not None and any(
        span[1] <= start and _reaches(scene, span[1], start)
        for span in scene.cue("unsure", clause.start, start)
    ):
        return "unsure"
    past = scene.cue("past", clause.start, start)
    for kind in ("hypothetical", "general", "planned"):
        if any(not _undone(scene, span, past) for span in scene.cue(kind, clause.start, start)):
            return kind
    if end is None:
        return ""
    if _set_for_a_weekday(scene, start, end):
        return "planned"
    words = scene.words
    after, right_after = scene.grammar("planned_after"), scene.grammar("planned_right_after")
    for span in scene.cue("planned", end, clause.end):
        if words[span[1] - 1] in after or (span[0] - end <= 2 and words[span[0]] in right_after):
            return "planned"
    future = [date for date in scene.dates if date.role in ("future", "in") and clause.holds(date.start)]
    if future and not _evidence(scene, clause) and future[0].problem is None:
        return "planned"
    return ""


def _undone(scene: Scene, span: Span, past: list[Span]) -> bool:
    """Whether words of the past behind a plan show that it came to be: "he was offered and got ..."."""
    words = scene.words
    of_plans = scene.grammar("past_of_plans")
    ignored = scene.grammar("had_if_wished") if words[span[0]] in scene.grammar("wished") else frozenset()
    return any(
        cue[0] >= span[1] and words[cue[0]] not in of_plans and words[cue[0]] not in ignored for cue in past
    )


def _set_for_a_weekday(scene: Scene, start: int, end: int) -> bool:
    """Read "his biopsy is monday": what is told so is yet to come."""
    words = scene.words
    if end >= len(words) or words[end] not in scene.grammar("is"):
        return False
    if words[max(start - 1, 0)] in scene.grammar("latest"):
        return False
    leading = scene.grammar("set_for")
    at = end
    while at < len(words) and words[at] in leading:
        at += 1
    return any(when.weekday and when.start <= at < when.end for when in scene.dates) or any(
        when.weekday and when.start == end + 1 for when in scene.dates
    )


def _reaches(scene: Scene, start: int, end: int) -> bool:
    between = scene.words[start:end]
    return len(between) <= _SHORT_LOOK + 2 and scene.grammar("doubted_circumstances").isdisjoint(between)


def _evidence(scene: Scene, clause: Clause) -> bool:
    """Whether something in the clause says that it happened."""
    weak = scene.grammar("weak_past")
    if any(scene.words[start] not in weak for start, _ in scene.cue("past", clause.start, clause.end)):
        return True
    return any(date.interval and date.role == "past" and clause.holds(date.start) for date in scene.dates)
