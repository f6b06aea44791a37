"""What a family can do at any moment, and what the interview then does."""

from __future__ import annotations

import pytest

from bot.interview.questions import BY_ID
from criteria.facts import HEALTH_HISTORY
from tests.interview.family import Family, likely_family

START = ("parent", "7", "rhabdomyosarcoma", "relapsed")
RECENT_CHEMO = (*START, "chemotherapy", "2026-11-10", "no", "none", "none")


def test_the_opening_says_what_it_is_and_asks_who_writes() -> None:
    family = Family()
    greeting, question = family.reply.messages
    for part in ("computer program", "not for emergencies", "do not have to answer", "What we keep", "names"):
        assert part in greeting["text"]
    assert question["asks"] == "respondent"
    assert [choice["payload"] for choice in question["choices"]] == ["parent", "patient", "carer"]
    assert [choice["title"] for choice in question["choices"]][:2] == ["I am a parent", "I am the patient"]


def test_a_likely_family_is_led_in_the_humane_order() -> None:
    family = likely_family()
    assert family.questions() == [
        "respondent",
        "age",
        "diagnosis",
        "disease_course",
        "treatments",
        "chemotherapy.last",
        "recent_events",
        "health_history",
        "activity",
    ]
    assert family.verdict == "likely"
    assert family.phase == "offer"
    assert "may be a match" in family.text


def test_choices_are_understood_as_payload_title_and_number() -> None:
    for answer in ("rhabdomyosarcoma", "Rhabdomyosarcoma", "1", "1."):
        family = Family("parent", "7", answer)
        assert family.reply.facts["diagnosis"] == {"id": "rhabdomyosarcoma", "arises_in": "soft_tissue"}


def test_a_list_takes_payloads_titles_numbers_and_words() -> None:
    for answer in ("surgery,chemotherapy", "1, 2", "1 and 2", "chemo and surgery", "Chemo, surgery"):
        family = Family(*START, answer)
        assert family.reply.facts["surgery"]["had"] == "yes", answer
        assert family.reply.facts["chemotherapy"]["had"] == "yes", answer
        assert family.reply.facts["radiation"]["had"] == "no", answer


def test_a_story_of_one_treatment_does_not_deny_the_others() -> None:
    family = Family(*START, "he had chemo in the spring and it was so hard for all of us")
    assert "radiation" not in family.reply.facts
    assert family.asks == "treatments"
    offered = [choice["payload"] for choice in family.reply.messages[-1]["choices"]]
    assert "chemotherapy" not in offered
    family.say("none")
    assert family.reply.facts["radiation"] == {"had": "no"}
    assert family.reply.facts["chemotherapy"]["had"] == "yes"


def test_a_list_is_asked_for_more_only_once() -> None:
    story = "he had chemo in the spring and it was so hard for all of us"
    family = Family(*START, story, story)
    assert family.reply.facts["radiation"] == {"had": "no"}
    assert family.asks != "treatments"


def test_none_of_these_does_not_take_back_what_was_told_before() -> None:
    family = Family(*START, "he had chemo in the spring and it was so hard for all of us", "none of these")
    assert family.reply.facts["chemotherapy"]["had"] == "yes"
    assert family.reply.facts["surgery"] == {"had": "no"}


def test_one_sentence_can_answer_many_questions() -> None:
    family = Family("my son is 7, his rhabdo came back in june, last chemo 3 weeks ago, no radiation")
    assert family.reply.facts["age"] == {"months": [84, 95]}
    assert family.asks == "treatments"
    assert "age" not in family.questions()


def test_not_sure_is_an_answer_to_every_question_and_rules_nobody_out() -> None:
    family = Family("parent")
    while family.phase == "interview":
        family.say("I don't know")
    assert family.verdict == "possible"
    assert len(family.questions()) <= 12


def test_not_sure_about_the_rest_of_a_list_keeps_what_was_told() -> None:
    family = Family(*START, "he had chemo in the spring and it was so hard for all of us", "idk")
    assert family.reply.facts["chemotherapy"]["had"] == "yes"
    assert family.reply.facts["radiation"] == "not_sure"


