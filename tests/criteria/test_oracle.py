"""The engine with its trial file against the independent reading in oracle.py."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from criteria import assess, check_facts, load_trial
from criteria.assess import find
from tests.criteria import oracle
from tests.criteria.strategies import cases, todays, values

TRIAL = load_trial("NCT06848582")


@pytest.mark.parametrize("name", oracle.ASKED)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), today=todays)
def test_one_criterion(name: str, data: st.DataObject, today: date) -> None:
    criterion = TRIAL.criterion(name)
    assert criterion.rule is not None
    told = {}
    for fact in sorted({path.partition(".")[0] for path in criterion.rule.paths()}):
        # "Not told" is an answer to try too, but told ones teach more.
        value = data.draw(st.one_of(values(fact, today), values(fact, today), st.none()), label=fact)
        if value is not None:
            told[fact] = value
    facts = check_facts(told, today)
    expected = oracle.findings(facts, today)[name]
    found = find(criterion, facts, today)
    assert (found.finding, found.until) == (expected.finding, expected.until)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_all_criteria_and_the_verdict(case: tuple[date, dict[str, Any]]) -> None:
    today, told = case
    facts = check_facts(told, today)
    expected = oracle.findings(facts, today)
    assessment = assess(TRIAL, facts, today)
    assert {name: found.finding for name, found in assessment.findings.items()} == {
        name: part.finding for name, part in expected.items()
    }
    assert (assessment.verdict, assessment.until) == oracle.verdict(expected)
