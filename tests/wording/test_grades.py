"""The reading grade: textstat's measure, without textstat in the program."""

import pytest
import textstat
from hypothesis import given
from hypothesis import strategies as st

from bot.wording.grades import Grader, filled, flesch_kincaid, is_sentence
from tests.contract.test_texts import family_texts

WHAT_FAMILIES_READ = [
    filled(text, {"who": "your child", "whose": "your child's"}) for _, text in family_texts()
]
OTHERS = [
    "",
    "?",
    "Yes.",
    "He doesn't, he won't and he'd rather not: it's 'his' choice.",
    "A well-known side effect (see below) is fatigue; call 555-0100.",
    "Nobody knows... yet! Do you? No.",
    "Извините, пока я говорю только по-английски.",
]


@pytest.mark.parametrize("text", [*WHAT_FAMILIES_READ, *OTHERS])
def test_the_grade_is_textstats(text: str) -> None:
    assert flesch_kincaid(text) == textstat.flesch_kincaid_grade(text)


@given(st.text(alphabet=st.sampled_from("aeiou tnsr.,!?'\"-\n1XÄé"), max_size=80))
def test_the_grade_is_textstats_for_whatever_is_written(text: str) -> None:
    assert flesch_kincaid(text) == textstat.flesch_kincaid_grade(text)


def test_a_word_of_the_glossary_counts_as_one_short_word() -> None:
    grader = Grader(["chemo", "graft-versus-host disease"])
    assert grader.grade("He has Graft-versus-host disease now.") == grader.grade("He has it now.")
    assert grader.grade("Chemos end.") < Grader([]).grade("Chemotherapies end.")


def test_words_in_braces_are_filled_for_measuring() -> None:
    assert filled("{Who} {has} seen {site} and {anything}.", {"Who": "You", "has": "have"}) == (
        "You have seen the clinic and it."
    )


def test_what_has_no_end_is_no_sentence() -> None:
    assert is_sentence('Is it "yes"?')
    assert is_sentence('Type "stop."')
    assert not is_sentence("Your details")
