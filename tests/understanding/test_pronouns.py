"""The family's own word for the patient: taken from her words, never guessed, and never somebody else's."""

from __future__ import annotations

from datetime import date

import pytest

from bot.understanding import understand

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "pronoun"),
    [
        ("my son is nine", "he"),
        ("Our baby girl turned two in May.", "she"),
        ("my son and his sister", "he"),
        ("it's for our little man", "he"),
        ("Granddaughter, 11, synovial sarcoma", "she"),
        ("mom of a 7 yo boy with rhabdo", "he"),
        ("not my son, my daughter", "she"),
        ("we lost our first son to it. now my daughter is ill", "she"),
        ("sorry, she, not he", "she"),
        ("my kid is 14 and they use they/them", "they"),
        ("my brother is 9 and has ewing sarcoma", "he"),
        ("I'm looking after my nephew", "he"),
    ],
)
def test_a_name_tells_it(text: str, pronoun: str) -> None:
    understood = understand(text, TODAY)
    assert (understood.pronoun, understood.pronoun_named) == (pronoun, True)


@pytest.mark.parametrize(
    ("text", "pronoun"),
    [
        ("he had surgery in may", "he"),
        ("I'm her mom, she is 7", "she"),
        ("his cousin she had it too", "he"),
        ("his doctor said she is not sure", "he"),
        ("I am the grandmother and I am raising him", "he"),
        ("my wife had it as a child, and he is 8", "he"),
        ("her twin brother, he is healthy", "she"),
    ],
)
def test_he_and_she_tell_it_where_they_can_mean_nobody_else(text: str, pronoun: str) -> None:
    understood = understand(text, TODAY)
    assert (understood.pronoun, understood.pronoun_named) == (pronoun, False)


@pytest.mark.parametrize(
    "text",
    [
        "my child is 7",
        "they said it came back",
        "the doctor said she is high risk",
        "my cousin had it, she got chemo",
        "a boy in the next bed had it and he died",
        "my two boys are well, my daughter is ill",
        "the baby is 8 months old",
        "i have rhabdo and my sister helps me, she is 20",
        "I am 16 and my mom says she wants to ask something",
        "",
    ],
)
def test_what_is_not_told_or_may_mean_another_tells_nothing(text: str) -> None:
    assert understand(text, TODAY).pronoun is None


@pytest.mark.parametrize("text", ["my daughter has the papers", "my daughter is the one to ask"])
def test_a_grandfathers_daughter_is_not_the_patient(text: str) -> None:
    assert understand(text, TODAY, known={"respondent": "carer"}).pronoun is None


def test_who_only_helps_is_not_the_patient() -> None:
    assert understand("my daughter drove us there", TODAY, known={"respondent": "parent"}).pronoun is None
    assert understand("my daughter has a new scan", TODAY, known={"respondent": "parent"}).pronoun == "she"


def test_a_patient_who_writes_needs_no_word() -> None:
    understood = understand("he said no surgery", TODAY, known={"respondent": "patient"})
    assert understood.pronoun is None
