"""Age limits: "2 to 21 years of age", "18 years or older"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.registry.reading.model import CriterionText, Reading
from bot.registry.reading.phrases import ABOVE, AT_LEAST, AT_MOST, BELOW, left_over, without
from bot.registry.reading.vocabulary import vocabulary

_UNIT = r"(?:\s*-?\s*(years?|yrs?|y/?o|y|months?|mos?)(?:\s*-?\s*(?:old|of age))?(?![\w]))"
_N = r"(?<![\d.])(\d{1,3})(?![\d.]*\d)"
_TO = r"\s*(?:-|to|and|through|until|,)\s*"
_RANGE = re.compile(
    rf"(?:{AT_LEAST}|between|from)?\s*{_N}{_UNIT}?{_TO}(?:{AT_MOST}\s*|(?P<below>{BELOW})\s*)?{_N}{_UNIT}?",
    re.IGNORECASE,
)
_LOWER = re.compile(
    rf"(?:{AT_LEAST}|minimum age(?: of| is|:)?)\s*(?:the age of\s*|age\s*)?{_N}{_UNIT}?"
    rf"|{_N}{_UNIT}?\s*(?:\+|(?:and|or|&)\s*(?:older|above|over|greater|up)\b)",
    re.IGNORECASE,
)
_UPPER = re.compile(
    rf"(?:(?:{AT_MOST}|maximum age(?: of| is|:)?)|(?P<below>{BELOW}))\s*(?:the age of\s*|age\s*)?{_N}{_UNIT}?"
    rf"|{_N}{_UNIT}?\s*(?:and|or)\s*(?:younger|under|below|less)\b",
    re.IGNORECASE,
)
_SPEAKS_OF_AGE = re.compile(r"\b(?:age|ages|aged|old|older|younger|adults?)\b", re.IGNORECASE)


def read(criterion: CriterionText) -> Iterator[Reading]:
    """The ages that a criterion lets in, where it speaks of nothing else."""
    text = criterion.plain.rstrip(".; ")
    if not _SPEAKS_OF_AGE.search(text) or criterion.for_some_only or criterion.has_exceptions:
        return
    if re.search(ABOVE, re.sub(r"\b(?:and|or|&)\s*(?:above|over)\b", "", text)):
        # "> 18 years": whether a child of 18 and a half is in is not said.
        return
    ranges, rest = _taken(_RANGE, text)
    lowers, rest = _taken(_LOWER, rest)
    uppers, rest = _taken(_UPPER, rest)
    rest = without(rest, [vocabulary().anchor])
    if left_over(rest, vocabulary().age_fillers | vocabulary().fillers) or re.search(r"\bnot?\b", rest):
        return
    limits = _limits(ranges, lowers, uppers)
    if limits is None:
        return
    least, most = limits
    if criterion.excludes:
        if ranges or (least is None) == (most is None):
            return
        # "Younger than 18" excluded is "18 or older" included.
        least, most = (most + 1 if most is not None else None), (least - 1 if least is not None else None)
    if least is not None and most is not None and least >= most:
        return
    yield Reading("age", {"at_least_months": least, "at_most_months": most}, criterion.words)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[list[re.Match[str]], str]:
    return list(pattern.finditer(text)), pattern.sub(" ", text)


def _limits(
    ranges: list[re.Match[str]], lowers: list[re.Match[str]], uppers: list[re.Match[str]]
) -> tuple[int | None, int | None] | None:
    if len(ranges) == 1 and not lowers and not uppers:
        found = ranges[0]
        first, unit, second, last_unit = (found[number] for number in (1, 2, 4, 5))
        last_unit = last_unit or unit or "years"
        return _months(first, unit or last_unit), _most(second, last_unit, found["below"] is not None)
    if ranges or len(lowers) > 1 or len(uppers) > 1 or not (lowers or uppers):
        return None
    least = _months(*_number(lowers[0], (1, 2), (3, 4))) if lowers else None
    if not uppers:
        return least, None
    return least, _most(*_number(uppers[0], (2, 3), (4, 5)), uppers[0]["below"] is not None)


def _number(found: re.Match[str], *places: tuple[int, int]) -> tuple[str, str]:
    number, unit = next(place for place in places if found[place[0]] is not None)
    return found[number], found[unit] or "years"


def _months(number: str, unit: str) -> int:
    return int(number) if unit.lower().startswith("mo") else int(number) * 12


def _most(number: str, unit: str, below: bool) -> int:
    """The last completed month that is let in: "up to 21 years" holds until the 22nd birthday."""
    months = _months(number, unit)
    if below:
        return months - 1
    return months if unit.lower().startswith("mo") else months + 11
