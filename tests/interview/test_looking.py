"""Pages that were away, or lie open twice, and buttons that need no language."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.interview import Incoming, respond
from tests.interview.family import TODAY, WORLD, Family, likely_family


def press(family: Family, command: str, **values: Any) -> Family:
    """The family presses a button of the page."""
    facts, memory = json.loads(json.dumps([family.reply.facts, family.reply.memory]))
    family.reply = respond(Incoming("...", command=command, **values), facts, memory, family.world)
    return family


def answer_after(family: Family, line: str, after: int) -> Family:
    """The family answers on a page that shows where the chat stood after so many turns."""
    facts, memory = json.loads(json.dumps([family.reply.facts, family.reply.memory]))
    family.reply = respond(Incoming(line, after=after), facts, memory, family.world)
    return family


def finish(family: Family) -> None:
    """No to all that is still asked, and active as usual."""
    answers = {"confirm": "yes", "activity": "as_usual", "nitrosourea": "no"}
    while family.asks is not None:
        family.say(answers.get(family.asks, "none"))


def test_each_message_taken_in_counts_one_turn() -> None:
    family = Family("parent", "7", "what is chemo?")
    assert family.reply.state["turn"] == 4


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("parent",),
        ("parent", "7", "rhabdomyosarcoma", "relapsed"),
        ("parent", "8", "osteosarcoma"),
        ("patient", "9"),
    ],
    ids=["greeted", "age", "list", "read-back", "child alone"],
)
def test_looking_shows_what_waits_and_takes_nothing_in(lines: tuple[str, ...]) -> None:
    family = Family(*lines)
    before = family.reply
    press(family, "look")
    assert family.reply.state == before.state
    assert family.reply.facts == before.facts
    assert family.reply.messages[-1]["choices"] == before.messages[-1]["choices"]
    assert family.reply.memory["questions"] == before.memory["questions"]
    assert family.reply.screening is None


def test_looking_after_the_verdict_shows_it_again() -> None:
    family = likely_family()
    before = family.reply
    press(family, "look")
    assert [said["kind"] for said in family.reply.messages] == ["verdict", "offer"]
    assert family.reply.messages[0] == next(m for m in before.messages if m["kind"] == "verdict")
    assert family.reply.screening is None
    assert family.reply.state["phase"] == "offer"


def test_looking_on_a_later_day_tells_what_holds_then() -> None:
    family = Family("parent", "7", "rhabdomyosarcoma", "relapsed", "chemotherapy", "2026-11-15")
    finish(family)
    assert family.verdict == "not_yet"
    family.world = replace(WORLD, today=TODAY + timedelta(days=60))
    press(family, "look")
    assert family.reply.superseded
    finish(family)
    assert family.verdict == "likely"


def test_looking_in_an_emergency_shows_the_number_first() -> None:
    family = Family("parent", "he can't breathe")
    assert family.phase == "emergency"
    press(family, "look")
    assert family.phase == "emergency"
    assert "911" in family.text
    assert family.reply.state["left"] is None


def test_an_answer_on_a_page_of_before_is_taken_for_no_other_question() -> None:
    family = Family("parent")
    seen = family.reply.state["turn"]
    family.say("7", "ewing sarcoma")
    facts = family.reply.facts
    answer_after(family, "7", seen)
    assert family.reply.facts == facts
    assert family.reply.state["moved_on"] is True
    assert family.reply.messages[0]["text"] == WORLD.texts.say("reply.moved_on")
    assert family.reply.messages[-1]["asks"] == "diagnosis.arises_in"
    answer_after(family, "in the muscle", family.reply.state["turn"])
    assert family.reply.facts["diagnosis"] == {"id": "ewing_sarcoma", "arises_in": "soft_tissue"}
    assert "moved_on" not in family.reply.state


def test_a_new_start_is_another_turn_too() -> None:
    family = Family("parent", "7")
    seen = family.reply.state["turn"]
    family.say("start over")
    assert family.reply.state["turn"] > seen


@pytest.mark.parametrize("incoming", [Incoming("...", command="look"), Incoming("yes", after=7)])
def test_a_chat_deleted_meanwhile_begins_anew_and_says_so(incoming: Incoming) -> None:
    reply = respond(incoming, {}, None, WORLD)
    assert WORLD.texts.say("reply.forgotten") in [said["text"] for said in reply.messages]
    assert reply.messages[-1]["asks"] == "respondent"
    assert reply.facts == {}


def test_why_and_a_person_are_answered_whatever_waits() -> None:
    for lines in [
        ("parent",),
        ("parent", "8", "osteosarcoma"),
        ("patient", "9"),
        ("parent", "7", "change an answer"),
    ]:
        family = press(Family(*lines), "human")
        assert "555 0100" in family.text, lines
    assert "people of certain ages" in press(Family("parent"), "why").text


def test_skipping_and_going_back_are_buttons_too() -> None:
    family = press(Family("parent", "7"), "skip")
    assert family.reply.facts["diagnosis"] == "not_sure"
    assert press(family, "go_back").asks == "diagnosis"


def test_an_answer_is_changed_by_its_question() -> None:
    family = Family("parent", "7", "rhabdomyosarcoma")
    press(family, "change", question="age")
    assert family.asks == "age"
    family.say("8")
    assert family.reply.facts["age"] == {"months": [96, 107]}
    assert family.asks == "disease_course"


def test_an_unknown_question_to_change_asks_which() -> None:
    family = press(Family("parent", "7"), "change", question="no such question")
    assert family.asks == "change"
    assert family.reply.facts == Family("parent", "7").reply.facts


def test_a_button_is_not_read_as_language() -> None:
    family = Family("parent")
    facts, memory = json.loads(json.dumps([family.reply.facts, family.reply.memory]))
    reply = respond(Incoming("he is 7", command="why"), facts, memory, WORLD)
    assert "age" not in reply.facts


def test_days_and_ages_can_be_picked() -> None:
    family = Family("parent")
    assert family.reply.messages[-1]["input"] == {"kind": "age"}
    family.say("7", "rhabdomyosarcoma", "relapsed", "chemotherapy")
    assert family.reply.messages[-1]["input"] == {"kind": "day", "latest": TODAY.isoformat()}
    family.say("2026-06-01")
    assert "input" not in family.reply.messages[-1]


@pytest.mark.parametrize("said", ["he stopped breathing and is blue", "I want to kill myself"])
def test_a_cry_for_help_is_heard_on_a_page_of_before_too(said: str) -> None:
    family = answer_after(Family("parent", "7"), said, 1)
    assert family.phase == "emergency"
    assert "911" in family.text
    assert family.reply.facts == Family("parent", "7").reply.facts
    forgotten = respond(Incoming(said, after=3), {}, None, WORLD)
    assert forgotten.state["phase"] == "emergency"


@pytest.mark.parametrize("command", ["why", "go_back", "skip", "change"])
def test_buttons_do_not_end_the_chat_of_a_child_alone(command: str) -> None:
    family = Family("patient", "10")
    for _ in range(5):
        press(family, command)
    assert family.phase == "interview"
    assert not family.reply.erase
    assert family.asks == "respondent"


def test_the_day_of_any_event_can_be_shown() -> None:
    family = Family("parent", "7", "he had a kidney transplant 2 years ago")
    assert family.reply.messages
    press(family, "look")
    family.say("no wait, he had a kidney transplant 1 year ago")
    assert family.reply.messages
