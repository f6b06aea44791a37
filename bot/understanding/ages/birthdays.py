"""Ages told by a birthday: "turned 5 yesterday", "will be 10 next week", "born in March 2019"."""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from datetime import date

from bot.understanding.ages.age_numbers import OLDEST, Months, phrases
from bot.understanding.statements.scene import Scene
from bot.understanding.time.calendar import (
    Interval,
    add_days,
    add_months,
    months_between,
    week_of,
    whole_month,
)
from bot.understanding.time.date_grammar import Grammar, grammar
from bot.understanding.time.dates import DateSpan

_FRESH_DAYS = 31
_BIRTHDAY_REACH = 5
_OF_THEN = ("since", "before", "until")
_BEFORE_THE_VERB = 3
_PLACE_REACH = 6
_YEAR_DIGITS = 4
_MONTHS_OF_A_YEAR = 12


def age_from_birthday(months: int, birthday: Interval, today: date) -> Months | None:
    """Give the age today of someone who is that many months old on a birthday, past or to come."""
    youngest = months_between(add_months(birthday[1], -months), today)
    oldest = months_between(add_months(birthday[0], -months), today)
    return (max(youngest, 0), oldest) if 0 <= oldest <= OLDEST else None


def age_of(birth: Interval, today: date) -> Months | None:
    """Give the ages that someone born on these days may have."""
    youngest, oldest = months_between(birth[1], today), months_between(birth[0], today)
    return (youngest, oldest) if 0 <= youngest <= oldest <= OLDEST else None


def day_at(scene: Scene, at: int) -> DateSpan | None:
    """Give the time whose words start at or right after this word."""
    place = bisect_left(scene.dates, at, key=_start)
    return scene.dates[place] if place < len(scene.dates) and scene.dates[place].start <= at + 1 else None


def _start(when: DateSpan) -> int:
    return when.start


def past_day(scene: Scene, start: int, end: int) -> Interval | None:
    """Give the days on which something that words `start` to `end` tell has happened."""
    after = day_at(scene, end) or _at_a_place(scene, end)
    if after is not None:
        return after.interval if after.role == "past" else None
    first = scene.clause_of(start).start
    before = day_at(scene, first)
    if before is None or before.start != first or not start - _BEFORE_THE_VERB <= before.end <= start:
        return None
    return before.interval if before.role == "past" else None


def _at_a_place(scene: Scene, end: int) -> DateSpan | None:
    """Give the time that only a place parts from the birthday ("turned 6 on the ward last friday")."""
    if end >= len(scene.words) or scene.words[end] not in scene.language.words("ages", "at_a_place"):
        return None
    clause = scene.clause_of(end)
    return next(
        (
            when
            for at in range(end + 2, end + _PLACE_REACH)
            if (when := day_at(scene, at)) and when.end <= clause.end
        ),
        None,
    )


def coming_day(scene: Scene, end: int, today: date) -> tuple[Interval | None, int]:
    """Give the days of a birthday to come that is told after a word, and where its words end."""
    words, language = scene.words, scene.language
    at = end
    leads = language.words("ages", "before_a_coming_day")
    if at < len(words) and words[at] in leads:
        at += 1
    meaning, stop = phrases(language, "ahead").starting(words, at)
    if not meaning and at > end:
        meaning, stop = phrases(language, "ahead").starting(words, end)
    if meaning:
        return _ahead(meaning, today), stop
    counted = language.pattern("ages", "in_units").match(" ".join(words[at : at + 5]))
    units = grammar(language.code).units
    if at > end and counted and counted["unit"] in units:
        return _counted(counted["n"], units[counted["unit"]], today), at + counted[0].count(" ") + 1
    named = day_at(scene, end)
    if named is None:
        return None, end
    return next_occurrence(named, scene, today), named.end


def next_occurrence(named: DateSpan, scene: Scene, today: date) -> Interval | None:
    """Give the days to come of a day that is named without its year."""
    rules = grammar(scene.language.code)
    said = scene.words[named.start : named.end]
    weekday = next((rules.weekdays[word] for word in said if word in rules.weekdays), None)
    if weekday is not None:
        day = add_days(today, (weekday - today.weekday()) % 7 or 7)
        return (day, day) if named.weekday or named.role == "future" else None
    if named.role == "future" and named.interval is None:
        return _month_to_come(said, rules, today)
    if named.interval is None or named.role != "past" or named.intro in _OF_THEN:
        return None
    if any(word.isdigit() and len(word) == 4 for word in said):
        return None
    first, last = named.interval
    if last == today and first < today:  # the rest of the month that we are in
        return add_days(today, 1), whole_month(today.year, today.month)[1]
    if last >= today:
        told_today = not scene.language.words("ages", "today").isdisjoint(said)
        return (last, last) if told_today else None
    if not _names_a_day(said, rules):  # "yesterday"
        return None
    if first == last and _without_month(said, rules):  # "on the 30th"
        day = add_months(last, 1)
        return day, day
    end = add_months(last, 12)
    if last.day == monthrange(last.year, last.month)[1]:
        end = whole_month(end.year, end.month)[1]
    return add_months(first, 12), end


