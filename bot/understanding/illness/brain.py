"""Cancer in the brain: whether it gives symptoms, whether it was treated, and since when it is quiet."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.understanding.statements.assertions import judge
from bot.understanding.statements.clauses import Clause
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention, Span
from criteria.facts import BRAIN

_FILE = "illness"
_SYMPTOMS, _TREATED, _SINCE = "symptoms_now", "treated", "symptom_free_since"


def first_grew_there(scene: Scene, mention: Mention) -> bool:
    """Whether "a tumor in her brain" is the first tumour of a brain tumour, or the words belong to a
    bleeding."""
    language = scene.language
    if mention.entry["value"] != "yes":
        return False
    here = [m for m in scene.found.mentions if m.kind == "diagnoses" and m.start < mention.start]
    if scene.words[mention.start] not in language.words(_FILE, "in_brain"):
        return False
    if here and here[-1].end == mention.start:
        return True
    before = scene.words[max(mention.start - 3, 0) : mention.start]
    return language.words(_FILE, "grew_there").isdisjoint(before)


def brain_details(scene: Scene, asked: str | None = None) -> dict[str, Any]:
    """Read symptoms, treatment and quiet time of cancer in the brain."""
    details: dict[str, Any] = {}
    quiet = _spans(scene, "no_symptoms")
    if quiet or scene.found.cue("no_symptoms"):
        details[_SYMPTOMS] = "no"
        since = _quiet_since(scene)
        if since:
            details[_SINCE] = [day.isoformat() for day in since]
    elif any(_is_so(scene, span) for span in _spans(scene, "symptoms")):
        details[_SYMPTOMS] = "yes"
    if _spans(scene, "left_untreated"):
        details[_TREATED] = "no"
    elif any(_is_so(scene, span) for span in _treated(scene)):
        details[_TREATED] = "yes"
    return details


def brain_answer(scene: Scene, asked: str | None) -> dict[str, Any]:
    """Read the answer to a question about cancer in the brain that is known: "the headaches went away"."""
    topic, _, detail = (asked or "").partition(".")
    if topic != BRAIN or detail not in (_SYMPTOMS, _TREATED):
        return {}
    details = brain_details(scene)
    if detail == _TREATED and _TREATED not in details and _spans(scene, "yet_to_be_treated"):
        details[_TREATED] = "no"
    return {"had": "yes", detail: details[detail]} if detail in details else {}


def _spans(scene: Scene, name: str) -> list[Span]:
    """Give where a pattern of the lexicon stands, questions aside."""
    message = scene.found.message
    spans = [message.span_of(match) for match in scene.language.pattern(_FILE, name).finditer(message.norm)]
    return [span for span in spans if not scene.clause_of(span[0]).asks]


def _treated(scene: Scene) -> list[Span]:
    return [*scene.found.cue("brain_treated"), *_spans(scene, "brain_treated")]


def _is_so(scene: Scene, span: Span) -> bool:
    """Whether these words are so: neither planned, nor asked, nor denied."""
    clause: Clause = scene.clause_of(span[0])
    if clause.asks or scene.cue("hypothetical", clause.start, span[0]):
        return False
    return judge(scene, Mention(*span, "health", {"fact": BRAIN, "value": "yes"})) == "yes"


def _quiet_since(scene: Scene) -> tuple[date, date] | None:
    since = [
        when for when in scene.dates if when.interval and (when.intro == "since" or when.role == "lapse")
    ]
    return since[-1].interval if since else None
