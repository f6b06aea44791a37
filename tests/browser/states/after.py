"""States of the pages after the verdict, and of the page for the doctor."""

from collections.abc import Iterator

from playwright.sync_api import expect

from ..visit import Visit
from .chat import NOT_LIKELY, NOT_YET


def after(visit: Visit) -> Iterator[str]:
    """From a date to the doctor, with notes and a link, and what can go wrong on the way."""
    visit.open("/after")
    expect(visit.page.get_by_text("Please start with the chat.")).to_be_visible()
    yield "after-without-a-chat"
    visit.open_chat()
    visit.say(*NOT_YET, "yes")
    visit.post("/after", session=visit.session)
    expect(visit.page.get_by_role("heading", name="A reminder in your calendar")).to_be_visible()
    yield "after"
    visit.page.get_by_label("My notes").fill("x" * 2001)
    visit.submit("Keep my notes", "What you can do now")
    expect(visit.page.get_by_role("alert")).to_be_visible()
    yield "after-notes-too-long"
    visit.page.get_by_label("My notes").fill("Ask about the port.")
    visit.submit("Keep my notes", "What you can do now")
    visit.submit("Make the page", "The page for the doctor")
    visit.submit("Put my notes on the page", "The page for the doctor")
    yield "doctor-preview"
    visit.submit("Make a link", "Your link is ready")
    yield "doctor-link"
    passcode = visit.page.locator(".reference").inner_text()
    path = visit.page.get_by_role("link", name="Open the page for the doctor").get_attribute("href")
    visit.submit("Back to what you can do", "What you can do now")
    expect(visit.page.get_by_role("button", name="End this link")).to_be_visible()
    yield "after-links"
    visit.open(str(path))
    yield "doctor-enter"
    visit.page.get_by_label("Passcode").fill("1")
    visit.submit("Open the page", "A page for you")
    expect(visit.page.get_by_role("alert")).to_be_visible()
    yield "doctor-wrong"
    visit.page.get_by_label("Passcode").fill(passcode)
    visit.submit("Open the page", "For the child's doctor")
    yield "doctor-page"


def no_match(visit: Visit) -> Iterator[str]:
    """Where the study is no match: first what remains."""
    visit.open_chat()
    visit.say(*NOT_LIKELY)
    visit.say("yes")
    visit.post("/after", session=visit.session)
    expect(visit.page.get_by_role("heading", name="What else there is")).to_be_visible()
    yield "after-no-match"
