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
from functools import cache, cached_property

from bot.understanding.files import read_lexicon_file
from bot.understanding.language import Language, language

LONGEST = 2000

_APOSTROPHES = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "½": " 1/2"}
)
_SHORT_YEAR = re.compile(r"(?<![\w'])'([0-3]\d)(?![\d'])")  # "oct '25"
_SENTENCE_ENDS = frozenset(".!?;\n")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: as understood (`text`), as typed (`raw`), and where it stands in `Message.norm`."""

    text: str
    raw: str
    start: int


@dataclass(frozen=True)
class _Spelling:
    """How a language writes its words; the lexicon's `spelling.yml`."""

    word: re.Pattern[str]
    after_apostrophe: dict[str, str]
    is_after: frozenset[str]
    is_: str
    whose: str
    not_: str
    not_after_apostrophe: str
    not_stem_end: str
    not_stems: dict[str, str]
    written_together: dict[str, list[str]]
    to: str
    numbers: dict[str, int]
    pronoun: str
    pronoun_after: frozenset[str]


@cache
def _spelling(lang: str) -> _Spelling:
    data = read_lexicon_file(lang, "spelling")
    word = re.compile(
        r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(?!\d)"  # whole dates
        r"|\d{1,2}/\d{4}(?!\d)|\d{1,2}/\d{1,2}(?![\d/])"  # month/year, day/month, halves
        rf"|\d{{1,2}}(?:{'|'.join(map(re.escape, data['ordinal_endings']))})\b"
        r"|\d+\.\d+|\d+"
        r"|[^\W\d_]+"
        r"|[.!?;:,()/&+%<>~'\"\n—-]"
    )
    return _Spelling(
        word,
        data["after_apostrophe"],
        frozenset(data["is_after"]),
        data["is"],
        data["whose"],
        data["not"],
        data["not_after_apostrophe"],
        data["not_stem_end"],
        data["not_stems"],
        {short: words.split() for short, words in data["written_together"].items()},
        data["to"],
        {name: int(value) for value, names in data["numbers"].items() for name in names},
        data["pronoun_not_number"],
        frozenset(data["pronoun_after"]),
    )


class Message:
    """The words of one message, and its language. Immutable after building."""

    language: Language

    def __init__(self, text: str, lang: str = "en") -> None:
        """Read `text` (any string; only its first 2,000 characters count) in a language with a lexicon."""
        self.too_long = len(text) > LONGEST
        self.language = language(lang)
        spelling = _spelling(lang)
        words = _numbers(_words(_clean(text[:LONGEST]), spelling), spelling)
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
        other.language = self.language
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
    text = _SHORT_YEAR.sub(r"20\1", text)
    text = text.replace("\r", "\n").replace("--", " — ").replace(" - ", " — ").replace("⁄", "/")
    return text.replace("...", " . ").replace("…", " . ")


def _words(text: str, spelling: _Spelling) -> list[tuple[str, str]]:
    found = list(spelling.word.finditer(text))
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
        touching = before and after and before.end() == match.start() and match.end() == after.start()
        if word == "-":
            if touching and before and after and before[0][-1].isdigit() and after[0][0].isdigit():
                out.append((spelling.to, raw))
            continue
        if word == "'":
            if touching and before and after and out:
                skip = _apostrophe(out, before.group().lower(), after.group(), spelling)
            continue
        if word == '"':
            continue
        if word in spelling.written_together:
            out.extend((part, raw) for part in spelling.written_together[word])
        else:
            out.append((word, raw))
    return out


def _apostrophe(out: list[tuple[str, str]], before: str, tail: str, spelling: _Spelling) -> bool:
    """Write out the contraction whose first part stands last in `out`; True when `tail` is used up."""
    low = tail.lower()
    if low == spelling.not_after_apostrophe and before.endswith(spelling.not_stem_end):
        cut = before[: -len(spelling.not_stem_end)]
        out[-1] = (spelling.not_stems.get(before, spelling.not_stems.get(cut, cut)), out[-1][1])
        out.append((spelling.not_, tail))
        return True
    if low in spelling.after_apostrophe:
        out.append((spelling.after_apostrophe[low], tail))
        return True
    if f"'{low}" == spelling.whose:
        out.append((spelling.is_ if before in spelling.is_after else spelling.whose, tail))
        return True
    return False


def _numbers(words: list[tuple[str, str]], spelling: _Spelling) -> list[tuple[str, str]]:
    values = spelling.numbers
    out: list[tuple[str, str]] = []
    number = 0
    while number < len(words):
        word, raw = words[number]
        if word not in values or (word == spelling.pronoun and out and out[-1][0] in spelling.pronoun_after):
            out.append((word, raw))
            number += 1
            continue
        value = values[word]
        following = [values.get(words[at][0]) if at < len(words) else None for at in (number + 1, number + 2)]
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
