"""The vocabulary of facts: what families tell, as the program holds it.

A fact that was not told is absent. "I don't know" is the value ``"not_sure"``,
never an absence. Facts are plain JSON values, so that they pass unchanged through
Rasa's slots, the command line and the lead store; ``check_facts`` is the one gate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

NOT_SURE: Final = "not_sure"
ONGOING: Final = "ongoing"
YES_NO: Final = ("yes", "no")
OLDEST_MONTHS: Final = 120 * 12

RESPONDENTS: Final = ("parent", "patient", "carer")
SEXES: Final = ("female", "male")
ORIGINS: Final = ("soft_tissue", "bone", "kidney", "brain", "other")
COURSES: Final = (
    "newly_diagnosed",
    "standard_risk",
    "high_risk",
    "relapsed",
    "refractory",
    "in_remission",
    "metastatic",
)
DIAGNOSIS_IDS: Final = (
    "rhabdomyosarcoma",
    "synovial_sarcoma",
    "ewing_sarcoma",
    "mpnst",
    "infantile_fibrosarcoma",
    "undifferentiated_sarcoma",
    "alveolar_soft_part_sarcoma",
    "epithelioid_sarcoma",
    "clear_cell_sarcoma_soft_tissue",
    "desmoplastic_small_round_cell_tumor",
    "malignant_rhabdoid_tumor",
    "liposarcoma",
    "leiomyosarcoma",
    "angiosarcoma",
    "desmoid_tumor",
    "soft_tissue_sarcoma",
    "osteosarcoma",
    "sarcoma",
    "leukemia",
    "lymphoma",
    "neuroblastoma",
    "wilms_tumor",
    "brain_tumor",
    "hepatoblastoma",
    "germ_cell_tumor",
    "retinoblastoma",
    "melanoma",
    "thyroid_cancer",
    "other_cancer",
    "not_cancer",
)
"""Diagnosis ids; ``not_sure`` may stand in place of any of them."""

EVENTS: Final[dict[str, tuple[str, ...]]] = {
    "chemotherapy": ("mild",),
    "nitrosourea": (),
    "radiation": ("small_area", "small_area_to_cure", "large_area", "mibg"),
    "surgery": ("major", "minor"),
    "other_surgery": ("major", "minor"),
    "stem_cell_transplant": ("own", "donor"),
    "other_cancer_medicine": (),
    "trial_drug": (),
    "growth_factor": ("short_acting", "long_acting"),
    "steroids": (),
    "infection": ("fungal",),
    "live_vaccine": (),
    "blood_clot": (),
    "injury": ("by_tumour",),
    "abdominal_hole": (),
    "autoimmune_treatment": (),
    "organ_transplant": ("organ", "tissue"),
}
"""Events and the kinds that each may have."""

ONLY_WHEN_TOLD: Final = frozenset({"mild", "fungal", "by_tumour"})
"""Kinds that are never asked: without them an event is the ordinary kind."""

YES_NO_FACTS: Final = (
    "heart_problem",
    "lung_disease",
    "blood_thinners",
    "bleeding_disorder",
    "low_platelets",
    "wound_not_healing",
    "gut_trouble",
    "other_cancer",
    "whole_body_irradiation",
    "gvhd",
)
BRAIN: Final = "brain_tumour_spread"
BRAIN_FIELDS: Final = ("had", "symptoms_now", "treated", "symptom_free_since")

TREATMENTS: Final = (
    "surgery",
    "chemotherapy",
    "radiation",
    "stem_cell_transplant",
    "other_cancer_medicine",
    "trial_drug",
)
RECENT_EVENTS: Final = (
    "growth_factor",
    "steroids",
    "infection",
    "live_vaccine",
    "other_surgery",
    "injury",
)
HEALTH_HISTORY: Final = (
    BRAIN,
    "heart_problem",
    "lung_disease",
    "blood_thinners",
    "blood_clot",
    "bleeding_disorder",
    "wound_not_healing",
    "gut_trouble",
    "abdominal_hole",
    "autoimmune_treatment",
    "other_cancer",
    "organ_transplant",
)
LISTS: Final[dict[str, tuple[str, ...]]] = {
    "treatments": TREATMENTS,
    "recent_events": RECENT_EVENTS,
    "health_history": HEALTH_HISTORY,
}
"""The lists to tick that one question asks at once, each with its items."""

FACT_NAMES: Final = (
    "respondent",
    "age",
    "diagnosis",
    "disease_course",
    *EVENTS,
    "activity",
    BRAIN,
    *YES_NO_FACTS,
    "sex",
    "home",
)


HOME_FIELDS: Final = ("country", "region", "city", "latitude", "longitude")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_LONGEST_NAME: Final = 80
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class FactError(ValueError):
    """A fact that the vocabulary does not have, or a value that it cannot hold."""


def kinds_that_may_be_unsure(event: str) -> bool:
    """Whether ``not_sure`` may stand for the event's kind."""
    return any(kind not in ONLY_WHEN_TOLD for kind in EVENTS[event])


