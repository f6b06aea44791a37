"""Finds when: every expression of time in a message, as an interval of days that is honest about vagueness.

The rules are those of the Dates section of the facts vocabulary. Nothing here knows what happened then; a
span says
where it stands, what it means, and how it is introduced ("since", "until", "in the last").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bot.understanding.calendar import Interval, add_days, add_months
from bot.understanding.date_grammar import Grammar, grammar
from bot.understanding.date_values import Reader
from bot.understanding.text import Message


@dataclass(frozen=True, slots=True)
class DateSpan:
    """One expression of time, words `start` to `end` (past the last).

    interval: the days it may mean, cut at today, or None (future or impossible).
    role: "past" (a day or stretch), "future", "window" ("in the last month"), "lapse" ("for 3 weeks"),
        "in" ("in 3 weeks"), "post" ("6 weeks since": counts back to what is named next).
    intro: the word that introduces it, such as "since", "until", "from", or "".
    """

    start: int
    end: int
    interval: Interval | None
    role: str = "past"
    intro: str = ""
    problem: str | None = None


_WIDEST_ABOUT = 31
_BEFORE_DAYS = 90
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
            spans.append(_introduced(span, message.words, today, rules))
    spans.sort(key=lambda span: span.start)
    return [_born_by_then(span, today, age_months) for span in spans]


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


def _introduced(span: DateSpan, words: list[str], today: date, rules: Grammar) -> DateSpan:
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


def _born_by_then(span: DateSpan, today: date, age_months: tuple[int, int] | None) -> DateSpan:
    if span.interval is None or age_months is None or span.role == "window":
        return span
    first_birthday_possible = add_days(add_months(today, -(age_months[1] + 1)), 1)
    if span.interval[1] < first_birthday_possible:
        return replace(span, interval=None, problem="before_birth")
    return replace(span, interval=(max(span.interval[0], first_birthday_possible), span.interval[1]))
