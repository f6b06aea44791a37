"""Pickers, progress, and the panel of answers, each of which can be changed on the spot."""

from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from .conftest import ScriptedRasa
from .interviewing import Interview
from .lines import answer_box, message, open_chat, turn


@pytest.fixture
def talking(rasa: ScriptedRasa) -> Interview:
    rasa.script = Interview(rasa)
    return rasa.script


def to_the_day(page: Page) -> FrameLocator:
    frame = open_chat(page)
    frame.get_by_role("button", name="I am a parent").click()
    frame.get_by_label("Pick the age").select_option("7 years")
    frame.get_by_role("button", name="Send this age").click()
    frame.get_by_label("Chemo").check()
    frame.get_by_role("button", name="Send my answer").click()
    expect(frame.get_by_text("When was the last chemo?")).to_be_visible()
    return frame


def open_panel(frame: FrameLocator) -> Any:
    frame.get_by_role("button", name="Your answers").click()
    panel = frame.get_by_role("dialog", name="Your answers")
    expect(panel).to_be_visible()
    return panel


def test_age_is_picked_or_typed(page: Page, talking: Interview, rasa: ScriptedRasa) -> None:
    frame = open_chat(page)
    frame.get_by_role("button", name="I am a parent").click()
    picker = frame.get_by_label("Pick the age")
    ready = frame.get_by_role("button", name="Send this age")
    expect(ready).to_be_disabled()
    ages = picker.locator("option").all_inner_texts()
    assert ages[:3] == ["Choose", "2 years", "3 years"]
    assert {"18 years", "Less than 1 month", "1 month", "23 months"} <= set(ages)
    picker.select_option("18 months")
    ready.click()
    expect(frame.get_by_text("Which treatments?")).to_be_visible()
    expect(frame.locator(".mine").last).to_have_text("You: 18 months")
    assert rasa.heard[-1] == "18 months"
    frame.get_by_role("button", name="Go back one step").click()
    expect(frame.get_by_text("How old is your child?")).to_have_count(2)
    answer_box(frame).fill("he is seven")
    answer_box(frame).press("Enter")
    expect(frame.get_by_text("Which treatments?")).to_have_count(2)
    assert rasa.heard[-1] == "he is seven"


def test_day_is_picked_but_none_to_come(page: Page, talking: Interview, rasa: ScriptedRasa) -> None:
    frame = to_the_day(page)
    picker, ready = frame.get_by_label("Pick the day"), frame.get_by_role("button", name="Send this day")
    expect(picker).to_have_attribute("max", "2026-11-22")
    expect(ready).to_be_disabled()
    picker.fill("2026-11-23")
    expect(frame.get_by_text("This day is still to come.")).to_be_visible()
    expect(ready).to_be_disabled()
    picker.fill("2026-06-01")
    expect(frame.get_by_text("This day is still to come.")).to_be_hidden()
    ready.click()
    expect(frame.get_by_text("This trial may be a match.")).to_be_visible()
    expect(frame.locator(".mine").last).to_have_text("You: June 1, 2026")
    assert rasa.heard[-1] == "2026-06-01"


def test_day_is_said_roughly(page: Page, talking: Interview, rasa: ScriptedRasa) -> None:
    frame = to_the_day(page)
    frame.get_by_label("Or about how long ago").select_option("About 3 weeks ago")
    frame.get_by_role("button", name="Send this", exact=True).click()
    expect(frame.get_by_text("This trial may be a match.")).to_be_visible()
    assert rasa.heard[-1] == "About 3 weeks ago"


def test_progress_is_shown_each_time_and_said_now_and_then(page: Page, rasa: ScriptedRasa) -> None:
    left = iter([12, 11, 10, 9, 1])

    def script(sender: str, said: str) -> dict[str, Any]:
        answer = turn(message("Who is writing?"))
        answer["state"] |= {"turn": 1, "left": next(left), "answers": []}
        return answer

    rasa.script = script
    frame = open_chat(page)
    frame.locator("body").evaluate(
        """() => {
            window.told = [];
            const said = document.getElementById("said");
            new MutationObserver(() => { if (said.textContent) window.told.push(said.textContent); })
                .observe(said, { childList: true });
        }"""
    )
    shown = frame.locator("#progress span")
    for expected in ("About 11", "About 10", "About 9", "About 1 question left"):
        answer_box(frame).fill("yes")
        answer_box(frame).press("Enter")
        expect(shown).to_contain_text(expected)
    told = frame.locator("body").evaluate("() => window.told")
    assert [text for text in told if "left" in text] == ["About 10 questions left", "About 1 question left"]


def test_why_and_a_person_are_pressed_not_guessed(page: Page, talking: Interview, rasa: ScriptedRasa) -> None:
    frame = open_chat(page)
    frame.get_by_role("button", name="Why do you ask?").click()
    expect(frame.get_by_text("I ask for a reason.")).to_be_visible()
    assert rasa.pressed[-1]["command"] == "why"
    expect(frame.get_by_role("button", name="I am a parent")).to_be_visible()
    frame.get_by_role("button", name="Talk to a person").click()
    expect(frame.get_by_text("Please call the clinic.")).to_be_visible()
    assert rasa.pressed[-1]["command"] == "human"
    assert [pressed.get("after") for pressed in rasa.pressed] == [None, 1, 2]


