"""States of the contact form."""

from collections.abc import Iterator

from playwright.sync_api import expect

from ..visit import Visit
from .chat import NOT_LIKELY, POSSIBLE

_OF_A_TEEN = ("patient", "15", "synovial sarcoma", "relapsed", "surgery", "none", "none", "as_usual")


def form(visit: Visit) -> Iterator[str]:
    """From the offer to the reference, and what the chat says then."""
    _open(visit, *POSSIBLE)
    yield "form-fresh"
    visit.page.get_by_label("First name").fill("Ana")
    visit.page.get_by_label("E-mail").fill("ana at mail")
    visit.page.get_by_role("button", name="Check before sending").click()
    expect(visit.page.get_by_text("Please write a last name.")).to_be_visible()
    yield "form-errors"
    visit.fill_form()
    visit.submit("Check before sending", "Is this right?")
    yield "form-check"
    visit.submit("Send this to", "Thank you")
    yield "form-sent"
    visit.page.get_by_role("link", name="Back to the chat").click()
    expect(visit.page.get_by_text("Sent. Your reference")).to_be_visible()
    yield "chat-sent"
    visit.page.go_back()
    expect(visit.page.get_by_text("You sent this before.")).to_be_visible()
    yield "form-sent-before"


def trouble(visit: Visit) -> Iterator[str]:
    """A database that fails in the middle, and forms that there is no reason for."""
    _open(visit, *POSSIBLE)
    visit.fill_form()
    with visit.table_missing("screenings"):
        visit.submit("Check before sending", "Sorry")
        yield "form-again"
    visit.submit("again", "Is this right?")
    with visit.table_missing("leads"):
        visit.submit("Send this to", "Is this right?")
        expect(visit.page.get_by_role("alert")).to_be_visible()
        yield "form-not-stored"
    visit.forget()
    visit.open("/contact")
    expect(visit.page.get_by_role("heading", name="Contact form")).to_be_visible()
    yield "form-without-a-chat"
    visit.open_chat()
    visit.say(*NOT_LIKELY)
    visit.say("yes")
    visit.post("/contact", session=visit.session)
    expect(visit.page.get_by_role("heading", name="Contact form")).to_be_visible()
    yield "form-not-offered"


def guardian(visit: Visit) -> Iterator[str]:
    """A teenager's form, which asks for a grown-up's contact."""
    _open(visit, *_OF_A_TEEN)
    yield "form-guardian"
    visit.submit("Check before sending", "Your contact details")
    expect(visit.page.get_by_role("alert")).to_be_visible()
    yield "form-guardian-errors"
    visit.fill_form()
    visit.page.get_by_label("This is the contact of a parent").check()
    visit.submit("Check before sending", "Is this right?")
    yield "form-guardian-check"


def _open(visit: Visit, *lines: str) -> None:
    visit.open_chat()
    visit.say(*lines)
    visit.submit("Open the contact form", "Your contact details")
