"""What is still worth asking, and how new facts join those told before."""

from __future__ import annotations

from typing import Any

from bot.interview.merging import drop_before_birth, merge, settle_surgery
from bot.interview.model import Memory
from bot.interview.plan import counting, next_question, standing
from tests.interview.family import TODAY, WORLD, Family


def needed(facts: dict[str, Any]) -> frozenset[str]:
    return frozenset(standing(facts, Memory(course_answered=True), WORLD).needed)


def test_what_is_known_is_never_needed() -> None:
    assert "age" not in needed({"age": {"months": [84, 95]}})
    assert "age" in needed({})


def test_nothing_more_is_needed_once_something_is_not_met() -> None:
    assert needed({"age": {"months": [240, 251]}}) == frozenset()


def test_what_could_only_lead_to_likely_is_not_asked_once_likely_is_out_of_reach() -> None:
    assert "heart_problem" in needed({})
    # No scale of activity holds for a baby, so that the finding is open whatever is told.
    assert "heart_problem" not in needed({"age": {"months": [6, 7]}})


def test_a_shorter_washout_is_not_asked_once_a_longer_one_is_known() -> None:
    facts = {"blood_clot": {"had": "yes", "last": ["2026-11-01", "2026-11-01"]}}
    asked = needed(facts)
    assert "steroids" not in asked
    assert "activity" not in asked
    assert "autoimmune_treatment" in asked
    assert "lung_disease" in asked


def test_a_volunteered_course_says_no_to_nothing() -> None:
    told = {"disease_course": ["metastatic", "standard_risk"]}
    assert "disease_course" not in counting(told, Memory())
    assert counting({"disease_course": ["metastatic", "relapsed"]}, Memory())["disease_course"] == [
        "relapsed"
    ]
    assert counting(told, Memory(course_answered=True)) == told


def test_near_the_limit_follow_ups_give_way_to_what_everybody_is_asked() -> None:
    facts = {"respondent": "parent", "chemotherapy": {"had": "yes"}}
    memory = Memory(questions=12)
    question, given_up = next_question(standing(facts, memory, WORLD), facts, memory, WORLD)
    assert question is not None
    assert question.main
    memory.questions = 14
    for name in ("age", "diagnosis", "disease_course", "surgery", "radiation", "stem_cell_transplant"):
        facts[name] = "not_sure"
    facts |= {"other_cancer_medicine": "not_sure", "trial_drug": "not_sure"}
    question, given_up = next_question(standing(facts, memory, WORLD), facts, memory, WORLD)
    assert question is not None
    assert question.id == "recent_events"
    assert [left.id for left in given_up] == ["chemotherapy.last"]


def test_a_follow_up_waits_for_what_it_follows() -> None:
    family = Family("parent", "7", "rhabdomyosarcoma", "relapsed", "not sure")
    assert family.asks == "recent_events"
    family = Family("parent", "7", "rhabdomyosarcoma", "relapsed", "chemotherapy", "not sure")
    assert family.asks == "recent_events"
    family = Family("parent", "7", "rhabdomyosarcoma", "relapsed", "chemotherapy", "2026-10-20")
    assert family.asks == "nitrosourea"


def test_a_later_answer_overrides_not_sure_and_adds_details() -> None:
    facts, changed = merge({"chemotherapy": "not_sure"}, {"chemotherapy": {"had": "yes"}}, TODAY)
    assert changed == []
    facts, changed = merge(facts, {"chemotherapy": {"had": "yes", "last": "ongoing"}}, TODAY)
    assert facts["chemotherapy"] == {"had": "yes", "last": "ongoing"}
    assert changed == []
    facts, changed = merge(facts, {"chemotherapy": {"had": "no"}}, TODAY)
    assert facts["chemotherapy"] == {"had": "no"}
    assert changed == ["chemotherapy"]


def test_a_nitrosourea_is_chemotherapy_too() -> None:
    facts, _ = merge({"chemotherapy": {"had": "no"}}, {"nitrosourea": {"had": "yes"}}, TODAY)
    assert facts["chemotherapy"] == {"had": "yes"}


def test_what_the_vocabulary_cannot_hold_is_left_out() -> None:
    facts, changed = merge({}, {"age": {"months": [5, 1]}, "shoe_size": 3}, TODAY)
    assert facts == {}
    assert changed == []


def test_a_day_before_birth_is_not_taken() -> None:
    told = {"chemotherapy": {"had": "yes", "last": ["2010-01-01", "2010-12-31"]}}
    kept, dropped = drop_before_birth(told, {"age": {"months": [84, 95]}}, TODAY)
    assert dropped
    assert kept == {"chemotherapy": {"had": "yes"}}
    assert drop_before_birth(told, {}, TODAY) == (told, False)


def test_no_operation_in_the_last_weeks_puts_the_surgery_before_them() -> None:
    facts = {"age": {"months": [84, 95]}, "surgery": {"had": "yes", "kind": "major"}}
    settled = settle_surgery({**facts, "other_surgery": {"had": "no"}}, TODAY)
    assert settled["surgery"]["last"][1] == "2026-10-17"
    later = {"had": "yes", "kind": "major", "last": ["2026-11-01", "2026-11-02"]}
    assert settle_surgery({**facts, "other_surgery": later}, TODAY)["surgery"]["last"][1] == "2026-11-02"
    assert settle_surgery({**facts, "other_surgery": "not_sure"}, TODAY)["surgery"]["last"] == "not_sure"


def test_no_other_surgery_volunteered_says_nothing_of_the_one_on_the_tumour() -> None:
    family = Family("parent", "7", "rhabdomyosarcoma", "relapsed", "surgery")
    assert "last" not in family.reply.facts["surgery"]