def check_facts(facts: object, today: date) -> dict[str, Any]:
    """Facts as the program works with them.

    ``facts`` is JSON as told; intervals that reach past ``today`` are cut there, and
    an osteosarcoma without a place is one of bone. Raises FactError, which names the
    fact and what is allowed, for anything the vocabulary does not know.
    """
    if not isinstance(facts, Mapping):
        raise FactError("facts must be an object of fact names and values")
    checked: dict[str, Any] = {}
    for name, value in facts.items():
        if name not in FACT_NAMES:
            raise FactError(f"unknown fact {name!r}; known facts: {', '.join(FACT_NAMES)}")
        checked[name] = NOT_SURE if value == NOT_SURE else _check_value(name, value, today)
    return checked


def _check_value(name: str, value: object, today: date) -> Any:
    if name in EVENTS:
        return _event(name, value, today)
    if name in YES_NO_FACTS:
        return _one_of(name, value, YES_NO)
    special: dict[str, Callable[[], Any]] = {
        "respondent": lambda: _one_of(name, value, RESPONDENTS),
        "sex": lambda: _one_of(name, value, SEXES),
        "home": lambda: _home(value),
        "age": lambda: {"months": _range(name, "months", value, OLDEST_MONTHS)},
        "activity": lambda: {"score": _range(name, "score", value, 100)},
        "diagnosis": lambda: _diagnosis(value),
        "disease_course": lambda: _course(value),
        BRAIN: lambda: _brain(value, today),
    }
    return special[name]()


def _one_of(where: str, value: object, allowed: tuple[str, ...], unsure: bool = True) -> str:
    allowed = (*allowed, NOT_SURE) if unsure else allowed
    if not isinstance(value, str) or value not in allowed:
        raise FactError(f"{where}: {value!r} is not one of {', '.join(allowed)}")
    return value


