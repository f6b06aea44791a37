"""Made-up families and the ways to choose their questions: the same answers whatever comes first."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from bot.commands import planners
from bot.commands.families import TODAY, Family
from bot.commands.multiplying import multiplied
from bot.commands.planners import (
    WAYS,
    compare_planners,
    put,
    questions_until_settled,
    strategies,
    told_in,
    trial_sets,
)
from bot.interview.priors import load_priors
from bot.interview.questions import BY_ID, QUESTIONS
from criteria import check_facts, load_trial
from criteria.matching import Matcher

TRIAL = load_trial("NCT06848582")
PRIORS = load_priors()


@pytest.mark.parametrize("number", range(20))
def test_every_answer_of_a_family_is_a_fact(number: int) -> None:
    family = Family(f"facts-{number}")
    for question in (one for one in QUESTIONS if one.id != "home"):
        facts = told_in(family.told(put(question, {}, PRIORS)), question, {}, TODAY)
        assert facts
        assert check_facts(facts, TODAY) == facts


def test_not_sure_is_told_as_such() -> None:
    assert told_in("not sure", BY_ID["age"], {}, TODAY) == {"age": "not_sure"}
    assert told_in("ongoing", BY_ID["steroids.last"], {}, TODAY)["steroids"]["last"] == "ongoing"


def test_every_way_settles_the_verdicts() -> None:
    matcher = Matcher([TRIAL, *multiplied([TRIAL], 5, seed=4)])
    for number in range(5):
        for strategy in strategies(matcher, PRIORS, str(number)).values():
            asked = questions_until_settled(Family(f"way-{number}"), matcher, strategy, PRIORS)
            assert 1 <= asked <= len(QUESTIONS) + 6


def test_the_sets_have_the_sizes_that_they_name() -> None:
    sets = list(trial_sets())
    assert [len(trials) for _, trials in sets] == [1, 11, 100]
    assert all(name.startswith(f"{len(trials)} trial") for name, trials in sets)


def test_the_comparison_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planners, "SMALL_SETS", (("I2", "E16"), ("I2", "I3", "I4", "I7")))
    monkeypatch.setattr(planners, "MOST_STATES", 40)
    out = StringIO()
    compare_planners(2, 3, Console(file=out, width=150))
    text = out.getvalue()
    assert all(way in text for way in WAYS)
    assert "2 made-up families" in text
    assert "least possible" in text
    assert "too many orders" in text
    assert "assumed" in text
