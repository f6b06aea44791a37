"""The launcher and its panel on a hospital's page of another origin."""

import pytest
from playwright.sync_api import Frame, Page, expect

from .conftest import ScriptedRasa
from .hosts import LAUNCHER, HostPage, OpenHost, line, page_with
from .lines import answer_box


def covers(page: Page) -> bool:
    size = page.viewport_size
    assert size is not None
    return size["width"] <= 520


def chat_of(page: Page, site: str) -> Frame:
    with page.expect_event("frameattached"):
        page.get_by_role("button", name=LAUNCHER).click()
    frame = page.frames[-1]
    expect(frame.get_by_text("Who is writing?")).to_be_visible()
    assert frame.url == f"{site}/chat"
    return frame


@pytest.mark.parametrize("where", ["in the head", "at the end", "twice"])
def test_one_line_is_all(open_host: OpenHost, site: str, where: str) -> None:
    head = "" if where == "at the end" else line(site)
    page = open_host(page_with(head, "" if where == "in the head" else line(site)))
    expect(page.get_by_role("button", name=LAUNCHER)).to_have_count(1)
    chat_of(page, site).get_by_role("button", name="I am a parent").click()
    expect(page.frames[-1].get_by_text("Which treatments?")).to_be_visible()
    assert page.locator("prescreen-widget").count() == 1


@pytest.mark.parametrize("language", ["fr", "constructor", "", "en-GB"])
def test_unknown_language_is_answered_in_english(open_host: OpenHost, site: str, language: str) -> None:
    page = open_host(page_with(line(site, data_language=language)))
    expect(page.get_by_role("button", name=LAUNCHER)).to_be_visible()


def test_dialog_takes_the_focus_and_gives_it_back(open_host: OpenHost, site: str) -> None:
    page = open_host(page_with(line(site), body="<button>Other</button>"))
    launcher = page.get_by_role("button", name=LAUNCHER)
    expect(launcher).to_have_attribute("aria-expanded", "false")
    launcher.focus()
    page.keyboard.press("Enter")
    expect(launcher if not covers(page) else page.locator(".launcher")).to_have_attribute(
        "aria-expanded", "true"
    )
    panel = page.get_by_role("dialog", name=LAUNCHER)
    expect(panel).to_be_visible()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Who is writing?")).to_be_visible()
    expect(page.locator("iframe")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(launcher).to_be_focused()
    expect(launcher).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(frame.locator(".bubble:focus")).to_contain_text("Who is writing?")
    page.get_by_role("button", name="Close the chat").click()
    expect(launcher).to_be_focused()


def test_page_behind_a_covering_panel_is_out_of_reach(open_host: OpenHost, site: str) -> None:
    page = open_host(page_with(line(site), body="<button>Other</button>"))
    chat_of(page, site)
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("() => document.activeElement.tagName"))
    if covers(page):
        assert reached <= {"BODY", "PRESCREEN-WIDGET"}
        assert not page.evaluate(
            """() => {
                const other = document.querySelector("button");
                other.focus();
                return document.activeElement === other;
            }"""
        )
    else:
        assert {"A", "BUTTON", "PRESCREEN-WIDGET"} <= reached
        page.get_by_role("button", name="Other").click()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog", name=LAUNCHER)).to_be_visible()


def test_turning_the_phone_keeps_the_chat(open_host: OpenHost, site: str, interview: ScriptedRasa) -> None:
    page = open_host(page_with(line(site)))
    answer_box(chat_of(page, site)).fill("half a sen")  # type: ignore[arg-type]
    before = page.viewport_size
    assert before is not None
    for width, height in ((740, 360), (1024, 768), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.get_by_role("dialog", name=LAUNCHER)).to_be_visible()
    expect(answer_box(page.frame_locator("iframe"))).to_have_value("half a sen")
    assert interview.heard == ["hello"]


