"""Ears, large letters, small windows, other reading directions, strong colours, no motion."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import ScriptedRasa
from .interviewing import Interview
from .lines import answer_box, message, turn

WATCH_LOG = """
    () => {
        window.added = [];
        new MutationObserver((changes) => {
            const rows = changes.flatMap((change) => [...change.addedNodes]);
            window.added.push(...rows.map((row) => row.textContent));
        }).observe(document.getElementById("log"), { childList: true });
        const said = document.getElementById("said");
        window.told = [];
        new MutationObserver(() => { if (said.textContent) window.told.push(said.textContent); })
            .observe(said, { childList: true });
    }
"""
TOO_WIDE = """
    () => [...document.querySelectorAll("button, a, h1, h2, h3, p, input, select, textarea, .bubble, label")]
        .filter((it) => it.offsetParent && it.offsetWidth > 1 && !it.closest(".away, .chat-title"))
        .filter((it) => {
            const { left, right } = it.getBoundingClientRect();
            return right > innerWidth + 1 || left < -1;
        })
        .map((it) => it.outerHTML)
"""


def to_the_day(page: Page) -> None:
    page.goto("/chat")
    expect(page.get_by_text("Who is writing?")).to_be_visible()
    for said, then in (("parent", "How old"), ("7", "Which treatments"), ("chemotherapy", "When was")):
        answer_box(page).fill(said)
        answer_box(page).press("Enter")
        expect(page.get_by_text(then)).to_be_visible()


def test_messages_are_said_in_order_and_once(page: Page, rasa: ScriptedRasa) -> None:
    rasa.script = lambda sender, said: turn(*(message(f"{said} {number}") for number in range(6)))
    page.goto("/chat")
    expect(page.get_by_text("hello 5")).to_be_visible()
    assert page.get_by_role("log").get_attribute("aria-live") == "polite"
    page.evaluate(WATCH_LOG)
    for said in ("one", "two", "three", "four"):
        answer_box(page).fill(said)
        answer_box(page).press("Enter")
        expect(page.get_by_text(f"{said} 5")).to_be_visible()
    expected = []
    for said in ("one", "two", "three", "four"):
        expected += [f"You: {said}", *(f"Chat: {said} {number}" for number in range(6))]
    assert page.evaluate("() => window.added") == expected


def test_waiting_is_said_once(page: Page, interview: ScriptedRasa) -> None:
    page.goto("/chat")
    expect(page.get_by_text("Who is writing?")).to_be_visible()
    page.evaluate(WATCH_LOG)
    interview.hold.clear()
    page.get_by_role("button", name="I am a parent").click()
    expect(page.get_by_role("status")).to_have_text("One moment ...")
    expect(page.locator("#typing")).to_be_visible()
    interview.hold.set()
    expect(page.get_by_text("Which treatments?")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("")
    assert page.evaluate("() => window.told") == ["One moment ..."]


def test_what_was_said_before_is_not_said_again(page: Page, interview: ScriptedRasa) -> None:
    page.goto("/chat")
    page.get_by_role("button", name="I am a parent").click()
    expect(page.get_by_text("Which treatments?")).to_be_visible()
    page.add_init_script(
        """document.addEventListener("readystatechange", () => {
            if (document.readyState !== "interactive") return;
            window.live = [];
            new MutationObserver((changes) => {
                for (const change of changes) if (change.addedNodes.length) {
                    window.live.push(document.getElementById("log").getAttribute("aria-live"));
                }
            }).observe(document.getElementById("log"), { childList: true });
        });"""
    )
    page.reload()
    expect(page.get_by_text("Welcome back.")).to_be_visible()
    assert set(page.evaluate("() => window.live")) == {"off"}
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")


@pytest.mark.parametrize(("width", "height"), [(320, 568), (320, 284), (640, 300), (180, 370)])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_small_windows_and_large_zoom_keep_everything_in_reach(
    page: Page, rasa: ScriptedRasa, width: int, height: int, direction: str
) -> None:
    rasa.script = Interview(rasa)
    page.set_viewport_size({"width": width, "height": height})
    to_the_day(page)
    page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
    for name in ("Your answers", "Talk to a person", "Stop and erase"):
        button = page.get_by_role("button", name=name, exact=True)
        expect(button).to_be_in_viewport(ratio=1)
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    for name in ("Why do you ask?", "Go back one step", "Send this day"):
        button = page.get_by_role("button", name=name)
        button.scroll_into_view_if_needed()
        expect(button).to_be_in_viewport(ratio=1)
    assert page.evaluate(TOO_WIDE) == []
    page.get_by_role("button", name="Your answers").click()
    page.get_by_role("button", name="Change: The age").click()
    expect(page.get_by_role("dialog").get_by_text("How old")).to_be_visible()
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate("() => document.body.scrollWidth - document.body.clientWidth") <= 0


def test_reading_direction_turns_the_window(page: Page, rasa: ScriptedRasa) -> None:
    rasa.script = Interview(rasa)
    to_the_day(page)

    def sides() -> tuple[float, float]:
        mine, box = page.locator(".mine .bubble").last.bounding_box(), page.locator("#box").bounding_box()
        assert mine is not None
        assert box is not None
        return mine["x"], box["x"]

    before = sides()
    page.evaluate("() => { document.documentElement.dir = 'rtl'; }")
    after = sides()
    assert after[0] < before[0]
    assert after[1] > before[1]


@pytest.fixture
def adapted(browser: Browser, site: str, rasa: ScriptedRasa) -> Iterator[Any]:
    """Opens a page for somebody whose device is set in some way."""
    contexts = []

    def make(**told: Any) -> Page:
        contexts.append(browser.new_context(viewport={"width": 360, "height": 740}, base_url=site, **told))
        return contexts[-1].new_page()

    rasa.script = Interview(rasa)
    yield make
    for context in contexts:
        context.close()


def test_strong_colours_keep_borders_and_ticks(adapted: Any) -> None:
    page = adapted(forced_colors="active")
    to_the_day(page)
    page.get_by_role("button", name="Go back one step").click()
    page.get_by_label("Chemo").check()
    expect(page.locator(".ticked")).to_have_css("border-top-width", "3px")
    expect(page.get_by_label("Chemo")).to_have_css("appearance", "auto")
    page.get_by_label("Surgery").focus()
    for selector in (".bubble", ".ticks label", ".options button", "#erase", "#box", "#send"):
        style = page.locator(selector).first.evaluate("it => getComputedStyle(it).borderTopStyle")
        assert style != "none", selector


def test_nothing_moves_for_those_who_want_that(adapted: Any, rasa: ScriptedRasa) -> None:
    page = adapted(reduced_motion="reduce")
    page.goto("/chat")
    expect(page.get_by_text("Who is writing?")).to_be_visible()
    rasa.hold.clear()
    page.get_by_role("button", name="I am a parent").click()
    expect(page.locator(".dots i").first).to_have_css("animation-name", "none")
    expect(page.locator("#scroller")).to_have_css("scroll-behavior", "auto")
    rasa.hold.set()
    expect(page.get_by_label("Pick the age")).to_be_visible()


def test_without_scripts_the_simple_pages_are_named(adapted: Any) -> None:
    page = adapted(java_script_enabled=False)
    page.goto("/chat")
    expect(page.locator("noscript a")).to_have_attribute("href", "/plain")
    said = page.locator("noscript .notice")
    expect(said).to_contain_text("Or answer on simple pages, which work without it.")
    expect(said).to_be_visible()
