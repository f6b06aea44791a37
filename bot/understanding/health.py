"""Health history, and cancer in the brain."""

from __future__ import annotations

from typing import Any

from bot.understanding.assertions import judge
from bot.understanding.scene import Scene
from bot.understanding.vocabulary import Mention
from criteria.facts import BRAIN, YES_NO_FACTS


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
        if verdict == "yes" and name != "other_cancer" and _resolved(scene, mention):
            value = "not_sure" if name in ("heart_problem", "bleeding_disorder") else "no"
        if verdict == "no" and mention.entry.get("value") == "no":
            continue
        if name == BRAIN:
            facts[name] = (
                {"had": value} if facts.get(name, {}).get("had") != "yes" or value == "yes" else facts[name]
            )
        elif facts.get(name) != "yes" or value == "yes" or _corrected(scene, mention):
            facts[name] = value
    if facts.get(BRAIN, {}).get("had") == "yes":
        facts[BRAIN].update(brain_details(scene))
    return facts


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
    if (
        " no symptoms " in text
        or " without symptoms " in text
        or " symptom free " in text
        or " no more symptoms " in text
    ):
        details["symptoms_now"] = "no"
        since = [
            when for when in scene.dates if when.interval and (when.intro == "since" or when.role == "lapse")
        ]
        if since and since[-1].interval:
            details["symptom_free_since"] = [day.isoformat() for day in since[-1].interval]
    for phrase in (
        " treated with ",
        " was treated ",
        " radiated ",
        " gamma knife ",
        " has been treated ",
        " were treated ",
    ):
        if phrase in text and " not " + phrase.strip() not in text:
            details["treated"] = "yes"
    return details


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