def test_answer_is_changed_on_the_spot(page: Page, talking: Interview, rasa: ScriptedRasa) -> None:
    frame = to_the_day(page)
    panel = open_panel(frame)
    expect(panel.locator("h2")).to_be_focused()
    expect(panel.locator(".told")).to_have_text(
        ["Who is writingparent", "The age7 years", "The treatments so farchemotherapy"]
    )
    panel.get_by_role("button", name="Change: The age").click()
    question = panel.get_by_text("How old is your child?")
    expect(question).to_be_focused()
    panel.get_by_label("Pick the age").select_option("8 years")
    panel.get_by_role("button", name="Send this age").click()
    expect(panel.locator(".told").nth(1)).to_have_text("The age8 years")
    expect(panel.get_by_role("status")).to_have_text(
        "Your answer is changed. The chat shows what comes next."
    )
    expect(panel.get_by_role("button", name="Change: The age")).to_be_focused()
    expect(panel.locator(".edit")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(frame.get_by_role("button", name="Your answers")).to_be_focused()
    expect(frame.locator(".mine")).to_have_text(
        ["You: I am a parent", "You: 7 years", "You: Chemo", "You: Change: The age", "You: 8 years"]
    )
    expect(frame.get_by_label("Pick the day")).to_be_visible()
    assert rasa.pressed[-2]["question"] == "age"


def test_list_is_changed_in_the_panel_and_own_words_too(page: Page, talking: Interview) -> None:
    frame = to_the_day(page)
    panel = open_panel(frame)
    panel.get_by_role("button", name="Change: The treatments so far").click()
    panel.get_by_label("None of these").check()
    panel.get_by_role("button", name="Send my answer").click()
    expect(panel.locator(".told").nth(2)).to_have_text("The treatments so farnone")
    panel.get_by_role("button", name="Change: The age").click()
    panel.get_by_label("Your answer", exact=True).fill("???")
    panel.get_by_label("Your answer", exact=True).press("Enter")
    expect(panel.get_by_text("I did not get that.")).to_be_focused()
    panel.get_by_label("Your answer", exact=True).fill("nine")
    panel.get_by_role("button", name="Send", exact=True).click()
    expect(panel.locator(".told").nth(1)).to_have_text("The agenine")


def test_answer_can_be_left_as_it_is(page: Page, talking: Interview, rasa: ScriptedRasa) -> None:
    frame = to_the_day(page)
    panel = open_panel(frame)
    panel.get_by_role("button", name="Change: The age").click()
    panel.get_by_role("button", name="Leave it as it is").click()
    expect(panel.locator(".edit")).to_have_count(0)
    expect(panel.locator(".told").nth(1)).to_have_text("The age7 years")
    assert rasa.pressed[-1]["command"] == "skip"


def test_panel_gives_way_to_what_is_urgent(page: Page, talking: Interview, rasa: ScriptedRasa) -> None:
    frame = to_the_day(page)
    panel = open_panel(frame)
    panel.get_by_role("button", name="Change: The age").click()
    expect(panel.get_by_text("How old is your child?")).to_be_visible()
    rasa.script = lambda sender, said: turn(message("Please call 911 now.", "info"), phase="emergency")
    panel.get_by_label("Your answer", exact=True).fill("he can't breathe")
    panel.get_by_label("Your answer", exact=True).press("Enter")
    expect(panel).to_be_hidden()
    expect(frame.locator(".alarm")).to_be_in_viewport()


def test_what_fails_in_the_panel_is_said_in_the_chat(
    page: Page, talking: Interview, rasa: ScriptedRasa
) -> None:
    frame = to_the_day(page)
    panel = open_panel(frame)
    rasa.script = lambda sender, said: None
    panel.get_by_role("button", name="Change: The age").click()
    expect(panel).to_be_hidden()
    rasa.script = talking
    frame.get_by_role("alert").get_by_role("button", name="Try again").click()
    expect(frame.get_by_text("How old is your child?")).to_have_count(2)


def test_no_answers_yet_is_said(page: Page, talking: Interview) -> None:
    frame = open_chat(page)
    panel = open_panel(frame)
    expect(panel.get_by_text("You have not told me anything yet.")).to_be_visible()
    panel.get_by_role("button", name="Back to the chat").click()
    expect(panel).to_be_hidden()


def test_after_the_verdict_the_next_steps_open(page: Page, talking: Interview) -> None:
    posted: list[str] = []
    page.route(
        "**/after",
        lambda route: (posted.append(route.request.post_data or ""), route.fulfill(body="Next steps")),
    )
    frame = to_the_day(page)
    frame.get_by_role("button", name="I don't know").click()
    frame.get_by_role("button", name="What you can do now").click()
    expect(frame.get_by_text("Next steps")).to_be_visible()
    assert [body.split("=")[0] for body in posted] == ["session"]


def test_change_an_answer_after_the_verdict_opens_the_panel(page: Page, talking: Interview) -> None:
    frame = to_the_day(page)
    frame.get_by_role("button", name="I don't know").click()
    frame.get_by_role("button", name="Change an answer").click()
    expect(frame.get_by_role("dialog", name="Your answers")).to_be_visible()
