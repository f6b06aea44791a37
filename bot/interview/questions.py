"""The questions that the interview can ask, in the order in which it asks them.

What a question says stands in ``bot/texts``; here stands which facts it fills and how
its choices become facts. A question belongs to facts, not to a trial: a second trial
that rests on the same facts asks the same questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bot.interview.model import NOT_SURE, Facts
from criteria.facts import BRAIN, EVENTS, LISTS
from criteria.judging import look_up

RECENT_DAYS: Final = 35
"""The list of recent events covers the last 5 weeks: more than any washout it serves."""

DAY_FIELDS: Final = ("last", "symptom_free_since")
"""The details of a fact that are days."""

ACTIVITY_SCORES: Final = {
    "as_usual": [90, 100],
    "tires": [70, 80],
    "less_play": [60, 60],
    "lies_around": [50, 50],
    "mostly_in_bed": [40, 40],
    "in_bed": [20, 30],
}
SOFT_TISSUE_BY_NAME: Final = frozenset(
    {
        "rhabdomyosarcoma",
        "synovial_sarcoma",
        "soft_tissue_sarcoma",
    }
)


@dataclass(frozen=True)
class Question:
    """One question.

    id      how the API names it: a fact, a detail of a fact, or one of the three lists
    fills   the fact paths that its answer fills
    items   for a list to tick, what can be ticked
    main    asked of nearly every family; the others follow up on something told
    follows a fact path that must be known before the question makes sense
    """

    id: str
    fills: frozenset[str]
    items: tuple[str, ...] = ()
    main: bool = False
    follows: str | None = None

    @property
    def fact(self) -> str:
        """The fact that the question is about; a list's own name for a list."""
        return self.id.partition(".")[0]

    @property
    def field(self) -> str:
        """The detail asked for, or nothing."""
        return self.id.partition(".")[2]

    @property
    def multiple(self) -> bool:
        """Whether several choices may be ticked."""
        return bool(self.items) or self.id == "disease_course"


def _main(name: str, *more: str) -> Question:
    return Question(name, frozenset({name, *more}), main=True)


def _list(name: str, *more: str) -> Question:
    had = [f"{item}.had" for item in LISTS[name]]
    return Question(name, frozenset({*LISTS[name], *had, *more}), LISTS[name], main=True)


def _detail(*names: str, follows: str | None = None) -> tuple[Question, ...]:
    return tuple(Question(name, frozenset({name}), follows=follows) for name in names)


QUESTIONS: Final[tuple[Question, ...]] = (
    _main("respondent"),
    _main("age", "age.months"),
    # Asked only where a trial's rules look at it.
    *_detail("sex"),
    _main("diagnosis", "diagnosis.id"),
    *_detail("diagnosis.arises_in"),
    _main("disease_course"),
    _list("treatments"),
    *_detail("chemotherapy.last"),
    Question("nitrosourea", frozenset({"nitrosourea", "nitrosourea.had"}), follows="chemotherapy.last"),
    *_detail("nitrosourea.last", "radiation.last", "radiation.kind"),
    *_detail("stem_cell_transplant.last", "stem_cell_transplant.kind"),
    *_detail("whole_body_irradiation", "gvhd", follows="stem_cell_transplant.kind"),
    *_detail("other_cancer_medicine.last", "trial_drug.last"),
    # The day of an operation on the tumour matters only within the last weeks, and the list asks that.
    _list("recent_events", "surgery.last"),
    # What the operation was matters only where its day, or no other treatment, does not settle it.
    *_detail("surgery.last", "surgery.kind", "growth_factor.last", "growth_factor.kind", "steroids.last"),
    *_detail(
        "infection.last", "live_vaccine.last", "other_surgery.last", "other_surgery.kind", "injury.last"
    ),
    _list("health_history"),
    *_detail(f"{BRAIN}.symptoms_now", f"{BRAIN}.treated", f"{BRAIN}.symptom_free_since"),
    *_detail("blood_clot.last", "abdominal_hole.last", "autoimmune_treatment.last"),
    *_detail("organ_transplant.kind", "low_platelets"),
    _main("activity", "activity.score"),
    # No criterion looks at it: where a family lives rules nobody out.
    *_detail("home"),
)
BY_ID: Final = {question.id: question for question in QUESTIONS}


