"""States of the plain pages: the interview without scripts, one question a page."""

from collections.abc import Iterator

from playwright.sync_api import expect

from ..visit import Visit


def interview(visit: Visit) -> Iterator[str]:
    """From the first page to the result, with what may go wrong on the way."""
    visit.open("/plain")
    yield "plain-start"
    _press(visit, "Start")
    yield "plain-question"
    _pick(visit, "I am a parent")
    yield "plain-age"
    visit.page.get_by_label("Age", exact=True).fill("7")
    _press(visit, "Next")
    _press(visit, "Why do you ask?")
    yield "plain-why"
    _pick(visit, "Rhabdomyosarcoma")
    _pick(visit, "It came back")
    _press(visit, "Next")
    expect(visit.page.get_by_role("alert")).to_be_visible()
    yield "plain-nothing-ticked"
    _pick(visit, "Chemo")
    yield "plain-day"
    visit.page.get_by_label("Or pick a day").fill("2026-06-01")
    _press(visit, "Next")
    visit.page.get_by_text("Your answers").click()
    yield "plain-answers"
    _pick(visit, "None of these")
    _pick(visit, "None of these")
    _pick(visit, "Plays, learns or works as usual")
    yield "plain-result"


def ends(visit: Visit) -> Iterator[str]:
    """An emergency, erasing, and a chat that can't answer."""
    visit.open("/plain")
    _press(visit, "Start")
    visit.page.get_by_label("Or in your own words").fill("he cannot breathe")
    _press(visit, "Next")
    yield "plain-emergency"
    _press(visit, "We are safe. Go on with the questions")
    _press(visit, "Stop and erase")
    yield "plain-erase"
    _press(visit, "Yes, erase everything")
    yield "plain-erased"
    visit.open("/plain", bare=True)
    _press(visit, "Start")
    yield "plain-unavailable"


def _press(visit: Visit, name: str) -> None:
    with visit.page.expect_navigation():
        visit.page.get_by_role("button", name=name, exact=True).first.click()


def _pick(visit: Visit, name: str) -> None:
    visit.page.get_by_label(name, exact=True).check()
    _press(visit, "Next")
