"""The names of our lexicon by the fact they tell, for the baselines: they know the same words as we do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bot.understanding.files import read_lexicon_file


@dataclass(frozen=True)
class Name:
    """One name: which fact it tells, and what it adds (a diagnosis id, a course, a kind)."""

    text: str
    fact: str
    value: str | None = None


@cache
def names() -> tuple[Name, ...]:
    """Give all names, the longest first."""
    found = [
        Name(text.lower(), fact, entry.get(key))
        for file, fact, key in (("diagnoses", "diagnosis", "id"), ("course", "disease_course", "value"))
        for entry in read_lexicon_file("en", file)
        for text in entry.get("names", ())
    ]
    found += [
        Name(text.lower(), entry[key], entry.get("kind"))
        for file, key in (("treatments", "event"), ("health", "fact"))
        for entry in read_lexicon_file("en", file)
        for text in entry.get("names", ())
        if entry[key] != "nothing"
    ]
    return tuple(sorted(found, key=lambda name: (-len(name.text), name.text, name.fact)))
