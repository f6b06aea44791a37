"""The contact form's fields: whose contact is needed, phone numbers and countries."""

import html
import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.leads.reading import all_leads
from bot.leads.screenings import save_screening
from bot.web.contact_form import check_form, countries, empty_form, needs_guardian
from tests.web.test_contact import FILLED, hidden, read_back

PATIENT = {"facts": {"respondent": "patient", "age": {"months": [192, 203]}}}


@pytest.mark.parametrize(
    ("facts", "relation", "needed"),
    [
        ({"respondent": "patient", "age": {"months": [192, 203]}}, "", True),
        ({"respondent": "patient", "age": "not_sure"}, "", True),
        ({"respondent": "patient"}, "", True),
        ({"respondent": "patient", "age": {"months": [210, 221]}}, "", True),
        ({"respondent": "patient", "age": {"months": [215, 215]}}, "", True),
        ({"respondent": "patient", "age": {"months": [216, 227]}}, "", False),
        ({"respondent": "parent", "age": {"months": [84, 95]}}, "parent", False),
        ({"respondent": "parent", "age": {"months": [84, 95]}}, "patient", True),
        ({"age": {"months": [84, 95]}}, "", False),
    ],
)
def test_when_a_guardian_is_needed(facts: dict[str, Any], relation: str, needed: bool) -> None:
    assert needs_guardian({"facts": facts}, relation) is needed


def test_patient_under_18_gives_a_guardians_contact(
    web: TestClient, session: str, session_id: str, screening: Any
) -> None:
    save_screening(session_id, screening | PATIENT)
    form = web.post("/contact", data={"session": session})
    assert "a parent or guardian" in form.text
    text = html.unescape(form.text)
    for name in ("first name", "last name", "e-mail", "phone"):
        assert f"Parent's or guardian's {name} *</label>" in text
    assert set(re.findall(r'autocomplete="([^"]*)"', text)) == {"off"}
    refused = web.post("/contact/check", data=hidden(form) | FILLED)
    assert refused.status_code == 422
    assert 'id="guardian_confirm-error"' in refused.text
    checked = web.post("/contact/check", data=hidden(form) | FILLED | {"guardian_confirm": "yes"})
    assert checked.status_code == 200
    web.post("/contact/send", data=hidden(checked))
    (lead,) = all_leads()
    assert lead.contact is not None
    assert lead.contact.of_guardian


@pytest.mark.parametrize(
    "phone",
    [
        "+86 138 0013 8000",
        "+1 (202) 555-0142",
        "0044 7700 900123",
        "555-123-4567",
        "06 12 34 56 78",
        "+49 30 1234567",
    ],
)
def test_phone_numbers_of_the_world_are_taken(phone: str) -> None:
    form = check_form(FILLED | {"phone": phone}, {"facts": {}}, None)
    assert form.errors == {}


def test_country_helps_to_read_a_phone_number(web: TestClient, screened: str) -> None:
    assert "+33 6 12 34 56 78" in read_back(web, screened, phone="06 12 34 56 78", country="FR").text


def test_form_starts_with_what_is_known() -> None:
    assert empty_form({"facts": {"respondent": "parent"}}, "CN").values == {
        "relation": "parent",
        "country": "CN",
    }
    assert empty_form({"facts": {"respondent": "carer"}}, None).values == {"relation": "", "country": ""}


def test_countries_have_names() -> None:
    assert {"CN": "China", "US": "United States"}.items() <= countries().items()
    assert len(countries()) > 200
    assert all(name[0].isalpha() or name[0] == "Å" for name in countries().values()), json.dumps(countries())
