"""The plain pages in a browser without scripts: whole interviews, the keyboard, the browser's own buttons."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Error, Page, expect

from bot.leads.reading import all_leads
from bot.settings import Settings, get_settings
from bot.web.app import create_app
from tests.web.conftest import _CACHES
from tests.web.interviewing import InterviewingRasa
from tests.web.serving import serving

FIELDS = {"First name": "Ana", "Last name": "Li", "E-mail": "ana@mail.com", "Phone": "+86 138 0013 8000"}
WENT_ON = "This chat went on in another window."


@pytest.fixture
def rasa() -> InterviewingRasa:
    return InterviewingRasa()


@pytest.fixture
def site(tmp_path: Path, rasa: InterviewingRasa, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("PRESCREEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHAT_PER_MINUTE", "0")
    monkeypatch.setenv("SITE_EMERGENCY_NUMBER", "911")
    for cache in _CACHES:
        cache.cache_clear()
    app = create_app(get_settings(), httpx.MockTransport(rasa))
    with TestClient(app), serving(app) as port:
        yield f"http://127.0.0.1:{port}"
    for cache in _CACHES:
        cache.cache_clear()


@pytest.fixture(params=[(360, 740), (1280, 860)], ids=["phone", "desktop"])
def page(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A visitor whose browser runs no scripts; it asks nobody else for anything, and is given no cookie."""
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, base_url=site, java_script_enabled=False
    )
    opened = context.new_page()
    elsewhere: list[str] = []
    opened.on(
        "request", lambda asked: elsewhere.append(asked.url) if not asked.url.startswith(site) else None
    )
    yield opened
    assert context.cookies() == []
    context.close()
    assert elsewhere == []


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).first.click()


def pick(page: Page, choice: str, heading: str) -> None:
    """Answer the question under this heading."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    page.get_by_label(choice, exact=True).check()
    press(page, "Next")


def start(page: Page) -> None:
    page.goto("/chat")
    page.locator("noscript a").click()
    press(page, "Start")


def to_the_treatments(page: Page) -> None:
    start(page)
    pick(page, "I am a parent", "who is writing to me")
    expect(page.get_by_role("heading", level=1)).to_contain_text("How old")
    page.get_by_label("Age", exact=True).fill("7")
    press(page, "Next")
    pick(page, "Rhabdomyosarcoma", "What kind of tumor")
    pick(page, "It came back", "How has the illness gone so far?")


def to_the_result(page: Page) -> None:
    to_the_treatments(page)
    pick(page, "Chemo", "Which treatments")
    expect(page.get_by_role("heading", level=1)).to_contain_text("last have chemo")
    page.get_by_label("Or pick a day").fill("2026-06-01")
    press(page, "Next")
    pick(page, "None of these", "the last 5 weeks")
    pick(page, "None of these", "ever had any of these?")
    pick(page, "Plays, learns or works as usual", "How active")
    expect(page.get_by_role("heading", name="What we found")).to_be_visible()


def no_wider_than_the_window(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways: the widest box of the page is no wider than the window."""
    assert page.viewport_size is not None
    boxes = [box.bounding_box() for box in page.locator("body *:visible").all()]
    return max(box["x"] + box["width"] for box in boxes if box) <= page.viewport_size["width"] + 1


def test_a_whole_interview_to_a_sent_lead(page: Page) -> None:
    to_the_result(page)
    assert no_wider_than_the_window(page)
    press(page, "Open the contact form")
    for label, words in FIELDS.items():
        page.get_by_label(label).fill(words)
    page.get_by_label("Yes, send my answers").check()
    page.get_by_label("may call or write").check()
    press(page, "Check before sending")
    page.get_by_role("button", name="Send this to").first.click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    (lead,) = all_leads()
    expect(page.locator(".reference")).to_have_text(lead.reference)
    press(page, "Back to the chat")
    expect(page.get_by_text(f"Sent. Your reference: {lead.reference}")).to_be_visible()
    press(page, "Stop and erase")
    press(page, "Yes, erase everything")
    expect(page.get_by_text("Your answers are erased.")).to_be_visible()


def test_by_keyboard_alone(page: Page, rasa: InterviewingRasa) -> None:
    start(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("who is writing to me")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Go to the main part")).to_be_focused()
    page.keyboard.press("Enter")
    # The greeting names the emergency number and the privacy notice.
    for link in ("911", "/privacy"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("main").get_by_role("link", name=link)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Or in your own words")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Next")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("How old")
    # Enter in a field is "Next", the first button of the form.
    page.get_by_label("Age", exact=True).focus()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("What kind of tumor")
    assert rasa.facts()["age"] == {"months": [84, 95]}


def test_an_answer_is_changed_and_a_question_gone_back_to(page: Page, rasa: InterviewingRasa) -> None:
    to_the_treatments(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Which treatments")
    page.get_by_text("Your answers").click()
    page.get_by_role("button", name="Change the age").click()
    page.get_by_label("Age", exact=True).fill("8")
    press(page, "Next")
    expect(page.get_by_text("Thank you. I have changed this. Your child is 8 years old.")).to_be_visible()
    press(page, "Go back one question")
    expect(page.get_by_text("let us go back one question")).to_be_visible()
    assert rasa.facts()["age"] == {"months": [96, 107]}


def test_a_wrong_ticking_is_asked_again(page: Page) -> None:
    to_the_treatments(page)
    page.get_by_label("None of these").check()
    pick(page, "Chemo", "Which treatments")
    problem = page.get_by_role("alert").get_by_role("link")
    expect(problem).to_contain_text('You ticked "None of these" and something else too.')
    expect(page.get_by_label("Chemo", exact=True)).to_be_checked()
    problem.click()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_label("None of these")).to_be_focused()
    page.get_by_label("None of these").uncheck()
    press(page, "Next")
    expect(page.get_by_role("heading", level=1)).to_contain_text("last have chemo")


def test_the_browsers_back_and_reload_do_no_harm(page: Page, rasa: InterviewingRasa) -> None:
    to_the_treatments(page)
    told = rasa.facts()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Which treatments")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Which treatments")
    assert rasa.facts() == told
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        page.go_back()
    page.wait_for_url("chrome-error://**")
    # The browser asks before it sends a form again; this is her yes.
    page.reload()
    expect(page.get_by_text(WENT_ON)).to_be_visible()
    expect(page.get_by_role("checkbox", name="Chemo", exact=True)).to_be_visible()
    assert rasa.facts() == told


def test_an_emergency_shows_the_number(page: Page) -> None:
    start(page)
    page.get_by_label("Or in your own words").fill("he cannot breathe")
    press(page, "Next")
    call = page.get_by_role("link", name="Call 911")
    expect(call).to_be_in_viewport()
    expect(call).to_have_attribute("href", "tel:911")
    press(page, "We are safe. Go on with the questions")
    expect(page.get_by_role("button", name="Next", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [320, 240])
def test_narrow_windows_and_large_zoom_need_no_scrolling_sideways(page: Page, width: int) -> None:
    # A zoom of 200 % halves the pixels that a page has: 240 of them are a small phone's, zoomed.
    page.set_viewport_size({"width": width, "height": 640})
    page.goto("/plain")
    assert no_wider_than_the_window(page)
    to_the_treatments(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Which treatments")
    assert no_wider_than_the_window(page)
    press(page, "Next")
    expect(page.get_by_role("alert")).to_be_visible()
    assert no_wider_than_the_window(page)
