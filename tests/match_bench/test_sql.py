"""The SQL to compare with is a fair one: where it can say anything, it says what the loop says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.commands.multiplying import multiplied
from criteria import assess, check_facts, load_trial
from criteria.conditions import Every, Not, OneOf, Some
from criteria.matching import VERDICTS
from scripts.match_bench.measuring import loop
from scripts.match_bench.sql import SqlMatching, expressible, ways
from tests.criteria.strategies import cases

TRIAL = load_trial("NCT06848582")
MADE_UP = [expressible(trial) for trial in [TRIAL, *multiplied([TRIAL], 20, seed=5)]]
TABLES = SqlMatching(MADE_UP)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=cases())
def test_the_verdicts_are_those_of_the_loop(case: tuple[date, dict[str, Any]]) -> None:
    facts = check_facts(case[1], case[0])
    assert TABLES.verdicts(facts, case[0]) == [
        VERDICTS.index(assess(trial, facts, case[0]).verdict) for trial in MADE_UP
    ]


def test_the_loop_gives_one_verdict_a_trial() -> None:
    assert loop(MADE_UP, {"age": {"months": [1400, 1400]}})[0] == 3
    assert len(loop(MADE_UP, {})) == len(MADE_UP)


def test_only_washouts_in_days_are_expressible() -> None:
    kept = {criterion.id for criterion in expressible(TRIAL).criteria}
    assert {one.id for one in TRIAL.criteria} - kept == {"E1", "E5", "E10", "E17", "E20"}
    with pytest.raises(ValueError, match="no row can hold"):
        SqlMatching([TRIAL])


def test_a_condition_is_taken_apart_into_ways() -> None:
    a, b, c = (OneOf(name, frozenset({"yes"})) for name in ("gvhd", "gut_trouble", "heart_problem"))
    mixed = Every((a, Some((b, Not(c)))))
    assert list(ways(mixed)) == [((a, True), (b, True)), ((a, True), (c, False))]
    assert list(ways(mixed, False)) == [((a, False),), ((b, False), (c, True))]
