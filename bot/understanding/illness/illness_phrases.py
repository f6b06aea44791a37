"""Names with gaps of an illness: "the tumor has now, sadly, come back", "it is in both lungs".

The lexicon's `illness.yml` writes them as patterns over the message, in which a name of a disease stands as
"@d" and a treatment of cancer as "@t". What is found counts as a name like any other, so that the same rules
tell whether it is so, and of whom.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from bot.understanding.language import Language, fill
from bot.understanding.respelt import respelt_names
from bot.understanding.vocabulary import Found, Mention

AGAINST_CANCER = frozenset(
    [
        "surgery",
        "chemotherapy",
        "nitrosourea",
        "radiation",
        "stem_cell_transplant",
        "trial_drug",
        "other_cancer_medicine",
    ]
)
_DISEASE, _TREATMENT = "@d", "@t"
_OF_ILLNESS = frozenset(["course", "health", "activity"])
_HOW_IT_IS_FOUND = ("kind", "words", "asked", "patterns")
_NAME = "name"


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase: the words without which it need not be looked for, its patterns and what it tells."""

    words: frozenset[str]
    asked: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    kind: str
    entry: dict[str, Any]


@cache
def _phrases(language: Language) -> tuple[_Phrase, ...]:
    parts = language.table("illness", "parts")
    return tuple(
        _Phrase(
            frozenset(data["words"]),
            frozenset(data.get("asked", ())),
            tuple(re.compile(rf"(?<!\S)(?:{fill(text, parts)})(?!\S)") for text in data["patterns"]),
            data["kind"],
            {key: value for key, value in data.items() if key not in _HOW_IT_IS_FOUND},
        )
        for data in language.table("illness", "phrases")
    )


def with_phrases(found: Found, asked: str | None) -> Found:
    """Add the phrases of an illness to the names found; where they overlap, the longer counts.

    `asked`: the question that the message answers; some phrases tell nothing elsewhere.
    """
    respelt = respelt_names(found)
    if respelt:
        found = replace(found, mentions=_longest_of(found.mentions, respelt))
    words = frozenset(found.message.words)
    wanted = [
        phrase
        for phrase in _phrases(found.message.language)
        if not phrase.words.isdisjoint(words) and (not phrase.asked or asked in phrase.asked)
    ]
    if not wanted:
        return found
    text, starts, spans = _marked(found)
    added = [
        mention
        for phrase in wanted
        for pattern in phrase.patterns
        for mention in _matches(phrase, pattern, text, starts, spans)
    ]
    return replace(found, mentions=_together(found.mentions, added)) if added else found


def _marked(found: Found) -> tuple[str, list[int], list[tuple[int, int]]]:
    """Give the message with "@d" and "@t" for names, where each piece starts, and which words it is."""
    signs: dict[int, tuple[int, str]] = {}
    for mention in found.mentions:
        if mention.kind == "diagnoses" and mention.entry["id"] not in ("not_sure", "not_cancer"):
            signs[mention.start] = (mention.end, _DISEASE)
        elif mention.kind == "treatments" and mention.name in AGAINST_CANCER:
            signs[mention.start] = (mention.end, _TREATMENT)
    pieces: list[str] = []
    starts: list[int] = []
    spans: list[tuple[int, int]] = []
    words = found.message.words
    at = offset = 0
    while at < len(words):
        end, piece = signs.get(at, (at + 1, words[at]))
        pieces.append(piece)
        starts.append(offset)
        spans.append((at, end))
        offset += len(piece) + 1
        at = end
    return " ".join(pieces), starts, spans


def _matches(
    phrase: _Phrase, pattern: re.Pattern[str], text: str, starts: list[int], spans: list[tuple[int, int]]
) -> Iterator[Mention]:
    group = _NAME if _NAME in pattern.groupindex else 0
    for match in pattern.finditer(text):
        if match.end(group) > match.start(group):
            first = spans[bisect_right(starts, match.start(group)) - 1]
            last = spans[bisect_right(starts, match.end(group) - 1) - 1]
            yield Mention(first[0], last[1], phrase.kind, phrase.entry)


def _together(known: tuple[Mention, ...], added: list[Mention]) -> tuple[Mention, ...]:
    """Lay names and phrases side by side: names of other kinds stay, of the rest the longest."""
    kept = [mention for mention in known if mention.kind not in _OF_ILLNESS]
    taken = {at for mention in kept if mention.name != "nothing" for at in range(mention.start, mention.end)}
    rest = [mention for mention in known if mention.kind in _OF_ILLNESS]
    for mention in sorted([*added, *rest], key=lambda m: (m.start - m.end, m.start)):
        if taken.isdisjoint(range(mention.start, mention.end)):
            taken.update(range(mention.start, mention.end))
            kept.append(mention)
    return tuple(sorted(kept, key=lambda m: (m.start, m.end)))


def _longest_of(known: tuple[Mention, ...], respelt: list[Mention]) -> tuple[Mention, ...]:
    """Let a name found whole stand for the pieces of it that were found before."""
    covered = {at for mention in respelt for at in range(mention.start, mention.end)}
    kept = [mention for mention in known if covered.isdisjoint(range(mention.start, mention.end))]
    return tuple(sorted((*kept, *respelt), key=lambda m: m.start))
