"""The Bundle of every trial is R4 by HL7's own definitions, and says what the trial says."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.commands.trial.export import questions_of
from bot.exchange.fhir import AskedQuestion, trial_bundle
from bot.exchange.fhir.codes import phase
from bot.exchange.fhir.questionnaire import questionnaire
from bot.texts import load_texts
from criteria import Trial
from criteria.study import STATUSES
from tests.exchange.trials import ALL, BARE, DRAFT, PLACED, REVIEWED, TRIAL
from tests.leads import r4

TEXTS = load_texts("en")
QUESTIONS = tuple(questions_of(TRIAL, TEXTS))


def bundle(trial: Trial) -> dict[str, Any]:
    return trial_bundle(trial, tuple(questions_of(trial, TEXTS)), TEXTS)


def resource(trial: Trial, kind: str) -> dict[str, Any]:
    entries = trial_bundle(trial, QUESTIONS, TEXTS)["entry"]
    return next(e["resource"] for e in entries if e["resource"]["resourceType"] == kind)


def items() -> dict[str, dict[str, Any]]:
    return {item["linkId"]: item for item in resource(TRIAL, "Questionnaire")["item"]}


def characteristics(trial: Trial) -> dict[str, dict[str, Any]]:
    found = resource(trial, "Group").get("characteristic", [])
    return {
        one["code"].get("text", "") + str(one.get("valueCodeableConcept", {}).get("text", "")): one
        for one in found
    }


@pytest.mark.parametrize("trial", ALL.values(), ids=list(ALL))
def test_every_trial_is_r4(trial: Trial) -> None:
    whole = bundle(trial)
    assert r4.check(whole).problems == []
    assert json.loads(json.dumps(whole)) == whole


@pytest.mark.parametrize("trial", [PLACED, BARE], ids=["placed", "bare"])
def test_no_required_element_can_be_left_out_and_no_code_be_a_wrong_one(trial: Trial) -> None:
    whole = trial_bundle(trial, QUESTIONS[:8], TEXTS)
    report = r4.check(whole)
    for places, value in ((report.required, None), (report.coded, "no-such-code")):
        assert places
        for where in places:
            assert r4.check(r4.changed(whole, where, value)).problems != [], where


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_r4_s_word(status: str) -> None:
    trial = replace(TRIAL, study=replace(TRIAL.study, status=status))
    whole = trial_bundle(trial, (), TEXTS)
    # R4 wants no empty list, and here are no questions.
    del whole["entry"][-1]
    assert r4.check(whole).problems == []
    assert whole["entry"][0]["resource"]["status"]


def test_a_status_that_is_not_known_is_not_made_up() -> None:
    study = resource(BARE, "ResearchStudy")
    assert "status" not in study
    assert study["_status"]["extension"][0]["valueCode"] == "unknown"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("I/II", "phase-1-phase-2"),
        ("Phase 1/Phase 2", "phase-1-phase-2"),
        ("Phase II", "phase-2"),
        ("PHASE2, PHASE3", "phase-2-phase-3"),
        ("Early Phase 1", "early-phase-1"),
        ("IV", "phase-4"),
        ("N/A", "n-a"),
        ("not told", None),
        ("Phase 1, then N/A", None),
    ],
)
def test_phases_have_a_code_where_they_are_clear(words: str, code: str | None) -> None:
    told = phase(words)
    assert told["text"] == words
    assert (told["coding"][0]["code"] if "coding" in told else None) == code


def test_the_study_quotes_every_criterion_and_names_who_read_it() -> None:
    study = resource(TRIAL, "ResearchStudy")
    for criterion in TRIAL.criteria:
        assert f"**{criterion.id}**" in study["description"]
        assert " ".join(criterion.source.split()) in study["description"]
    notes = [note["text"] for note in study["note"]]
    assert "Read by: project. Reviewed by: nobody yet." in notes
    assert "Planned number of patients: 40." in notes
    assert "**I2** (reviewed)" in resource(REVIEWED, "ResearchStudy")["description"]


def test_sites_and_contacts_are_told() -> None:
    entries = trial_bundle(PLACED, (), TEXTS)["entry"]
    places = [e["resource"] for e in entries if e["resource"]["resourceType"] == "Location"]
    assert places[0]["position"] == {"longitude": -95.4, "latitude": 29.7}
    assert places[1] == {"resourceType": "Location", "address": {"country": "China"}}
    study = entries[0]["resource"]
    assert study["contact"][0]["name"] == "Study line, Hospital of Houston"
    assert [site["reference"] for site in study["site"]] == [
        e["fullUrl"] for e in entries if e["resource"]["resourceType"] == "Location"
    ]


def test_the_group_shuts_out_only_what_the_rules_say_no_to() -> None:
    told = characteristics(TRIAL)
    age = told["I2: Age of the patient"]
    assert age["exclude"] is True
    assert age["valueRange"]["low"]["value"] == 228
    assert told["E3: Scars in the lungs"]["valueBoolean"] is True
    assert told["I4: Illnessleukemia"]["exclude"] is True
    # An Ewing sarcoma may have begun in soft tissue.
    assert "I4: IllnessEwing sarcoma" not in told
    assert "I2: Age of the patient" not in characteristics(DRAFT)
    assert characteristics(BARE)["sexfemale"]["exclude"] is False


def test_questions_follow_the_interview_s_order_and_open_as_it_opens_them() -> None:
    told = items()
    assert list(told)[:3] == ["respondent", "age", "diagnosis"]
    assert told["chemotherapy.last"]["enableWhen"] == [
        {
            "question": "treatments",
            "operator": "=",
            "answerCoding": next(
                option["valueCoding"]
                for option in told["treatments"]["answerOption"]
                if option["valueCoding"]["code"] == "chemotherapy"
            ),
        }
    ]
    assert told["nitrosourea"]["enableWhen"] == [
        {"question": "chemotherapy.last", "operator": "exists", "answerBoolean": True}
    ]
    assert told["treatments"]["repeats"] is True
    assert told["age"]["text"] == "How old is your child?"
    # Nothing in a form opens this one: only what a family tells in her own words.
    assert "infection.last" not in told


@pytest.mark.parametrize("trial", ALL.values(), ids=list(ALL))
def test_every_question_s_opener_stands_before_it(trial: Trial) -> None:
    entries = bundle(trial)["entry"]
    questions = next(e["resource"] for e in entries if e["resource"]["resourceType"] == "Questionnaire")[
        "item"
    ]
    before: set[str] = set()
    for question in questions:
        assert {one["question"] for one in question.get("enableWhen", [])} <= before
        before.add(question["linkId"])


def test_a_question_that_nothing_can_open_is_left_out() -> None:
    told = questionnaire(TRIAL, [AskedQuestion("gvhd", opened_by=(("treatments", "radiation"),))], TEXTS)
    assert told["item"] == []
