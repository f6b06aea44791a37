"""One expression of time in a message, and how two of them join ("june or july")."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.understanding.time.calendar import Interval, add_days, add_months
from bot.understanding.time.date_grammar import Grammar

_FARTHEST_APART = 190


@dataclass(frozen=True, slots=True)
class DateSpan:
    """One expression of time, words `start` to `end` (past the last).

    interval: the days it may mean, cut at today, or None (future or impossible).
    role: "past" (a day or stretch), "future", "window" ("in the last month"), "lapse" ("for 3 weeks"),
        "in" ("in 3 weeks"), "post" ("6 weeks since": counts back to what is named next).
    intro: the word that introduces it, such as "since", "until", "from", or "".
    weekday: it names a day of the week, and neither that it is past nor that it is to come.
    soon_again: it names a day or month without a year that comes again within a few weeks.
    shares_year: its year is told at the month that follows ("feb and april 2025").
    """

    start: int
    end: int
    interval: Interval | None
    role: str = "past"
    intro: str = ""
    problem: str | None = None
    weekday: bool = False
    soon_again: bool = False
    shares_year: bool = False


def counted_on(spans: list[DateSpan], today: date) -> list[DateSpan]:
    """Read "from 18 december for 10 days" and "for 10 days from 18 december" as the day on which they end.

    A last day that is still to come leaves no days.
    """
    out: list[DateSpan] = []
    for span in spans:
        before = out[-1] if out and out[-1].end == span.start else None
        pair = {one.role: one for one in (before, span) if one}
        begun, lapse = pair.get("past"), pair.get("lapse")
        if not (begun and begun.interval and lapse and lapse.interval) or (
            begun.intro not in ("from", "since") and (begun is span or begun.interval[0] != begun.interval[1])
        ):
            out.append(span)
            continue
        shortest, longest = ((today - lapse.interval[at]).days for at in (1, 0))
        ends = add_days(begun.interval[0], max(shortest - 1, 0)), add_days(begun.interval[1], longest)
        start = min(begun.start, lapse.start)
        if ends[0] > today:
            out[-1] = DateSpan(start, span.end, None, "future")
        else:
            out[-1] = DateSpan(start, span.end, (ends[0], min(ends[1], today)))
    return out


def joined(spans: list[DateSpan], words: list[str], today: date, rules: Grammar) -> list[DateSpan]:
    """Join "june or july" and "between june and july" into one stretch; the rest stays as it is."""
    joining = rules.words["between_two"] | rules.words["or"] | rules.words["and"]
    spans = _with_shared_year(spans, words, rules)
    out: list[DateSpan] = []
    for span in spans:
        before = out[-1] if out else None
        if before is None or not _one_of_two(before, span, words, rules):
            out.append(span)
            continue
        both = _hull(before, span, words, today, rules)
        if both is None:
            out.append(span)
            continue
        # Where words stand between ("june was the last one, or july"), they keep their own meaning.
        near = joining.issuperset(words[before.end : span.start])
        out[-1] = replace(before, interval=both, end=span.end if near else before.end)
    return out


def _with_shared_year(spans: list[DateSpan], words: list[str], rules: Grammar) -> list[DateSpan]:
    """Read "feb and april 2025", "march, may and june of 2025" as all of that year."""
    joining, months = rules.words["and"] | rules.words["or"] | {",", "&", "/"}, rules.months.keys()
    out = list(spans)
    for at in range(len(spans) - 1, 0, -1):
        span, before = out[at], out[at - 1]
        named = [words[one.start : one.end] for one in (before, span)]
        if span.interval is None or before.interval is None or {span.role, before.role} != {"past"}:
            continue
        if any(months.isdisjoint(one) for one in named):
            continue
        between = [word for word in words[before.end : span.start + 1] if word not in months]
        if not between or not joining.issuperset(between):
            continue
        shared = span.interval[0].year
        if not (year_in_digits(named[1]) or span.shares_year) or _has_year(named[0], rules):
            continue
        years = before.interval[0].year - shared + (before.interval[0].month > span.interval[0].month)
        if years > 0:
            moved = _moved(before.interval, -12 * years)
            out[at - 1] = replace(before, interval=moved, soon_again=False, shares_year=True)
    return out


def _moved(days: Interval, months: int) -> Interval:
    """Move by calendar months, so that a month stays whole."""
    return add_months(days[0], months), add_days(add_months(add_days(days[1], 1), months), -1)


def _one_of_two(first: DateSpan, second: DateSpan, words: list[str], rules: Grammar) -> bool:
    if first.interval is None or second.interval is None or {first.role, second.role} != {"past"}:
        return False
    passed, either, both = (rules.words[name] for name in ("between_two", "or", "and"))
    at = second.start
    if not any(words[at] in joining for joining in (passed, either, both)):
        at -= 1
    while at > first.end and words[at] in passed:
        at -= 1
    between = words[first.end : at]
    if {".", ";", "\n", "?"} & set(between) or len(between) > 8:
        return False
    if words[at] in both:
        before = words[max(first.start - 1, 0) : first.start + 1]
        return not between and not rules.words["between"].isdisjoint(before)
    return words[at] in either


def _hull(
    first: DateSpan, second: DateSpan, words: list[str], today: date, rules: Grammar
) -> Interval | None:
    """Give the stretch over both; a month without a year is of the year of the other."""
    one, two = first.interval, second.interval
    if one is None or two is None:
        return None
    told = [_has_year(words[span.start : span.end], rules) for span in (first, second)]
    named = [bool(set(words[span.start : span.end]) & set(rules.months)) for span in (first, second)]
    if all(named) and told[0] != told[1]:
        one, two = (one, _nearest(two, one)) if told[0] else (_nearest(one, two), two)
    elif all(named) and not any(told) and abs((one[0] - two[0]).days) > _FARTHEST_APART:
        one, two = sorted((one, two))
        two = (add_months(two[0], -12), add_months(two[1], -12))
    low, high = min(one[0], two[0]), min(max(one[1], two[1]), today)
    return None if low > high or (high - low).days > 2 * _FARTHEST_APART else (low, high)


def _has_year(words: list[str], rules: Grammar) -> bool:
    return year_in_digits(words) or not rules.words["year"].isdisjoint(words)


def year_in_digits(words: list[str]) -> bool:
    """Whether a year stands among these words in its four digits."""
    return any(len(word) == 4 and word.isdigit() for word in words)


def _nearest(days: Interval, to: Interval) -> Interval:
    """Move by whole years to lie nearest the other."""
    moved = [
        (add_months(days[0], 12 * years), add_months(add_days(days[1], 1), 12 * years))
        for years in range(-12, 2)
    ]
    first, after = min(moved, key=lambda pair: abs((pair[0] - to[0]).days))
    return first, add_days(after, -1)
