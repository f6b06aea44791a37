"""The one gate for facts: what the vocabulary (``criteria.facts``) cannot hold is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from criteria.facts import (
    BRAIN,
    BRAIN_FIELDS,
    COURSES,
    DIAGNOSIS_IDS,
    EVENTS,
    FACT_NAMES,
    HOME_FIELDS,
    NOT_SURE,
    OLDEST_MONTHS,
    ONGOING,
    ORIGINS,
    RESPONDENTS,
    SEXES,
    YES_NO,
    YES_NO_FACTS,
    kinds_that_may_be_unsure,
)

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_LONGEST_NAME: Final = 80
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class FactError(ValueError):
    """A fact that the vocabulary does not have, or a value that it cannot hold."""


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
