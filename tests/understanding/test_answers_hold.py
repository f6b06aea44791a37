"""An answer of any shape is read without an error, whatever was asked."""

from __future__ import annotations

from datetime import date

import pytest

from bot.understanding import understand
from criteria.facts import FACT_NAMES, LISTS

TODAY = date(2026, 11, 22)
QUESTIONS = [*LISTS, *FACT_NAMES, "chemotherapy.last", "radiation.kind", "diagnosis.arises_in"]


@pytest.mark.parametrize("text", ["ALL", ", ", ",", "- -", "1.", "yes / no", "the brain one", "...", "y n"])
def test_no_answer_raises(text: str) -> None:
    heard = [understand(text, TODAY, asked) for asked in QUESTIONS]
    assert len(heard) == len(QUESTIONS)


def test_all_among_the_treatments_is_no_leukemia() -> None:
    assert set(understand("ALL", TODAY, "treatments").facts) == set(LISTS["treatments"])
    assert understand("ALL", TODAY, "diagnosis").facts == {"diagnosis": {"id": "leukemia"}}


def test_marks_alone_tell_nothing() -> None:
    assert understand(", ", TODAY, "treatments").facts == {}
