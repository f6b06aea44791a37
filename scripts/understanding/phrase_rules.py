"""Which of duckling's test phrases a family could use of a last treatment, and which days each means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.understanding.time.calendar import add_months, make_day, nth_weekday, whole_month
from bot.understanding.time.feasts import easter

TODAY = date(2013, 2, 12)
"""Duckling's reference day."""

REASONS = {
    "a time of the clock": "hours, minutes and seconds, and lengths in them",
    "in the future": "of itself, whatever day it is said on",
    "no end": "open to one side ('since 2014'): no days to compare",
    "no day is named": "'now', 'all week', 'the evening', 'last season'",
    "business": "quarters, EOM and EOY, the boss's day",
    "a feast few keep": "days by which hardly any family would date a treatment",
    "a riddle": "'the third last week', 'the closest Monday to', 'the ides of March', BC and AD",
    "too far off": "before 1990 or after 2035: no treatment of a child of today",
    "no expression of time": "duckling finds none either",
    "a bare number": "'25', '7'",
    "no past twin": "without a year, where the calendar shifts ('the week of October 6th', 'Fri, Jul 18')",
}
"""Why phrases are left out."""

_FIRST_YEAR, _LAST_YEAR = 1990, 2035
_READ_AFTER = timedelta(days=40)

# What many families of some country or faith keep; all other feasts are left out.
_KEPT = frozenset(
    [
        "Thanksgiving Day", "Christmas", "New Year's Eve", "New Year's Day", "Valentine's Day",
        "Halloween", "Black Friday", "Martin Luther King's Day", "Easter Sunday", "Easter Monday",
        "Maundy Thursday", "Pentecost", "Whit Monday", "Palm Sunday", "Trinity Sunday",
        "Shrove Tuesday", "St Patrick's Day", "Lent", "Orthodox Easter Sunday", "Orthodox Good Friday",
        "Chinese New Year", "Rosh Hashanah", "Yom Kippur", "Sukkot", "Hanukkah", "Purim", "Passover",
        "Shavuot", "Eid al-Fitr", "Eid al-Adha", "Islamic New Year", "Ashura", "Mawlid", "Ramadan",
        "Diwali", "Navaratri", "Vijayadashami", "Raksha Bandhan", "Holi", "Ganesh Chaturthi",
        "Krishna Janmashtami", "Thai Pongal", "Vaisakhi", "Thiru Onam",
    ]
)  # fmt: skip
_BY_EASTER = frozenset(
    [
        "Easter Sunday", "Easter Monday", "Maundy Thursday", "Pentecost", "Whit Monday", "Palm Sunday",
        "Trinity Sunday", "Shrove Tuesday", "Lent",
    ]
)  # fmt: skip
_BY_WEEKDAY = {"Thanksgiving Day": (3, 4), "Martin Luther King's Day": (0, 3)}
_MOVING = _KEPT - {
    "Christmas",
    "New Year's Eve",
    "New Year's Day",
    "Valentine's Day",
    "Halloween",
    "St Patrick's Day",
}

