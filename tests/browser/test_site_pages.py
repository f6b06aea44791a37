"""The start page and the page about a study in a real browser: small, printed, without scripts."""

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import ScriptedRasa

STUDY = "/trial/NCT06848582"
WIDTH = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("path", ["/", STUDY])
def test_opens_the_chat_and_breaks_no_policy(page: Page, interview: ScriptedRasa, path: str) -> None:
    page.goto(path)
    page.get_by_role("main").locator("[data-prescreen-open]").first.click()
    expect(page.frame_locator("iframe").get_by_text("Who is writing?")).to_be_visible()


def test_data_for_search_engines_is_there_and_is_not_run(page: Page) -> None:
    page.goto(STUDY)
    data = page.locator('script[type="application/ld+json"]').text_content()
    assert json.loads(data or "")["@graph"][0]["@type"] == "MedicalTrial"


def test_the_whole_list_opens_with_the_keyboard(page: Page) -> None:
    page.goto(STUDY)
    item = page.get_by_text("Your child's general health and test results")
    expect(item).to_be_hidden()
    page.get_by_text("Show the whole list").focus()
    page.keyboard.press("Enter")
    expect(item).to_be_visible()


@pytest.mark.parametrize("path", ["/", STUDY])
def test_the_skip_link_comes_first_and_leads_to_the_words(page: Page, path: str) -> None:
    page.goto(path)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main part")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


@pytest.mark.parametrize("path", ["/", STUDY])
def test_all_is_there_without_scripts_and_on_the_smallest_phone(
    browser: Browser, site: str, path: str
) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 568}, base_url=site
    )
    page = context.new_page()
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("main").locator('a[href="/chat"]').first).to_be_visible()
    if path == STUDY:
        page.get_by_text("Show the whole list").click()
        expect(page.get_by_text("Your child's general health and test results")).to_be_visible()
        expect(page.get_by_text("The study team will explain the risks.")).to_be_visible()
    context.close()


@pytest.mark.parametrize("path", ["/", STUDY])
def test_nothing_is_wider_than_320_pixels(browser: Browser, site: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 568}, base_url=site)
    page = context.new_page()
    page.goto(path)
    assert page.evaluate(WIDTH) <= 0
    context.close()


def test_on_paper_the_list_is_whole_and_nothing_is_to_be_pressed(page: Page) -> None:
    page.goto(STUDY)
    expect(page.get_by_role("button", name="Chat about a study")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text("Your child's general health and test results")).to_be_visible()
    expect(page.get_by_text("No study team has checked this page yet.")).to_be_visible()
    for pressed in ("See if it may be a match", "Skip to the main part"):
        expect(page.get_by_role("link", name=pressed).first).to_be_hidden()
    expect(page.get_by_role("button", name="Chat about a study")).to_be_hidden()


def test_signs_are_seen_in_forced_colours(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto("/")
    border = page.locator(".steps li").first.evaluate(
        "one => getComputedStyle(one, '::before').borderTopWidth"
    )
    assert border == "2px"
