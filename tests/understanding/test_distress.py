"""Cries of fear, grief, anger, exhaustion: heard, told apart from an emergency, and no answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.texts import load_texts
from bot.understanding import understand
from bot.understanding.files import read_lexicon_file

TODAY = date(2026, 11, 22)
FOLDER = Path(__file__).parent
CRIES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "cries.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CRIES, ids=lambda case: case["text"])
def test_a_cry_is_heard_for_what_it_is(case: dict[str, Any]) -> None:
    understood = understand(case["text"], TODAY, asked=case.get("asked"))
    assert understood.emergency == case.get("emergency")
    if "kind" in case:
        assert understood.distress == case["kind"]


@pytest.mark.parametrize("kind", read_lexicon_file("en", "distress")["kinds"])
def test_every_phrase_is_heard_and_every_kind_has_words_of_comfort(kind: str) -> None:
    assert {"first", "second"} <= set(load_texts("en").node(f"comfort.kinds.{kind}"))
    for phrase in read_lexicon_file("en", "distress")["kinds"][kind]:
        assert understand(phrase, TODAY).distress is not None, phrase


@pytest.mark.parametrize("text", ["I don't know what to do", "i dont know how to go on", "idk where to turn"])
@pytest.mark.parametrize("asked", ["age", "treatments", "chemotherapy.last", "confirm"])
def test_who_is_at_a_loss_has_answered_no_question(text: str, asked: str) -> None:
    understood = understand(text, TODAY, asked=asked)
    assert (understood.distress, understood.control, understood.facts) == ("fear", None, {})


def test_the_facts_beside_a_cry_are_taken_in() -> None:
    understood = understand("he is 7 and I am so scared, it came back", TODAY)
    assert understood.facts == {"age": {"months": [84, 95]}, "disease_course": ["relapsed"]}


def test_nothing_here_was_learned_from() -> None:
    learned = "\n".join(
        path.read_text(encoding="utf-8").casefold()
        for path in sorted((FOLDER.parents[1] / "data" / "nlu").glob("*.yml"))
    )
    assert [case["text"] for case in CRIES if f"- {case['text'].casefold()}\n" in learned] == []
