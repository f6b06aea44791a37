"""Ages of the registry in completed months."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.registry.ages import maximum_in_months, minimum_in_months, months_after
from bot.registry.errors import RecordError

SPELLINGS = yaml.safe_load((Path(__file__).parent / "data/ages.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("words", "months"), SPELLINGS["minimum"].items())
def test_every_minimum_of_the_registry_is_read(words: str | None, months: int | None) -> None:
    assert minimum_in_months(words) == months


@pytest.mark.parametrize(("words", "months"), SPELLINGS["maximum"].items())
def test_every_maximum_of_the_registry_is_read(words: str | None, months: int | None) -> None:
    assert maximum_in_months(words) == months


@pytest.mark.parametrize(
    ("words", "months"),
    [
        ("N/A", None),
        ("", None),
        ("21 years", 263),
        ("1 Day", 0),
        ("4 Weeks", 1),
        ("28 Days", 1),
        ("1 Year", 23),
    ],
)
def test_a_maximum_lasts_until_the_next_unit_is_full(words: str, months: int | None) -> None:
    assert maximum_in_months(words) == months


@pytest.mark.parametrize(
    ("words", "months"), [("72 Hours", 0), ("30 Minutes", 0), ("31 Days", 1), ("366 Days", 12)]
)
def test_a_minimum_in_days_never_makes_an_old_enough_child_too_young(words: str, months: int) -> None:
    assert minimum_in_months(words) == months


def test_a_maximum_in_hours_lets_in_all_who_are_that_young() -> None:
    assert maximum_in_months("72 Hours") == 0
    assert maximum_in_months("672 Hours") == 1


def test_months_after_knows_the_shortest_and_the_longest_months() -> None:
    assert months_after(28) == (0, 1)
    assert months_after(31) == (1, 1)
    assert months_after(365) == (11, 12)


@pytest.mark.parametrize("words", ["two years", "2", "2 Years old", "-1 Years", "2 Yrs"])
def test_words_that_are_no_age_are_told(words: str) -> None:
    with pytest.raises(RecordError, match="is no age"):
        minimum_in_months(words)
    with pytest.raises(RecordError, match="is no age"):
        maximum_in_months(words)
