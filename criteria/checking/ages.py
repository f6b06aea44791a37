"""Ages as texts name them: "Age ≤ 18 years", "1 to 21 years of age", "up to age 18", "19 or older"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ABOUT_AGE = re.compile(
    r"\bage[ds]?\b|\byears? old\b|\byear-olds?\b|\b(?:older|younger) than\b"
    r"|\b(?:and|or) (?:younger|older|under|over|above)\b",
    re.IGNORECASE,
)
# A limit within a group of patients is none of the study.
_A_GROUP = re.compile(r"\b(?:wom[ae]n|females?|girls|boys|\w*-?(?:menopausal|pubertal))\b", re.IGNORECASE)
_UNIT = r"(?P<unit>years?|yrs?|months?)"
_SPAN = re.compile(
    rf"(?P<low>\d+)(?:\s*{_UNIT.replace('unit', 'first')})?\s*(?:to|-|–|and)\s*(?P<high>\d+)\s*{_UNIT}?"
)
_SIGN = re.compile(rf"(?P<sign><=|>=|[≤≥<>])\s*(?P<number>\d+)(?![.\d])\s*{_UNIT}?")
_AFTER = re.compile(
    rf"(?P<number>\d+)\s*{_UNIT}?(?: of age| old)?,? (?:and|or) "
    r"(?P<way>younger|less|under|below|older|more|over|above)\b(?! than)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?P<way>younger than|less than|under|below|up to(?: and including)?|at most|no older than|"
    r"not older than|greater than|at least|no younger than|older than|over)(?: the)?(?: age)?(?: of)? "
    rf"(?P<number>\d+)(?![.\d]|\s*(?:weeks?|days?|hours?))\s*{_UNIT}?",
    re.IGNORECASE,
)
# A number without "years" is an age only where the word stands beside it.
_NEXT_TO_AGE = re.compile(
    r"\bage[ds]?\b(?: (?:is|of|range))?[\s:=]*[^\w\s]*\s*(?:[a-z ]+ )?\d+(?: .*)?$|\d+,? (?:and|or) \w+$",
    re.IGNORECASE,
)
_MOST = frozenset(
    {
        "≤",
        "<=",
        "younger",
        "less",
        "up to",
        "up to and including",
        "at most",
        "no older than",
        "not older than",
    }
)
_BELOW = frozenset({"<", "under", "below", "younger than", "less than"})
_LEAST = frozenset({"≥", ">=", "older", "more", "at least", "no younger than"})


@dataclass(frozen=True)
class AgeLimit:
    """One limit of age in a text.

    upper  whether it is the upper limit
    turns  the months of age at which it may turn, as the text can be read: for an upper limit the first that
           is too old, for a lower limit the first that is old enough
    words  the words that say so
    """

    upper: bool
    turns: frozenset[int]
    words: str


def age_limits(text: str) -> list[AgeLimit]:
    """The limits of age that a text names. A sentence that does not speak of age has none."""
    found: list[AgeLimit] = []
    for sentence in re.split(r"[.;](?:\s|$)", text):
        if _ABOUT_AGE.search(sentence) and not _A_GROUP.search(sentence):
            found += _limits(sentence)
    return list(dict.fromkeys(found))


def _limits(sentence: str) -> Iterator[AgeLimit]:
    for match in _SPAN.finditer(sentence):
        unit = match["unit"] or match["first"]
        yield AgeLimit(False, _months(int(match["low"]), match["first"] or unit), match[0].strip())
        yield AgeLimit(True, _months_after(int(match["high"]), unit), match[0].strip())
    rest = _SPAN.sub(" ", sentence)
    for pattern in (_SIGN, _AFTER, _BEFORE):
        for match in pattern.finditer(rest):
            if match["unit"] is None and not _NEXT_TO_AGE.search(rest[: match.start()] + " " + match[0]):
                continue
            way = (match["sign"] if pattern is _SIGN else match["way"]).lower()
            if pattern is _AFTER and way in ("under", "below"):
                way = "younger"
            if pattern is _AFTER and way in ("over", "above"):
                way = "older"
            yield _limit(way, int(match["number"]), match["unit"], match[0].strip())


def _limit(way: str, number: int, unit: str | None, words: str) -> AgeLimit:
    if way in _MOST:
        return AgeLimit(True, _months_after(number, unit), words)
    if way in _BELOW:
        return AgeLimit(True, _months(number, unit), words)
    if way in _LEAST:
        return AgeLimit(False, _months(number, unit), words)
    return AgeLimit(False, _months_after(number, unit), words)


def _months(number: int, unit: str | None) -> frozenset[int]:
    return frozenset({number if (unit or "").lower().startswith("month") else number * 12})


def _months_after(number: int, unit: str | None) -> frozenset[int]:
    """The first month past an age: "up to 18 years" may end with the 18th birthday or the 19th."""
    if (unit or "").lower().startswith("month"):
        return frozenset({number + 1})
    return frozenset({number * 12 + 1, (number + 1) * 12})
