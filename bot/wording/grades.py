"""The reading grade of what families read: Flesch-Kincaid, words of the glossary counted as one short word.

The measure is textstat's, which the tests hold it against: words are split at blanks, syllables are where
pyphen would hyphenate, and the parts are rounded to one digit before they are put together.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cache

from pyphen import Pyphen

HIGHEST_GRADE = 6.0
"""What every sentence of ours stays at or below."""

SAMPLES = {
    "site": "the clinic",
    "title": "a study of NK cells",
    "phone": "555",
    "hours": "9 to 5",
    "number": "911",
    "emergency_number": "911",
    "line": "988",
    "crisis": "",
    "contact": "You can call the clinic.",
    "told": "The last day of chemo was June 1, 2026.",
    "link": "the page",
    "day": "June 1, 2026",
    "earliest": "June 1, 2026",
    "latest": "June 5, 2026",
    "topic": "blood tests",
    "thing": "chemo",
    "term": "chemo",
    "meaning": "a strong medicine",
    "age": "7 years",
    "Title": "The last day of chemo",
}
"""What stands for the words in braces while a text is measured; "it" for every other one."""

_SENTENCE = re.compile(r"\b[^.!?]+[.!?]*")
_PUNCTUATION = re.compile(r"[^\w\s]")
_ENDED = re.compile(r"[.?!]\"?$")


class _Samples(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "it"


class Grader:
    """Measures texts of one language; ``glossary`` holds the words that count as one short word."""

    def __init__(self, glossary: Iterable[str]) -> None:
        longest_first = sorted(glossary, key=len, reverse=True)
        self._words = [
            re.compile(rf"(?<!\w){re.escape(word)}s?(?!\w)", re.IGNORECASE) for word in longest_first
        ]

    def grade(self, text: str) -> float:
        """The school grade that a text asks for, to one digit."""
        for word in self._words:
            text = word.sub("it", text)
        return flesch_kincaid(text)


def filled(text: str, words: dict[str, str]) -> str:
    """The text with these words of a voice, and with a sample for every other word in braces."""
    return text.format_map(_Samples(SAMPLES | words))


def is_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does; a label or a part of a sentence has no grade of its own."""
    return _ENDED.search(text.strip()) is not None


def flesch_kincaid(text: str) -> float:
    """Flesch-Kincaid grade as textstat 0.7.4 gives it for English."""
    words = _plain(text).split()
    if not words:
        return _to_one_digit(-15.59)
    syllables = sum(_syllables(word) for word in _plain(text.lower()).split())
    sentence_length = _to_one_digit(len(words) / _sentences(text))
    word_length = _to_one_digit(syllables / len(words))
    return _to_one_digit(0.39 * sentence_length + 11.8 * word_length - 15.59)


def _sentences(text: str) -> int:
    # What has no more than two words is no sentence of its own.
    found = [part for part in _SENTENCE.findall(text) if len(_plain(part).split()) > 2]
    return max(1, len(found))


def _plain(text: str) -> str:
    return _PUNCTUATION.sub("", text)


@cache
def _hyphens() -> Pyphen:
    return Pyphen(lang="en_US")


@cache
def _syllables(word: str) -> int:
    return len(_hyphens().positions(word)) + 1


def _to_one_digit(number: float) -> float:
    return math.floor(number * 10 + math.copysign(0.5, number)) / 10
