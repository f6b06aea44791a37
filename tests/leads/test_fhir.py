"""Leads as FHIR R4: what stands in a Bundle, and what must not."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.leads.fhir import MEDIA_TYPE, asked_for, bundle, withdrawal
from bot.settings import Settings
from tests.leads import r4
from tests.leads.fhir_cards import CARD, CONTACT, FACTS, TRIAL, card_of, resources, screening_of

SETTINGS = Settings.from_env({})
WHOLE = bundle(CARD, SETTINGS)
TAKEN_BACK = withdrawal(CARD, SETTINGS)


def items(answers: dict[str, Any]) -> dict[str, str]:
    """All items with an answer, by linkId, in their order."""
    found = {}
    for item in answers["item"]:
        for one in item.get("item", [item]):
            found[one["linkId"]] = one["answer"][0]["valueString"]
    return found


@pytest.mark.parametrize("verdict", ["likely", "possible", "not_yet", "not_likely"])
def test_nobody_is_called_eligible(verdict: str) -> None:
    whole = bundle(replace(CARD, verdict=verdict), SETTINGS)
    assert resources(whole)["ResearchSubject"]["status"] == "candidate"
    told = items(resources(whole)["QuestionnaireResponse"])
    assert not any("eligib" in text.lower() for text in told.values())


def test_study_is_named_by_its_number_and_registry() -> None:
    study = resources(WHOLE)["ResearchSubject"]["study"]
    assert study["identifier"] == {"system": "http://clinicaltrials.gov", "value": "NCT06848582"}
    other = bundle(replace(CARD, trial="2024-501234-11-00"), SETTINGS)
    # No registry is made up for a number that we do not know.
    assert resources(other)["ResearchSubject"]["study"]["identifier"] == {"value": "2024-501234-11-00"}
    assert r4.check(other).problems == []


def test_answers_and_findings_stand_in_words_unknowns_first() -> None:
    answers = resources(WHOLE)["QuestionnaireResponse"]
    told = items(answers)
    assert told["fact.chemotherapy"] == "yes; last day: between October 30, 2026 and November 3, 2026"
    assert told["fact.age"] == "7 years"
    assert told["verdict"] == "Possible match"
    assert told["best_time"] == "after 5 pm"
    assert [item["linkId"] for item in answers["item"]][-3:] == ["unknown", "findings", "answers"]
    unknown = next(item for item in answers["item"] if item["linkId"] == "unknown")
    assert unknown["item"]
    assert all(one["answer"][0]["valueString"].startswith("unknown") for one in unknown["item"])
    findings = {f"finding.{name}" for name in CARD.screening["findings"]}
    assert findings == {link for link in told if link.startswith("finding.")}
    assert "what the family was shown" not in json.dumps(WHOLE)


def test_criteria_are_quoted_only_from_the_version_that_was_used() -> None:
    source = TRIAL.criteria[0].source
    assert source in json.dumps(WHOLE, ensure_ascii=False)
    older = replace(CARD, screening=CARD.screening | {"trial_version": "older"})
    assert source not in json.dumps(bundle(older, SETTINGS), ensure_ascii=False)


def test_a_childs_name_and_birthday_are_not_made_up() -> None:
    patient = resources(WHOLE)["Patient"]
    assert patient.keys() == {"resourceType", "identifier"}
    assert "birthDate" not in json.dumps(WHOLE)
    person = resources(WHOLE)["RelatedPerson"]
    assert person["name"] == [{"given": ["Quillonia"], "family": "Zarrabeth"}]
    assert person["telecom"][0] == {"system": "phone", "value": "+86 138 0013 8000"}
    assert person["communication"][0]["language"] == {"text": "Spanish"}
    assert person["relationship"][0]["coding"][0]["code"] == "PRN"


def test_a_patient_who_writes_is_her_own_contact() -> None:
    facts = FACTS | {"respondent": "patient", "age": {"months": [240, 251]}}
    whole = bundle(card_of(screening_of(facts), replace(CONTACT, relation="patient")), SETTINGS)
    assert "RelatedPerson" not in resources(whole)
    patient = resources(whole)["Patient"]
    assert patient["telecom"][1] == {"system": "email", "value": "quillonia@zarrabeth.example.org"}
    assert resources(whole)["QuestionnaireResponse"]["source"] == {"reference": whole["entry"][0]["fullUrl"]}
    assert r4.check(whole).problems == []


def test_a_young_patients_contact_is_somebody_else() -> None:
    facts = FACTS | {"respondent": "patient", "age": {"months": [192, 203]}}
    contact = replace(CONTACT, relation="patient", of_guardian=True)
    whole = bundle(card_of(screening_of(facts), contact), SETTINGS)
    assert resources(whole)["Patient"].keys() == {"resourceType", "identifier"}
    assert resources(whole)["RelatedPerson"]["relationship"] == [{"text": "Contact of a parent or guardian"}]
    assert resources(whole)["QuestionnaireResponse"]["source"] == {"reference": whole["entry"][0]["fullUrl"]}


def test_consents_never_say_that_she_agreed_to_the_study() -> None:
    given = [entry["resource"] for entry in WHOLE["entry"] if entry["resource"]["resourceType"] == "Consent"]
    assert [one["policyRule"]["text"] for one in given] == ["Yes, send.", "Yes, call."]
    assert {code["code"] for one in given for code in one["scope"]["coding"]} == {"patient-privacy"}
    assert "consent" not in resources(WHOLE)["ResearchSubject"]


def test_a_repeat_is_recognised_and_another_lead_is_not_taken_for_it() -> None:
    assert bundle(CARD, SETTINGS) == WHOLE
    # The identifiers that sites have stored: they must be the same in all later versions.
    assert WHOLE["identifier"]["value"] == "urn:uuid:9c13ab56-5902-5098-a84a-799836dea0e0"
    for entry in WHOLE["entry"]:
        assert entry["request"]["ifNoneExist"] == f"identifier=urn:ietf:rfc:3986|{entry['fullUrl']}"
    other = bundle(replace(CARD, reference="ACDE-FGHK"), SETTINGS)
    ours, others = ({entry["fullUrl"] for entry in one["entry"]} for one in (WHOLE, other))
    assert len(ours) == len(WHOLE["entry"])
    assert not ours & others


def test_withdrawal_names_the_subject_that_the_lead_made_and_nobody_else() -> None:
    (entry,) = TAKEN_BACK["entry"]
    subject = resources(WHOLE)["ResearchSubject"]
    assert entry["resource"]["status"] == "withdrawn"
    assert entry["resource"]["identifier"] == subject["identifier"]
    assert entry["request"] == {
        "method": "PUT",
        "url": f"ResearchSubject?identifier=urn:ietf:rfc:3986|{subject['identifier'][0]['value']}",
    }
    text = json.dumps(TAKEN_BACK)
    assert "Zarrabeth" not in text
    assert "hemo" not in text
    # What is left of a lead after a withdrawal is enough to say so.
    assert withdrawal(replace(CARD, contact=None, screening={}, consents=[]), SETTINGS) == TAKEN_BACK


def test_a_lead_whose_answers_are_gone_can_still_be_asked_for() -> None:
    whole = bundle(replace(CARD, contact=None, screening={}, consents=[]), SETTINGS)
    assert r4.check(whole).problems == []
    assert "RelatedPerson" not in resources(whole)


def test_the_programs_own_address_is_named_where_it_is_set() -> None:
    whole = bundle(CARD, Settings.from_env({"PUBLIC_URL": "https://chat.hospital.example"}))
    assert whole["meta"] == {"source": "https://chat.hospital.example"}
    assert r4.check(whole).problems == []


@pytest.mark.parametrize(
    ("accept", "asked"),
    [
        (MEDIA_TYPE, True),
        ("application/fhir+json; fhirVersion=4.0", True),
        ("text/html;q=0.5, Application/FHIR+JSON", True),
        ("application/fhir+json;q=0", False),
        ("text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("*/*", False),
        ("application/json", False),
        ("", False),
        (None, False),
    ],
)
def test_only_who_asks_for_fhir_gets_it(accept: str | None, asked: bool) -> None:
    assert asked_for(accept) is asked
