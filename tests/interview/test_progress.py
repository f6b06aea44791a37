"""What a family is told while she answers: how far she is, and what she has said."""

from __future__ import annotations

from itertools import pairwise

from bot.commands.families import Family as MadeUp
from bot.commands.simulate import simulation_world
from bot.interview import Incoming, respond
from bot.interview.plan import MOST_QUESTIONS
from tests.interview.family import TO_THE_VERDICT, Family, likely_family


def answers(family: Family) -> dict[str, str]:
    return {answer["question"]: answer["text"] for answer in family.reply.state["answers"]}


def test_the_number_left_goes_down_to_one_and_then_is_none() -> None:
    family = Family("parent")
    left = [family.reply.state["left"]]
    for line in ("7", "rhabdomyosarcoma", "relapsed", "chemotherapy", "2026-06-01", *TO_THE_VERDICT):
        family.say(line)
        left.append(family.reply.state["left"])
    assert left[-1] is None
    assert left[-2] == 1
    assert all(after <= before for before, after in pairwise(left[:-1]))


def test_the_number_left_is_about_right_over_many_families() -> None:
    world = simulation_world("NCT06848582")
    near = total = 0
    for number in range(60):
        family, told = MadeUp(f"progress-{number}"), []
        reply = respond(Incoming("", opening=True), {}, None, world)
        while reply.messages[-1]["kind"] == "question":
            left = reply.state["left"]
            assert left is None or 1 <= left <= MOST_QUESTIONS
            told.append(left)
            reply = respond(Incoming(family.answer(reply.messages[-1])), reply.facts, reply.memory, world)
        for asked, left in enumerate(told):
            total += 1
            near += left is not None and abs(left - (len(told) - asked)) <= 3
    # Families that are ruled out early end earlier than any number can tell.
    assert near / total > 0.7


def test_answers_are_listed_in_words_with_the_question_to_change_them() -> None:
    family = likely_family()
    assert answers(family) == {
        "respondent": family.world.texts.node("questions.respondent.choices")["parent"],
        "age": "7 years",
        "diagnosis": "Rhabdomyosarcoma",
        "disease_course": "It came back",
        "treatments": "Surgery on the tumor; chemo",
        "chemotherapy.last": "June 1, 2026",
        "recent_events": "None of these",
        "health_history": "None of these",
        "activity": "Plays, learns or works as usual",
    }


def test_what_is_not_sure_or_rough_is_said_so() -> None:
    family = Family(
        "parent", "I don't know", "ewing sarcoma", "not sure", "relapsed", "chemotherapy", "in june"
    )
    told = answers(family)
    assert told["age"] == told["diagnosis.arises_in"] == "I don't know"
    assert told["chemotherapy.last"] == "Between June 1, 2026 and June 30, 2026"
    family = Family("parent", "7", "rhabdomyosarcoma", "relapsed", "chemotherapy", "ongoing")
    assert answers(family)["chemotherapy.last"] == "It still goes on"


def test_a_list_says_what_is_so_and_what_is_not_known() -> None:
    family = Family("parent", "7", "rhabdomyosarcoma", "relapsed", "chemotherapy, not_sure")
    assert answers(family)["treatments"].startswith("Chemo. I don't know: ")
    family = Family("parent", "7", "rhabdomyosarcoma", "relapsed", "not_sure")
    assert answers(family)["treatments"] == "I don't know"


def test_every_answer_listed_can_be_changed() -> None:
    for name in answers(likely_family()):
        family = likely_family()
        reply = respond(
            Incoming("...", command="change", question=name),
            family.reply.facts,
            family.reply.memory,
            family.world,
        )
        assert reply.state["asks"] == name


def test_the_patient_reads_her_own_voice() -> None:
    family = Family(
        "patient", "17", "rhabdomyosarcoma", "relapsed", "stem_cell_transplant", "2024-01-01", "own"
    )
    assert answers(family)["stem_cell_transplant.kind"] == "Your own cells"
