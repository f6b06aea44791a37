"""Finds when: every expression of time in a message, as an interval of days that is honest about vagueness.

The rules are those of the Dates section of the facts vocabulary. Nothing here knows what happened then; a
span says
where it stands, what it means, and how it is introduced ("since", "until", "in the last").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.understanding.text import Message
from bot.understanding.time.calendar import Interval, add_days, add_months, week_of
from bot.understanding.time.date_grammar import Grammar, grammar
from bot.understanding.time.date_spans import DateSpan as DateSpan
from bot.understanding.time.date_spans import counted_on, joined, year_in_digits
from bot.understanding.time.date_values import Reader

_WIDEST_ABOUT = 31
_BEFORE_DAYS = 90
_CLOSE_DAYS = 14
_SOON_DAYS = 100
_WEEK = 7
_NEAR_FEAST_DAYS = 30
_YEARLY = ("month", "day_month", "days_of_month", "month_day", "nth_of_month")


def find_dates(message: Message, today: date, age_months: tuple[int, int] | None = None) -> list[DateSpan]:
    """Find all expressions of time, in the order of the text.

    `age_months` is the patient's age, least and most, where known: for "when he was 5" and days before birth.
    """
    rules = grammar(message.language.code)
    told_past = rules.words["told_past"]
    reader = Reader(today, rules, age_months)
    taken = [False] * len(message.words)
    spans: list[DateSpan] = []
    norm = message.norm
    there = frozenset(message.words)
    for (name, pattern), needs in zip(rules.times, rules.needs, strict=True):
        if needs is not None and needs.isdisjoint(there):
            continue
        for found in pattern.finditer(norm):
            start, end = message.span_of(found)
            if any(taken[start:end]):
                continue
            span = _read(getattr(reader, name), found, start, end, today)
            if span is None:
                continue
            taken[start:end] = [True] * (end - start)
            if name == "weekday" and told_past.isdisjoint(message.words[start:end]):
                span = replace(span, weekday=span.interval is not None)
            if name in _YEARLY:
                span = replace(span, soon_again=_soon_again(span, message.words, today, rules))
            if name == "ago_before" and message.words[start] not in rules.words["since"]:
                spans.append(span)  # its own first word does not introduce it
                continue
            spans.append(_introduced(span, message.words, today, rules, reader, taken))
    spans = counted_on(sorted(spans, key=lambda span: span.start), today)
    spans = joined(spans, message.words, today, rules)
    return [_born_by_then(span, today, age_months) for span in spans]


def _soon_again(span: DateSpan, words: list[str], today: date, rules: Grammar) -> bool:
    if span.interval is None or _year_is_told(words[span.start : span.end], rules):
        return False
    return add_months(span.interval[0], 12) <= add_days(today, _SOON_DAYS)


def _year_is_told(named: list[str], rules: Grammar) -> bool:
    return year_in_digits(named) or not rules.words["last"].isdisjoint(named)


def _read(
    read: Callable[[re.Match[str]], tuple[str, Interval | None] | None],
    found: re.Match[str],
    start: int,
    end: int,
    today: date,
) -> DateSpan | None:
    value = read(found)
    if value is None:
        return None
    role, interval = value
    if role in ("future_date", "no_such_date"):
        return DateSpan(start, end, None, "future" if role == "future_date" else "past", problem=role)
    if interval is None:
        return DateSpan(start, end, None, role)
    earliest, latest = interval
    if earliest > today:
        return DateSpan(start, end, None, "future", problem="future_date")
    return DateSpan(start, end, (earliest, min(latest, today)), role)


def _introduced(
    span: DateSpan, words: list[str], today: date, rules: Grammar, reader: Reader, taken: list[bool]
) -> DateSpan:
    """Take in the words before: "since", "until", "before", "about"."""
    introductions, widening = rules.meanings["introduction"], rules.words["widening"]
    passed = widening | rules.words["skipped"]
    own = words[span.start] in introductions and span.role == "past"
    at = span.start if own else span.start - 1
    loose = False
    while at >= 0 and span.start - at <= 3 and words[at] in passed:
        loose = loose or words[at] in widening
        at -= 1
    intro = introductions.get(words[at], "") if at >= 0 and span.start - at <= 4 else ""
    if intro and at > 0:  # "prior to" is before
        intro = introductions.get(f"{words[at - 1]} {words[at]}", intro)
    start = at if intro or at < 0 else min(at + 1, span.start)
    start = max(start, 0)
    interval = span.interval
    if interval is None or span.role != "past":
        return replace(span, start=start, intro=intro)
    week = _week_of(span, interval, words, today, rules)
    if week:
        return week
    counted = rules.patterns["beside"].search(" ".join(words[max(at - 8, 0) : at + 1])) if intro else None
    if counted:
        first = at - counted[0].count(" ")
        if not any(taken[first : min(at + 1, span.start)]):
            return _beside(span, first, counted, words, today, reader)
    near = start > 0 and words[start - 1] in rules.words["close_by"] and words[start] in introductions
    named = " ".join(words[span.start : span.end])
    if intro == "before" and named in rules.feasts and _soon_a_year_later(interval, today):
        before = add_days(today, -(_CLOSE_DAYS if near else _BEFORE_DAYS))
        return replace(span, start=start, intro=intro, interval=(before, today))
    loose = loose and not rules.counts_back(words[span.start : span.end])
    return replace(span, start=start, intro=intro, interval=_widened(interval, intro, near, loose, today))


def _week_of(
    span: DateSpan, interval: Interval, words: list[str], today: date, rules: Grammar
) -> DateSpan | None:
    """Read "the week of october 5th" as that whole week; None where no week is told of."""
    if (interval[1] - interval[0]).days >= _WEEK:
        return None
    for end in (span.start + 1, span.start):  # "of" may be a part of the time
        week = rules.patterns["week_of"].search(" ".join(words[max(end - 6, 0) : end]))
        if week:
            first, last = week_of(interval[0])
            return replace(span, start=end - 1 - week[0].count(" "), interval=(first, min(last, today)))
    return None


def _soon_a_year_later(interval: Interval, today: date) -> bool:
    return add_months(interval[0], 12) <= add_days(today, _NEAR_FEAST_DAYS)


def _widened(interval: Interval, intro: str, near: bool, loose: bool, today: date) -> Interval:
    """Give the days that "before", "by", "after" and "around" make of a time."""
    if intro == "before":
        return add_days(interval[0], -(_CLOSE_DAYS if near else _BEFORE_DAYS)), add_days(interval[0], -1)
    if intro == "by":
        return add_days(interval[0], -_BEFORE_DAYS), interval[1]
    if intro == "after" and interval[1] < today:
        latest = min(add_days(interval[1], _CLOSE_DAYS), today) if near else today
        return add_days(interval[1], 1), latest
    if loose:
        slack = min(max(round((today - interval[1]).days / 3), 1), _WIDEST_ABOUT)
        return add_days(interval[0], -slack), min(add_days(interval[1], slack), today)
    return interval


def _beside(
    span: DateSpan, first: int, counted: re.Match[str], words: list[str], today: date, reader: Reader
) -> DateSpan:
    """Read "2 weeks before june 10": where no year is told, the most recent such day."""
    rules = reader.rules
    interval = reader.shifted(span.interval or (today, today), counted)
    named = words[span.start : span.end]
    before = rules.meaning("side", counted["side"]) == "before"
    if before and span.interval and not rules.months.keys().isdisjoint(named):
        coming = reader.shifted((add_months(span.interval[0], 12), add_months(span.interval[1], 12)), counted)
        if coming[0] <= today and not _year_is_told(named, rules):
            interval = coming
    if interval[0] > today:
        return replace(span, start=first, intro="", interval=None, role="future")
    return replace(span, start=first, intro="", interval=(interval[0], min(interval[1], today)))


def _born_by_then(span: DateSpan, today: date, age_months: tuple[int, int] | None) -> DateSpan:
    if span.interval is None or age_months is None or span.role == "window":
        return span
    first_birthday_possible = add_days(add_months(today, -(age_months[1] + 1)), 1)
    if span.interval[1] < first_birthday_possible:
        return replace(span, interval=None, problem="before_birth")
    return replace(span, interval=(max(span.interval[0], first_birthday_possible), span.interval[1]))
