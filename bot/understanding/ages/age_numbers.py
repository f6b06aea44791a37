"""Numbers that may be an age, with what they count: "7", "4 and a half", "5 years 3 months old"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import floor

from bot.understanding.language import Language
from bot.understanding.text import Message

Months = tuple[int, int]
OLDEST = 120 * 12 - 1
_UNITS = ("years", "months", "weeks", "days")
_DAYS_OF = {"weeks": 7, "days": 1}
_PARTS = {"half": 6, "half_after": 6, "quarter": 3, "three": 9}
_MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, words `start` to `end` (past the last), and what it counts.

    unit: "years", "months", "weeks", "days", or "" for a bare number.
    old: whether the words themselves say that it is an age ("years old", "yo").
    extra: months told beyond whole years ("and a half", "and 3 months"), or None.
    to: the last of a range ("3 or 4").
    loose: "7 ish".
    """

    start: int
    end: int
    number: float
    unit: str = ""
    old: bool = False
    extra: int | None = None
    to: int | None = None
    loose: bool = False

    @property
    def bare(self) -> bool:
        """Whether nothing says what the number counts."""
        return not self.unit and self.extra is None


def quantities(message: Message) -> list[Quantity]:
    """Find all numbers that could be an age, in order."""
    norm = message.norm
    found = [_read(match, message) for match in message.language.pattern("ages", "quantity").finditer(norm)]
    for match in message.language.pattern("ages", "between").finditer(norm):
        start, end = message.span_of(match)
        found = [quantity for quantity in found if not start <= quantity.start < end]
        found.append(Quantity(start, end, float(match["n"]), to=int(match["to"])))
    return sorted(found, key=lambda quantity: quantity.start)


def _read(match: re.Match[str], message: Message) -> Quantity:
    start, end = message.span_of(match)
    groups = match.groupdict()
    told = [unit for unit in _UNITS if groups[unit] or groups[f"{unit}_old"]]
    parts = [months for name, months in _PARTS.items() if groups[name]]
    months = groups["more"] or groups["twelfths"]
    more = int(months) if months else None
    extra = more if more is not None else sum(parts) if parts else None
    old = bool(groups["old"]) or any(groups[f"{unit}_old"] for unit in _UNITS)
    number = float(groups["n"]) if groups["n"] else 1.0
    to = int(groups["to"]) if groups["to"] else None
    return Quantity(start, end, number, told[0] if told else "", old, extra, to, bool(groups["ish"]))


def in_months(quantity: Quantity, near: str = "") -> Months | None:
    """Give the months that a quantity means as an age, or None where it can be none.

    `near` is what the words before it say: "almost", "under", "about" or "".
    """
    if quantity.unit in _DAYS_OF:
        days = quantity.number * _DAYS_OF[quantity.unit]
        months: Months = floor(days / 31), floor(days / 30.44)
    elif quantity.unit == "months":
        months = floor(quantity.number), quantity.to or floor(quantity.number)
    else:
        near = "about" if quantity.loose else near
        if quantity.extra is not None and quantity.extra >= _MONTHS_OF_A_YEAR:
            return None
        months = years_as_months(quantity.number, quantity.extra, quantity.to, near)
    return months if 0 <= months[0] <= months[1] <= OLDEST else None


def years_as_months(count: float, extra: int | None = None, to: int | None = None, near: str = "") -> Months:
    """Give an age in years as months: "7" is all of that year, halves and months are exact, "almost" the
    months before."""
    whole = int(count * 12)
    if near in ("almost", "under"):
        return max(whole - (3 if near == "almost" else 12), 0), max(whole - 1, 0)
    if extra is not None or count % 1:
        exact = whole + (extra or 0)
        return exact, exact
    low, high = whole, (to or int(count)) * 12 + 11
    if near == "about":
        low, high = max(low - 12, 0), high + 12
    return (low, high) if low <= high else (low, low + 11)


class Phrases:
    """A table of the lexicon, meaning -> phrases, read backwards or forwards from a word."""

    def __init__(self, table: dict[str, list[str]], language: Language) -> None:
        """Normalise the phrases as messages are."""
        whose = language.table("spelling", "whose")
        self._meanings = {
            phrase if phrase == whose else " ".join(Message(phrase, language.code).words): meaning
            for meaning, phrases in table.items()
            for phrase in phrases
        }
        self._longest = max((phrase.count(" ") + 1 for phrase in self._meanings), default=0)

    def ending(self, words: list[str], at: int) -> tuple[str, int]:
        """Give the meaning of the longest phrase that ends before word `at`, and where it starts;
        ("", at) where there is none."""
        for size in range(min(self._longest, at), 0, -1):
            meaning = self._meanings.get(" ".join(words[at - size : at]))
            if meaning:
                return meaning, at - size
        return "", at

    def starting(self, words: list[str], at: int) -> tuple[str, int]:
        """Give the meaning of the longest phrase that starts at word `at`, and where it ends."""
        for size in range(min(self._longest, len(words) - at), 0, -1):
            meaning = self._meanings.get(" ".join(words[at : at + size]))
            if meaning:
                return meaning, at + size
        return "", at


@cache
def phrases(language: Language, name: str) -> Phrases:
    """Give a table of `ages.yml`; a plain list means its own name."""
    table = language.table("ages", name)
    return Phrases(table if isinstance(table, dict) else {name: table}, language)
