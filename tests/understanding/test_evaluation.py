"""The evaluation set is sound, and what is measured on it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from criteria import load_trial
from scripts.understanding.messages import EVALUATION, BadMessage, Message, read_messages
from scripts.understanding.ours import understand_ours
from scripts.understanding.scoring import Score, score

ROOT = Path(__file__).parents[2]
MESSAGES = read_messages(sorted(EVALUATION.glob("*.jsonl")))
TRIAL = load_trial("NCT06848582")
LIKELY: dict[str, Any] = {"diagnosis": {"id": "rhabdomyosarcoma", "arises_in": "soft_tissue"}}


def plain(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in text.lower()).split())


def message(**facts: Any) -> Message:
    return Message("m", "text", None, facts, "test")


@pytest.fixture(scope="module")
def measured() -> Score:
    return score(MESSAGES, [understand_ours(one) for one in MESSAGES], TRIAL)


def test_no_message_is_in_the_training_data() -> None:
    trained = {
        plain(line.removeprefix("- "))
        for path in (ROOT / "data" / "nlu").rglob("*.yml")
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for line in block["examples"].splitlines()
    }
    # A single word or two ("idk", "not sure") belongs to everybody.
    assert [
        one.id for one in MESSAGES if plain(one.text) in trained and len(plain(one.text).split()) > 2
    ] == []


def test_the_set_is_large_and_no_text_stands_twice() -> None:
    assert len(MESSAGES) >= 400
    texts = [(plain(one.text), one.asked) for one in MESSAGES]
    assert len(set(texts)) == len(texts)


def test_no_child_of_the_set_is_wrongly_ruled_out(measured: Score) -> None:
    assert [(one.id, fact) for one, fact in measured.rule_outs] == []


def test_what_is_understood_stays_so(measured: Score) -> None:
    assert (measured.all_facts.f1 or 0) >= 0.97
    assert measured.exact >= 0.95 * measured.messages


def test_an_equal_fact_is_right_and_any_difference_is_missed_and_wrong() -> None:
    told = [
        message(age={"months": [84, 95]}, radiation={"had": "no"}),
        message(disease_course=["relapsed", "metastatic"]),
    ]
    understood = [
        {"age": {"months": [84, 96]}, "steroids": {"had": "yes"}},
        {"disease_course": ["metastatic", "relapsed"]},
    ]
    result = score(told, understood, TRIAL)
    age, radiation, steroids = (result.facts[name] for name in ("age", "radiation", "steroids"))
    assert (age.right, age.missed, age.wrong) == (0, 1, 1)
    assert (radiation.right, radiation.missed, radiation.wrong) == (0, 1, 0)
    assert (steroids.told, steroids.wrong, steroids.precision, steroids.recall) == (0, 1, 0, None)
    assert result.facts["disease_course"].f1 == 1
    assert (result.exact, result.messages) == (1, 2)


@pytest.mark.parametrize(
    ("understood", "wrong_rule_outs"),
    [
        ({**LIKELY, "age": {"months": [240, 251]}}, ["age"]),
        ({**LIKELY, "age": {"months": [95, 96]}}, []),
        ({"diagnosis": {"id": "leukemia"}, "age": {"months": [84, 95]}}, ["diagnosis"]),
        (
            {**LIKELY, "age": {"months": [84, 95]}, "chemotherapy": {"had": "yes", "last": "ongoing"}},
            ["chemotherapy"],
        ),
        ({}, []),
    ],
)
def test_a_rule_out_is_wrong_where_the_mistake_alone_makes_it(
    understood: dict[str, Any], wrong_rule_outs: list[str]
) -> None:
    told = message(**LIKELY, age={"months": [84, 95]})
    assert [fact for _, fact in score([told], [understood], TRIAL).rule_outs] == wrong_rule_outs


def test_a_true_rule_out_is_none_of_ours() -> None:
    told = message(diagnosis={"id": "leukemia"})
    assert score([told], [{"diagnosis": {"id": "lymphoma"}}], TRIAL).rule_outs == []


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("not json", "line 1"),
        ('{"id": "a", "text": "x"}', "'facts'"),
        ('{"id": "a", "text": "x", "facts": {"shoe_size": 4}}', "shoe_size"),
        ('{"id": "a", "text": "x", "asked": "shoe_size", "facts": {}}', "nobody asks"),
        ('{"id": "a", "text": "x", "facts": {}}\n{"id": "a", "text": "y", "facts": {}}', "two messages"),
    ],
)
def test_a_line_that_is_no_message_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(BadMessage, match=complaint):
        read_messages([path])
