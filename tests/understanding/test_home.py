"""Where a family lives is told only where it is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.understanding import understand
from criteria import check_facts

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("canada", {"country": "CA"}),
        ("we live in texas", {"country": "US", "region": "Texas"}),
        ("Springfield", {"country": "US"}),
        ("idk", "not_sure"),
    ],
)
def test_an_answer_tells_the_home(text: str, home: Any) -> None:
    assert understand(text, TODAY, "home").facts == {"home": home}


@pytest.mark.parametrize("text", ["Houston", "i don't know, somewhere near Houston", "Houston tx please"])
def test_a_town_has_its_point(text: str) -> None:
    heard = understand(text, TODAY, "home")
    assert heard.facts["home"] == {
        "country": "US",
        "region": "Texas",
        "city": "Houston",
        "latitude": 29.76328,
        "longitude": -95.36327,
    }
    assert heard.control is None
    assert check_facts(heard.facts, TODAY) == heard.facts


@pytest.mark.parametrize("text", ["München", "Vivimos en Madrid, España", "São Paulo"])
def test_a_town_in_its_own_language_is_no_other_language(text: str) -> None:
    heard = understand(text, TODAY, "home")
    assert "city" in heard.facts["home"]
    assert heard.other_language is None


@pytest.mark.parametrize("text", ["Georgia", "asdf", "stop", "skip"])
def test_what_is_no_clear_place_tells_nothing(text: str) -> None:
    assert "home" not in understand(text, TODAY, "home").facts
