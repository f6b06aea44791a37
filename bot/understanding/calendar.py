"""Days, months and feasts: the arithmetic under `dates` and `ages`."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

Interval = tuple[date, date]

EARLIEST_YEAR = 1900


def make_day(year: int, month: int, day: int) -> date | None:
    """Give that day, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def whole_month(year: int, month: int) -> Interval:
    """Give the first and last day of a month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, months: int) -> date:
    """Move by calendar months; the 31st becomes the last day of a shorter month. Never leaves the
    calendar."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    year = min(max(year, EARLIEST_YEAR), 9998)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date:
    """Move by days, staying inside the calendar this program deals with."""
    number = min(
        max(day.toordinal() + days, date(EARLIEST_YEAR, 1, 1).toordinal()), date(9998, 12, 31).toordinal()
    )
    return date.fromordinal(number)


def months_between(birth: date, today: date) -> int:
    """Count completed months of life."""
    months = (today.year - birth.year) * 12 + today.month - birth.month
    if today.day < birth.day and today.day != calendar.monthrange(today.year, today.month)[1]:
        months -= 1
    return months


def week_of(day: date) -> Interval:
    """Give Monday and Sunday of that day's week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def easter(year: int) -> date:
    """Give Easter Sunday (the Gregorian rule in Butcher's form)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _thanksgiving(year: int) -> date:
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """Give the nth such weekday of a month; nth 0 is the last."""
    if nth == 0:
        last = whole_month(year, month)[1]
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


# Month, weekday and which one (0: the last).
_MOVING = {
    "labor day": (9, 0, 1),
    "memorial day": (5, 0, 0),
    "mothers day": (5, 6, 2),
    "fathers day": (6, 6, 3),
}


def feast(name: str, year: int) -> Interval:
    """Give the days a family would call by the feast's name in that year."""
    if name in _MOVING:
        day = _nth_weekday(year, *_MOVING[name])
        return (day - timedelta(days=2) if name.endswith(("labor day", "memorial day")) else day), day
    if name == "easter":
        sunday = easter(year)
        return sunday - timedelta(days=2), sunday + timedelta(days=1)
    if name == "thanksgiving":
        thursday = _thanksgiving(year)
        return thursday, thursday + timedelta(days=3)
    first, last = {
        "christmas": ((12, 24), (12, 26)),
        "christmas eve": ((12, 24), (12, 24)),
        "new year": ((1, 1), (1, 2)),
        "new years eve": ((12, 31), (12, 31)),
        "veterans day": ((11, 11), (11, 11)),
        "st patricks": ((3, 17), (3, 17)),
        "halloween": ((10, 31), (10, 31)),
        "valentines": ((2, 14), (2, 14)),
        "july 4": ((7, 4), (7, 4)),
    }[name]
    return date(year, *first), date(year, *last)


def feast_day(name: str, year: int) -> date:
    """Give the feast's own day, from which days before and after it are counted."""
    if name in _MOVING:
        return feast(name, year)[1]
    first = feast(name, year)[0]
    return first + timedelta(days={"easter": 2, "christmas": 1}.get(name, 0))


def season(name: str, year: int) -> Interval:
    """Give a season's first and last day as the north names them; the winter of a year begins in its
    December."""
    if name == "winter":
        return date(year, 12, 1), whole_month(year + 1, 2)[1]
    start = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9}[name]
    return date(year, start, 1), whole_month(year, start + 2)[1]
