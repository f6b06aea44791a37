"""What must hold for any facts whatever: less information never rules out, and order never matters."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from criteria import Trial, assess, check_facts, load_trial, trial_names
from criteria.facts import BRAIN, BRAIN_FIELDS, EVENTS, NOT_SURE, kinds_that_may_be_unsure
from tests.criteria.oracle import IDS
from tests.criteria.strategies import FITTING, cases, intervals

TRIAL = load_trial("NCT06848582")
SEVERITY = {"likely": 0, "possible": 0, "not_yet": 1, "not_likely": 2}
Case = tuple[date, dict[str, Any]]
every_trial = pytest.mark.parametrize(
    "trial", [load_trial(name) for name in trial_names()], ids=trial_names()
)
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def severity(trial: Trial, facts: dict[str, Any], today: date) -> int:
    return SEVERITY[assess(trial, check_facts(facts, today), today).verdict]


def with_less_told(facts: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same facts with one answer less: a fact dropped or not sure, or one field not sure."""
    for name, value in facts.items():
        yield f"{name} dropped", {other: told for other, told in facts.items() if other != name}
        yield f"{name} not sure", {**facts, name: NOT_SURE}
        if isinstance(value, dict):
            for field in _fields_that_may_be_unsure(name):
                if field in value:
                    yield f"{name}.{field} not sure", {**facts, name: {**value, field: NOT_SURE}}


def _fields_that_may_be_unsure(name: str) -> tuple[str, ...]:
    if name in EVENTS:
        return ("had", "last", "kind") if kinds_that_may_be_unsure(name) else ("had", "last")
    return {"diagnosis": ("id", "arises_in"), BRAIN: BRAIN_FIELDS}.get(name, ())


@every_trial
@many
@given(case=cases())
@example(case=(date(2026, 11, 22), {**FITTING, "chemotherapy": {"had": "no"}, "nitrosourea": NOT_SURE}))
@example(case=(date(2026, 11, 22), {**FITTING, "chemotherapy": {"had": "no"}, "nitrosourea": {"had": "yes"}}))
def test_an_answer_less_never_rules_out(trial: Trial, case: Case) -> None:
    today, facts = case
    before = severity(trial, facts, today)
    for what, less in with_less_told(facts):
        assert severity(trial, less, today) <= before, what


@every_trial
@many
@given(case=cases(), data=st.data())
def test_a_wider_interval_never_rules_out(trial: Trial, case: Case, data: st.DataObject) -> None:
    today, facts = case
    before = severity(trial, facts, today)
    days, units = st.integers(0, 800), st.integers(0, 200)
    for name, value in facts.items():
        for field in ("last", "symptom_free_since", "months", "score"):
            if not isinstance(value, dict) or not isinstance(value.get(field), list):
                continue
            if field in ("months", "score"):
                top = 300 if field == "months" else 100
                least, most = value[field]
                wide: list[Any] = [
                    max(0, least - data.draw(units)),
                    max(most, min(top, most + data.draw(units))),
                ]
            else:
                earliest, latest = (date.fromisoformat(day) for day in value[field])
                wide = [
                    (earliest - timedelta(days=data.draw(days))).isoformat(),
                    (latest + timedelta(days=data.draw(days))).isoformat(),
                ]
            wider = {**facts, name: {**value, field: wide}}
            assert severity(trial, wider, today) <= before, f"{name}.{field} {wide}"


@many
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_answers_never_matters(case: Case, random: Any) -> None:
    today, facts = case
    names = list(facts)
    random.shuffle(names)
    other: dict[str, Any] = {}
    for name in names:
        value = deepcopy(facts[name])
        if isinstance(value, dict):
            value = dict(reversed(value.items()))
        if name == "disease_course" and isinstance(value, list):
            random.shuffle(value)
        other[name] = value
    assert assess(TRIAL, check_facts(other, today), today) == assess(TRIAL, check_facts(facts, today), today)


@many
@given(cases())
def test_every_finding_is_whole(case: Case) -> None:
    today, told = case
    facts = check_facts(told, today)
    assessment = assess(TRIAL, facts, today)
    assert tuple(assessment.findings) == IDS
    for name, found in assessment.findings.items():
        assert found.reason.strip(), name
        if found.until is not None:
            assert found.finding == "not_yet", name
            assert found.until > today, name
    if assessment.until is not None:
        assert assessment.verdict == "not_yet"
        assert assessment.until in {found.until for found in assessment.findings.values()}


@many
@given(cases())
def test_checking_is_idempotent_and_leaves_its_input_alone(case: Case) -> None:
    today, told = case
    before = deepcopy(told)
    facts = check_facts(told, today)
    assert told == before
    assert check_facts(facts, today) == facts


@many
@given(st.data())
def test_a_washout_once_over_stays_over(data: st.DataObject) -> None:
    today = date(2026, 11, 22)
    event = data.draw(st.sampled_from(sorted(EVENTS)))
    facts = check_facts({event: {"had": "yes", "last": data.draw(intervals(today))}}, today)
    later = today + timedelta(days=data.draw(st.integers(1, 900)))
    now, then = assess(TRIAL, facts, today), assess(TRIAL, facts, later)
    for name, found in now.findings.items():
        if found.finding == "met":
            assert then.findings[name].finding == "met", name
        if found.until is not None and found.until <= later:
            assert then.findings[name].finding != "not_yet", name
