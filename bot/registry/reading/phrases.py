"""Numbers, limits and intervals as criteria write them, and what is left of a text without them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

AT_LEAST = (
    r"(?:≥|>\s*/?\s*=|=\s*>|>\s*or\s*=|(?:a minimum of|at least|no (?:less|younger) than|not (?:less"
    r"|younger) than"
    r"|(?:greater|older|more|higher) than or equal to|equal to or (?:greater|older|more|higher) than"
    r"|of at least)\b)"
)
AT_MOST = (
    r"(?:≤|<\s*/?\s*=|=\s*<|<\s*or\s*=|(?:at most|up to|no (?:more|older|greater) than"
    r"|not (?:more|older|greater) than|(?:less|younger|lower) than or equal to"
    r"|equal to or (?:less|younger|lower) than)\b)"
)
BELOW = r"(?:<(?!\s*/?\s*=)|(?:less than|younger than|under|below|lower than)\b(?! or))"
ABOVE = r"(?:>(?!\s*/?\s*=)|(?:more than|greater than|older than|over|above|higher than)\b(?! or))"

_NUMBERS = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8},
    **{"nine": 9, "ten": 10, "twelve": 12, "fourteen": 14, "twenty-eight": 28, "thirty": 30},
}
_NUMBER = r"(\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")"
_DURATION = rf"{_NUMBER}(?:\s*\(\d{{1,3}}\))?[\s-]*(day|week|month|year|yr)s?\b(?:\(s\))?"
DURATION = re.compile(rf"(?<![\w.])(?:{_DURATION})(?:\s*(?:\(|/)\s*{_DURATION}\s*\)?)?", re.IGNORECASE)
_UNITS = {
    "day": ("days", 1),
    "week": ("days", 7),
    "month": ("months", 1),
    "yr": ("years", 1),
    "year": ("years", 1),
}


def duration(found: re.Match[str]) -> tuple[str, int] | None:
    """An interval as ("days" | "months" | "years", number), weeks in days.

    None where a second one stands beside it that is not the same ("4 weeks (28 days)").
    """
    first = _interval(found[1], found[2])
    if found[3] is None:
        return first
    second = _interval(found[3], found[4])
    alike = first == second or {first, second} in (
        {("months", 1), ("days", 30)},
        {("years", 1), ("months", 12)},
    )
    return first if alike else None


def _interval(number: str, unit: str) -> tuple[str, int]:
    name, factor = _UNITS[unit.lower()]
    count = int(number) if number.isdigit() else _NUMBERS[number.lower()]
    return name, count * factor


def left_over(text: str, harmless: Collection[str]) -> list[str]:
    """The words of a text, numbers and signs of comparison too, that are not among the harmless ones."""
    words = re.findall(r"[^\W\d_][\w'’./-]*[^\W_]|[^\W\d_]|\d+(?:\.\d+)?%?|[<>≥≤=+]", text.lower())
    return [
        word
        for word in words
        if word not in harmless and not all(part in harmless for part in re.split(r"[/-]", word) if part)
    ]


def without(text: str, patterns: Iterable[re.Pattern[str]]) -> str:
    """The text with a bar in place of whatever the patterns find."""
    for pattern in patterns:
        text = pattern.sub(" | ", text)
    return text