def open_items(question: Question, facts: Facts) -> tuple[str, ...]:
    """The items of a list question that nothing was told about yet."""
    return tuple(item for item in question.items if item not in facts)


def makes_sense(question: Question, facts: Facts) -> bool:
    """Whether the question can be put: a list has something left to tick, a follow-up what it follows."""
    if question.items and not open_items(question, facts):
        return False
    if question.follows is None:
        return True
    before = look_up(question.follows, facts)
    return before.known and before.value is not None


def item_told(item: str) -> Any:
    """The fact that ticking an item of a list tells."""
    if item == BRAIN:
        return {"had": "yes"}
    if item == "infection":
        # The list asks for an infection that is being treated now.
        return {"had": "yes", "last": "ongoing"}
    if item == "surgery":
        # The list says that a biopsy, a port or a line does not count.
        return {"had": "yes", "kind": "major"}
    return {"had": "yes"} if item in EVENTS else "yes"


def item_denied(item: str) -> Any:
    """The fact that leaving an item of a complete list unticked tells."""
    return {"had": "no"} if item in EVENTS or item == BRAIN else "no"


def choice_told(question: Question, payload: str, facts: Facts) -> Facts:
    """The facts that one offered choice tells; ``facts`` are those told before."""
    if payload == NOT_SURE:
        return not_sure_about(question, question.items, facts)
    fact, field = question.fact, question.field
    if question.id == "disease_course":
        return {"disease_course": [] if payload == "none" else [payload]}
    if question.id == "diagnosis":
        place = {"arises_in": "soft_tissue"} if payload in SOFT_TISSUE_BY_NAME else {}
        return {"diagnosis": {"id": payload, **place}}
    if question.id == "activity":
        return {"activity": {"score": ACTIVITY_SCORES[payload]}}
    if not field:
        return {fact: {"had": payload} if fact in EVENTS else payload}
    return {fact: with_field(facts.get(fact), fact, field, payload)}


def with_field(value: Any, fact: str, field: str, told: Any) -> dict[str, Any]:
    """A fact's value with one detail set; what was told of it before stays."""
    before = dict(value) if isinstance(value, dict) else {}
    if fact in EVENTS or fact == BRAIN:
        before["had"] = "yes"
    return {**before, field: told}


def denied(value: Any) -> bool:
    """Whether the family said that this did not happen."""
    return isinstance(value, dict) and value.get("had") == "no"


def list_of(fact: str) -> str | None:
    """The list to tick that a fact stands in."""
    return next((name for name, items in LISTS.items() if fact in items), None)


def questions_told(told: Facts) -> list[str]:
    """The ids of the questions of one fact or detail that newly told facts answer."""
    return [
        question.id
        for question in QUESTIONS
        if question.fact in told and not question.multiple and _is_told(told[question.fact], question.field)
    ]


def _is_told(value: Any, field: str) -> bool:
    if field:
        return isinstance(value, dict) and value.get(field, NOT_SURE) != NOT_SURE
    return bool(value != NOT_SURE)


def not_sure_about(question: Question, items: tuple[str, ...] | list[str], facts: Facts) -> Facts:
    """The facts that "I don't know" tells as an answer to the question."""
    if question.items:
        return dict.fromkeys(items, NOT_SURE)
    if question.field and denied(facts.get(question.fact)):
        return {}
    if question.field:
        told = with_field(facts.get(question.fact), question.fact, question.field, NOT_SURE)
        return {question.fact: told}
    return {question.fact: NOT_SURE}
