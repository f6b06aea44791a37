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
    assert all(choice["title"].startswith("Start") for choice in question["choices"])


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


def test_who_only_says_start_is_asked_who_she_is() -> None:
    family = Family("Start")
    assert family.asks == "respondent"
    assert [message["kind"] for message in family.reply.messages] == ["question"]


def test_choices_are_understood_as_payload_title_and_number() -> None:
    for answer in ("rhabdomyosarcoma", "Rhabdomyosarcoma", "1", "1."):
        family = Family("parent", "7", answer)
        assert family.reply.facts["diagnosis"] == {"id": "rhabdomyosarcoma", "arises_in": "soft_tissue"}


def test_a_doubt_at_the_read_back_puts_nothing_right() -> None:
    for doubt in ("I would have to ask the doctor", "i am not so sure about that"):
        family = Family("parent", "15", "ewing sarcoma in the bone", doubt)
        assert "study team will check this" in family.text
        assert family.reply.facts["diagnosis"]["id"] == "ewing_sarcoma"


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


def test_what_decides_is_read_back_before_it_rules_out() -> None:
    family = Family("parent", "7", "osteosarcoma")
    assert (family.asks, family.phase) == ("confirm", "confirm")
    assert "bone" in family.text
    assert family.verdict is None
    family.say("yes")
    assert (family.verdict, family.phase) == ("not_likely", "verdict")
    assert "started in the bone" in family.text
    assert not any(choice["payload"] == "contact_form" for choice in family.reply.messages[-1]["choices"])


def test_an_answer_not_confirmed_does_not_rule_out() -> None:
    family = Family("parent", "7", "osteosarcoma", "not sure")
    assert family.reply.facts["diagnosis"]["arises_in"] == "not_sure"
    assert family.asks == "disease_course"


def test_a_read_back_can_be_changed_in_one_go() -> None:
    family = Family("parent", "25", "no, he is 8")
    assert family.reply.facts["age"] == {"months": [96, 107]}
    assert family.asks == "diagnosis"


@pytest.mark.parametrize(
    ("lines", "correction", "fact", "value"),
    [
        (("ewing_sarcoma", "bone"), "no it was in the muscle of his chest", "arises_in", "soft_tissue"),
        (("ewing_sarcoma", "bone"), "no its soft tissue", "arises_in", "soft_tissue"),
    ],
)
def test_a_correction_at_the_read_back_is_heard(
    lines: tuple[str, ...], correction: str, fact: str, value: str
) -> None:
    family = Family("parent", "7", *lines)
    assert family.asks == "confirm"
    family.say(correction)
    assert family.reply.facts["diagnosis"][fact] == value
    assert family.asks != "confirm"


def test_a_relapse_told_at_the_read_back_of_a_standard_risk_counts() -> None:
    family = Family("parent", "7", "rhabdomyosarcoma", "standard_risk")
    assert family.asks == "confirm"
    family.say("no it came back in june")
    assert "relapsed" in family.reply.facts["disease_course"]
    assert family.asks == "treatments"


def test_a_no_that_is_not_understood_opens_the_answer_that_was_read_back() -> None:
    family = Family("parent", "25", "no that is my own one haha")
    assert family.asks == "age"
    assert family.verdict is None


def test_not_sure_at_the_change_menu_of_a_read_back_rules_nobody_out() -> None:
    family = Family("parent", "7", "ewing_sarcoma", "bone", "change", "not sure")
    assert family.reply.facts["diagnosis"]["arises_in"] == "not_sure"
    assert family.asks == "disease_course"


def test_not_sure_about_the_rest_of_a_list_keeps_what_was_told() -> None:
    family = Family(*START, "he had chemo in the spring and it was so hard for all of us", "idk")
    assert family.reply.facts["chemotherapy"]["had"] == "yes"
    assert family.reply.facts["radiation"] == "not_sure"


