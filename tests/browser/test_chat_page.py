"""The chat as a family sees it, from the hospital's page to the sent form."""

from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from bot.leads.database import Store
from bot.leads.models import Lead

from .conftest import ScriptedRasa
from .lines import TREATMENTS, answer_box, message, open_chat, to_the_offer, turn


def test_whole_way_to_a_lead(page: Page, interview: ScriptedRasa, home: Path) -> None:
    frame = to_the_offer(page)
    assert interview.heard == ["hello", "parent", "chemotherapy"]
    frame.get_by_role("button", name="Open the contact form").click()
    frame.get_by_label("First name").fill("Ana")
    frame.get_by_label("E-mail").fill("ana at mail")
    frame.get_by_role("button", name="Check before sending").click()
    expect(frame.get_by_text("Please write a last name.")).to_be_visible()
    expect(frame.get_by_label("First name")).to_have_value("Ana")
    expect(frame.get_by_label("E-mail")).to_have_value("ana at mail")
    frame.get_by_label("E-mail").fill("ana@mail.com")
    frame.get_by_label("Last name").fill("Li")
    frame.get_by_label("Phone").fill("+86 138 0013 8000")
    frame.get_by_label("Yes, send my answers").check()
    frame.get_by_label("may call or write").check()
    frame.get_by_role("button", name="Check before sending").click()
    expect(frame.get_by_text("7 years")).to_be_visible()
    frame.get_by_role("button", name="Send this to").first.click()
    expect(frame.get_by_role("heading", name="Thank you")).to_be_visible()
    reference = frame.locator(".reference").inner_text()
    store = Store(f"sqlite:///{home / 'prescreen.db'}")
    with store.session() as session:
        assert session.scalar(select(func.count()).where(Lead.reference == reference)) == 1
    store.close()
    assert not [said for said in interview.heard if "Ana" in said or "138" in said]
    frame.get_by_role("link", name="Back to the chat").click()
    expect(frame.get_by_text("This trial may be a match.")).to_be_visible()


def test_none_of_these_stands_alone(page: Page, interview: ScriptedRasa) -> None:
    frame = open_chat(page)
    frame.get_by_role("button", name="I am a parent").click()
    ready = frame.get_by_role("button", name="Send my answer")
    expect(ready).to_be_disabled()
    frame.get_by_label("Surgery").check()
    frame.get_by_label("None of these").check()
    expect(frame.get_by_label("Surgery")).not_to_be_checked()
    frame.get_by_label("Chemo").check()
    expect(frame.get_by_label("None of these")).not_to_be_checked()
    frame.get_by_label("Surgery").check()
    ready.click()
    expect(frame.get_by_text("Surgery, Chemo")).to_be_visible()
    expect(frame.get_by_text("This trial may be a match.")).to_be_visible()
    assert interview.heard[-1] == "surgery, chemotherapy"


def test_reload_brings_her_back(page: Page, interview: ScriptedRasa) -> None:
    frame = open_chat(page)
    frame.get_by_role("button", name="I am a parent").click()
    expect(frame.get_by_text("Which treatments?")).to_be_visible()
    answer_box(frame).fill("half a sen")
    page.reload()
    page.get_by_role("button", name="Chat about a study").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Welcome back.")).to_be_visible()
    expect(frame.get_by_label("Chemo")).to_be_visible()
    expect(answer_box(frame)).to_have_value("half a sen")
    assert interview.heard == ["hello", "parent"]


def test_error_keeps_what_she_typed_and_tries_again(page: Page, interview: ScriptedRasa) -> None:
    frame = open_chat(page)
    working, interview.script = interview.script, lambda sender, said: None
    answer_box(frame).fill("parent")
    answer_box(frame).press("Enter")
    alert = frame.get_by_role("alert")
    expect(alert).to_contain_text("The chat can't answer right now.")
    expect(frame.locator(".mine")).to_contain_text("Not sent")
    expect(frame.get_by_role("button", name="I am a parent")).to_be_hidden()
    interview.script = working
    alert.get_by_role("button", name="Try again").click()
    expect(frame.get_by_text("Which treatments?")).to_be_visible()
    expect(alert).to_be_hidden()
    expect(frame.locator(".mine")).to_have_text("You: parent")
    assert interview.heard == ["hello", "parent", "parent"]


