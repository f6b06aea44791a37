"""The words and patterns by which times are found, as the lexicon's `time.yml` gives them.

Each pattern is plain (no repeat inside a repeat), so none can run away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.understanding.files import read_lexicon_file
from bot.understanding.language import fill
from bot.understanding.text import Message

_NAMES = ("months", "weekdays", "units", "short_units", "seasons", "feasts", "ordinals", "nth_of")


@dataclass(frozen=True)
class Grammar:
    """Names of months, days, units and feasts, what other words of time mean, and the patterns made of them.

    times: patterns of times, with the names of the methods that read them, in the order in which they count.
    needs: for each of them words of which it needs one, to spare a search in messages without; or None.
    patterns: others, by name.
    """

    months: dict[str, int]
    weekdays: dict[str, int]
    units: dict[str, str]
    seasons: dict[str, str]
    feasts: dict[str, str]
    ordinals: dict[str, int]
    nth_of: dict[str, int]
    unclear: frozenset[str]
    counts: dict[str, tuple[float, float]]
    meanings: dict[str, dict[str, str]]
    words: dict[str, frozenset[str]]
    nth_before_weekday: tuple[str, ...]
    times: tuple[tuple[str, re.Pattern[str]], ...]
    needs: tuple[frozenset[str] | None, ...]
    patterns: dict[str, re.Pattern[str]]
    written_out: dict[str, str]

    def meaning(self, table: str, word: str | None) -> str | None:
        """Give what a word means in one of the lexicon's tables of meanings; None where it is not in it."""
        return self.meanings[table].get(word) if word else None

    def counts_back(self, words: list[str]) -> bool:
        """Whether these words count back from today, so that "about" is already in their width."""
        return " ".join(words) not in self.feasts and (
            words[-1] in self.words["counts_back"] or words[-1] in self.units
        )


@cache
def grammar(lang: str = "en") -> Grammar:
    """Give the grammar of a language; built once."""
    data = read_lexicon_file(lang, "time")
    names = {table: _by_name(data[table], lang) for table in _NAMES}
    counts = {name: _least_and_most(value) for name, value in _by_name(data["counts"], lang).items()}
    meanings = {table: _by_name(words, lang) for table, words in data["meanings"].items()}
    endings = read_lexicon_file(lang, "spelling")["ordinal_endings"]
    parts = {**data["parts"], **names, **meanings, "counts": counts, "ordinal_endings": endings}
    words = {name: frozenset(listed) for name, listed in data["words"].items()}
    telling = {table: frozenset(max(name.split(), key=len) for name in names[table]) for table in _NAMES}
    telling["units"] |= telling["short_units"]
    return Grammar(
        months=_numbered(names["months"]),
        weekdays=_numbered(names["weekdays"]),
        units={**names["units"], **names["short_units"]},
        seasons=names["seasons"],
        feasts=names["feasts"],
        ordinals=_numbered(names["ordinals"]),
        nth_of=_numbered(names["nth_of"]),
        unclear=frozenset(data["unclear"]),
        counts=counts,
        meanings=meanings,
        words=words,
        nth_before_weekday=tuple(f"{word} " for word in words["nth_before_weekday"]),
        times=tuple(
            (entry["name"], re.compile(rf"(?<![^ ]){fill(entry['pattern'], parts)}(?![^ ])"))
            for entry in data["grammar"]
        ),
        needs=tuple(telling.get(entry.get("needs", "")) for entry in data["grammar"]),
        patterns={name: re.compile(fill(text, parts)) for name, text in data["patterns"].items()},
        written_out=data["written_out"],
    )


def _by_name(table: Mapping[str, list[str]], lang: str) -> dict[str, str]:
    """Turn meaning -> words into word -> meaning, the words as a message has them."""
    return {" ".join(Message(name, lang).words): key for key, names in table.items() for name in names}


def _numbered(names: Mapping[str, Any]) -> dict[str, int]:
    return {name: int(number) for name, number in names.items()}


def _least_and_most(value: str) -> tuple[float, float]:
    """Read "3-5" and "2"."""
    least, _, most = value.partition("-")
    return float(least), float(most or least)
