"""The scores of the readings against labels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.registry_reader.scores import criteria_in, score, table

LINES = [
    {
        "trial": "NCT90000001",
        "kind": "inclusion",
        "words": "Age 18 years or older",
        "labels": [{"topic": "age", "at_least_months": 216, "at_most_months": None}],
    },
    {
        "trial": "NCT90000001",
        "kind": "exclusion",
        "words": "Known HIV infection",
        "labels": [{"topic": "hepatitis_hiv", "acceptable": True}],
    },
    {"trial": "NCT90000002", "kind": "exclusion", "words": "Active infection", "labels": []},
    {
        "trial": "NCT90000002",
        "kind": "exclusion",
        "words": "Something about chemotherapy",
        "labels": [{"topic": "washout", "fact": "chemotherapy", "days": 21}],
    },
]


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    file = tmp_path / "labels.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in LINES) + "\n", encoding="utf-8")
    return file


def test_precision_counts_acceptable_labels_and_recall_firm_ones(labels: Path) -> None:
    scores = score(criteria_in(labels))
    assert scores.precision() == pytest.approx(2 / 3)
    assert scores.recall() == pytest.approx(1 / 2)
    assert scores.precision("hepatitis_hiv") == 1.0
    assert scores.recall("hepatitis_hiv") is None
    assert scores.precision("washout") is None
    assert scores.wrong == [("NCT90000002", "Active infection", {"topic": "infection"})]


def test_the_table_ends_with_all(labels: Path) -> None:
    lines = table(score(criteria_in(labels))).splitlines()
    assert lines[-1].split() == ["all", "3", "2", "0.667", "2", "1", "0.500"]
