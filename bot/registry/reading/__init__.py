"""Readings: what a criterion certainly says, each with the words it was read from.

Precision goes before recall: a criterion with an exception, several limits, a subgroup or a word that is not
understood is left to the study team.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.registry.headings import EXCLUSION, INCLUSION
from bot.registry.reading import age_limits, history, illness, intervals, performance
from bot.registry.reading.model import CriterionText, Reading

READER = "reader 1"
"""The name and version that drafts carry."""


def read_criterion(kind: str | None, words: str, part: str | None = None) -> tuple[Reading, ...]:
    """Everything that can be read out of a criterion; nothing where its side is not known.

    ``kind`` is headings.INCLUSION or EXCLUSION, ``part`` the headings above it.
    """
    if kind not in (INCLUSION, EXCLUSION):
        return ()
    return tuple(_readings(CriterionText(kind, words, part)))


def _readings(criterion: CriterionText) -> Iterator[Reading]:
    for topic in (age_limits, performance, illness, intervals, history):
        yield from topic.read(criterion)
