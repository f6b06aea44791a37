"""Hard moments: emergencies, despair, a child alone, words not understood, stopping."""

from __future__ import annotations

import pytest

from tests.contract.test_texts import texts_under
from tests.interview.family import Family

START = ("parent", "7", "rhabdomyosarcoma", "relapsed")


def test_who_only_says_start_is_asked_who_she_is() -> None:
    family = Family("Start")
    assert family.asks == "respondent"
    assert [message["kind"] for message in family.reply.messages] == ["question"]


def test_an_unclear_answer_meets_other_words_then_examples_then_is_left_to_the_team() -> None:
    family = Family("parent")
    texts = [family.reply.messages[-1]["text"]]
    for _ in range(2):
        family.say("hmm well")
        assert family.asks == "age"
        texts.append(family.reply.messages[-1]["text"])
    assert len(set(texts)) == 3
    family.say("hmm well")
    assert "leave that to the study team" in family.text
    assert family.asks == "diagnosis"


def test_no_turn_is_silent_and_none_repeats_the_one_before() -> None:
    family = Family("parent")
    for line in ("", "   ", "...", "\U0001f600\U0001f600", "<b>hi</b>", "qwrtp", "/restart", "restart") * 3:
        before = family.text
        family.say(line)
        assert family.text
        assert family.text != before


def test_start_over_forgets_the_answers() -> None:
    family = Family(*START, "start over")
    assert family.reply.facts == {}
    assert family.asks == "respondent"


def test_stop_erases_and_closes() -> None:
    family = Family(*START, "stop")
    assert family.reply.erase
    assert family.phase == "closed"
    assert family.reply.facts == {}
    family.say("hello?")
    assert family.phase == "closed"
    assert family.text


def test_an_emergency_comes_before_everything_and_the_questions_wait() -> None:
    family = Family("parent", "she can't breathe")
    assert family.phase == "emergency"
    assert "911" in family.text
    assert not any(message["kind"] == "question" for message in family.reply.messages)
    family.say("we are safe, go on")
    assert family.asks == "age"


def test_what_the_care_team_should_hear_now_comes_before_the_questions() -> None:
    family = Family("parent", "fever 103 tonight")
    assert family.phase == "emergency"
    assert "care team now" in family.text
    assert "911" in family.text


@pytest.mark.parametrize("words", ["his doctors gave up on him", "hes going to die isnt he"])
def test_despair_is_met_with_kindness_and_not_with_an_alarm(words: str) -> None:
    family = Family("parent", words)
    assert "I am so sorry" in family.reply.messages[0]["text"]
    assert family.phase == "interview"
    assert family.asks == "age"


def test_a_wish_to_die_gets_its_own_words_and_the_crisis_line() -> None:
    family = Family("patient", "i want to die")
    assert family.phase == "emergency"
    assert "988" in family.text


def test_a_child_alone_is_asked_to_fetch_a_grown_up() -> None:
    family = Family("patient", "11")
    assert "grown-up" in family.text
    assert family.asks == "respondent"
    family.say("parent")
    assert family.reply.facts["respondent"] == "parent"
    assert family.asks == "diagnosis"


@pytest.mark.parametrize("answer", ["idk", "my mom is sleeping", "skip"])
def test_a_child_alone_is_never_led_on_without_a_grown_up(answer: str) -> None:
    family = Family("patient", "11", answer)
    assert family.asks in ("respondent", None)
    assert "diagnosis" not in family.questions()
    assert family.reply.facts.get("respondent") in ("patient", None)


def test_a_child_who_says_no_is_let_go_at_once() -> None:
    family = Family("patient", "11", "no")
    assert family.phase == "closed"


def test_a_child_without_a_grown_up_is_let_go_kindly() -> None:
    family = Family("patient", "11")
    for _ in range(3):
        family.say("nobody is here")
    assert family.phase == "closed"
    assert family.reply.erase


def test_stop_works_in_an_emergency_too() -> None:
    family = Family("parent", "she can't breathe", "stop")
    assert family.phase == "closed"


def test_despair_after_an_accident_is_met_by_its_own_words() -> None:
    family = Family("parent", "he can't breathe")
    family.say("i want to kill myself")
    assert "I am so sorry" in family.text
    family.say("i want to kill myself")
    assert "I will wait here" in family.text
    family.say("he can't breathe")
    assert "911" in family.text


@pytest.mark.parametrize(
    "said", ["so is there no hope?", "no hope for him then", "so there's nothing for me?"]
)
def test_grief_after_bad_news_is_met_before_anything_else(said: str) -> None:
    family = Family("parent", "8", "osteosarcoma", "yes")
    assert family.verdict == "not_likely"
    family.say(said)
    comforts = [text for _, text in texts_under(family.world.texts.node("comfort"))]
    first = family.reply.messages[0]["text"]
    assert any(first[:20] == text[:20] for text in comforts), first
