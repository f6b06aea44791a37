"""Days, weeks, months and seasons: the arithmetic under `dates` and `ages`."""

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


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """Give the nth such weekday of a month (0 is Monday; nth 0 is the month's last); None where it has
    no so many."""
    if nth == 0:
        last = whole_month(year, month)[1]
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    return day if day.month == month else None


def season(name: str, year: int) -> Interval:
    """Give a season's first and last day as the north names them; the winter of a year begins in its
    December."""
    if name == "winter":
        return date(year, 12, 1), whole_month(year + 1, 2)[1]
    start = {"spring": 3, "summer": 6, "autumn": 9}[name]
    return date(year, start, 1), whole_month(year, start + 2)[1]
