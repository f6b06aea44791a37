"""Names of diseases in another order, or in pieces as they were heard: "sarcoma epithelioid", "rab doe myo
sarcoma"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.understanding.files import read_lexicon_file
from bot.understanding.language import Language
from bot.understanding.likeness import nearest
from bot.understanding.text import Message
from bot.understanding.vocabulary import Found, Mention

_FILE = "illness"
_KIND = "diagnoses"
_MOST_PIECES = 4
_SHORTEST_JOINED = 11
_LETTERS_A_SLIP = 6


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of all diseases: by their head and what stands before it, and written in one piece."""

    by_head: dict[tuple[str, ...], dict[str, Any]]
    in_one_piece: dict[str, dict[str, Any]]
    heads: frozenset[str]
    endings: frozenset[str]
    between: frozenset[str]


@cache
def _names(language: Language) -> _Names:
    heads = language.words(_FILE, "heads_of_names")
    endings = language.words(_FILE, "endings_of_names")
    by_head: dict[tuple[str, ...], dict[str, Any]] = {}
    in_one_piece: dict[str, dict[str, Any]] = {}
    for entry in read_lexicon_file(language.code, _KIND):
        told = {key: value for key, value in entry.items() if key != "names"}
        for name in entry.get("names", ()):
            words = Message(name, language.code).words
            if len(words) > 1 and words[-1] in heads:
                by_head.setdefault((words[-1], *words[:-1]), told)
            joined = "".join(words)
            if len(joined) >= _SHORTEST_JOINED and joined.endswith(tuple(endings)):
                in_one_piece.setdefault(joined, told)
    return _Names(by_head, in_one_piece, heads, endings, language.words(_FILE, "between_head_and_name"))


def respelt_names(found: Found) -> list[Mention]:
    """Give the diseases that are named in another order or in pieces."""
    names = _names(found.message.language)
    words = found.message.words
    if names.heads.isdisjoint(words) and names.endings.isdisjoint(words):
        return []
    inside = {at for m in found.mentions if m.end - m.start > 1 for at in range(m.start, m.end)}
    return [*_turned_round(words, names, inside), *_in_pieces(words, names, inside)]


def _turned_round(words: list[str], names: _Names, inside: set[int]) -> Iterator[Mention]:
    """Find "tumor rhabdoid", "sarcoma of Ewing"."""
    for at, head in enumerate(words):
        if head not in names.heads or at in inside:
            continue
        start = at + 1
        while start < len(words) and words[start] in names.between and start - at <= 2:
            start += 1
        for size in range(_MOST_PIECES, 0, -1):
            entry = names.by_head.get((head, *words[start : start + size]))
            if entry and len(words[start : start + size]) == size:
                yield Mention(at, start + size, _KIND, entry)
                break


def _in_pieces(words: list[str], names: _Names, inside: set[int]) -> Iterator[Mention]:
    """Find "sign ovial sarcoma", as a machine that listens writes it."""
    for at, ending in enumerate(words):
        if ending not in names.endings or at in inside:
            continue
        for size in range(min(_MOST_PIECES, at), 0, -1):
            pieces = words[at - size : at]
            entry = _nearest("".join([*pieces, ending]), names) if all(map(str.isalpha, pieces)) else None
            if entry:
                yield Mention(at - size, at + 1, _KIND, entry)
                break


def _nearest(joined: str, names: _Names) -> dict[str, Any] | None:
    """Give the name that this is, but for a slip in every few letters; it begins alike."""
    if len(joined) < _SHORTEST_JOINED:
        return None
    name = nearest(joined, names.in_one_piece, len(joined) // _LETTERS_A_SLIP)
    return names.in_one_piece[name] if name else None
