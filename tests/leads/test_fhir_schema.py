"""Bundles are R4 by HL7's own definitions, and wrong ones are found to be wrong."""

import copy
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.leads.fhir import bundle, withdrawal
from bot.leads.intake import Contact
from bot.settings import Settings
from tests.criteria.strategies import cases
from tests.leads import r4
from tests.leads.fhir_cards import CARD, card_of, resources, screening_of

SETTINGS = Settings.from_env({})
WHOLE = bundle(CARD, SETTINGS)
TAKEN_BACK = withdrawal(CARD, SETTINGS)


@pytest.mark.parametrize(
    "name", ["Bundle", "Consent", "Patient", "QuestionnaireResponse", "RelatedPerson", "ResearchSubject"]
)
def test_the_check_takes_what_hl7_itself_wrote(name: str) -> None:
    definition = copy.deepcopy(r4.definition(name))
    # The same elements once more in full: they take seconds, and show nothing else.
    del definition["snapshot"]
    assert r4.check(definition).problems == []


def test_bundle_and_withdrawal_are_r4() -> None:
    assert r4.check(WHOLE).problems == []
    assert r4.check(TAKEN_BACK).problems == []


@pytest.mark.parametrize("where", r4.check(WHOLE).required, ids=str)
def test_no_required_element_can_be_left_out(where: r4.Where) -> None:
    assert r4.check(r4.changed(WHOLE, where)).problems != []


@pytest.mark.parametrize("where", r4.check(WHOLE).coded, ids=str)
def test_no_code_can_be_a_wrong_one(where: r4.Where) -> None:
    assert r4.check(r4.changed(WHOLE, where, "no-such-code")).problems != []


def test_the_places_that_matter_are_among_those_tried() -> None:
    report = r4.check(WHOLE)
    kinds = [entry["resource"]["resourceType"] for entry in WHOLE["entry"]]
    subject = ("entry", kinds.index("ResearchSubject"), "resource")
    answers = ("entry", kinds.index("QuestionnaireResponse"), "resource")
    assert {(*subject, name) for name in ("status", "study", "individual")} <= set(report.required)
    assert {(*answers, "status"), (*answers, "item", 0, "linkId"), ("type",)} <= set(report.required)
    assert {(*subject, "status"), (*answers, "status"), ("type",)} <= set(report.coded)


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("ResearchSubject", ("status",), "potential"),
        ("ResearchSubject", ("study",), "NCT06848582"),
        ("ResearchSubject", ("individual", "reference"), "urn:uuid:00000000-0000-0000-0000-000000000000"),
        ("ResearchSubject", ("study", "type"), "Patient"),
        ("ResearchSubject", ("eligible",), True),
        ("QuestionnaireResponse", ("authored",), "yesterday"),
        ("QuestionnaireResponse", ("item", 0, "item"), []),
        ("QuestionnaireResponse", ("item", 0, "item"), [{"linkId": "also"}]),
        ("QuestionnaireResponse", ("item", 0, "answer", 0, "valueString"), 7),
        ("RelatedPerson", ("telecom", 0, "system"), "telephone"),
        ("RelatedPerson", ("telecom",), {"system": "phone", "value": "1"}),
        ("RelatedPerson", ("telecom", 0), {"value": "1"}),
        ("Patient", ("birthDate",), "7 years"),
        ("Consent", ("policyRule",), None),
        ("Consent", ("sourceAttachment", "contentType"), None),
    ],
)
def test_mistakes_are_found(kind: str, path: r4.Where, value: Any) -> None:
    kinds = [entry["resource"]["resourceType"] for entry in WHOLE["entry"]]
    assert r4.check(r4.changed(WHOLE, ("entry", kinds.index(kind), "resource", *path), value)).problems != []


def test_a_transaction_without_requests_or_with_one_id_twice_is_found() -> None:
    assert r4.check(r4.changed(WHOLE, ("entry", 1, "request"))).problems != []
    twice = r4.changed(WHOLE, ("entry", 1, "fullUrl"), WHOLE["entry"][0]["fullUrl"])
    assert r4.check(twice).problems != []


contacts = st.builds(
    Contact,
    *[st.text(st.characters(exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=20)] * 4,
    language=st.sampled_from(("", "Spanish", "中文")),
    relation=st.sampled_from(("", "parent", "guardian", "grandparent", "family", "patient", "other")),
    country=st.sampled_from(("", "CN")),
    best_time=st.sampled_from(("", "after 5 pm")),
    of_guardian=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(case=cases(), contact=st.none() | contacts)
def test_bundles_of_all_screenings_are_r4(case: tuple[date, dict[str, Any]], contact: Contact | None) -> None:
    today, facts = case
    whole = bundle(card_of(screening_of(facts, today), contact), SETTINGS)
    assert r4.check(whole).problems == []
    assert resources(whole)["ResearchSubject"]["status"] == "candidate"
    # It goes over the wire as JSON and comes back the same.
    assert json.loads(json.dumps(whole)) == whole
