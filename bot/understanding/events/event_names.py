"""Which event a name means here: the same word can be another thing beside other words."""

from __future__ import annotations

from collections.abc import Mapping

from bot.understanding.events.landmarks import Landmarks
from bot.understanding.statements.assertions import judge
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention
from criteria.facts import EVENTS

_FILE = "events"
_LOOK_BEFORE = 3
_NEAR = 8
_SAME_BREATH = 40


def event_of(marks: Landmarks, mention: Mention, topic: str | None) -> str | None:
    """Give the event that this name tells of, or None where it tells of none. `topic`: what is asked."""
    scene = marks.scene
    event = mention.name
    if mention.kind != "treatments" or event not in EVENTS:
        return None
    words = _sentence_words(scene, mention)
    not_beside: Mapping[str, list[str]] = scene.language.table(_FILE, "not_beside")
    strangers = {*not_beside.get(event, ()), *mention.entry.get("not_beside", ())}
    if not strangers.isdisjoint(words):
        otherwise = mention.entry.get("otherwise")
        return event if otherwise is None and judge(scene, mention) == "no" else otherwise
    if event == "autoimmune_treatment" and mention.entry.get("unless_medicine"):
        return event if _is_treated(marks, mention, words) else None
    if event == "other_surgery" and mention.entry.get("kind") == "minor" and _only_a_place(scene, mention):
        return None
    beside = mention.entry.get("beside")
    if beside and not any(other.name == beside for other in marks.near(mention, _NEAR)):
        return None
    if mention.entry.get("of_it"):
        return _of_it(marks, mention, topic)
    if mention.entry.get("weak"):
        return _weak(marks, mention, topic, words)
    if event == "other_cancer_medicine" and _within_a_trial(marks, mention):
        return None
    return event


def _sentence_words(scene: Scene, mention: Mention) -> list[str]:
    sentence = scene.clause_of(mention.start).sentence
    spans = scene.found.message.sentences
    return scene.words[spans[sentence][0] : spans[sentence][1]] if sentence < len(spans) else scene.words


def _is_treated(marks: Landmarks, mention: Mention, words: list[str]) -> bool:
    """Whether a medicine is named with an autoimmune disease, or what is told is not that it is so."""
    scene = marks.scene
    if scene.language.pattern(_FILE, "no_medicine").search(" ".join(words)):
        return False
    if judge(scene, mention) != "yes" or not scene.language.words(_FILE, "treated").isdisjoint(words):
        return True
    clause = scene.clause_of(mention.start)
    return any(
        other.name in ("steroids", "autoimmune_treatment", "chemotherapy") and clause.holds(other.start)
        for other in marks.near(mention, _SAME_BREATH)
    )


def _only_a_place(scene: Scene, mention: Mention) -> bool:
    """Whether a line is only where something else happened: "a clot round his central line"."""
    if mention.end - mention.start > 2:
        return False
    small = scene.language.words(_FILE, "before_a_name")
    at = mention.start - 1
    while at >= 0 and mention.start - at <= _LOOK_BEFORE and scene.words[at] in small:
        at -= 1
    return at > 0 and scene.words[at] in scene.language.words(_FILE, "place_of")


def _of_it(marks: Landmarks, mention: Mention, topic: str | None) -> str | None:
    """Read "they took it out": a port or tooth, where that is what was named last; else the tumour."""
    if topic in ("surgery", "other_surgery"):
        return topic
    for other in reversed(marks.mentions(mention.start - _SAME_BREATH, mention.start)):
        if other.kind == "diagnoses" or other.name == "surgery":
            return mention.name
        if other.name in ("other_surgery", "abdominal_hole"):
            return "other_surgery"
    return mention.name


def _weak(marks: Landmarks, mention: Mention, topic: str | None, words: list[str]) -> str | None:
    """Read a name that means different things: what is asked, or what stands beside it, says which."""
    event = mention.name
    if event == "stem_cell_transplant":
        if topic in ("organ_transplant", event):
            return topic
        organs = marks.word("organs")
        return event if organs.isdisjoint(words) else "organ_transplant"
    if topic and topic != event:
        return None
    sentence = marks.scene.clause_of(mention.start).sentence
    beside = (m for m in marks.near(mention, _NEAR) if m.kind == "treatments")
    others = any(m.name != event and marks.scene.clause_of(m.start).sentence == sentence for m in beside)
    return None if others else event


def _within_a_trial(marks: Landmarks, mention: Mention) -> bool:
    """Whether the medicine was that of a trial: "phase 1 CAR-T", "a study giving NK cells"."""
    scene = marks.scene
    joining = scene.grammar("joining") | {","}
    for other in marks.near(mention, _NEAR):
        if other.name != "trial_drug" or judge(scene, other) != "yes":
            continue
        first, last = sorted((other, mention), key=lambda m: m.start)
        between = scene.words[first.end : last.start]
        if other.entry.get("beside") or (len(between) <= _LOOK_BEFORE and joining.isdisjoint(between)):
            return scene.clause_of(first.start).sentence == scene.clause_of(last.start).sentence
    return False
