"""Read-backs and corrections: what decides is said again before it counts, and can be put right."""

from __future__ import annotations

import pytest

from tests.interview.family import Family, likely_family

START = ("parent", "7", "rhabdomyosarcoma", "relapsed")


def test_a_doubt_at_the_read_back_puts_nothing_right() -> None:
    for doubt in ("I would have to ask the doctor", "i am not so sure about that"):
        family = Family("parent", "15", "ewing sarcoma in the bone", doubt)
        assert "study team will check this" in family.text
        assert family.reply.facts["diagnosis"]["id"] == "ewing_sarcoma"


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


def test_an_earlier_illness_told_at_the_health_list_is_not_the_tumour() -> None:
    family = Family(*START, "chemotherapy", "2026-01-05", "none", "had leukemia when he was 3")
    assert family.reply.facts["diagnosis"]["id"] == "rhabdomyosarcoma"
    assert family.reply.facts["other_cancer"] == "yes"


def test_what_is_volunteered_of_the_course_adds_to_it() -> None:
    family = Family(*START, "it has also spread to her lungs, she had chemo")
    assert family.reply.facts["disease_course"] == ["relapsed", "metastatic"]


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


def test_an_age_of_nineteen_is_read_back_and_ends_kindly() -> None:
    family = Family("patient", "19", "yes")
    assert family.verdict == "not_likely"
    assert "up to age 18" in family.text
    assert "clinicaltrials.gov" in family.text


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


def test_the_risk_at_first_does_not_undo_a_relapse() -> None:
    family = Family(*START, "chemotherapy", "2026-03-01", "at first it was standard risk")
    assert "relapsed" in family.reply.facts["disease_course"]
    assert "standard_risk" not in family.reply.facts["disease_course"]
