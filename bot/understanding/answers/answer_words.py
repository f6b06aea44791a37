"""The parts of an answer, and the lexicon's phrases that have a meaning only under a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from bot.understanding.answers.replies import without_marks
from bot.understanding.files import read_lexicon_file
from bot.understanding.language import Language
from bot.understanding.text import Message
from criteria.facts import LISTS

ANSWERS = "answers"
_ENDS_OF_PARTS = frozenset(".!?;,:\n—()")
_SENTENCE_ENDS = frozenset(".!?;\n")
_QUESTION = "?"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an answer between two marks: "no", "they decided against it"."""

    start: int
    end: int
    sentence: int
    asks: bool
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The part's words with one blank between."""
        return " ".join(self.words)

    def holds(self, at: int) -> bool:
        """Whether the word stands in this part."""
        return self.start <= at < self.end


def parts_of(words: list[str], language: Language) -> list[Part]:
    """Cut an answer at its marks and at words such as "but"; parts without words are left out."""
    return list(_parts(tuple(words), language))


@lru_cache(maxsize=16)
def _parts(words: tuple[str, ...], language: Language) -> list[Part]:
    """Cut once for all who ask of the same answer."""
    turning = language.words(ANSWERS, "turning")
    parts: list[Part] = []
    start = sentence = 0
    for at in range(len(words) + 1):
        word = words[at] if at < len(words) else "\n"
        if word not in _ENDS_OF_PARTS and word not in turning:
            continue
        plain = tuple(without_marks(words[start:at]))
        if plain:
            parts.append(Part(start, at, sentence, word == _QUESTION, plain))
        sentence += word in _SENTENCE_ENDS
        start = at + 1
    return parts


@cache
def phrases(lang: str, *path: str) -> dict[str, str]:
    """Give phrase -> name for a part of the answers file."""
    data = read_lexicon_file(lang, ANSWERS)
    for step in path:
        data = data[step]
    table = data if isinstance(data, dict) else {"": data}
    return {
        " ".join(Message(phrase, lang).words): name for name, phrases in table.items() for phrase in phrases
    }


def says(lang: str, name: str, text: str) -> bool:
    """Whether the text is one of the phrases of that list."""
    return text in phrases(lang, name)


def open_items(asked: str, known: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Give the items of a list that were not told before: those that the question shows.

    Where all were told, the list is asked anew, and shows all.
    """
    items = LISTS[asked]
    return tuple(item for item in items if item not in (known or {})) or items


def is_denied(value: Any) -> bool:
    """Whether a fact's value is a plain no."""
    return value in ("no", {"had": "no"})


def is_told_so(value: Any) -> bool:
    """Whether a fact's value is a yes."""
    return value == "yes" or (isinstance(value, dict) and value.get("had") == "yes")
