"""Into the contact form and back again: nothing is lost, and no way back is dead."""

import json
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from bot.leads.database import Store
from bot.leads.screenings import save_screening

from .conftest import ScriptedRasa
from .lines import OFFER, SCREENING, VERDICT, answer_box, message, to_the_offer, turn

FIELDS = {"First name": "Ana", "Last name": "Li", "E-mail": "ana@mail.com", "Phone": "+86 138 0013 8000"}


def go_back(page: Page) -> None:
    """The browser's Back, which goes back in the widget's frame first."""
    with page.expect_event("framenavigated"):
        page.evaluate("() => { setTimeout(() => history.back()); }")


def fill_form(where: FrameLocator | Page) -> None:
    for label, words in FIELDS.items():
        where.get_by_label(label).fill(words)
    where.get_by_label("Yes, send my answers").check()
    where.get_by_label("may call or write").check()


def send_form(where: FrameLocator | Page) -> str:
    where.get_by_role("button", name="Open the contact form").click()
    fill_form(where)
    where.get_by_role("button", name="Check before sending").click()
    where.get_by_role("button", name="Send this to").first.click()
    expect(where.get_by_role("heading", name="Thank you")).to_be_visible()
    return str(where.locator(".reference").inner_text())


@pytest.mark.parametrize("framed", [True, False], ids=["in the widget", "full page"])
def test_way_back_is_never_dead(page: Page, interview: ScriptedRasa, framed: bool) -> None:
    where: Any = to_the_offer(page)
    if not framed:
        session = where.locator("body").evaluate("() => sessionStorage['prescreen-chat']")
        page.goto("/privacy")
        page.evaluate("kept => { sessionStorage['prescreen-chat'] = kept; }", session)
        page.goto("/chat")
        where = page
    where.get_by_role("button", name="Open the contact form").click()
    fill_form(where)
    where.get_by_role("button", name="Check before sending").click()
    expect(where.get_by_role("heading", name="Is this right?")).to_be_visible()
    go_back(page)
    expect(where.get_by_role("heading", name="Your contact details")).to_be_visible()
    expect(where.get_by_label("E-mail")).to_have_value("ana@mail.com")
    expect(where.get_by_label("Yes, send my answers")).not_to_be_checked()
    fill_form(where)
    where.get_by_role("button", name="Check before sending").click()
    where.get_by_role("button", name="Send this to").first.click()
    expect(where.get_by_role("heading", name="Thank you")).to_be_visible()
    go_back(page)
    expect(where.get_by_text("You sent this before.")).to_be_visible()
    assert "ERR" not in where.locator("body").inner_text()


def test_addresses_never_hold_the_session(page: Page, interview: ScriptedRasa) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    frame = to_the_offer(page)
    kept = json.loads(frame.locator("body").evaluate("() => sessionStorage['prescreen-chat']"))
    send_form(frame)
    go_back(page)
    expect(frame.get_by_text("You sent this before.")).to_be_visible()
    assert asked
    assert not [url for url in asked if kept["session"] in url]


def test_form_keeps_what_was_typed_while_she_looks_at_the_chat(page: Page, interview: ScriptedRasa) -> None:
    frame = to_the_offer(page)
    frame.get_by_role("button", name="Open the contact form").click()
    fill_form(frame)
    frame.get_by_label("Country").select_option("China")
    frame.get_by_role("link", name="Back to the chat").click()
    frame.get_by_role("button", name="Open the contact form").click()
    for label, words in FIELDS.items():
        expect(frame.get_by_label(label)).to_have_value(words)
    expect(frame.get_by_label("Country")).to_have_value("CN")
    expect(frame.get_by_label("Yes, send my answers")).not_to_be_checked()
    frame.get_by_role("link", name="Back to the chat").click()
    frame.get_by_role("button", name="Stop and erase", exact=True).click()
    frame.get_by_role("button", name="Yes, erase everything").click()
    expect(frame.get_by_text("Your answers are erased.")).to_be_visible()
    assert frame.locator("body").evaluate("() => sessionStorage.length") == 0


def test_chat_says_what_was_sent_until_an_answer_changes(
    page: Page, interview: ScriptedRasa, home: Any
) -> None:
    frame = to_the_offer(page)
    reference = send_form(frame)
    frame.get_by_role("link", name="Back to the chat").click()
    expect(frame.get_by_text(f"Sent. Your reference: {reference}")).to_be_visible()
    expect(frame.get_by_role("button", name="Open the contact form")).to_have_count(0)

    def other_answers(sender: str, said: str) -> dict[str, Any]:
        store = Store(f"sqlite:///{home / 'prescreen.db'}")
        save_screening(sender, SCREENING | {"verdict": "likely"}, store)
        store.close()
        return turn(message("Here it is anew.", "offer", OFFER), phase="offer", verdict=VERDICT)

    interview.script = other_answers
    answer_box(frame).fill("sorry, he is 8")
    answer_box(frame).press("Enter")
    expect(frame.get_by_role("button", name="Open the contact form")).to_be_visible()
    expect(frame.get_by_text("Sent. Your")).to_have_count(0)


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "button"])
def test_erasing_says_that_what_was_sent_stays(page: Page, interview: ScriptedRasa, typed: bool) -> None:
    frame = to_the_offer(page)
    reference = send_form(frame)
    frame.get_by_role("link", name="Back to the chat").click()
    expect(frame.get_by_text("Welcome back.")).to_be_visible()
    if typed:
        answer_box(frame).fill("stop")
        answer_box(frame).press("Enter")
    else:
        frame.get_by_role("button", name="Stop and erase", exact=True).click()
        frame.get_by_role("button", name="Yes, erase everything").click()
    said = frame.get_by_text("What you sent before is not erased")
    expect(said).to_contain_text(reference)
    expect(said).to_contain_text("tell the study team")


def test_erasing_in_another_window_leaves_no_typed_details(page: Page, interview: ScriptedRasa) -> None:
    page.goto("/chat")
    page.get_by_role("button", name="I am a parent").click()
    page.get_by_label("Chemo").check()
    page.get_by_role("button", name="Send my answer").click()
    page.get_by_role("button", name="Open the contact form").click()
    page.get_by_label("First name").fill("Ana")
    assert "Ana" in page.evaluate("() => sessionStorage['prescreen-form']")
    other = page.context.new_page()
    other.goto("/chat")
    other.get_by_role("button", name="Stop and erase", exact=True).click()
    other.get_by_role("button", name="Yes, erase everything").click()
    expect(other.get_by_role("button", name="Start a new chat", exact=True)).to_be_visible()
    page.wait_for_function("() => sessionStorage.length === 0")
    page.get_by_label("First name").fill("Ana Maria")
    assert page.evaluate("() => sessionStorage.length + localStorage.length") == 0
