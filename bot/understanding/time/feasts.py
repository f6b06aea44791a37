"""The days of feasts, by the rules and tables of `lexicon/feast_days.yml`; the same for every language."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from bot.understanding.files import read_shared_file
from bot.understanding.time.calendar import Interval, add_days, make_day, nth_weekday

_FIRST_OF_TABLES = 2001


def feast(name: str, year: int, over: bool = False) -> Interval | None:
    """Give the days a family would call by the feast's name in that year; None where the tables end.

    `over` asks for the days around it that "over Thanksgiving" means, where there are such.
    """
    day = feast_day(name, year)
    if day is None:
        return None
    rule = _rules()[name]
    first, last = (rule.get("over") if over else None) or rule.get("days", (0, 0))
    return add_days(day, int(first)), add_days(day, int(last))


def feast_day(name: str, year: int) -> date | None:
    """Give the feast's own day, from which days before and after it are counted."""
    rule = _rules()[name]
    if "day" in rule:
        return _of_digits(year, rule["day"])
    if "weekday" in rule:
        month, weekday, nth = (int(number) for number in rule["weekday"])
        return nth_weekday(year, month, weekday, nth)
    if "easter" in rule:
        return add_days(easter(year), int(rule["easter"]))
    if "orthodox_easter" in rule:
        return add_days(orthodox_easter(year), int(rule["orthodox_easter"]))
    if "after" in rule:
        other, days = rule["after"]
        day = feast_day(other, year)
        return day and add_days(day, int(days))
    table = rule["each_year"].split()
    at = year - _FIRST_OF_TABLES
    return _of_digits(year, table[at]) if 0 <= at < len(table) else None


def readings_of(name: str) -> list[str]:
    """Give the feasts that a name may mean: itself, or either of two that share it."""
    return list(_rules()[name].get("either", [name]))


@cache
def _rules() -> dict[str, dict[str, Any]]:
    rules: dict[str, dict[str, Any]] = read_shared_file("feast_days")
    return rules


def _of_digits(year: int, month_and_day: str) -> date | None:
    return make_day(year, int(month_and_day[:2]), int(month_and_day[2:]))


def easter(year: int) -> date:
    """Give Easter Sunday (the Gregorian rule in Butcher's form)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def orthodox_easter(year: int) -> date:
    """Give the Easter Sunday of the eastern churches (Meeus's Julian rule, as a Gregorian day of 1900
    to 2099)."""
    d = (19 * (year % 19) + 15) % 30
    e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return date(year, month, day + 1) + timedelta(days=13)