def test_a_word_of_the_glossary_is_explained() -> None:
    family = Family("parent", "7", "what is a sarcoma?")
    assert "cancer of bone or of soft parts" in family.text
    assert family.asks == "diagnosis"


def test_not_yet_never_stands_without_the_sentence_against_stopping_treatment() -> None:
    family = Family(*RECENT_CHEMO)
    assert "November 10, 2026" in family.text
    family.say("yes")
    assert family.verdict == "not_yet"
    assert "December 1, 2026" in family.text
    assert "Please do not stop, skip or delay" in family.text
    for finding in family.reply.state["verdict"]["findings"].values():
        if finding["finding"] == "not_yet":
            assert "Please do not stop, skip or delay" in finding["text"]


def test_why_is_answered_for_the_question_that_waits() -> None:
    family = Family("parent", "why do you ask?")
    assert "people of certain ages" in family.text
    assert family.asks == "age"


@pytest.mark.parametrize("question", ["ask_is_it_safe", "ask_is_it_paid", "ask_are_you_human"])
def test_a_familys_question_is_answered_and_the_interview_goes_on(question: str) -> None:
    family = Family("parent")
    family.say("tell me about that please?", intent=question, confidence=0.9)
    assert family.reply.messages[0]["kind"] == "info"
    assert family.asks == "age"


def test_a_patient_is_spoken_to_as_you() -> None:
    family = Family("patient", "16")
    assert "do you have" in family.text


def test_a_sensitive_criterion_shows_only_its_general_words() -> None:
    findings = likely_family().reply.state["verdict"]["findings"]
    texts = {findings[name]["text"] for name in ("I5", "E14", "E22", "E23", "E25")}
    assert len(texts) == 1
    assert "general health and test results" in texts.pop()


def test_the_list_of_recent_events_answers_for_the_surgery_on_the_tumour() -> None:
    family = likely_family()
    assert family.reply.state["verdict"]["findings"]["E8"]["finding"] == "met"
    assert family.reply.facts["surgery"]["last"][1] == "2026-10-17"


def test_the_screening_holds_facts_and_findings_and_not_the_conversation() -> None:
    screening = likely_family().reply.screening
    assert screening is not None
    assert screening["verdict"] == "likely"
    assert len(screening["findings"]) == 38
    assert all(finding["reason"] for finding in screening["findings"].values())


def test_every_question_has_texts_and_an_explanation() -> None:
    texts = likely_family().world.texts
    for question in BY_ID.values():
        for part in ("title", "ask", "why"):
            assert texts.has(f"questions.{question.id}.{part}"), (question.id, part)
        if not question.id.endswith((".last", "symptom_free_since")):
            assert texts.has(f"questions.{question.id}.again")
            assert texts.has(f"questions.{question.id}.examples")
        for item in question.items:
            assert texts.has(f"questions.{question.id}.choices.{item}")


def test_the_health_list_asks_for_twelve_things_at_once() -> None:
    assert len(HEALTH_HISTORY) == 12


def test_not_sure_beside_a_tick_leaves_the_rest_open() -> None:
    family = Family(*START, "chemotherapy, not_sure")
    assert family.reply.facts["chemotherapy"]["had"] == "yes"
    assert family.reply.facts["radiation"] == "not_sure"
    family = Family("parent", "7", "rhabdomyosarcoma", "standard_risk, not_sure")
    assert family.reply.facts["disease_course"] == "not_sure"


def test_skipping_a_question_that_is_put_again_keeps_its_answer() -> None:
    family = Family(*START, "chemotherapy", "2026-03-01", "go back", "skip")
    assert family.reply.facts["chemotherapy"] == {"had": "yes", "last": ["2026-03-01", "2026-03-01"]}
    assert family.asks == "recent_events"


def test_there_is_no_day_of_what_did_not_happen() -> None:
    family = Family(*START, "surgery", "change the chemo date")
    assert family.asks == "treatments"
    family = Family(*START, "surgery")
    family.say("idk")
    assert family.reply.facts["chemotherapy"] == {"had": "no"}
