"""What both baselines share: a date by dateparser, an age by a plain regular expression, yes and no.

They are what one would build in a day with what is at hand. Nothing of `bot.understanding` but the names of
its lexicon is used, so that their mistakes are theirs alone.
"""

from __future__ import annotations

import re
import warnings
from datetime import date, datetime, time
from typing import Any

from dateparser import parse
from dateparser.search import search_dates

from criteria.facts import BRAIN, EVENTS, LISTS

from .messages import TODAY, Facts

_AGE = re.compile(
    r"\b(\d{1,2})(?:[ -]?(years?|yrs?|y/?o|months?|mos?|mo)\b|\b(?= and\b|,|\.|$))", re.IGNORECASE
)
_DATE_SETTINGS: dict[str, Any] = {
    "RELATIVE_BASE": datetime.combine(TODAY, time(12)),
    "PREFER_DATES_FROM": "past",
    "PREFER_DAY_OF_MONTH": "first",
}
_STILL = re.compile(r"\b(still|currently|ongoing|right now)\b", re.IGNORECASE)
_PARENT = re.compile(r"\b(my|our) (son|daughter|child|kid|boy|girl|baby)\b", re.IGNORECASE)
_PATIENT = re.compile(r"\bi(?: ha|')ve (?:a |an )?\w+|\bi am the patient\b", re.IGNORECASE)
_CARER = re.compile(r"\b(my|our) (grandson|granddaughter|niece|nephew|foster)\b", re.IGNORECASE)
_YES = re.compile(r"^\W*(yes|yeah|yep|yup|sure|correct)\b", re.IGNORECASE)
_NO = re.compile(r"^\W*(no|nope|never|none|nothing)\b", re.IGNORECASE)
_DOUBT = re.compile(r"\b(idk|don'?t know|not sure|no idea|no clue)\b", re.IGNORECASE)


def plain_age(text: str, asked: bool) -> Facts:
    """Give the first number that looks like an age, as completed months."""
    found = _AGE.search(text)
    if not found or not (asked or found[2] or re.search(r"\b(is|am|turned|aged?)\b", text, re.IGNORECASE)):
        return {}
    number = int(found[1])
    in_months = (found[2] or "").lower().startswith("mo")
    months = [number, number] if in_months else [number * 12, number * 12 + 11]
    return {"age": {"months": months}}


def plain_respondent(text: str) -> Facts:
    """Give who writes, by the commonest words."""
    for pattern, who in ((_CARER, "carer"), (_PARENT, "parent"), (_PATIENT, "patient")):
        if pattern.search(text):
            return {"respondent": who}
    return {}


def plain_day(text: str) -> list[str] | None:
    """Give the one day that dateparser finds in a phrase, as an interval; None where it finds none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = parse(text, languages=["en"], settings=_DATE_SETTINGS)
    return _interval(found.date()) if found else None


def plain_last(text: str) -> list[str] | str | None:
    """Give the last day told in a sentence, or "ongoing"; None where dateparser finds none before today."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = search_dates(text, languages=["en"], settings=_DATE_SETTINGS) or []
    days = [day.date() for words, day in found if len(words) > 2 and day.date() <= TODAY]
    if days:
        return _interval(days[-1])
    return "ongoing" if _STILL.search(text) else None


def _interval(day: date) -> list[str] | None:
    return [day.isoformat(), day.isoformat()] if day <= TODAY else None


def plain_answer(text: str, asked: str, told: Facts) -> Facts:
    """Give what a bare yes, no, "idk" or date means to the question that was asked."""
    fact, _, detail = asked.partition(".")
    value = (
        "not_sure" if _DOUBT.search(text) else "no" if _NO.match(text) else "yes" if _YES.match(text) else ""
    )
    if asked in LISTS:
        items = [item for item in LISTS[asked] if item not in told]
        return {item: _as_fact(item, value) for item in items} if value in ("no", "not_sure") else {}
    if detail == "last":
        last = "not_sure" if value == "not_sure" else plain_last(text)
        return {fact: {"had": "yes", **({"last": last} if last else {})}}
    if detail or not value or fact in told or fact in ("respondent", "age", "disease_course", "activity"):
        return {}
    if fact == "diagnosis":
        return {fact: "not_sure"} if value == "not_sure" else {}
    return {fact: _as_fact(fact, value)}


def _as_fact(name: str, value: str) -> Any:
    return {"had": value} if (name in EVENTS or name == BRAIN) and value != "not_sure" else value
