"""What families write, and exactly what it tells: every case is data."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.understanding import understand
from criteria import check_facts

TODAY = date(2026, 11, 22)
FOLDER = Path(__file__).parent


def load(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return cases


def label(case: dict[str, Any]) -> str:
    return f"{case.get('asked', '')}|{case['text']}"[:60]


@pytest.mark.parametrize("case", load("narratives.yml"), ids=label)
def test_narrative_tells_exactly_these_facts(case: dict[str, Any]) -> None:
    facts = understand(case["text"], TODAY).facts
    assert facts == case["facts"]
    check_facts(facts, TODAY)


CASES = [case for path in sorted(FOLDER.glob("cases/*.yml")) for case in load(f"cases/{path.name}")]


@pytest.mark.parametrize("case", load("answers.yml") + load("review_cases.yml") + CASES, ids=label)
def test_answer_is_understood_in_its_question(case: dict[str, Any]) -> None:
    understood = understand(case["text"], TODAY, case.get("asked"), known=case.get("known"))
    assert understood.facts == case["facts"]
    assert list(understood.problems) == case.get("problems", [])
    told = {
        "complete": understood.complete_list,
        "control": understood.control,
        "target": understood.control_target,
        "emergency": understood.emergency,
        "distress": understood.distress is not None,
        "other_language": understood.other_language,
    }
    assert {name: told[name] for name in told if name in case} == {
        name: case[name] for name in told if name in case
    }
    check_facts(understood.facts, TODAY)
