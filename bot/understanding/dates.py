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

from bot.understanding.calendar import Interval, add_days, add_months
from bot.understanding.date_grammar import Grammar, grammar
from bot.understanding.date_spans import DateSpan as DateSpan
from bot.understanding.date_spans import joined
from bot.understanding.date_values import Reader
from bot.understanding.text import Message

_WIDEST_ABOUT = 31
_BEFORE_DAYS = 90
_SOON_DAYS = 100
_NEAR_FEAST_DAYS = 30
_INTRO = {
    "since": "since",
    "until": "until",
    "till": "until",
    "til": "until",
    "thru": "until",
    "through": "until",
    "to": "until",
    "from": "from",
    "before": "before",
    "after": "after",
    "by": "by",
}
_LOOSE = frozenset(
    ["about", "around", "roughly", "approximately", "approx", "maybe", "circa", "like", "probably"]
)
_TOLD_PAST = frozenset(["last", "past", "since", "until", "before", "after", "by"])
_SKIPPED = frozenset(
    [
        "the",
        "in",
        "on",
        "at",
        "of",
        "over",
        "during",
        "early",
        "mid",
        "late",
        "end",
        "beginning",
        "start",
        "back",
    ]
)


def find_dates(message: Message, today: date, age_months: tuple[int, int] | None = None) -> list[DateSpan]:
    """Find all expressions of time, in the order of the text.

    `age_months` is the patient's age, least and most, where known: for "when he was 5" and days before birth.
    """
    rules = grammar()
    reader = Reader(today, rules, age_months)
    taken = [False] * len(message.words)
    spans: list[DateSpan] = []
    norm = message.norm
    for name, pattern in rules.patterns:
        for found in pattern.finditer(norm):
            start, end = message.span_of(found)
            if any(taken[start:end]):
                continue
            span = _read(getattr(reader, name), found, start, end, today)
            if span is None:
                continue
            taken[start:end] = [True] * (end - start)
            if name == "weekday" and not _TOLD_PAST & set(message.words[start:end]):
                span = replace(span, weekday=span.interval is not None)
            if name in ("month", "day_month", "month_day", "nth_of_month"):
                span = replace(span, soon_again=_soon_again(span, message.words, today))
            spans.append(_introduced(span, message.words, today, rules, reader, taken))
    spans = joined(sorted(spans, key=lambda span: span.start), message.words, today, rules)
    return [_born_by_then(span, today, age_months) for span in spans]


def _soon_again(span: DateSpan, words: list[str], today: date) -> bool:
    named = words[span.start : span.end]
    if span.interval is None or any(word.isdigit() and len(word) == 4 for word in named) or "last" in named:
        return False
    return add_months(span.interval[0], 12) <= add_days(today, _SOON_DAYS)


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
    own = _INTRO.get(words[span.start], "") if span.role == "past" else ""
    at = span.start if own else span.start - 1
    loose = False
    while at >= 0 and span.start - at <= 3 and (words[at] in _LOOSE or words[at] in _SKIPPED):
        loose = loose or words[at] in _LOOSE
        at -= 1
    intro = _INTRO.get(words[at], "") if at >= 0 and span.start - at <= 4 else ""
    if intro == "until" and words[at] == "to" and at > 0 and words[at - 1] in ("prior", "up"):
        intro = "before" if words[at - 1] == "prior" else "until"
    start = at if intro or at < 0 else min(at + 1, span.start)
    start = max(start, 0)
    interval = span.interval
    if interval is None or span.role != "past":
        return replace(span, start=start, intro=intro)
    counted = rules.beside.search(" ".join(words[max(at - 8, 0) : at + 1])) if intro else None
    if counted:
        first = at - counted[0].count(" ")
        if not any(taken[first : min(at + 1, span.start)]):
            return _beside(span, first, counted, words, today, reader)
    feast = " ".join(named) if (named := words[span.start : span.end]) and intro == "before" else ""
    if feast in rules.feasts and add_months(interval[0], 12) <= add_days(today, _NEAR_FEAST_DAYS):
        return replace(span, start=start, intro=intro, interval=(add_days(today, -_BEFORE_DAYS), today))
    if intro == "before":
        interval = (add_days(interval[0], -_BEFORE_DAYS), add_days(interval[0], -1))
    elif intro == "by":
        interval = (add_days(interval[0], -_BEFORE_DAYS), interval[1])
    elif intro == "after" and interval[1] < today:
        interval = (add_days(interval[1], 1), today)
    elif loose and not rules.counts_back(words[span.start : span.end]):
        slack = min(max(round((today - interval[1]).days / 3), 1), _WIDEST_ABOUT)
        interval = (add_days(interval[0], -slack), min(add_days(interval[1], slack), today))
    return replace(span, start=start, intro=intro, interval=interval)


def _beside(
    span: DateSpan, first: int, counted: re.Match[str], words: list[str], today: date, reader: Reader
) -> DateSpan:
    """Read "2 weeks before june 10": where no year is told, the most recent such day."""
    interval = reader.shifted(span.interval or (today, today), counted)
    named = words[span.start : span.end]
    if counted["side"] != "after" and span.interval and set(named) & set(reader.rules.months):
        coming = reader.shifted((add_months(span.interval[0], 12), add_months(span.interval[1], 12)), counted)
        if (
            coming[0] <= today
            and "last" not in named
            and not any(len(word) == 4 for word in named if word.isdigit())
        ):
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
