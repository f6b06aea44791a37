"""What is still open for one trial, and what a verdict rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings

from criteria import Trial, assess, check_facts, load_trial
from criteria.standing import needed_paths, support_paths
from tests.criteria.strategies import FITTING, cases

TRIAL = load_trial("NCT06848582")
TODAY = date(2026, 11, 22)


def needed(facts: dict[str, Any], trial: Trial = TRIAL) -> frozenset[str]:
    return needed_paths(trial, assess(trial, facts, TODAY), facts, TODAY)


def test_all_that_is_asked_is_needed_at_the_start() -> None:
    assert {"age", "diagnosis", "disease_course", "chemotherapy", "activity", "heart_problem"} <= needed({})


def test_nothing_is_needed_once_something_is_not_met() -> None:
    assert needed({"age": {"months": [240, 251]}}) == frozenset()


def test_nothing_is_needed_once_all_is_told() -> None:
    assert needed(check_facts(FITTING, TODAY)) == frozenset()


def test_what_only_leads_to_likely_is_not_needed_beside_a_rule_that_nobody_accepted() -> None:
    assert "heart_problem" in needed({})
    waiting = TRIAL.criterion("I8")
    criteria = tuple(replace(c, rule=None, waiting=True) if c == waiting else c for c in TRIAL.criteria)
    assert "heart_problem" not in needed({}, replace(TRIAL, criteria=criteria))


def test_a_verdict_rests_on_the_facts_that_ruled() -> None:
    assert support_paths(assess(TRIAL, {"age": {"months": [240, 251]}}, TODAY)) == {"age.months"}
    clot = {"blood_clot": {"had": "yes", "last": ["2026-11-01", "2026-11-01"]}}
    assert support_paths(assess(TRIAL, clot, TODAY)) == {"blood_clot.last"}
    assert support_paths(assess(TRIAL, {}, TODAY)) == frozenset()


@settings(max_examples=100, deadline=None)
@given(cases())
def test_only_what_was_not_told_is_ever_needed(case: tuple[date, dict[str, Any]]) -> None:
    today, told = case
    facts = check_facts(told, today)
    for path in needed_paths(TRIAL, assess(TRIAL, facts, today), facts, today):
        name, _, field = path.partition(".")
        assert name not in facts if not field else field not in facts.get(name, {})
