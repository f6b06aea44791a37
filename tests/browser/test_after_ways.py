"""From the verdict to the doctor: the whole way in a browser, with scripts and without, and on paper."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.leads.database import Store
from bot.leads.screenings import save_screening
from tests.interview.verdict_families import FAMILIES, screening_of

from .conftest import ScriptedRasa
from .lines import OFFER, message, turn

KEEP = "Please do not stop, skip or delay any medicine or treatment because of this."


@pytest.fixture
def told(rasa: ScriptedRasa, home: Path) -> ScriptedRasa:
    """A chat that comes to the verdict that is typed."""

    def script(sender: str, said: str) -> dict[str, Any]:
        if said not in FAMILIES:
            return turn(message("Which verdict?"))
        screening = screening_of(said)
        store = Store(f"sqlite:///{home / 'prescreen.db'}")
        save_screening(sender, screening, store)
        store.close()
        verdict = {"trial": screening["trial"], "verdict": said, "until": screening["until"], "findings": {}}
        return turn(
            message("That is what I found.", "verdict"),
            message("?", "offer", OFFER),
            phase="offer",
            verdict=verdict,
        )

    rasa.script = script
    return rasa


def to_the_hub(page: Page, verdict: str) -> str:
    """Lead a chat to a verdict and open the page after it; the session."""
    page.goto("/chat")
    expect(page.get_by_text("Which verdict?")).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_be_enabled()
    box = page.get_by_role("textbox", name="Your answer")
    box.fill(verdict)
    box.press("Enter")
    expect(page.get_by_text("That is what I found.")).to_be_visible()
    session = page.evaluate("() => JSON.parse(sessionStorage['prescreen-chat']).session")
    page.get_by_role("button", name="What you can do now").click()
    expect(page.get_by_role("heading", name="What you can do now")).to_be_visible()
    return str(session)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_the_verdict_to_the_doctor(page: Page, told: ScriptedRasa, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    session = to_the_hub(page, "not_yet")
    page.get_by_label("My notes").fill("ask about the port, call 646-555-0123")
    press(page, "Keep my notes")
    expect(page.get_by_role("status").filter(has_text="We took out a phone number")).to_be_visible()
    expect(page.get_by_label("My notes")).to_have_value("ask about the port, call [***]")
    press(page, "Make the page")
    sheet = page.get_by_role("article")
    expect(sheet).to_contain_text(KEEP)
    expect(sheet).not_to_contain_text("ask about the port")
    expect(page.get_by_role("button", name="Print this page")).to_be_visible()
    press(page, "Put my notes on the page")
    expect(sheet).to_contain_text("ask about the port")
    press(page, "Make a link")
    expect(page.get_by_role("heading", name="Your link is ready")).to_be_visible()
    passcode = page.locator(".reference").inner_text()
    link = page.locator("[data-address]").inner_text()
    assert link.startswith(f"{site}/doctor/")
    assert re.fullmatch(r"\d{4} \d{4} \d{4}", passcode)

    page.goto(link)
    page.get_by_label("Passcode").fill("1")
    press(page, "Open the page")
    expect(page.get_by_role("alert")).to_contain_text("This did not open.")
    page.get_by_label("Passcode").fill(passcode)
    press(page, "Open the page")
    expect(page.get_by_role("article")).to_contain_text("ask about the port")
    expect(page.get_by_role("article")).to_contain_text("No hospital has checked this yet.")

    page.goto("/after")
    # The chat of this tab is known: its page opens anew.
    press(page, "End this link")
    expect(page.get_by_role("status").filter(has_text="The link is ended.")).to_be_visible()
    page.goto(link)
    page.get_by_label("Passcode").fill(passcode)
    press(page, "Open the page")
    expect(page.get_by_role("alert")).to_be_visible()
    digits = passcode.replace(" ", "")
    assert not [url for url in asked if session in url or digits in url or passcode in url]


def test_the_way_back_is_never_dead(page: Page, told: ScriptedRasa) -> None:
    to_the_hub(page, "likely")
    press(page, "Make the page")
    press(page, "Make a link")
    expect(page.get_by_role("heading", name="Your link is ready")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="What you can do now")).to_be_visible()
    expect(page.get_by_role("button", name="End this link")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="What you can do now")).to_be_visible()
    page.get_by_role("link", name="Back to the chat").click()
    expect(page.get_by_text("That is what I found.")).to_be_visible()


def test_the_reminder_is_a_file(page: Page, told: ScriptedRasa) -> None:
    to_the_hub(page, "not_yet")
    with page.expect_download() as waiting:
        press(page, "Save the reminder")
    assert waiting.value.suggested_filename == "reminder.ics"
    data = Path(waiting.value.path()).read_bytes()
    assert data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert b"DTSTART;VALUE=DATE:20261213\r\n" in data
    expect(page.get_by_role("heading", name="What you can do now")).to_be_visible()


@pytest.mark.parametrize("verdict", FAMILIES)
def test_nothing_is_cut_off_and_the_page_fits_on_two_sheets(
    page: Page, told: ScriptedRasa, verdict: str
) -> None:
    to_the_hub(page, verdict)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    press(page, "Make the page")
    expect(page.get_by_role("article")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    for size in ("A4", "Letter"):
        paper = page.pdf(format=size)
        assert 1 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) <= 2, size
    page.emulate_media(media="print")
    for name in ("Make a link", "Print this page", "Back to what you can do"):
        expect(page.get_by_role("button", name=name)).to_be_hidden()
    expect(page.get_by_role("heading", name="For the child's doctor")).to_be_visible()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_without_scripts_it_goes_the_same_way(
    browser: Browser, page: Page, told: ScriptedRasa, site: str
) -> None:
    session = to_the_hub(page, "not_yet")
    context = browser.new_context(java_script_enabled=False, base_url=site)
    plain = context.new_page()
    # A page of its own that opens the way, as the plain pages do: without scripts nothing else can.
    plain.route(
        f"{site}/opening",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<form method="post" action="/after"><input name="session" value="{session}">'
            '<input name="plain" value="yes"><button>Go on</button></form>',
        ),
    )
    plain.goto("/opening")
    press(plain, "Go on")
    press(plain, "Make the page")
    expect(plain.get_by_role("button", name="Print this page")).to_be_hidden()
    expect(plain.get_by_text("You can print it with the menu of your browser.")).to_be_visible()
    press(plain, "Make a link")
    passcode = plain.locator(".reference").inner_text()
    expect(plain.get_by_role("button", name="Copy the link")).to_be_hidden()
    expect(plain.get_by_text("copy the address from the bar")).to_be_visible()
    with context.expect_page() as opened:
        plain.get_by_role("link", name="Open the page for the doctor").click()
    doctor = opened.value
    assert re.fullmatch(rf"{site}/doctor/[a-z2-7]{{32}}", doctor.url)
    doctor.get_by_label("Passcode").fill(passcode)
    press(doctor, "Open the page")
    expect(doctor.get_by_role("article")).to_contain_text(KEEP)
    press(plain, "Back to what you can do")
    expect(plain.locator("form[action='/plain'] input[name='session']")).to_have_value(session)
    context.close()
