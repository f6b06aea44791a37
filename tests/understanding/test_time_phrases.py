"""Expressions of time that other people collected: duckling's test phrases."""

from __future__ import annotations

import pytest

from scripts.understanding.phrase_rules import REASONS
from scripts.understanding.phrases import DATA, Report, report

pytestmark = pytest.mark.skipif(
    not (DATA / "duckling_time_en.json").is_file(),
    reason=f"duckling's phrases are no part of this project and are not at {DATA}",
)


@pytest.fixture(scope="module")
def result() -> Report:
    return report()


def test_nearly_all_phrases_are_read_rightly(result: Report) -> None:
    assert result.share >= 0.95, "\n".join(f"{phrase}: {found}" for phrase, found in result.failures)


def test_enough_phrases_are_read(result: Report) -> None:
    assert result.selected >= 300


def test_each_left_out_phrase_has_a_known_reason(result: Report) -> None:
    assert set(result.left_out) <= set(REASONS)
