"""The words that readings are made of, out of vocabulary.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from criteria.facts import DIAGNOSIS_IDS, EVENTS, YES_NO_FACTS

_FILE = Path(__file__).parent / "vocabulary.yml"
Phrases = Mapping[str, re.Pattern[str]]


@dataclass(frozen=True)
class Vocabulary:
    """Phrases for each event, yes-or-no fact and diagnosis id, and words that say nothing by themselves.

    anchor  a day that a limit is counted from ("prior to the first dose of study drug")
    """

    fillers: frozenset[str]
    age_fillers: frozenset[str]
    performance_fillers: frozenset[str]
    anchor: re.Pattern[str]
    events: Phrases
    yes_no: Phrases
    diagnoses: Phrases
    organ_transplant: re.Pattern[str]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary; ValueError where it names a fact or an id that the program does not have."""
    told: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    for key, known in (("events", EVENTS), ("yes_no", YES_NO_FACTS), ("diagnoses", DIAGNOSIS_IDS)):
        unknown = set(told[key]) - set(known)
        if unknown:
            raise ValueError(f"{_FILE.name}: {key} names what there is not: {', '.join(sorted(unknown))}")
    words = sorted(told["anchor_words"].split(), key=len, reverse=True)
    run = "|".join(re.escape(word) for word in words)
    return Vocabulary(
        fillers=frozenset(told["fillers"].split()),
        age_fillers=frozenset(told["age_fillers"].split()),
        performance_fillers=frozenset(told["performance_fillers"].split()),
        anchor=re.compile(
            rf"\b(?:prior to|before|preceding|of|from|at|on|to|during)(?:[\s,()/-]+(?:{run})(?![\w]))+",
            re.IGNORECASE,
        ),
        events=_compiled(told["events"]),
        yes_no=_compiled(told["yes_no"]),
        diagnoses=_compiled(told["diagnoses"]),
        organ_transplant=phrase(told["organ_transplant"]),
    )


def phrase(alternatives: list[str]) -> re.Pattern[str]:
    """A pattern for any of the phrases, as whole words."""
    both = "|".join(alternatives).replace(" ", r"\s+").replace(r"\s+?", r"\s*")
    return re.compile(rf"(?<![\w-])(?:{both})(?!\w)", re.IGNORECASE)


def _compiled(phrases: dict[str, list[str]]) -> Phrases:
    return {name: phrase(alternatives) for name, alternatives in phrases.items()}
