"""Which name a misspelt word is a slip of."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA


def nearest(word: str, names: Iterable[str], slips: int) -> str | None:
    """Give the nearest of the names, at most so many slips away; None where none is.

    The first letter must agree: slips there are rare, and other words are many ("asteroid").
    """
    alike = [name for name in names if name[0] == word[0] and abs(len(name) - len(word)) <= slips]
    best = process.extractOne(word, alike, scorer=OSA.distance, score_cutoff=slips)
    return best[0] if best else None
