"""A family's message as a row of normalised words, with numbers as digits and contractions written out.

Everything else in this package works on `Message`: words in lower case, one blank between them in `norm`,
so that
plain phrases and short regular expressions find them whatever the spelling of apostrophes, hyphens and
numbers.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from text_to_num import text2num

LONGEST = 2000

_WORD = re.compile(
    r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(?!\d)"  # whole dates
    r"|\d{1,2}/\d{4}(?!\d)|\d{1,2}/\d{1,2}(?![\d/])"  # month/year, day/month, halves
    r"|\d{1,2}(?:st|nd|rd|th)\b"
    r"|\d+\.\d+|\d+"
    r"|[^\W\d_]+"
    r"|[.!?;:,()/&+%<>'\"\n—-]"
)
_APOSTROPHES = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "½": " 1/2"}
)
_AFTER_APOSTROPHE = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would"}
_PRONOUNS = frozenset(["he", "she", "it", "that", "there", "here", "what", "who", "how", "where"])
_WRITTEN_TOGETHER = {
    "hes": "he is",
    "shes": "she is",
    "im": "i am",
    "ive": "i have",
    "youre": "you are",
    "theyre": "they are",
    "thats": "that is",
    "weve": "we have",
    "theyve": "they have",
    "didnt": "did not",
    "hasnt": "has not",
    "havent": "have not",
    "hadnt": "had not",
    "wasnt": "was not",
    "isnt": "is not",
    "arent": "are not",
    "doesnt": "does not",
    "dont": "do not",
    "wont": "will not",
    "cant": "can not",
    "cannot": "can not",
    "couldnt": "could not",
    "wouldnt": "would not",
    "werent": "were not",
    "shouldnt": "should not",
    "aint": "is not",
    "gonna": "going to",
    "wanna": "want to",
    "dunno": "do not know",
    "theres": "there is",
}
_UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBERS = {word: int(text2num(word, "en")) for word in [*_UNITS, *_TEENS, *_TENS]}
# "The second one", "her last one": a pronoun, not the number.
_ONE_IS_PRONOUN_AFTER = frozenset(
    [
        "the",
        "this",
        "that",
        "last",
        "next",
        "first",
        "second",
        "third",
        "little",
        "new",
        "no",
        "each",
        "every",
        "which",
        "loved",
        "big",
        "other",
        "only",
        "final",
        "latest",
        "any",
        "another",
        "previous",
        "recent",
    ]
)
_SENTENCE_ENDS = frozenset(".!?;\n")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: as understood (`text`), as typed (`raw`), and where it stands in `Message.norm`."""

    text: str
    raw: str
    start: int


class Message:
    """The words of one message. Immutable after building."""

    def __init__(self, text: str) -> None:
        """Read `text` (any string; only its first 2,000 characters count)."""
        self.too_long = len(text) > LONGEST
        words = _numbers(_words(_clean(text[:LONGEST])))
        tokens: list[Token] = []
        at = 0
        for word, raw in words:
            tokens.append(Token(word, raw, at))
            at += len(word) + 1
        self.tokens = tokens
        self.words = [token.text for token in tokens]

    def replaced(self, words: list[str]) -> Message:
        """Give the same message with corrected spellings, word for word."""
        other = object.__new__(Message)
        other.too_long = self.too_long
        at = 0
        other.tokens = []
        for word, token in zip(words, self.tokens, strict=True):
            other.tokens.append(Token(word, token.raw, at))
            at += len(word) + 1
        other.words = words
        return other

    @cached_property
    def norm(self) -> str:
        """All words with one blank between."""
        return " ".join(self.words)

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start for token in self.tokens]

    @cached_property
    def shouting(self) -> bool:
        """Whether all letters are capitals, so that capitals tell nothing."""
        return not any(token.raw.islower() for token in self.tokens if token.raw.isalpha())

    def index_at(self, offset: int) -> int:
        """Give the number of the word that covers this place of `norm`."""
        return bisect_right(self._starts, offset) - 1

    def span_of(self, found: re.Match[str], group: int | str = 0) -> tuple[int, int]:
        """Give first and past-the-last word number of a match in `norm`."""
        return self.index_at(found.start(group)), self.index_at(
            max(found.end(group) - 1, found.start(group))
        ) + 1

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """First and past-the-last word number of each sentence; the closing mark belongs to it."""
        spans = []
        start = 0
        for number, word in enumerate(self.words):
            if word in _SENTENCE_ENDS:
                if number > start:
                    spans.append((start, number + 1))
                start = number + 1
        if start < len(self.words):
            spans.append((start, len(self.words)))
        return spans


def _clean(text: str) -> str:
    text = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).translate(_APOSTROPHES)
    text = text.replace("\r", "\n").replace("--", " — ").replace(" - ", " — ").replace("⁄", "/")
    return text.replace("...", " . ").replace("…", " . ")


def _words(text: str) -> list[tuple[str, str]]:
    found = list(_WORD.finditer(text))
    out: list[tuple[str, str]] = []
    skip = False
    for number, match in enumerate(found):
        if skip:
            skip = False
            continue
        raw = match.group()
        word = raw.lower()
        before = found[number - 1] if number else None
        after = found[number + 1] if number + 1 < len(found) else None
        if word == "-":
            if (
                before
                and after
                and before.group()[-1].isdigit()
                and after.group()[0].isdigit()
                and before.end() == match.start()
                and match.end() == after.start()
            ):
                out.append(("to", raw))
            continue
        if word == "'":
            touching = before and after and before.end() == match.start() and match.end() == after.start()
            if touching and before and after and out:
                skip = _apostrophe(out, before.group().lower(), after.group())
            continue
        if word == '"':
            continue
        if word in _WRITTEN_TOGETHER:
            out.extend((part, raw) for part in _WRITTEN_TOGETHER[word].split())
        else:
            out.append((word, raw))
    return out


def _apostrophe(out: list[tuple[str, str]], before: str, tail: str) -> bool:
    """Write out the contraction whose first part stands last in `out`; True when `tail` is used up."""
    low = tail.lower()
    if low == "t" and before.endswith("n"):
        stem = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}.get(before[:-1], before[:-1])
        if before == "can":
            stem = "can"
        out[-1] = (stem, out[-1][1])
        out.append(("not", tail))
        return True
    if low in _AFTER_APOSTROPHE:
        out.append((_AFTER_APOSTROPHE[low], tail))
        return True
    if low == "s":
        out.append(("is" if before in _PRONOUNS else "'s", tail))
        return True
    return False


def _numbers(words: list[tuple[str, str]]) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    number = 0
    while number < len(words):
        word, raw = words[number]
        if word not in _NUMBERS or (word == "one" and out and out[-1][0] in _ONE_IS_PRONOUN_AFTER):
            out.append((word, raw))
            number += 1
            continue
        value = _NUMBERS[word]
        following = [
            _NUMBERS.get(words[at][0]) if at < len(words) else None for at in (number + 1, number + 2)
        ]
        used = 1
        first, second = following
        if value in (19, 20) and first is not None and first >= 10:  # "twenty twenty five", "twenty nineteen"
            unit = second if first >= 20 and second is not None and 0 < second < 10 else 0
            value, used = value * 100 + first + unit, 3 if unit else 2
        elif value >= 20 and first is not None and 0 < first < 10:
            value, used = value + first, 2
        out.append((str(value), raw))
        number += used
    return out