def test_reload_after_an_error_still_offers_to_try_again(page: Page, interview: ScriptedRasa) -> None:
    frame = open_chat(page)
    working, interview.script = interview.script, lambda sender, said: None
    frame.get_by_role("button", name="I am a parent").click()
    expect(frame.get_by_role("alert")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Chat about a study").click()
    frame = page.frame_locator("iframe")
    interview.script = working
    frame.get_by_role("button", name="Try again").click()
    expect(frame.get_by_text("Which treatments?")).to_be_visible()
    assert interview.heard == ["hello", "parent", "parent"]


def test_double_click_sends_once(page: Page, interview: ScriptedRasa) -> None:
    frame = open_chat(page)
    interview.hold.clear()
    frame.get_by_role("button", name="I am a parent").evaluate(
        "button => { button.click(); button.click(); }"
    )
    expect(frame.get_by_role("status")).to_be_visible()
    answer_box(frame).fill("something else")
    answer_box(frame).press("Enter")
    expect(answer_box(frame)).to_have_value("something else")
    interview.hold.set()
    expect(frame.get_by_text("Which treatments?")).to_be_visible()
    assert interview.heard == ["hello", "parent"]


def test_markup_in_a_message_stays_text(page: Page, interview: ScriptedRasa) -> None:
    frame = open_chat(page)
    nasty = "<img src=x onerror=alert(1)><b>bold</b>"
    interview.script = lambda sender, said: turn(message(said))
    answer_box(frame).fill(nasty)
    answer_box(frame).press("Enter")
    expect(frame.get_by_text(nasty)).to_have_count(2)
    assert frame.locator("#log img, #log b").count() == 0


def test_stop_and_erase_asks_first(page: Page, interview: ScriptedRasa) -> None:
    frame = to_the_offer(page)
    frame.get_by_role("button", name="Stop and erase", exact=True).click()
    frame.get_by_role("button", name="No, go on").click()
    expect(frame.get_by_text("Which treatments?")).to_be_visible()
    frame.get_by_role("button", name="Stop and erase", exact=True).click()
    frame.get_by_role("button", name="Yes, erase everything").click()
    expect(frame.get_by_text("Your answers are erased.")).to_be_visible()
    expect(frame.get_by_text("Which treatments?")).to_have_count(0)
    frame.get_by_role("button", name="Start a new chat").click()
    expect(frame.get_by_text("Who is writing?")).to_be_visible()
    expect(frame.get_by_text("Welcome back.")).to_have_count(0)


def test_typed_stop_ends_the_chat(page: Page, interview: ScriptedRasa) -> None:
    frame = open_chat(page)
    answer_box(frame).fill("stop")
    answer_box(frame).press("Enter")
    expect(frame.get_by_text("All is erased.")).to_be_visible()
    expect(frame.get_by_role("button", name="Start a new chat")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Chat about a study").click()
    expect(page.frame_locator("iframe").get_by_text("Who is writing?")).to_be_visible()


def test_ended_session_offers_a_new_chat(page: Page, interview: ScriptedRasa) -> None:
    page.goto("/chat")
    expect(page.get_by_text("Who is writing?")).to_be_visible()
    page.evaluate(
        "() => { const kept = JSON.parse(sessionStorage['prescreen-chat']); kept.session = 'old';"
        " sessionStorage['prescreen-chat'] = JSON.stringify(kept); }"
    )
    page.evaluate("() => { window.onbeforeunload = null; location.reload(); }")
    expect(page.get_by_text("Welcome back.")).to_be_visible()
    page.get_by_role("button", name="I am a parent").click()
    expect(page.get_by_role("alert")).to_contain_text("This chat has ended.")
    page.get_by_role("button", name="Start a new chat").click()
    expect(page.get_by_text("Who is writing?")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_keyboard_alone(page: Page, interview: ScriptedRasa) -> None:
    page.goto("/chat")
    expect(page.get_by_text("Who is writing?")).to_be_visible()
    page.get_by_role("button", name="I am a parent").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Which treatments?")).to_be_visible()
    expect(page.locator(".bubble:focus")).to_contain_text("Which treatments?")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Surgery")).to_be_focused()
    page.keyboard.press("Space")
    for _ in TREATMENTS:
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send my answer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Open the contact form")).to_be_visible()


def test_escape_closes_the_widget(page: Page, interview: ScriptedRasa) -> None:
    frame = open_chat(page)
    answer_box(frame).focus()
    page.keyboard.press("Escape")
    launcher = page.get_by_role("button", name="Chat about a study")
    expect(launcher).to_be_focused()
    expect(launcher).to_have_attribute("aria-expanded", "false")
    launcher.click()
    expect(frame.get_by_text("Who is writing?")).to_be_visible()
    assert interview.heard == ["hello"]


def test_nothing_is_wider_than_the_window(page: Page, interview: ScriptedRasa) -> None:
    for path in ("/", "/chat", "/privacy", "/trial/NCT06848582", "/inbox/login"):
        page.goto(path)
        wide = page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, path


def test_buttons_are_large_enough_for_a_thumb(page: Page, interview: ScriptedRasa) -> None:
    frame = to_the_offer(page)
    # All are measured at one moment: the page may still be taking the buttons of an answered question away.
    heights = frame.get_by_role("button").evaluate_all(
        "buttons => buttons.filter(button => button.checkVisibility({visibilityProperty: true}))"
        ".map(button => [button.innerText, button.getBoundingClientRect().height])"
    )
    assert heights
    for words, height in heights:
        assert height >= 44, words
