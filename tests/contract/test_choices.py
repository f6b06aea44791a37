"""Every choice that a question offers is understood: by payload, by title, by number."""

from __future__ import annotations

import pytest

from bot.interview import Incoming, respond
from bot.interview.asking import question_message
from bot.interview.model import Memory
from bot.interview.questions import BY_ID, QUESTIONS
from bot.interview.speech import Speaker
from bot.texts import load_texts
from criteria import FACT_NAMES, check_facts, load_trial, trial_names
from criteria.facts import BRAIN, EVENTS, LISTS
from tests.interview.family import TODAY, WORLD

CASES = [
    (question.id, payload, how)
    for question in QUESTIONS
    for payload in load_texts("en").node(f"questions.{question.id}").get("choices", {})
    for how in ("payload", "title", "number")
]


@pytest.mark.parametrize(("asks", "payload", "how"), CASES)
def test_every_choice_tells_a_fact(asks: str, payload: str, how: str) -> None:
    question = BY_ID[asks]
    facts = {"respondent": "parent"} if asks != "respondent" else {}
    memory = Memory(greeted=True, asks=asks, asked=[asks])
    question_message(question, memory, facts, Speaker(WORLD, facts))
    titles = [name for name, _ in memory.choices]
    said = {
        "payload": payload,
        "title": dict(memory.choices)[payload],
        "number": str(titles.index(payload) + 1),
    }[how]
    assert not said.startswith("/")
    reply = respond(Incoming(said), facts, memory.stored(), WORLD)
    told = LISTS.get(asks, (question.fact,))
    assert all(name in reply.facts for name in told), (said, reply.facts)
    assert reply.state["asks"] != asks
    checked = check_facts(reply.facts, TODAY)
    assert checked == reply.facts


@pytest.mark.parametrize("name", trial_names())
def test_every_fact_of_a_trial_has_a_question_that_fills_it(name: str) -> None:
    filled = frozenset().union(*(question.fills for question in QUESTIONS))
    only_volunteered = {"chemotherapy.kind", "infection.kind", "injury.kind"}
    for path in load_trial(name).paths() - only_volunteered:
        assert path in filled or path.partition(".")[0] in filled, path


def test_every_question_is_about_a_fact_of_the_vocabulary() -> None:
    for question in QUESTIONS:
        assert question.fact in FACT_NAMES or question.id in LISTS
        if question.field == "kind":
            assert set(load_texts("en").node(f"questions.{question.id}.choices")) - {"not_sure"} == set(
                EVENTS[question.fact]
            )
    assert set().union(*LISTS.values()) <= {*FACT_NAMES, BRAIN}
