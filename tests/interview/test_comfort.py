"""Fear, grief, anger: a human sentence first, then the question; and not the same words each time."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.interview.family import Family, likely_family

START = ("parent", "he is 7", "rhabdomyosarcoma", "it came back")


def comforts(family: Family) -> list[str]:
    """What the last turn said before its question."""
    return [said["text"] for said in family.reply.messages if said["kind"] == "info"]


@pytest.mark.parametrize(
    ("cry", "met_by"),
    [
        ("I'm terrified of what comes next", "it makes sense to be scared"),
        ("they say she has weeks to live", "no right words"),
        ("we lost our first boy to this cancer", "no right words"),
        ("I can't do this anymore", "It is all right to rest"),
        ("i should have noticed the lump sooner", "So many parents"),
        ("i feel all alone with this", "too much for anyone to carry alone"),
        ("it is so unfair", "every right to be angry"),
    ],
)
def test_each_cry_is_met_by_its_own_words_before_the_question(cry: str, met_by: str) -> None:
    family = Family("parent", cry)
    first, *_, last = family.reply.messages
    assert met_by in first["text"]
    assert last["asks"] == "age"
    assert family.phase == "interview"
    assert "did not get that" not in family.text


def test_it_comes_first_where_facts_are_told_too() -> None:
    family = Family("parent", "he is 7 and I am so scared, it came back")
    assert "scared" in family.reply.messages[0]["text"]
    assert family.reply.facts["age"] == {"months": [84, 95]}
    assert family.reply.facts["disease_course"] == ["relapsed"]
    assert family.asks == "diagnosis"


@pytest.mark.parametrize(
    ("lines", "cry"),
    [
        (("7", "osteosarcoma"), "no, and i am so scared"),
        ((*START[1:], "chemotherapy", "change the age"), "i am terrified"),
        ((*START[1:], "chemo last june"), "i am terrified. why do you ask?"),
        ((*START[1:], "chemotherapy"), "three weeks ago. i am so scared"),
        ((*START[1:],), "so scared. chemo and surgery, nothing else"),
    ],
)
def test_it_comes_first_whatever_the_message_says_beside_it(lines: tuple[str, ...], cry: str) -> None:
    family = Family("parent", *lines, cry)
    assert "it makes sense to be scared" in family.reply.messages[0]["text"]
    assert len(family.reply.messages) > 1


def test_it_comes_even_before_the_greeting() -> None:
    family = Family(world=Family().world)
    family.reply.memory.clear()
    family.reply.facts.clear()
    family.say("please, my son is dying")
    assert "no right words" in family.reply.messages[0]["text"]
    assert "computer program" in family.reply.messages[1]["text"]


def test_it_does_not_come_at_every_turn() -> None:
    family = Family("parent", "i am so scared", "he is 7, i am so scared", "rhabdo, so scared")
    assert comforts(family) == []
    family.say("it came back", "chemotherapy", "in june. i am so scared still")
    assert "small step" in comforts(family)[0]


def test_who_only_cries_out_is_answered_each_time_and_never_twice_alike() -> None:
    family = Family("parent")
    heard = []
    for _ in range(5):
        family.say("i am so scared")
        heard.append(comforts(family)[0])
        assert family.asks == "age"
    assert all(one != next_ for one, next_ in pairwise(heard))
    assert len(set(heard)) >= 4


def test_another_kind_of_cry_gets_its_own_words_at_once() -> None:
    family = Family("parent", "i am so scared", "it is all my fault")
    assert "So many parents" in family.text


def test_the_way_to_a_person_is_told_with_the_first_words_only() -> None:
    family = Family("parent", "i am so scared")
    assert "talk with a person" in family.text
    family.say("it is all my fault")
    assert "talk with a person" not in family.text


def test_a_cry_costs_no_question_and_no_answer() -> None:
    calm, afraid = Family(*START), Family("parent", "i am so scared", "no hope left", *START[1:])
    assert afraid.reply.facts == calm.reply.facts
    assert afraid.reply.memory["questions"] == calm.reply.memory["questions"]


def test_who_is_at_a_loss_has_not_said_that_she_does_not_know_the_age() -> None:
    family = Family("parent", "i don't know what to do")
    assert "age" not in family.reply.facts
    assert family.asks == "age"
    assert "scared" in family.text


@pytest.mark.parametrize(("who", "words"), [("patient", "someone you trust"), ("parent", "no right words")])
def test_a_patient_is_met_by_words_of_his_own(who: str, words: str) -> None:
    assert words in Family(who, "16", "no hope left").text


def test_a_child_alone_who_is_afraid_is_met_and_not_let_go() -> None:
    family = Family("patient", "11", "i am so scared", "i am so scared", "i am so scared", "i am so scared")
    assert family.asks == "respondent"
    assert not family.reply.erase
    assert "did not get that" not in "".join(said["text"] for said in family.heard)


def test_grief_after_the_verdict_is_met_and_not_lectured() -> None:
    family = Family("parent", "he is 7", "osteosarcoma", "yes", "so no hope left")
    assert "no right words" in family.reply.messages[0]["text"]
    assert "clinicaltrials.gov" not in family.text
    family = likely_family()
    family.say("i am so scared")
    assert "makes sense to be scared" in family.reply.messages[0]["text"]
    assert family.phase == "offer"


def test_a_wish_to_die_is_no_mere_despair() -> None:
    family = Family("patient", "16", "i can't do this anymore")
    assert family.phase == "interview"
    family.say("i want to die")
    assert family.phase == "emergency"
    assert "988" in family.text
    assert "worn out" not in family.text


def test_where_only_the_model_heard_it_the_words_are_general() -> None:
    family = Family("parent")
    family.say("this night does not end", intent="distress", confidence=0.6)
    assert "This must be very hard" in family.reply.messages[0]["text"]
    assert family.asks == "age"


@pytest.mark.parametrize("intent", ["why", "dont_know", "correct"])
def test_a_cry_is_answered_by_comfort_and_not_by_a_command_the_model_guessed(intent: str) -> None:
    family = Family("parent")
    family.say("why us", intent=intent, confidence=0.95)
    assert comforts(family)[0].startswith("You have every right to be angry")
    assert len(comforts(family)) == 1


def test_who_cries_for_a_person_hears_how_to_reach_one() -> None:
    family = Family("parent")
    family.say("so scared, somebody real please", intent="human", confidence=0.95)
    assert "makes sense to be scared" in comforts(family)[0]
    assert "555 0100" in family.text
