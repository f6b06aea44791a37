"""States of what comes after the verdict: the page of what can be done, and the doctor's."""

from collections.abc import Iterator

from playwright.sync_api import expect

from ..visit import Visit
from .chat import NOT_LIKELY, NOT_YET


def after(visit: Visit) -> Iterator[str]:
    """From a verdict of not yet to what the child's doctor sees."""
    visit.open_chat()
    visit.say(*NOT_YET, "yes")
    visit.submit("What you can do now", "What you can do now")
    yield "after"
    visit.page.get_by_label("My notes").fill("Ask about the port, call 646-555-0123.")
    visit.submit("Keep my notes", "What you can do now")
    expect(visit.page.get_by_role("status")).to_be_visible()
    yield "after-notes"
    visit.page.get_by_role("button", name="Make the page").click()
    expect(visit.page.get_by_role("article")).to_be_visible()
    yield "doctor-preview"
    visit.submit("Make a link", "Your link is ready")
    yield "doctor-link"
    passcode = visit.page.locator(".reference").inner_text()
    link = visit.page.locator("[data-address]").inner_text()
    visit.page.goto(visit.stage.url + "/doctor/" + link.rpartition("/")[2])
    yield "doctor-enter"
    _open(visit, "1")
    expect(visit.page.get_by_role("alert")).to_be_visible()
    yield "doctor-wrong-passcode"
    _open(visit, passcode)
    expect(visit.page.get_by_role("article")).to_be_visible()
    yield "doctor-page"
    visit.open("/after")
    expect(visit.page.get_by_role("button", name="End this link")).to_be_visible()
    yield "after-links"


def nothing_to_send(visit: Visit) -> Iterator[str]:
    """After a verdict of not likely, and without a chat."""
    visit.open("/after")
    yield "after-without-a-chat"
    visit.open_chat()
    visit.say(*NOT_LIKELY, "yes")
    visit.submit("What you can do now", "What you can do now")
    yield "after-not-likely"


def _open(visit: Visit, passcode: str) -> None:
    visit.page.get_by_label("Passcode").fill(passcode)
    with visit.page.expect_navigation():
        visit.page.get_by_role("button", name="Open the page").click()
