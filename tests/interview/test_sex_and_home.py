"""The two questions that a trial may need, or none: the sex, and where a family lives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.interview import Incoming, respond
from bot.interview.answers import answers_so_far
from bot.interview.asking import question_message
from bot.interview.model import Facts, Memory, World
from bot.interview.plan import next_question, standing
from bot.interview.questions import BY_ID
from bot.interview.speech import Speaker
from criteria import check_facts
from criteria.conditions import Not, OneOf
from criteria.matching import Matcher
from criteria.trial import Case, Rule
from tests.interview.family import TODAY, WORLD

GIRLS_ONLY = OneOf("sex", frozenset({"male"}))
HOUSTON = {"country": "US", "region": "Texas", "city": "Houston", "latitude": 29.76, "longitude": -95.36}


def for_girls() -> World:
    rule = Rule(Case(Not(GIRLS_ONLY), "A girl."), not_met=(Case(GIRLS_ONLY, "A boy.", "For girls only."),))
    criteria = tuple(
        replace(criterion, rule=rule) if criterion.id == "E3" else criterion
        for criterion in WORLD.trials[0].criteria
    )
    return replace(WORLD, matcher=Matcher((replace(WORLD.trials[0], criteria=criteria),)))


def asked_next(world: World, facts: Facts) -> str | None:
    question, _ = next_question(standing(facts, Memory(), world), facts, Memory(), world)
    return question.id if question else None


def test_the_sex_is_asked_only_where_a_rule_looks_at_it() -> None:
    facts = check_facts({"respondent": "parent", "age": {"months": [84, 95]}}, TODAY)
    assert asked_next(WORLD, facts) == "diagnosis"
    assert asked_next(for_girls(), facts) == "sex"
    assert asked_next(for_girls(), facts | {"sex": "not_sure"}) == "diagnosis"


def test_not_saying_the_sex_rules_nobody_out_and_a_boy_is_read_back() -> None:
    world = for_girls()
    assert standing({"sex": "not_sure"}, Memory(), world).verdict == "possible"
    assert standing({"sex": "male"}, Memory(), world).deciding == ("sex",)
    assert Speaker(world, {"respondent": "parent"}).told(["sex"], {"sex": "male"}) == "Your child is male."


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("parent", "Is your child a girl or a boy?"),
        ("carer", "Is the child a girl or a boy?"),
        ("patient", "Are you female or male?"),
    ],
)
def test_the_sex_is_asked_in_the_voice_of_who_writes(who: str, text: str) -> None:
    facts = {"respondent": who}
    assert question_message(BY_ID["sex"], Memory(), facts, Speaker(WORLD, facts))["text"] == text


def test_an_answer_in_words_is_taken() -> None:
    facts = {"respondent": "parent", "age": {"months": [84, 95]}}
    memory = Memory(greeted=True, asks="sex", asked=["sex"])
    question_message(BY_ID["sex"], memory, facts, Speaker(WORLD, facts))
    reply = respond(Incoming("she is a girl"), facts, memory.stored(), for_girls())
    assert reply.facts["sex"] == "female"


def test_nothing_asks_where_a_family_lives_by_itself() -> None:
    for world in (WORLD, for_girls()):
        assert "home" not in standing({"respondent": "parent"}, Memory(), world).needed
    assert "home" not in WORLD.trials[0].paths()


def test_both_stand_among_the_answers_in_words() -> None:
    facts = {"sex": "female", "home": HOUSTON}
    told = {one["question"]: one["text"] for one in answers_so_far(facts, Memory(), Speaker(WORLD, facts))}
    assert told == {"sex": "A girl", "home": "Houston, United States"}
    speaker = Speaker(WORLD, facts)
    assert speaker.told(["home"], facts) == "You live in or near Houston, United States."
    assert speaker.told(["home"], {"home": {"country": "CA"}}) == "You live in or near Canada."


def test_where_a_family_lives_changes_no_verdict() -> None:
    for facts in ({}, {"age": {"months": [84, 95]}}, {"age": {"months": [240, 240]}}):
        alone = standing(facts, Memory(), WORLD).trials
        assert standing(facts | {"home": HOUSTON}, Memory(), WORLD).trials == alone
