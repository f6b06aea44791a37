"""Shares of answers: every question has some, they add up, and a site's counts move them."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from bot.interview.model import NOT_SURE
from bot.interview.priors import PRIORS, PriorsError, answers, load_priors
from bot.interview.questions import BY_ID, DAY_FIELDS, QUESTIONS, Question
from bot.texts import load_texts
from criteria import check_facts
from criteria.facts import LISTS
from tests.interview.family import TODAY

ASSUMED = load_priors()
TEXTS = load_texts("en")
# No trial waits for where a family lives, so that nothing is reckoned with its answers.
PLANNED = [question for question in QUESTIONS if question.id != "home"]
each = pytest.mark.parametrize("question", PLANNED, ids=[question.id for question in PLANNED])


@each
def test_every_question_has_answers_that_add_up_and_tell_facts(question: Question) -> None:
    found = answers(question, {}, TODAY, ASSUMED)
    assert sum(answer.share for answer in found) == pytest.approx(1)
    assert len(found) > 2
    for answer in found:
        assert check_facts(answer.facts, TODAY) == answer.facts
        assert question.items or question.fact in answer.facts
        assert all(item in answer.facts for item in question.items)


@each
def test_the_shares_are_of_choices_that_a_family_is_offered(question: Question) -> None:
    if question.items or question.field in DAY_FIELDS or question.id == "age":
        return
    offered = TEXTS.node(f"questions.{question.id}.choices")
    assert set(ASSUMED.choices[question.id]) <= set(offered) - {NOT_SURE}


def test_every_item_of_a_list_has_a_share_and_all_of_it_is_said_to_be_assumed() -> None:
    assert {name: tuple(items) for name, items in ASSUMED.items.items()} == LISTS
    assert ASSUMED.assumed == {*ASSUMED.choices, *ASSUMED.items, "age", "days", "not_sure", "unclear"}


def test_the_likeliest_ways_to_tick_a_list_come_with_their_likelihood() -> None:
    question = BY_ID["treatments"]
    whole = {
        frozenset(item for item, tick in zip(question.items, ticks, strict=True) if tick): _likelihood(ticks)
        for ticks in product((False, True), repeat=len(question.items))
    }
    found = answers(question, {}, TODAY, ASSUMED)[:-1]
    ticked = [frozenset(i for i in question.items if a.facts[i]["had"] == "yes") for a in found]
    likeliest = sorted(whole.values(), reverse=True)[: len(found)]
    assert [whole[one] for one in ticked] == pytest.approx(likeliest)
    assert [a.share for a in found] == pytest.approx([0.95 * share / sum(likeliest) for share in likeliest])


def _likelihood(ticks: tuple[bool, ...]) -> float:
    likelihood = 1.0
    for share, tick in zip(ASSUMED.items["treatments"].values(), ticks, strict=True):
        likelihood *= share if tick else 1 - share
    return likelihood


def test_an_answer_leaves_what_was_told_before() -> None:
    facts = {"chemotherapy": {"had": "yes"}, "age": {"months": [84, 95]}}
    for answer in answers(BY_ID["treatments"], facts, TODAY, ASSUMED):
        assert answer.facts["chemotherapy"] == {"had": "yes"}
        assert answer.facts["age"] == facts["age"]


def test_counts_move_the_shares_and_few_counts_move_them_little() -> None:
    many = ASSUMED.learned("gvhd", {"yes": 900, "no": 100})
    few = ASSUMED.learned("gvhd", {"yes": 12, "no": 10})
    assert many.choices["gvhd"]["yes"] == pytest.approx((900 + 15) / 1030)
    assert 0.5 < few.choices["gvhd"]["yes"] < 0.53
    assert "gvhd" not in many.assumed
    assert "gvhd" in ASSUMED.assumed
    assert many.choices["radiation.kind"] == ASSUMED.choices["radiation.kind"]


def test_a_count_kept_back_is_neither_nothing_nor_much() -> None:
    counts = {"small_area": 400, "large_area": 200, "mibg": None}
    shares = ASSUMED.learned("radiation.kind", counts).choices["radiation.kind"]
    assert sum(shares.values()) == pytest.approx(1)
    assert 7.5 / 650 < shares["mibg"] < 17 / 600
    assert shares["mibg"] == shares["small_area_to_cure"]


def test_without_counts_nothing_is_learned() -> None:
    assert ASSUMED.learned("gvhd", {"yes": None}) is ASSUMED
    assert ASSUMED.learned("treatments", {"surgery": 40}) is ASSUMED
    with pytest.raises(PriorsError, match="no shares of shoe_size"):
        ASSUMED.learned("shoe_size", {"40": 12})


def test_a_list_learns_each_item_by_itself() -> None:
    learned = ASSUMED.learned("treatments", {"all": 100, "surgery": 100, "trial_drug": None})
    items = learned.items["treatments"]
    assert items["surgery"] == pytest.approx((30 * 0.65 + 100) / 130)
    assert items["trial_drug"] == pytest.approx((30 * 0.1 + 9) / 130)
    assert "treatments" not in learned.assumed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("share: 0.05", "share: 1.5"),
        ("relapsed: 0.4", "relapsed: 0.9"),
        ("{basis: assumed, share", "{basis: guessed, share"),
        ("days: {basis", "hours: {basis"),
        ("choices:", "choices: ["),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(before: str, after: str, tmp_path: Path) -> None:
    text = PRIORS.read_text(encoding="utf-8")
    assert before in text
    wrong = tmp_path / "priors.yml"
    wrong.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(PriorsError, match="priors"):
        load_priors(wrong)
