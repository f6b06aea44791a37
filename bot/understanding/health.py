"""Health history, and cancer in the brain."""

from __future__ import annotations

import re
from typing import Any

from bot.understanding.assertions import judge
from bot.understanding.scene import Scene
from bot.understanding.vocabulary import Mention
from criteria.facts import BRAIN, YES_NO_FACTS

_ARTICLES = frozenset({"a", "an", "the"})
_KINDS_OF = frozenset(
    {"disorder", "disorders", "disease", "diseases", "condition", "conditions", "problem", "problems"}
    | {"issue", "issues", "illness", "illnesses", "things", "stuff"}
)
_OPEN_WOUND = re.compile(
    r"\b(?:wound|incision|sore|cut|stump|fracture|surgical site|surgery site|stitches)(?: [a-z]+){0,6}? "
    r"(?:not|never)(?: [a-z]+)? (?:clos(?:e|ed|ing)|heal(?:ed|ing)?)\b"
)


def read_health(scene: Scene) -> dict[str, Any]:
    """Read the yes/no facts and cancer in the brain."""
    facts: dict[str, Any] = {}
    for mention in scene.found.mentions:
        name = mention.name
        if name not in YES_NO_FACTS and name != BRAIN:
            continue
        verdict = judge(scene, mention)
        if verdict == "leave_out" or (name == BRAIN and _first_grew_there(scene, mention)):
            continue
        value = verdict if verdict != "yes" else str(mention.entry.get("value", "yes"))
        if verdict == "yes" and name == "blood_thinners":
            value = _thinner_now(scene, mention)
        elif verdict == "yes" and name not in ("other_cancer", BRAIN) and _resolved(scene, mention):
            value = "not_sure" if name in ("heart_problem", "bleeding_disorder") else "no"
        elif verdict == "yes" and value == "yes" and _only_like(scene, mention):
            value = "not_sure"
        if verdict == "no" and mention.entry.get("value") == "no":
            continue
        if name == BRAIN:
            facts[name] = (
                {"had": value} if facts.get(name, {}).get("had") != "yes" or value == "yes" else facts[name]
            )
        elif facts.get(name) != "yes" or value == "yes" or _corrected(scene, mention):
            facts[name] = value
    if "wound_not_healing" not in facts and _wound_stays_open(scene):
        facts["wound_not_healing"] = "yes"
    if facts.get(BRAIN, {}).get("had") == "yes":
        facts[BRAIN].update(brain_details(scene))
    return facts


def _only_like(scene: Scene, mention: Mention) -> bool:
    """Whether it is only likened to that: "bruises easily like hemophilia", not "a disorder like ..."."""
    before = [
        word for word in scene.words[max(mention.start - 4, 0) : mention.start] if word not in _ARTICLES
    ]
    return before[-1:] == ["like"] and not _KINDS_OF & set(before[-2:-1])


def _thinner_now(scene: Scene, mention: Mention) -> str:
    """Tell whether a blood thinner is still taken: "stopped lovenox in june" is no, "was on it" not sure."""
    clause = scene.clause_of(mention.start)
    words = scene.words
    if scene.cue("not_negation", clause.start, clause.end) or "still" in words[clause.start : clause.end]:
        return "yes"
    following = [
        other for other in scene.clauses if other.sentence == clause.sentence and other.start > clause.start
    ][:1]
    for other in [clause, *following]:
        for start, end in scene.cue("stop", other.start, other.end):
            before = end <= mention.start and all(at in scene.transparent for at in range(end, mention.start))
            after = start >= mention.end and not any(
                mention.end <= m.start < other.end for m in scene.found.mentions
            )
            if before or after:
                return "no"
    if any(when.intro == "until" and clause.holds(when.start) for when in scene.dates):
        return "no"
    was = {"was", "were", "had", "took", "used"} & set(
        words[max(clause.start, mention.start - 4) : mention.start]
    )
    return (
        "not_sure" if was and not {"put", "started", "now"} & set(words[clause.start : clause.end]) else "yes"
    )


def _wound_stays_open(scene: Scene) -> bool:
    """Read "the wound on his leg isn't closing"."""
    for match in _OPEN_WOUND.finditer(scene.found.message.norm):
        start, end = scene.found.message.span_of(match)
        if judge(scene, Mention(start, end, "health", {"fact": "wound_not_healing"})) == "yes":
            return True
    return False


def _corrected(scene: Scene, mention: Mention) -> bool:
    return any(span[0] < mention.start for span in scene.found.cue("correction"))


def _first_grew_there(scene: Scene, mention: Mention) -> bool:
    """Whether "a tumor in her brain" is the first tumour of a brain tumour, or the words belong to a
    bleeding."""
    before = scene.words[max(mention.start - 3, 0) : mention.start]
    plain = scene.words[mention.start] == "in"
    return plain and not {
        "spread",
        "cancer",
        "mets",
        "metastases",
        "tumor",
        "tumour",
        "it",
        "lesion",
        "lesions",
        "is",
        "spots",
        "no",
        "not",
        "anything",
        "nothing",
    } & set(before)


def brain_details(scene: Scene) -> dict[str, Any]:
    """Read symptoms, treatment and quiet time of cancer in the brain."""
    words = scene.words
    text = f" {' '.join(words)} "
    details: dict[str, Any] = {}
    if scene.found.cue("no_symptoms"):
        details["symptoms_now"] = "no"
        since = [
            when for when in scene.dates if when.interval and (when.intro == "since" or when.role == "lapse")
        ]
        if since and since[-1].interval:
            details["symptom_free_since"] = [day.isoformat() for day in since[-1].interval]
    for start, end in scene.found.cue("brain_treated"):
        phrase = " ".join(words[start:end])
        asks = scene.clause_of(start).asks or _mood_is_open(scene, start)
        if not asks and f" not {phrase} " not in text and f" no {phrase} " not in text:
            details["treated"] = "yes"
    return details


def _mood_is_open(scene: Scene, at: int) -> bool:
    clause = scene.clause_of(at)
    return bool(scene.cue("planned", clause.start, at) or scene.cue("hypothetical", clause.start, at))


def _resolved(scene: Scene, mention: Mention) -> bool:
    clause = scene.clause_of(mention.start)
    later = [
        other for other in scene.clauses if other.start >= clause.start and other.sentence == clause.sentence
    ][:2]
    past = {"had", "was", "were", "used"} & set(scene.words[clause.start : mention.start]) or any(
        scene.words[at] in ("was", "were") for at in range(mention.start, mention.end)
    )
    for other in later:
        spans = [s for s in scene.found.cue("resolved") if other.holds(s[0])]
        spans = [s for s in spans if s[0] == 0 or scene.words[s[0] - 1] not in ("not", "never")]
        if spans and (
            past
            or other is not clause
            or scene.words[spans[0][0]]
            in ("used", "no", "not", "resolved", "cleared", "outgrew", "grew", "closed", "healed")
        ):
            return True
    return False