_WORDS = (
    (
        "no day is named",
        r"^(?:now|right now|just now|at the moment|atm|at this time|all week|the week|(?:in the )?(?:morning|"
        r"afternoon|evening|night))$|\bseasons?\b",
    ),
    (
        "a riddle",
        r"closest|\b(?:third|3rd|second|2nd|fifth|5th) last\b|ides of|\b[ab]\.? ?[dc]\b|"
        r"year (?:after|from) christmas",
    ),
    (
        "in the future",
        r"\b(?:next|coming|upcoming|following|tomorrows?|hence|from (?:now|today|right now)|rest of|"
        r"by (?:the )?end|(?:in|within|after) (?:a|one|two|three|four|five|\d+) (?:day|week|month|year)s?)\b",
    ),
    (
        "a time of the clock",
        r"\d ?(?:[ap]\.?m?\.?|h|h\d\d|ish)(?!\w)|\d:\d|\d ?'|@|\b(?:noon|midnight|midday|lunch|school)\b|"
        r"clock|(?<!early )\bhours?\b|\b(?:minutes?|mins?|secs?|seconds)\b|(?:one|\d) second\b|"
        r"quarter (?:past|to|of an)|"
        r"quarters of an|\b[ap] ?m\b|\bp\.m\.|\b(?:at|around|approximately|tonight|evening|"
        r"afternoon|morning) (?:at )?\d",
    ),
    ("business", r"\b(?:quarters?|qtr|[eb]o[dmy]|boss(?:'s)?|\d*q\d)\b"),
)
_OWN_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\btwo thousand\b|\d[/.-]\w+[/.-]\d\d$|\d(?:st|nd|rd|th) \w+ \d\d$")
_PRESENT = re.compile(r"\b(?:this|current)\b|\b(?:end|beginning) of (?:the )?(?:month|year)\b", re.IGNORECASE)
_WEEKDAY = re.compile(r"\b(?:mon|tues?|wed|thu|fri|sat|sun)(?:day|nesday|rsday|urday)?\b", re.IGNORECASE)
_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*", re.IGNORECASE)
_NTH = re.compile(r"\b(?:first|second|third|last)\b", re.IGNORECASE)
_TO = re.compile(
    r"(?:\d\w*|[a-z]) ?(?:-|to|thru|through) ?(?:the )?(?:[a-z]+ )?\d|for \d+ days", re.IGNORECASE
)
_WINDOW = re.compile(r"(?:last|past) (?:\d|two)", re.IGNORECASE)
_UNIT_DAYS = {"Day": 1, "Week": 7, "Month": 31, "Year": 366}


@dataclass(frozen=True)
class Phrase:
    """One expression, the days expected of it, by how much ours may reach beyond them, the day on which it is
    read, and the rule of judging ("days", "window", "range", "duration")."""

    text: str
    days: tuple[date, date]
    slack: int
    today: date = TODAY
    rule: str = "days"


def select(folder: Path) -> Iterator[Phrase | str]:
    """Give each phrase that is to be read, or the reason why it is left out. Raises OSError where the folder
    cannot be read."""
    for name, judge in (("duckling_time_en.json", _of_time), ("duckling_duration_en.json", _of_duration)):
        for group in json.loads((folder / name).read_text(encoding="utf-8")):
            for text in group["phrases"]:
                yield judge(text, group["expect"])


def _of_duration(text: str, expect: str | None) -> Phrase | str:
    match = re.fullmatch(r"\(DurationData (\d+) (\w+)\)", expect or "")
    if not match:
        return "no expression of time"
    count, unit = int(match[1]), match[2]
    if unit in ("Month", "Year"):
        day = add_months(TODAY, -count * (12 if unit == "Year" else 1))
    elif unit in ("Day", "Week"):
        day = TODAY - timedelta(days=count * _UNIT_DAYS[unit])
    else:
        return "business" if unit == "Quarter" else "a time of the clock"
    return Phrase(text, (day, day), 2, TODAY, "duration")


def _of_time(text: str, expect: str | None) -> Phrase | str:
    reason = _by_words(text, expect)
    if reason or expect is None:
        return reason or "no expression of time"
    days, grain = _expected(text, expect)
    if days is None:
        return "a time of the clock"
    named = re.search(r'"(.+)"\)$', expect)
    feast = named[1] if named else None
    if feast and feast not in _KEPT:
        return "a feast few keep"
    if not _FIRST_YEAR <= days[0].year <= _LAST_YEAR:
        return "too far off"
    if _WINDOW.match(text):
        return Phrase(text, days, _UNIT_DAYS[grain], TODAY, "window")
    slack, rule = _slack(text, feast), "range" if _TO.search(text) and days[0] != days[1] else "days"
    if days[0] <= TODAY:
        return Phrase(text, days, slack, TODAY, rule)
    if _OWN_YEAR.search(text):
        return Phrase(text, days, slack, days[1] + _READ_AFTER, rule)
    if _PRESENT.search(text):
        return "in the future"
    twin = _past_twin(text, days, feast)
    return Phrase(text, twin, slack, TODAY, rule) if twin else "no past twin"


def _by_words(text: str, expect: str | None) -> str | None:
    if text.isdigit() and len(text) != 4:
        return "a bare number"
    if expect is None:
        return "no expression of time"
    if expect.startswith("(datetimeOpenInterval"):
        return "no end"
    return next((reason for reason, words in _WORDS if re.search(words, text, re.IGNORECASE)), None)


