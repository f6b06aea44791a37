"""Facts in words for staff: "chemotherapy: yes, last day 30 Oct 2026 to 3 Nov 2026"."""

from __future__ import annotations

from datetime import date
from typing import Any

from criteria.facts import NOT_SURE, ONGOING


def day_in_words(iso: str) -> str:
    """An ISO day as staff read it: 3 Nov 2026."""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%b %Y}"


def interval_in_words(interval: list[str]) -> str:
    """One day, or the first and last possible one."""
    earliest, latest = interval
    if earliest == latest:
        return day_in_words(earliest)
    return f"{day_in_words(earliest)} to {day_in_words(latest)}"


def age_in_words(months: list[int]) -> str:
    """Years where whole years were told, months for small children or narrow ranges."""
    least, most = months
    if least % 12 == 0 and most == least + 11:
        return f"{least // 12} years"
    if least // 12 == most // 12 and least >= 24:
        return f"{least // 12} years"
    if least == most:
        return f"{least} months"
    return f"{least} to {most} months"


def told_in_words(name: str, value: Any) -> str:
    """One fact as a phrase for staff; ``value`` is a checked fact."""
    label = name.replace("_", " ")
    return f"{label}: {_value(name, value)}"


def _value(name: str, value: Any) -> str:
    if value == NOT_SURE:
        return "not sure"
    if isinstance(value, str):
        return value.replace("_", " ")
    if isinstance(value, list):
        return ", ".join(item.replace("_", " ") for item in value) or "none of the list"
    if name == "age":
        return age_in_words(value["months"])
    if name == "activity":
        least, most = value["score"]
        return f"score {least}" if least == most else f"score {least} to {most}"
    if name == "home":
        return ", ".join(str(value[field]) for field in ("city", "region", "country") if field in value)
    return ", ".join(_field(field, told) for field, told in value.items())


def _field(field: str, told: Any) -> str:
    labels = {"had": "", "id": "", "last": "last day ", "kind": "kind ", "arises_in": "in "}
    label = labels.get(field, f"{field.replace('_', ' ')} ")
    if isinstance(told, list):
        return label + interval_in_words(told)
    if told == ONGOING:
        return "still going on"
    return f"{label}{told.replace('_', ' ')}"