def _month_to_come(said: list[str], rules: Grammar, today: date) -> Interval | None:
    """Give the month of "next march" and "in may 2027"."""
    month = next((rules.months[word] for word in said if word in rules.months), None)
    if month is None or any(word[0].isdigit() and len(word) != _YEAR_DIGITS for word in said):
        return None
    told = next((int(word) for word in said if word.isdigit()), None)
    year = told or today.year + (month <= today.month)
    days = whole_month(year, month) if year - today.year in (0, 1, 2) else None
    return days if days and days[0] > today else None


def _names_a_day(said: list[str], rules: Grammar) -> bool:
    """Whether a day of the calendar is named, and not how it lies to today ("yesterday", "2 weeks ago")."""
    if not {word for name in rules.feasts for word in name.split()}.isdisjoint(said):
        return True
    if not rules.units.keys().isdisjoint(said):
        return False
    return any(
        word[0].isdigit() or word in rules.months or word in rules.seasons or word in rules.ordinals
        for word in said
    )


def _without_month(said: list[str], rules: Grammar) -> bool:
    """Whether only the day of a month is named."""
    named = any(word in rules.ordinals or word[0].isdigit() for word in said)
    return named and rules.months.keys().isdisjoint(said) and not any("/" in word for word in said)


def _counted(count: str, unit: str, today: date) -> Interval | None:
    number = int(count) if count.isdigit() else 1
    if unit == "month":
        day = add_months(today, number)
        return add_days(day, -7), add_days(day, 7)
    if unit not in ("day", "week", "fortnight"):
        return None
    days = number * {"day": 1, "week": 7, "fortnight": 14}[unit]
    slack = 0 if unit == "day" else 1 if days <= 14 else 2
    return add_days(today, max(days - slack, 1)), add_days(today, days + slack)


def _ahead(meaning: str, today: date) -> Interval | None:
    monday = week_of(today)[0]
    month = add_months(today.replace(day=1), 1)
    later = add_months(today, 2)
    days: dict[str, Interval] = {
        "tomorrow": (add_days(today, 1), add_days(today, 1)),
        "after_tomorrow": (add_days(today, 2), add_days(today, 2)),
        "this_week": (add_days(today, 1), add_days(today, 7)),
        "next_week": (add_days(monday, 7), add_days(monday, 13)),
        "next_weekend": (add_days(monday, 5), add_days(monday, 13)),
        "this_month": (add_days(today, 1), whole_month(today.year, today.month)[1]),
        "next_month": whole_month(month.year, month.month),
        "this_year": (add_days(today, 1), date(today.year, 12, 31)),
        "next_year": (date(today.year + 1, 1, 1), date(today.year + 1, 12, 31)),
        "days": (add_days(today, 2), add_days(today, 7)),
        "weeks": (add_days(today, 13), add_days(today, 37)),
        "months": (later, add_months(today, 5)),
        "soon": (add_days(today, 1), add_months(today, 3)),
        "next_birthday": (add_days(today, 1), add_months(today, 12)),
    }
    first, last = days[meaning]
    return max(first, add_days(today, 1)), max(last, add_days(today, 1))


def birthday_told(scene: Scene, today: date) -> tuple[Interval | None, Interval | None]:
    """Give the patient's last birthday where it was lately, and the next where it is told."""
    words, language = scene.words, scene.language
    names, tells = language.words("ages", "birthday"), language.words("ages", "is")
    at = next((at for at, word in enumerate(words) if word in names), None)
    if at is None:
        return None, None
    after = at + 1 + (at + 1 < len(words) and words[at + 1] in tells)
    past = _lately(scene, at, after, today)
    if past or words[after - 1] in language.words("ages", "was") or _had(scene, at):
        return past, None
    coming = coming_day(scene, after, today)[0]
    return None, coming or (coming_day(scene, at + 1, today)[0] if after > at + 1 else None)


def _had(scene: Scene, at: int) -> bool:
    """Whether the birthday is one that was ("he had his birthday on tuesday")."""
    return not scene.language.words("ages", "had_birthday").isdisjoint(scene.words[max(at - 3, 0) : at])


def _lately(scene: Scene, at: int, after: int, today: date) -> Interval | None:
    """Give the days of these weeks that are told beside the word "birthday" at `at`."""
    named = next(
        (when for when in scene.dates if at - 3 <= when.end <= at or at < when.start <= at + _BIRTHDAY_REACH),
        None,
    )
    if named is None or named.role != "past" or named.interval is None:
        return None
    to_come = scene.language.words("ages", "is_now")
    if (
        named.weekday and scene.words[after - 1] in to_come and not _had(scene, at)
    ):  # "her birthday is tuesday"
        return None
    beside = after <= named.start <= after + 1 and named.intro not in _OF_THEN
    reach = add_months(today, -_MONTHS_OF_A_YEAR) if beside else add_days(today, -_FRESH_DAYS - 1)
    to_come |= scene.language.words("ages", "next")
    if named.interval[0] < add_days(today, -_FRESH_DAYS - 1) and not to_come.isdisjoint(
        scene.words[max(at - 1, 0) : named.start]
    ):
        return None
    return named.interval if named.interval[0] >= reach else None
