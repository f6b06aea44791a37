"""The words and patterns of one language, as its lexicon gives them: no module here knows a word of its own.

A lexicon file may hold, besides its own tables, three kinds of things that are read through here:

words     named lists of words that the program asks about ("modals: [can, will, may]")
parts     pieces of patterns: a list of words, or the text of a regular expression
patterns  regular expressions over a message's `norm`; ``{name}`` stands for a part of the same file
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.understanding.files import read_lexicon_file

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True)
class Language:
    """One language by its code ("en"); all that is read is read once."""

    code: str

    def table(self, file: str, name: str) -> Any:
        """Give what stands under `name` in a lexicon file. Raises KeyError where there is none."""
        return read_lexicon_file(self.code, file)[name]

    def words(self, file: str, name: str) -> frozenset[str]:
        """Give a named list of words as a set. Raises KeyError where there is none."""
        return _words(self.code, file, name)

    def pattern(self, file: str, name: str) -> re.Pattern[str]:
        """Give a pattern with its parts filled in. Raises KeyError where there is none."""
        return _pattern(self.code, file, name)


@cache
def language(code: str = "en") -> Language:
    """Give the language of this code."""
    return Language(code)


def fill(text: str, parts: Mapping[str, Any]) -> str:
    """Fill ``{name}`` in a pattern's text with the part of that name; parts may name other parts.

    A part that is a list, or a table, becomes a choice of its words (of its keys), longest first.
    Raises KeyError for a part that there is none of.
    """
    return _PLACEHOLDER.sub(lambda found: _part(parts, found[1]), text)


def _part(parts: Mapping[str, Any], name: str) -> str:
    part = parts[name]
    if isinstance(part, str):
        return fill(part, parts)
    return "(?:" + "|".join(re.escape(word) for word in sorted(part, key=len, reverse=True)) + ")"


@cache
def _words(code: str, file: str, name: str) -> frozenset[str]:
    return frozenset(read_lexicon_file(code, file)["words"][name])


@cache
def _pattern(code: str, file: str, name: str) -> re.Pattern[str]:
    data = read_lexicon_file(code, file)
    return re.compile(fill(data["patterns"][name], data.get("parts", {})))