def test_an_earlier_illness_told_at_the_health_list_is_not_the_tumour() -> None:
    family = Family(*START, "chemotherapy", "2026-01-05", "none", "had leukemia when he was 3")
    assert family.reply.facts["diagnosis"]["id"] == "rhabdomyosarcoma"
    assert family.reply.facts["other_cancer"] == "yes"


def test_what_is_volunteered_of_the_course_adds_to_it() -> None:
    family = Family(*START, "it has also spread to her lungs, she had chemo")
    assert family.reply.facts["disease_course"] == ["relapsed", "metastatic"]


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


def test_a_correction_keeps_all_other_answers_and_says_what_it_changed() -> None:
    family = likely_family()
    before = dict(family.reply.facts)
    family.say("sorry, he's 8")
    assert family.reply.facts["age"] == {"months": [96, 107]}
    assert {**family.reply.facts, "age": before["age"]} == before
    assert "I have changed this" in family.text
    assert "does not change the result" in family.text


def test_a_change_that_matters_brings_a_new_verdict() -> None:
    family = likely_family()
    family.say("change the chemo date")
    assert family.asks == "chemotherapy.last"
    family.say("2026-11-15")
    while family.phase == "interview":
        family.say("no")
    family.say("yes")
    assert family.verdict == "not_yet"
    assert "changes the result" in family.text


def test_going_back_asks_again_and_keeps_later_answers() -> None:
    family = Family(*START)
    assert family.asks == "treatments"
    family.say("go back")
    assert family.asks == "disease_course"
    family.say("high_risk")
    assert family.reply.facts["disease_course"] == ["high_risk"]
    assert family.reply.facts["age"] == {"months": [84, 95]}
    assert family.asks == "treatments"


def test_why_is_answered_for_the_question_that_waits() -> None:
    family = Family("parent", "why do you ask?")
    assert "up to age 18" in family.text
    assert family.asks == "age"


@pytest.mark.parametrize("question", ["ask_is_it_safe", "ask_is_it_paid", "ask_are_you_human"])
def test_a_familys_question_is_answered_and_the_interview_goes_on(question: str) -> None:
    family = Family("parent")
    family.say("tell me about that please?", intent=question, confidence=0.9)
    assert family.reply.messages[0]["kind"] == "info"
    assert family.asks == "age"


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
    assert "This must be very hard" in family.text
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


def test_a_patient_is_spoken_to_as_you() -> None:
    family = Family("patient", "16")
    assert "do you have" in family.text


def test_an_age_of_nineteen_is_read_back_and_ends_kindly() -> None:
    family = Family("patient", "19", "yes")
    assert family.verdict == "not_likely"
    assert "up to age 18" in family.text
    assert "clinicaltrials.gov" in family.text


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


def test_a_later_denial_of_chemo_takes_the_nitrosourea_with_it() -> None:
    family = Family(*START, "chemotherapy", "2026-10-20", "yes", "2026-10-20", "sorry, he never had chemo")
    assert family.reply.facts["chemotherapy"] == {"had": "no"}
    assert family.reply.facts["nitrosourea"] == {"had": "no"}


def test_a_change_after_the_verdict_withdraws_the_stored_result_until_the_next() -> None:
    family = likely_family().say("sorry, he is 20")
    assert family.asks == "confirm"
    assert family.reply.superseded
    family.say("no, he is 10")
    assert family.verdict == "likely"
    assert family.reply.screening is not None
    assert family.reply.screening["facts"]["age"] == {"months": [120, 131]}
    assert likely_family().say("start over").reply.superseded


def test_stop_works_in_an_emergency_too() -> None:
    family = Family("parent", "she can't breathe", "stop")
    assert family.phase == "closed"


def test_the_risk_at_first_does_not_undo_a_relapse() -> None:
    family = Family(*START, "chemotherapy", "2026-03-01", "at first it was standard risk")
    assert "relapsed" in family.reply.facts["disease_course"]
    assert "standard_risk" not in family.reply.facts["disease_course"]
