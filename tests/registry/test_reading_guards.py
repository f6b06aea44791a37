"""Criteria that look like a rule for everybody and are none: nothing is read of them."""

from __future__ import annotations

import pytest

from bot.registry.reading.labels import labels_of


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("inclusion", "Never diagnosed with osteosarcoma"),
        ("inclusion", "Patients with neuroblastoma must have received dinutuximab"),
        ("exclusion", "Palliative radiation therapy within 14 days before the first dose"),
        ("inclusion", "Participants aged < 16 years: Lansky score ≥ 50"),
    ],
)
def test_what_holds_for_some_only_is_not_read(kind: str, words: str) -> None:
    assert labels_of(kind, words) == []


@pytest.mark.parametrize(
    ("kind", "words", "topic"),
    [
        ("inclusion", "Histologically confirmed osteosarcoma", "diagnosis"),
        ("exclusion", "Radiation therapy within 14 days before the first dose", "washout"),
        ("inclusion", "Karnofsky ≥ 50 for patients > 16 years and Lansky ≥ 50 for ≤ 16 years", "performance"),
    ],
)
def test_the_same_said_of_everybody_is_read(kind: str, words: str, topic: str) -> None:
    assert [label["topic"] for label in labels_of(kind, words)] == [topic]
