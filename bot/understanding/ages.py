"""Finds the patient's age, as completed months today; other people's ages and ages of long ago are left
alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from math import floor

from bot.understanding.calendar import Interval, add_months, months_between
from bot.understanding.dates import DateSpan
from bot.understanding.text import Message

Months = tuple[int, int]
OLDEST = 120 * 12 - 1
_N = r"(?P<n>\d{1,3}(?:\.\d)?)"
_HALF = r"(?P<half> and a half| 1/2| and 1/2)?"
_YEARS = r"(?:years?|yrs?|y ?/ ?o|yo|y o|y)(?: ?- ?)?(?: of age)?(?: old)?"
_YEAR_OLD = r"(?:years? old|yrs? old|y ?/ ?o|yo|y o|y old|years? of age|yr)"
_MONTHS = r"(?:months?|mos?|mths?|m)"
_STOP = (
    r"(?= ?(?:$|[.,;!?)—\n]| and\b| n\b| with\b| who\b| now\b| but\b| today\b| this\b| old\b| "
    r"or\b(?! \d)| so\b| his\b| her\b| he\b| she\b| has\b| was\b| had\b| next\b| last\b| in\b| on\b|"
    r" i\b| we\b| my\b| diagnosed\b| right\b| currently\b| already\b| then\b| because\b| not\b| "
    r"actually\b| sorry\b| years?\b| yrs?\b| yo\b| y\b))"
)
_CHILD = (
    r"(?:son|daughter|child|kid|boy|girl|baby|toddler|grandson|granddaughter|grandchild|nephew|"
    r"niece|teen|teenager|twins|brother|sister|one|patient|kiddo|guy|he|she|him|her|foster child|it is)"
)
_IS = r"(?:is|am|are|be|turned|turns|turning|aged|age|age is|age :|age of|'s)"
_ALMOST = (
    r"(?P<almost>almost |nearly |about to be |about to turn |just about |not quite |just "
    r"under |close to |going on )?"
)
_SOFT = r"(?P<about>about |around |roughly |approximately |maybe |like |probably )?"
_PATTERNS = tuple(
    re.compile(rf"(?<![^ ]){text}(?![^ ])")
    for text in (
        rf"{_ALMOST}{_SOFT}{_N} {_YEARS}(?: ,)?(?: and)? (?P<months>\d{{1,2}}) {_MONTHS}(?: "
        rf"old)?(?! (?:ago|since|after))",
        rf"{_ALMOST}{_SOFT}{_N}{_HALF} (?:and a half )?(?P<unit>year|{_YEAR_OLD}|{_MONTHS} old|mo|"
        rf"mos|months?|weeks? old|wks? old|days? old|day old|week old|month old)(?P<half2> and a "
        rf"half)?(?: old)?",
        rf"(?P<lead>turned|just turned|turning|turns|will be turning|will turn|will be|is turning|"
        rf"is going to be|is about to turn|about to turn|will soon be|is going to turn|gonna be) "
        rf"{_ALMOST}{_N}{_HALF}(?! (?:weeks?|months?|days?|cycles?|th|percent|%|more|rounds?))",
        rf"{_CHILD} ,? ?(?:{_IS} )?(?:now |only |just |currently |already |actually |still "
        rf")?{_ALMOST}{_SOFT}{_N}(?: (?:or|to) (?P<n2>\d{{1,2}}))?{_HALF}{_STOP}",
        rf"(?:is|am|aged|age|age is|age :|ages|'s) (?:now |only |just |currently |already |actually "
        rf"|still |between )?{_ALMOST}{_SOFT}{_N}(?: (?:or|to|and) (?P<n2>\d{{1,2}}))?{_HALF}{_STOP}",
        rf"{_CHILD} \( {_N}{_HALF}(?: ?{_YEARS})?(?: \)| ,)",
    )
)
_BORN = re.compile(
    r"(?<![^ ])(?:born|dob|d o b|birthday|birthdate|birth date|date of birth|birth)(?: is| was| :| "
    r"on| in| the|,| ,){0,3}(?![^ ])"
)
_PAST = re.compile(
    r"(?:\bat|\bwas|\bwere|since|since he was|since age|when|until|from age|at the age of|at age|"
    r"before|been|ago|first|diagnosed|diagnosed at|for|past|last|every|over|after|in|treated|than|"
    r"turned)(?: (?:about|around|only|just|the age of|age))?$"
)
_NOT_AGE_AFTER = re.compile(
    r" ?(?:ago|post|out\b|off\b|into|since|after|from|away|in remission|clear|back|later|free|of "
    r"(?:chemo|treatment|remission|radiation)|of (?:vac|vdc)|left|more|to go|in to|cycles|earlier|"
    r"with (?:chemo|no)|on (?:chemo|treatment)|long|apart|prior|before|straight|without|cancer free|"
    r"now since|weeks)"
)


def find_age(
    message: Message, today: date, dates: list[DateSpan], counts: Callable[[int], bool]
) -> list[tuple[int, Months]]:
    """Find ages as (word number, (least, most) months), in order.

    `counts` says of a word whether the text speaks of the patient there.
    """
    norm = message.norm
    found: list[tuple[int, int, Months]] = []
    for number, pattern in enumerate(_PATTERNS):
        for match in pattern.finditer(norm):
            at, end = message.span_of(match)
            if not counts(at) or any(start < end and at < stop for start, stop, _ in found):
                continue
            before, after = norm[: match.start()].rstrip(), norm[match.end() :]
            if _PAST.search(before[-24:]) or (
                _NOT_AGE_AFTER.match(after) and not match[0].endswith(("old", "yo", "y / o", "y/o"))
            ):
                continue
            months = _value(match, number, today, dates, at, end)
            if months is not None and 0 <= months[0] <= months[1] <= OLDEST:
                found.append((at, end, months))
    out = [(at, months) for at, _end, months in found]
    out += _born(message, today, dates, counts)
    return sorted(out)


def _value(
    match: re.Match[str], number: int, today: date, dates: list[DateSpan], at: int, end: int
) -> Months | None:
    groups = match.groupdict()
    count = float(groups["n"])
    half = bool(groups.get("half") or groups.get("half2"))
    if number == 0:
        total = int(count) * 12 + int(groups["months"])
        return (total, total) if int(groups["months"]) < 12 else None
    unit = groups.get("unit") or "year"
    if number == 1 and unit.startswith(("mo", "mth", "m")):
        return floor(count), floor(count)
    if number == 1 and unit.startswith(("week", "wk", "day")):
        days = count * (7 if unit[0] == "w" else 1)
        return floor(days / 31), floor(days / 30.44)
    if number == 2:
        return _turning(groups["lead"], count, today, dates, end, bool(groups["almost"]))
    return years_as_months(
        count, half, groups.get("n2"), bool(groups.get("almost")), bool(groups.get("about"))
    )


def years_as_months(
    count: float, half: bool = False, to: str | None = None, almost: bool = False, about: bool = False
) -> Months:
    """Give an age in years as months: "7" is all of that year, a half is exact, "almost" the months
    before."""
    if almost:
        return max(int(count * 12) - 3, 0), max(int(count * 12) - 1, 0)
    if half or count % 1:
        exact = int(count * 12) + (6 if half else 0)
        return exact, exact
    low, high = int(count) * 12, (int(to) if to else int(count)) * 12 + 11
    if about:
        low, high = max(low - 12, 0), high + 12
    return (low, high) if low <= high else (low, low + 11)


def _turning(
    lead: str, years: float, today: date, dates: list[DateSpan], end: int, almost: bool
) -> Months | None:
    near = [when for when in dates if end <= when.start <= end + 1]
    target = int(years) * 12
    if lead in ("turned", "just turned"):
        if lead == "just turned":
            return target, target + 1
        if near and near[0].interval:
            newest, oldest = near[0].interval[1], near[0].interval[0]
            return target + max(months_between(newest, today), 0), target + months_between(oldest, today)
        return target, target + 11
    if near and near[0].role == "past" and near[0].interval:  # "turning 5 in March": the next one
        birthday_from, birthday_to = (add_months(day, 12) for day in near[0].interval)
        if near[0].interval[1] == today and near[0].interval[0] < today:
            return target - 1, target - 1
        return max(target - 1 - max(months_between(today, birthday_to), 0), 0), max(
            target - 1 - max(months_between(today, birthday_from), 0), 0
        )
    if near and near[0].role in ("future", "in"):
        return max(target - 3, 0), max(target - 1, 0)
    if lead in ("about to turn", "is about to turn") or almost or "soon" in lead:
        return max(target - 3, 0), max(target - 1, 0)
    return max(target - 12, 0), max(target - 1, 0)


def _born(
    message: Message, today: date, dates: list[DateSpan], counts: Callable[[int], bool]
) -> list[tuple[int, Months]]:
    found = []
    for match in _BORN.finditer(message.norm):
        at, end = message.span_of(match)
        near = [
            when for when in dates if at <= when.start <= end + 1 and when.interval and when.role == "past"
        ]
        if counts(at) and near:
            months = age_of(near[0].interval or (today, today), today)
            if months is not None:
                found.append((at, months))
    return found


def age_of(birth: Interval, today: date) -> Months | None:
    """Give the ages that someone born on these days may have."""
    youngest, oldest = months_between(birth[1], today), months_between(birth[0], today)
    return (youngest, oldest) if 0 <= youngest <= oldest <= OLDEST else None