def _object(where: str, value: object, fields: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise FactError(f"{where}: must be an object with {', '.join(fields)}, or {NOT_SURE!r}")
    for field in value:
        if field not in fields:
            raise FactError(f"{where}: unknown field {field!r}; allowed: {', '.join(fields)}")
    return value


def _range(name: str, field: str, value: object, most_allowed: int) -> list[int]:
    pair = _object(name, value, (field,)).get(field)
    if (
        not isinstance(pair, list | tuple)
        or len(pair) != 2
        or not all(isinstance(end, int) and not isinstance(end, bool) for end in pair)
    ):
        raise FactError(f"{name}.{field}: must be [least, most], two whole numbers")
    least, most = pair
    if least > most:
        raise FactError(f"{name}.{field}: the least, {least}, is above the most, {most}")
    if least < 0 or most > most_allowed:
        raise FactError(f"{name}.{field}: must lie between 0 and {most_allowed}")
    return [least, most]


def _diagnosis(value: object) -> dict[str, str]:
    told = _object("diagnosis", value, ("id", "arises_in"))
    checked = {"id": _one_of("diagnosis.id", told.get("id", NOT_SURE), DIAGNOSIS_IDS)}
    if "arises_in" in told:
        checked["arises_in"] = _one_of("diagnosis.arises_in", told["arises_in"], ORIGINS)
    elif checked["id"] == "osteosarcoma":
        checked["arises_in"] = "bone"
    return checked


def _course(value: object) -> list[str]:
    if not isinstance(value, list | tuple):
        raise FactError(f"disease_course: must be a list out of {', '.join(COURSES)}, or {NOT_SURE!r}")
    for item in value:
        if item not in COURSES:
            raise FactError(f"disease_course: {item!r} is not one of {', '.join(COURSES)}")
    return [course for course in COURSES if course in value]


def _home(value: object) -> dict[str, Any]:
    """Where the family lives, as roughly as she told it: a country, and a town where she named one."""
    told = _object("home", value, HOME_FIELDS)
    country = told.get("country")
    if not isinstance(country, str) or not _COUNTRY.fullmatch(country):
        raise FactError(f"home.country: {country!r} is no country as two capital letters")
    checked: dict[str, Any] = {"country": country}
    for field in ("region", "city"):
        if field in told:
            name = told[field]
            if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST_NAME:
                raise FactError(f"home.{field}: must be a name of at most {_LONGEST_NAME} letters")
            checked[field] = name.strip()
    if ("latitude" in told) != ("longitude" in told):
        raise FactError("home: latitude and longitude stand together")
    for field, most in (("latitude", 90), ("longitude", 180)):
        if field in told:
            degrees = told[field]
            number = isinstance(degrees, int | float) and not isinstance(degrees, bool)
            if not number or not -most <= degrees <= most:
                raise FactError(f"home.{field}: must be a number between -{most} and {most}")
            checked[field] = degrees
    return checked


def _day(where: str, value: object) -> date:
    try:
        # The pattern keeps out what fromisoformat takes beside it, such as week dates (2026-W01-1).
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise FactError(f"{where}: {value!r} is not a day as YYYY-MM-DD")


def _interval(where: str, value: object, today: date) -> list[str]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise FactError(f"{where}: must be [earliest, latest] as YYYY-MM-DD, or {NOT_SURE!r}")
    earliest, latest = _day(where, value[0]), _day(where, value[1])
    if earliest > latest:
        raise FactError(f"{where}: the earliest day, {earliest}, is after the latest, {latest}")
    if earliest > today:
        raise FactError(f"{where}: {earliest} is after today, {today}")
    return [earliest.isoformat(), min(latest, today).isoformat()]


def _event(name: str, value: object, today: date) -> dict[str, Any]:
    kinds = EVENTS[name]
    told = _object(name, value, ("had", "last", "kind") if kinds else ("had", "last"))
    if "had" not in told:
        raise FactError(f"{name}: 'had' is required: yes, no or not_sure")
    checked: dict[str, Any] = {"had": _one_of(f"{name}.had", told["had"], YES_NO)}
    if "last" in told:
        last = told["last"]
        checked["last"] = last if last in (ONGOING, NOT_SURE) else _interval(f"{name}.last", last, today)
    if "kind" in told:
        checked["kind"] = _one_of(f"{name}.kind", told["kind"], kinds, kinds_that_may_be_unsure(name))
    return checked


def _brain(value: object, today: date) -> dict[str, Any]:
    told = _object(BRAIN, value, BRAIN_FIELDS)
    checked: dict[str, Any] = {}
    for field in BRAIN_FIELDS:
        if field not in told:
            continue
        where, answer = f"{BRAIN}.{field}", told[field]
        if field == "symptom_free_since" and answer != NOT_SURE:
            checked[field] = _interval(where, answer, today)
        else:
            checked[field] = _one_of(where, answer, YES_NO)
    return checked
