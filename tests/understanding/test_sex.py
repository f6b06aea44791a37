"""The sex is told only where it is asked, and only by a plain word for it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.understanding import understand

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("girl", "female"),
        ("A girl.", "female"),
        ("she is a girl", "female"),
        ("I'm a girl", "female"),
        ("female", "female"),
        ("F", "female"),
        ("my daughter", "female"),
        ("she", "female"),
        ("gril", "female"),
        ("not a boy", "female"),
        ("male", "male"),
        ("boy", "male"),
        ("he's a boy, yes", "male"),
        ("he's not a girl, he is a boy", "male"),
        ("the second one", "male"),
        ("idk", "not_sure"),
        ("she was born a boy", "not_sure"),
        ("both", "not_sure"),
    ],
)
def test_an_answer_tells_the_sex(text: str, sex: str) -> None:
    assert understand(text, TODAY, "sex").facts["sex"] == sex


@pytest.mark.parametrize("text", ["yes", "no", "his sister has cancer", "is she a girl?", "7", "a toy"])
def test_what_is_no_answer_tells_nothing(text: str) -> None:
    assert "sex" not in understand(text, TODAY, "sex").facts


@pytest.mark.parametrize("asked", [None, "age", "respondent", "diagnosis", "treatments", "gvhd"])
@pytest.mark.parametrize(
    "text",
    [
        "my daughter is a girl of 7",
        "my son is 7, he is a boy",
        "she is female",
        "we live in Houston, Texas",
        "girl",
    ],
)
def test_nothing_else_tells_sex_or_home(text: str, asked: str | None) -> None:
    assert {"sex", "home"}.isdisjoint(understand(text, TODAY, asked).facts)
