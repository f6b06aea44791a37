"""What the words behind a treatment's name say of it: refused after all, never had, or not known."""

from __future__ import annotations

from typing import Literal

from bot.understanding.events.landmarks import Landmarks
from bot.understanding.events.told import ONE_DAY_EVENTS
from bot.understanding.people.whose import about_another
from bot.understanding.statements.assertions import Verdict
from bot.understanding.statements.clauses import Clause
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention

_FILE = "events"
_LOOK = 24
_CUT_OFF = "~"  # so that the words behind do not look as if they ended there

Behind = Literal["yes", "no", "not_sure"]


def settled(marks: Landmarks, mention: Mention, verdict: Verdict) -> Verdict:
    """Give the verdict after the words that follow the name were heard."""
    scene = marks.scene
    clause = scene.clause_of(mention.start)
    if about_another(scene, clause, mention.start):
        return verdict
    behind = f" {' '.join(_behind(marks, mention))}"
    before = "".join(f"{word} " for word in scene.words[_sentence_start(scene, mention) : mention.start])
    if verdict == "leave_out" and (
        _says(scene, "not_tolerated", before)
        or _says(scene, "denied_denial", before)
        or (clause.asks and _says(scene, "that_he_had", before))
        or ((clause.asks or behind.startswith(" ?")) and _says(scene, "had_that", behind))
    ):
        return "yes"
    if clause.asks and verdict != "no":
        return verdict
    if verdict == "yes" and mention.entry.get("denied"):
        return "no" if _stands_alone(marks, clause, mention) else "leave_out"
    if verdict == "no" and mention.name == "trial_drug" and _says(scene, "outside_a_trial", before):
        return "leave_out"  # only of the medicine named: "cells outside any trial"
    if verdict == "yes" and _says(scene, "if_somebody", before):
        return "leave_out"
    if verdict == "leave_out" and _says(scene, "double_no", before):
        return "no"
    if verdict == "not_sure" and scene.cue("planned", _sentence_start(scene, mention), mention.start):
        return "leave_out"
    if verdict in ("yes", "leave_out", "not_sure"):
        if _says(scene, "if_before", before) and _says(scene, "would", behind):
            return "leave_out"
        if _says(scene, "if_before", before) and _says(scene, "unknown_behind", behind):
            return "not_sure"
        if _says(scene, "refused_behind", behind):
            return "no"
        if _says(scene, "put_off_behind", behind):
            return "leave_out"
        if _says(scene, "cancelled_behind", behind):
            # Of what is given again and again one round is called off, which tells nothing of the others.
            return "no" if mention.name in (*ONE_DAY_EVENTS, "trial_drug") else "leave_out"
    if verdict == "yes" and mention.name in ONE_DAY_EVENTS and _says(scene, "not_done_behind", behind):
        return "no"
    if verdict == "leave_out" and _says(scene, "denied_behind", behind) and not clause.asks:
        return "no"
    if verdict == "yes" and _says(scene, "denied_behind", behind):
        return "not_sure" if _says(scene, "unknown_behind", behind) else "no"
    if verdict == "leave_out" and not clause.asks and _says(scene, "never_happened", behind):
        return "no"
    if verdict == "no":
        if _says(scene, "none_only", before) and _says(scene, "a_no_before", before):
            return "yes"
        if _says(scene, "wrong_said", before) and _says(scene, "wrong_behind", behind):
            return "leave_out"
        if _says(scene, "done_behind", behind) or _says(scene, "denied_denial", before):
            return "yes"
    return verdict


def _stands_alone(marks: Landmarks, clause: Clause, mention: Mention) -> bool:
    """Whether a denied name is all that is said: "no trials so far", not "no trials near us"."""
    scene = marks.scene
    around = (scene.words[at] for at in range(clause.start, clause.end) if at not in scene.named)
    return marks.word("beside_a_denied_name").issuperset(around)


def refuses(scene: Scene) -> bool:
    """Whether the message says that what was asked about was refused or called off."""
    return _says(scene, "refused_anywhere", scene.found.message.norm)


def still_given(scene: Scene) -> bool:
    """Whether the message says that what was asked about goes on, without its name: "still on it"."""
    norm = scene.found.message.norm
    return _says(scene, "still_on_it", norm) and not _says(scene, "not_still", norm)


def given_daily(scene: Scene) -> bool:
    """Whether it is given every day."""
    return _says(scene, "daily", scene.found.message.norm)


def that_was_all(scene: Scene, mention: Mention) -> bool:
    """Whether the name only sums up what was told: "that was all the surgery there was"."""
    before = "".join(f"{word} " for word in scene.words[_sentence_start(scene, mention) : mention.start])
    return _says(scene, "that_was_all", before)


def _says(scene: Scene, name: str, text: str) -> bool:
    return scene.language.pattern(_FILE, name).search(text) is not None


def _sentence_start(scene: Scene, mention: Mention) -> int:
    sentence = scene.clause_of(mention.start).sentence
    spans = scene.found.message.sentences
    start = spans[sentence][0] if sentence < len(spans) else 0
    return max(start, mention.start - _LOOK)


def _behind(marks: Landmarks, mention: Mention) -> list[str]:
    """Give the words behind the name, as far as the next name of another treatment."""
    words, end = marks.scene.words, mention.end + _LOOK
    for other in marks.mentions(mention.end, end):
        if other.kind == "treatments":
            return [*words[mention.end : other.start], _CUT_OFF]
    return words[mention.end : end]