def _expected(text: str, expect: str) -> tuple[tuple[date, date] | None, str]:
    """Give duckling's days, first to last, and its grain; no days for a moment of the clock."""
    moments = [
        # Six numbers by the pattern; mypy takes them for any number of them.
        datetime(*(int(number) for number in found))  # type: ignore[arg-type]
        for found in re.findall(r"\((\d+), 0?(\d+), 0?(\d+), 0?(\d+), (\d+), (\d+)\)", expect)
    ]
    grain_of = re.search(r"\) (Second|Minute|Hour|Day|Week|Month|Year|Quarter)\b", expect)
    if not moments or not grain_of:
        return None, ""
    grain, first = grain_of[1], moments[0].date()
    if len(moments) == 2:
        if "weekend" in re.sub(r"[ -]|(?<=w)k", "", text.lower()) or "wkend" in text.lower():
            first += timedelta(days=1)  # duckling's weekend begins on Friday at six
        return (first, (moments[1] - timedelta(seconds=1)).date()), grain
    if grain == "Week":
        return (first, first + timedelta(days=6)), grain
    if grain == "Month":
        return whole_month(first.year, first.month), grain
    if grain == "Year":
        return (first, date(first.year, 12, 31)), grain
    return ((first, first) if grain == "Day" or "ago" in text.lower() else None), grain


def _slack(text: str, feast: str | None) -> int:
    if re.search(r"\b(?:early|mid|late|end|beginning)\b", text, re.IGNORECASE):
        return 32 if re.search(r"\byear\b|\d{4}", text) else 1
    if feast:
        return 3
    for words, days in (
        (r"(?:week|fortnight)s? ago", 2),
        (r"months? ago", 7),
        (r"years? ago|summer|winter", 31),
    ):
        if re.search(words, text, re.IGNORECASE):
            return days
    return 0


def _past_twin(text: str, days: tuple[date, date], feast: str | None) -> tuple[date, date] | None:
    """Give the same one of its own cycle (week, month, year) that has begun; None where only the calendar
    of that year gives it."""
    length = days[1] - days[0]
    first = _twin_of_feast(days[0], feast) if feast in _MOVING else _twin_of_day(text, days[0], length.days)
    return (first, first + length) if first else None


def _twin_of_feast(day: date, feast: str | None) -> date | None:
    if feast in _BY_EASTER:
        return easter(TODAY.year - 1) + (day - easter(day.year))
    if feast == "Black Friday":
        thursday = _twin_of_feast(day - timedelta(days=1), "Thanksgiving Day")
        return thursday + timedelta(days=1) if thursday else None
    rule = _BY_WEEKDAY.get(feast or "")
    if rule:
        past = (nth_weekday(year, day.month, *rule) for year in (TODAY.year, TODAY.year - 1))
        return next((one for one in past if one and one <= TODAY), None)
    return None


def _twin_of_day(text: str, day: date, longer: int) -> date | None:
    if "easter" in text.lower():
        return easter(TODAY.year - 1) + (day - easter(day.year))
    weekday, month, number = (
        _WEEKDAY.search(text),
        _MONTH.search(_WEEKDAY.sub("", text)),
        re.search(r"\d", text),
    )
    weekend = re.search(r"we?e?k-? ?end", text, re.IGNORECASE)
    if weekday and not month and not number:  # "friday": never the day on which it is said
        while day >= TODAY:
            day -= timedelta(days=7)
        return day
    if weekday and not month:  # "Tuesday the 19th"
        return next(
            one
            for back in range(1, 3000)
            if (one := TODAY - timedelta(days=back)).day == day.day and one.weekday() == day.weekday()
        )
    if (weekday or weekend) and month and _NTH.search(text) and not number:  # "first tuesday of october"
        nth = 0 if "last" in text.lower() else (day.day - 1) // 7 + 1
        return nth_weekday(TODAY.year - 1, day.month, day.weekday(), nth)
    if weekday or (longer == 6 and "week" in text.lower()):
        return None
    if not month and not re.search(r"\d ?[/-] ?\d", text) and re.search(r"\d|\bfirst\b", text):  # "the 24th"
        return next(
            (one for back in range(3) if (one := add_months(day, -back)) <= TODAY and one.day == day.day),
            None,
        )
    twins = (make_day(day.year - back, day.month, day.day) for back in range(9))
    return next((twin for twin in twins if twin and twin <= TODAY), None)
