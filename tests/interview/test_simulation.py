"""Made-up families: the interview ends, stays short, and "I don't know" never makes its end worse."""

from __future__ import annotations

from statistics import median
from typing import Any

import pytest

from bot.commands.families import Family
from bot.commands.simulate import Outcome, interview, outcomes, percentile, simulation_world

WORLD = simulation_world("NCT06848582")


class Sure(Family):
    """A family that is sure of all its answers but one."""

    def __init__(self, seed: str, forgets: str = "") -> None:
        super().__init__(seed)
        self.forgets = forgets

    def answer(self, question: dict[str, Any]) -> str:
        if question["asks"] == self.forgets:
            return "not sure"
        return "yes" if question["asks"] == "confirm" else self.told(question)


RANK = {"likely": 0, "possible": 0, "not_yet": 1, "not_likely": 2}


@pytest.fixture(scope="module")
def results() -> list[Outcome]:
    return list(outcomes(300, 7, WORLD))


def test_every_interview_ends_with_a_verdict(results: list[Outcome]) -> None:
    assert {result.verdict for result in results} == set(RANK)


def test_the_number_of_questions_keeps_its_promise(results: list[Outcome]) -> None:
    counts = [result.questions for result in results]
    assert median(counts) <= 12
    assert percentile(counts, 0.95) <= 15
    assert max(counts) <= 18


def test_even_who_ticks_everything_is_asked_no_more_than_eighteen() -> None:
    family = Family("everything", thorough=True)
    assert interview(family, WORLD).questions <= 18


@pytest.mark.parametrize("seed", range(40))
def test_answering_one_question_with_not_sure_never_rules_out_more(seed: int) -> None:
    known = interview(Sure(f"sure-{seed}"), WORLD)
    for asks in dict.fromkeys(known.asked):
        if asks in ("confirm", "respondent"):
            continue
        unsure = interview(Sure(f"sure-{seed}", forgets=asks), WORLD)
        assert RANK[unsure.verdict] <= RANK[known.verdict], asks


def test_a_percentile_is_a_value_that_enough_values_do_not_exceed() -> None:
    assert percentile([1, 2, 3, 4], 0.5) == 2
    assert percentile(list(range(1, 101)), 0.95) == 95
    assert percentile([5], 0.95) == 5
