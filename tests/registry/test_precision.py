"""What the reader makes of criteria that somebody else labelled, from trials that it was not built on."""

from __future__ import annotations

from pathlib import Path

from bot.registry.reading.labels import labels_of
from scripts.registry_reader.scores import criteria_in, score

LABELS = Path(__file__).parent / "labels" / "criteria.jsonl"
LEAST_PRECISION = 0.95


def test_what_is_drafted_is_right() -> None:
    criteria = criteria_in(LABELS)
    assert len(criteria) >= 300
    scores = score(criteria)
    assert scores.read["all"] >= 50, "a reader that reads nothing is never wrong"
    precision = scores.precision()
    assert precision is not None
    assert precision >= LEAST_PRECISION, scores.wrong


def test_a_wrong_reading_is_counted_as_wrong() -> None:
    words = "Age ≥ 18 years"
    assert labels_of("inclusion", words)
    wrong = [{"trial": "NCT00000000", "kind": "inclusion", "words": words, "labels": []}]
    assert score(wrong).precision() == 0
