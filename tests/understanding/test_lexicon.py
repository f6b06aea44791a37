"""Every entry of the lexicon is found where it stands alone, and means what its file says."""

from __future__ import annotations

from datetime import date

import pytest

from bot.understanding import understand
from bot.understanding.files import read_lexicon_file
from bot.understanding.text import Message
from bot.understanding.vocabulary import vocabulary
from criteria.facts import BRAIN, COURSES, DIAGNOSIS_IDS, EVENTS, ORIGINS, YES_NO_FACTS

TODAY = date(2026, 11, 22)


def names_of(file: str) -> list[tuple[str, int]]:
    entries = read_lexicon_file("en", file)
    return [(name, number) for number, entry in enumerate(entries) for name in entry.get("names", ())]


@pytest.mark.parametrize(
    ("file", "key", "allowed"),
    [
        ("diagnoses", "id", (*DIAGNOSIS_IDS, "not_sure")),
        ("treatments", "event", (*EVENTS, "nothing", "whole_body_irradiation")),
        ("health", "fact", (*YES_NO_FACTS, BRAIN)),
        ("course", "value", COURSES),
    ],
)
def test_entries_use_the_vocabulary_of_facts(file: str, key: str, allowed: tuple[str, ...]) -> None:
    for entry in read_lexicon_file("en", file):
        assert entry[key] in allowed
        if "arises_in" in entry:
            assert entry["arises_in"] in (*ORIGINS, "not_sure")
        if "kind" in entry:
            assert entry["kind"] in EVENTS[entry["event"]]


@pytest.mark.parametrize("file", ["diagnoses", "treatments", "health", "course", "activity"])
def test_every_name_is_found_whole(file: str) -> None:
    entries = read_lexicon_file("en", file)
    wanted = {
        "diagnoses": "id",
        "treatments": "event",
        "health": "fact",
        "course": "value",
        "activity": "score",
    }
    missed = []
    for name, number in names_of(file):
        message = Message(name)
        mentions = vocabulary("en").find(message).mentions
        key = wanted[file]
        found = [m for m in mentions if m.kind == file and m.entry[key] == entries[number][key]]
        if not any(m.end - m.start == len(message.words) for m in found):
            missed.append(name)
    assert missed == []


@pytest.mark.parametrize("name", [name for name, _ in names_of("diagnoses")])
def test_every_diagnosis_is_told_by_its_name(name: str) -> None:
    ids = {entry["id"] for entry in read_lexicon_file("en", "diagnoses") if name in entry["names"]}
    told = understand(
        f"he has {name}" if name.split()[0] not in ("it", "turned", "came") else name, TODAY
    ).facts
    assert "diagnosis" not in told or told["diagnosis"]["id"] in ids | {"not_sure"}


@pytest.mark.parametrize(
    "word",
    [
        "lymphedema",
        "sarcoidosis",
        "injection",
        "inspection",
        "surgeon",
        "granuloma",
        "osteoporosis",
        "leucovorin",
        "related",
    ],
)
def test_look_alikes_are_not_corrected(word: str) -> None:
    assert understand(f"she has {word}", TODAY).facts == {}


@pytest.mark.parametrize(
    ("slip", "fact"),
    [
        ("chemotherpy", "chemotherapy"),
        ("radaition", "radiation"),
        ("sugery", "surgery"),
        ("steriods", "steroids"),
        ("infecton", "infection"),
        ("lomustin", "nitrosourea"),
        ("pazopanip", "other_cancer_medicine"),
    ],
)
def test_slips_of_typing_are_understood(slip: str, fact: str) -> None:
    assert understand(f"he had {slip} in May", TODAY).facts[fact]["had"] == "yes"


def test_nitrosoureas_of_mesh_are_complete() -> None:
    names = {
        n.lower()
        for e in read_lexicon_file("en", "treatments")
        if e["event"] == "nitrosourea"
        for n in e["names"]
    }
    assert {
        "carmustine",
        "lomustine",
        "streptozocin",
        "semustine",
        "nimustine",
        "ccnu",
        "bcnu",
        "acnu",
    } <= names
    assert {"ethylnitrosourea", "methylnitrosourea"} <= names
