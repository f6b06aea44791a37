"""One expression of time in a message, and how two of them join ("june or july")."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.understanding.calendar import Interval, add_days, add_months
from bot.understanding.date_grammar import Grammar

_FARTHEST_APART = 190
_BETWEEN = frozenset(
    ["maybe", "in", "early", "late", "mid", "like", "about", "around", "possibly", "the", "it", "was"]
)


@dataclass(frozen=True, slots=True)
class DateSpan:
    """One expression of time, words `start` to `end` (past the last).

    interval: the days it may mean, cut at today, or None (future or impossible).
    role: "past" (a day or stretch), "future", "window" ("in the last month"), "lapse" ("for 3 weeks"),
        "in" ("in 3 weeks"), "post" ("6 weeks since": counts back to what is named next).
    intro: the word that introduces it, such as "since", "until", "from", or "".
    weekday: it names a day of the week, and neither that it is past nor that it is to come.
    soon_again: it names a day or month without a year that comes again within a few weeks.
    """

    start: int
    end: int
    interval: Interval | None
    role: str = "past"
    intro: str = ""
    problem: str | None = None
    weekday: bool = False
    soon_again: bool = False


def joined(spans: list[DateSpan], words: list[str], today: date, rules: Grammar) -> list[DateSpan]:
    """Join "june or july" and "between june and july" into one stretch; the rest stays as it is."""
    out: list[DateSpan] = []
    for span in spans:
        before = out[-1] if out else None
        if before is None or not _one_of_two(before, span, words):
            out.append(span)
            continue
        both = _hull(before, span, words, today, rules)
        if both is None:
            out.append(span)
            continue
        # Where words stand between ("june was the last one, or july"), they keep their own meaning.
        near = all(word in _BETWEEN or word in ("or", "and") for word in words[before.end : span.start])
        out[-1] = replace(before, interval=both, end=span.end if near else before.end)
    return out


def _one_of_two(first: DateSpan, second: DateSpan, words: list[str]) -> bool:
    if first.interval is None or second.interval is None or {first.role, second.role} != {"past"}:
        return False
    at = second.start
    if words[at] not in ("or", "and", *_BETWEEN):
        at -= 1
    while at > first.end and words[at] in _BETWEEN:
        at -= 1
    between = words[first.end : at]
    if {".", ";", "\n", "?"} & set(between) or len(between) > 8:
        return False
    if words[at] == "and":
        return not between and "between" in words[max(first.start - 1, 0) : first.start + 1]
    return words[at] == "or"


def _hull(
    first: DateSpan, second: DateSpan, words: list[str], today: date, rules: Grammar
) -> Interval | None:
    """Give the stretch over both; a month without a year is of the year of the other."""
    one, two = first.interval, second.interval
    if one is None or two is None:
        return None
    told = [_has_year(words[span.start : span.end]) for span in (first, second)]
    named = [bool(set(words[span.start : span.end]) & set(rules.months)) for span in (first, second)]
    if all(named) and told[0] != told[1]:
        one, two = (one, _nearest(two, one)) if told[0] else (_nearest(one, two), two)
    elif all(named) and not any(told) and abs((one[0] - two[0]).days) > _FARTHEST_APART:
        one, two = sorted((one, two))
        two = (add_months(two[0], -12), add_months(two[1], -12))
    low, high = min(one[0], two[0]), min(max(one[1], two[1]), today)
    return None if low > high or (high - low).days > 2 * _FARTHEST_APART else (low, high)


def _has_year(words: list[str]) -> bool:
    return any(word.isdigit() and len(word) == 4 for word in words) or "year" in words


def _nearest(days: Interval, to: Interval) -> Interval:
    """Move by whole years to lie nearest the other."""
    moved = [
        (add_months(days[0], 12 * years), add_months(add_days(days[1], 1), 12 * years))
        for years in range(-12, 2)
    ]
    first, after = min(moved, key=lambda pair: abs((pair[0] - to[0]).days))
    return first, add_days(after, -1)