def test_links_of_the_page_open_it_too(open_host: OpenHost, site: str) -> None:
    body = f"<a href='{site}/chat' data-prescreen-open><b>See if it fits</b></a>"
    page = open_host(page_with(line(site), body=body))
    expect(page.get_by_role("button", name=LAUNCHER)).to_be_visible()
    page.get_by_text("See if it fits").click()
    expect(page.frame_locator("iframe").get_by_text("Who is writing?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="See if it fits")).to_be_focused()


STRICT = "default-src 'none'; script-src {site}; style-src {site}; frame-src {site}"
NO_SHEETS = "CSSStyleSheet.prototype.replaceSync = undefined;"


@pytest.mark.parametrize("old", [False, True], ids=["", "without constructed sheets"])
def test_strict_policy_of_the_page_is_kept(open_host: OpenHost, site: str, old: bool) -> None:
    page = open_host(page_with(line(site)), policy=STRICT.format(site=site))
    if old:
        page.add_init_script(NO_SHEETS)
        page.reload()
    launcher = page.get_by_role("button", name=LAUNCHER)
    expect(launcher).to_have_css("position", "fixed")
    expect(launcher).to_have_css("background-color", "rgb(31, 111, 107)")
    chat_of(page, site)


def test_blocked_frame_leads_to_the_page(open_host: OpenHost, site: str, hospital: HostPage) -> None:
    page = open_host(page_with(line(site)), origin=hospital.other_origin)
    page.get_by_role("button", name=LAUNCHER).click()
    panel = page.get_by_role("dialog", name=LAUNCHER)
    expect(panel.get_by_text("If it does not, use one of these links.")).to_be_visible()
    for name, path in (("Open the chat in a new window", "/chat"), ("Answer on simple pages", "/plain")):
        link = panel.get_by_role("link", name=name)
        expect(link).to_have_attribute("href", f"{site}{path}")
        expect(link).to_be_in_viewport(ratio=1)
        expect(link).to_have_attribute("target", "_blank")


@pytest.mark.parametrize(
    ("color", "background", "ink"),
    [
        ("#ffd400", "rgb(255, 212, 0)", "rgb(0, 0, 0)"),
        ("#004b87", "rgb(0, 75, 135)", "rgb(255, 255, 255)"),
        ("#777777", "rgb(119, 119, 119)", "rgb(0, 0, 0)"),
        ("red; --z: 1", "rgb(31, 111, 107)", "rgb(255, 255, 255)"),
    ],
)
def test_color_of_the_hospital_stays_readable(
    open_host: OpenHost, site: str, color: str, background: str, ink: str
) -> None:
    page = open_host(page_with(line(site, data_color=color)))
    launcher = page.get_by_role("button", name=LAUNCHER)
    expect(launcher).to_have_css("background-color", background)
    expect(launcher).to_have_css("color", ink)


def test_place_label_and_layer_are_the_hospitals(open_host: OpenHost, site: str) -> None:
    page = open_host(
        page_with(line(site, data_position="left", data_label="Find a study", data_z_index="77"))
    )
    launcher = page.get_by_role("button", name="Find a study")
    expect(launcher).to_have_css("left", "16px")
    expect(launcher).to_have_css("z-index", "77")
    launcher.click()
    expect(page.get_by_role("dialog", name=LAUNCHER)).to_be_in_viewport(ratio=1)


def test_attributes_that_make_no_sense_are_left_aside(open_host: OpenHost, site: str) -> None:
    page = open_host(page_with(line(site, data_position="top", data_label="   ", data_z_index="-3; x")))
    launcher = page.get_by_role("button", name=LAUNCHER)
    expect(launcher).to_have_css("right", "16px")
    expect(launcher).to_have_css("z-index", "2147483000")


def test_page_that_reads_from_right_to_left(open_host: OpenHost, site: str) -> None:
    page = open_host(page_with(line(site), attributes="dir=rtl"))
    launcher = page.get_by_role("button", name=LAUNCHER)
    expect(launcher).to_have_css("direction", "ltr")
    expect(launcher).to_be_in_viewport(ratio=1)
    chat_of(page, site)
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
