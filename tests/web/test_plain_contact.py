"""From the plain pages to the contact form and back: each page of the form leads to where she came from."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from bot.leads.reading import all_leads
from tests.web.formreader import Reader
from tests.web.interviewing import InterviewingRasa
from tests.web.test_plain import title, words

CONTACT = {"first_name": "Ana", "last_name": "Li", "email": "ana@mail.com", "phone": "+86 138 0013 8000"}
CONSENTS = [("consent_send", "yes"), ("consent_call", "yes")]


@pytest.fixture
def rasa() -> InterviewingRasa:
    return InterviewingRasa()


@pytest.fixture
def reader(open_web: Callable[..., TestClient]) -> Reader:
    return Reader(open_web(CHAT_PER_MINUTE="0"))


def test_whole_way_to_a_sent_lead_and_back(reader: Reader) -> None:
    reader.to_the_verdict()
    assert title(reader) == "What we found"
    assert "<h2>What fits:</h2>" in reader.page.text
    assert re.search("<li>.*blood.*</li>", reader.page.text)
    reader.press("Open the contact form")
    assert reader.form_of("← Back to the chat").action == "/plain"
    action, fields = reader.filled("Check before sending", **CONTACT)
    reader.send(action, [*fields, *CONSENTS])
    assert "Is this right?" in words(reader)
    reader.press("Change my details")
    action, fields = reader.filled("Check before sending", **CONTACT)
    reader.send(action, [*fields, *CONSENTS])
    sends = next(name for form in reader.forms for name, _, _ in form.buttons if name.startswith("Send this"))
    reader.press(sends)
    (lead,) = all_leads()
    assert lead.reference in words(reader)
    assert lead.contact is not None
    assert lead.contact.first_name == "Ana"
    reader.press("Back to the chat")
    assert title(reader) == "What we found"
    assert f"Sent. Your reference: {lead.reference}" in words(reader)
    assert not reader.offers("Open the contact form")


@pytest.mark.parametrize("button", ["← Back to the chat", "Do not send, go back to the chat"])
def test_contact_form_leads_back_to_the_result(reader: Reader, button: str) -> None:
    reader.to_the_verdict().press("Open the contact form")
    if button.startswith("Do"):
        action, fields = reader.filled("Check before sending", **CONTACT)
        reader.send(action, [*fields, *CONSENTS])
    reader.press(button)
    assert title(reader) == "What we found"


def test_an_answer_can_be_changed_out_of_the_read_back(reader: Reader) -> None:
    reader.to_the_verdict().press("Open the contact form")
    action, fields = reader.filled("Check before sending", **CONTACT)
    reader.send(action, [*fields, *CONSENTS])
    reader.press("Change an answer in the chat")
    assert title(reader) == "What would you like to change?"


def test_contact_form_of_the_chat_stays_the_chats(web: TestClient, screened: str) -> None:
    opened = web.post("/contact", data={"session": screened})
    assert 'href="/chat"' in opened.text
    assert "/plain" not in opened.text
    assert "<script" in opened.text


def test_a_form_that_is_not_offered_leads_back_too(reader: Reader) -> None:
    reader.press("Start")
    session = dict(reader.form_of("Next").fields)["session"]
    reader.send("/contact", [("session", session), ("plain", "yes")])
    assert "Please answer the questions in the chat first." in words(reader)
    reader.press("Go to the chat")
    assert title(reader).startswith("First, who is writing to me?")
