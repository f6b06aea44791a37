"""Ages as registries write them ("2 Years", "180 Days", "N/A"), in completed months."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from bot.registry.errors import RecordError

_AGE = re.compile(r"\s*(\d+)\s*(year|month|week|day|hour|minute)s?\s*", re.IGNORECASE)
_NO_LIMIT = ("", "n/a", "na", "none", "no limit")
_IN_DAYS = {"week": 7, "day": 1}


def minimum_in_months(words: str | None) -> int | None:
    """The fewest completed months that a patient may have whom this minimum age lets in.

    None where there is no limit. Days and weeks are rounded down: months differ in length, and nobody who
    is old enough may seem too young. Raises RecordError for words that are no age.
    """
    found = _number_and_unit(words)
    if found is None:
        return None
    number, unit = found
    if unit == "year":
        return number * 12
    if unit == "month":
        return number
    return 0 if unit in ("hour", "minute") else months_after(number * _IN_DAYS[unit])[0]


def maximum_in_months(words: str | None) -> int | None:
    """The most completed months that a patient may have whom this maximum age lets in.

    "21 Years" holds until the day before the 22nd birthday, so it is 21 * 12 + 11; days and weeks are
    rounded up. None where there is no limit. Raises RecordError for words that are no age.
    """
    found = _number_and_unit(words)
    if found is None:
        return None
    number, unit = found
    if unit == "year":
        return number * 12 + 11
    if unit == "month":
        return number
    if unit in ("hour", "minute"):
        return months_after(number // (24 if unit == "hour" else 24 * 60) + 1)[1]
    # "4 weeks" lasts until the day before the fifth week is full.
    days = number * _IN_DAYS[unit]
    return months_after(days + _IN_DAYS[unit] - 1)[1]


def _number_and_unit(words: str | None) -> tuple[int, str] | None:
    if words is None or words.strip().lower() in _NO_LIMIT:
        return None
    found = _AGE.fullmatch(words)
    if found is None:
        raise RecordError(f"{words!r} is no age such as '2 Years', '6 Months' or '30 Days'")
    return int(found[1]), found[2].lower()


@cache
def months_after(days: int) -> tuple[int, int]:
    """The fewest and the most completed months that lie between a birth and ``days`` days later."""
    # Four years in a row hold every position of the leap day.
    births = [date(2023, 1, 1) + timedelta(days=number) for number in range(4 * 365 + 1)]
    months = {_completed_months(birth, birth + timedelta(days=days)) for birth in births}
    return min(months), max(months)


def _completed_months(birth: date, day: date) -> int:
    months = (day.year - birth.year) * 12 + day.month - birth.month
    return months - 1 if day.day < birth.day else months
