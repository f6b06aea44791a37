"""Made-up trials for measuring: as many as wanted, unlike each other, the same from the same seed."""

from __future__ import annotations

from datetime import date

import pytest

from bot.commands.multiplying import multiplied
from criteria import assess, load_trial

TRIAL = load_trial("NCT06848582")
TODAY = date(2026, 11, 22)


def test_the_same_seed_makes_the_same_trials() -> None:
    assert multiplied([TRIAL], 5, 1) == multiplied([TRIAL], 5, 1)
    assert multiplied([TRIAL], 5, 1)[2].criteria != multiplied([TRIAL], 5, 2)[2].criteria


def test_they_have_names_of_their_own_and_no_trial_stays_as_it_was() -> None:
    made = multiplied([TRIAL], 20, 1)
    assert len({trial.id for trial in made} | {TRIAL.id}) == 21
    assert all(trial.criteria != TRIAL.criteria for trial in made)


def test_limits_move_together_so_that_a_child_stands_on_one_side() -> None:
    fits = {"age.met": 0, "age.not_met": 0}
    for trial in multiplied([TRIAL], 30, 1):
        for months in (100, 228, 300, 400):
            found = assess(trial, {"age": {"months": [months, months]}}, TODAY).findings.get("I2")
            if found is not None:
                assert found.finding in ("met", "not_met")
                fits[f"age.{found.finding}"] += 1
    assert min(fits.values()) > 0


def test_nothing_cannot_be_multiplied() -> None:
    with pytest.raises(ValueError, match="no trial"):
        multiplied([], 3, 1)
