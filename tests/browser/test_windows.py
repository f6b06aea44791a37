"""Coming back within the day, several windows of one chat, and what stays on the device."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import ScriptedRasa
from .interviewing import Interview
from .lines import answer_box, open_chat

STORED = "() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"


@pytest.fixture
def talking(rasa: ScriptedRasa) -> Interview:
    rasa.script = Interview(rasa)
    return rasa.script


def open_page(page: Page, path: str = "/chat") -> Page:
    """The same device, another window."""
    other = page.context.new_page()
    other.goto(path)
    return other


def to_the_age(page: Page) -> Page:
    page.goto("/chat")
    page.get_by_role("button", name="I am a parent").click()
    expect(page.get_by_label("Pick the age")).to_be_visible()
    return page


def erase(page: Page) -> None:
    page.get_by_role("button", name="Stop and erase", exact=True).click()
    page.get_by_role("button", name="Yes, erase everything").click()


def test_new_window_goes_on_where_she_was(page: Page, talking: Interview, rasa: ScriptedRasa) -> None:
    to_the_age(page)
    other = open_page(page)
    expect(other.get_by_text("Welcome back. You have a chat on this device")).to_be_visible()
    expect(other.get_by_text("Do others use this device too?")).to_be_in_viewport()
    expect(other.get_by_label("Pick the age")).to_be_visible()
    assert rasa.pressed[-1]["command"] == "look"
    other.get_by_role("button", name="Your answers").click()
    expect(other.locator(".told")).to_have_text(["Who is writingparent"])
    assert len(talking.chats) == 1


def test_device_keeps_a_key_and_no_words(page: Page, talking: Interview) -> None:
    to_the_age(page)
    answer_box(page).fill("seven and a half")
    kept, _ = json.loads(page.evaluate(STORED))
    assert list(kept) == ["prescreen-day"]
    day = json.loads(kept["prescreen-day"])
    assert set(day) == {"session", "turn", "at"}
    assert day["turn"] == 2
    assert "parent" not in kept["prescreen-day"]


def test_greeting_alone_is_not_kept(page: Page, talking: Interview) -> None:
    page.goto("/chat")
    expect(page.get_by_text("Who is writing?")).to_be_visible()
    assert page.evaluate("() => localStorage.length") == 0
    other = open_page(page)
    expect(other.get_by_text("Who is writing?")).to_be_visible()
    expect(other.get_by_text("Welcome back.")).to_have_count(0)


def test_after_a_day_nothing_is_resumed(page: Page, talking: Interview) -> None:
    to_the_age(page)
    page.evaluate(
        """() => {
            const day = JSON.parse(localStorage["prescreen-day"]);
            localStorage["prescreen-day"] = JSON.stringify({ ...day, at: day.at - 25 * 3600 * 1000 });
        }"""
    )
    page.goto("about:blank")
    other = open_page(page)
    expect(other.get_by_text("Who is writing?")).to_be_visible()
    expect(other.get_by_text("Welcome back.")).to_have_count(0)
    page.goto("/chat")
    expect(page.get_by_text("This chat is erased.")).to_be_visible()
    assert page.evaluate("() => sessionStorage.length + localStorage.length") == 0


@pytest.mark.parametrize("stored", ["{", '"words"', '{"session": 7, "at": 1}', "null"])
def test_nonsense_on_the_device_is_passed_over(page: Page, talking: Interview, stored: str) -> None:
    page.goto("/privacy")
    page.evaluate("stored => { localStorage['prescreen-day'] = stored; }", stored)
    page.goto("/chat")
    expect(page.get_by_text("Who is writing?")).to_be_visible()


def test_another_family_starts_anew_on_a_shared_device(page: Page, talking: Interview) -> None:
    to_the_age(page).close()
    other = open_page(page)
    other.get_by_role("button", name="Erase it and start a new chat").click()
    other.get_by_role("button", name="Yes, erase everything").click()
    expect(other.get_by_role("button", name="I am a parent")).to_be_visible()
    expect(other.get_by_text("Welcome back.")).to_have_count(0)
    assert other.evaluate("() => localStorage.length") == 0
    assert len(talking.chats) == 2


def test_two_windows_stay_together(page: Page, talking: Interview, rasa: ScriptedRasa) -> None:
    to_the_age(page)
    other = open_page(page)
    answer_box(other).fill("7")
    answer_box(other).press("Enter")
    expect(other.get_by_text("Which treatments?")).to_be_visible()
    expect(page.get_by_text("You went on in another window.")).to_be_visible()
    expect(page.get_by_text("Which treatments?")).to_be_visible()
    page.get_by_label("Chemo").check()
    page.get_by_role("button", name="Send my answer").click()
    expect(other.get_by_label("Pick the day")).to_be_visible()
    assert rasa.heard.count("7") == 1
    assert next(iter(talking.chats.values())).answers == {
        "respondent": "parent",
        "age": "7",
        "treatments": "chemotherapy",
    }


def test_window_that_is_behind_takes_nothing_in(page: Page, talking: Interview, rasa: ScriptedRasa) -> None:
    page.add_init_script("addEventListener('storage', (event) => event.stopImmediatePropagation(), true);")
    to_the_age(page)
    other = open_page(page)
    answer_box(other).fill("7")
    answer_box(other).press("Enter")
    expect(other.get_by_text("Which treatments?")).to_be_visible()
    answer_box(page).fill("he is eight")
    answer_box(page).press("Enter")
    expect(page.get_by_text("It went on elsewhere.")).to_be_visible()
    expect(page.get_by_label("Chemo")).to_be_visible()
    expect(answer_box(page)).to_have_value("he is eight")
    expect(page.locator(".mine")).to_have_text(["You: I am a parent"])
    assert next(iter(talking.chats.values())).answers["age"] == "7"


def test_erasing_ends_all_windows_and_leaves_nothing(page: Page, talking: Interview) -> None:
    to_the_age(page)
    other = open_page(page)
    expect(other.get_by_label("Pick the age")).to_be_visible()
    answer_box(other).fill("half a sen")
    form = open_page(page, "/privacy")
    erase(page)
    expect(page.get_by_role("log").get_by_text("erased")).to_be_visible()
    expect(other.get_by_text("This chat is erased. That was done in another window")).to_be_visible()
    expect(other.get_by_text("How old is your child?")).to_have_count(0)
    expect(answer_box(other)).to_be_disabled()
    expect(answer_box(other)).to_have_value("")
    for window in (page, other, form):
        assert json.loads(window.evaluate(STORED)) == [{}, {}]
    other.get_by_role("button", name="Start a new chat").click()
    expect(other.get_by_role("button", name="I am a parent")).to_be_visible()


def test_window_opened_before_joins_the_chat_that_is_used(page: Page, talking: Interview) -> None:
    page.goto("/chat")
    other = open_page(page)
    expect(other.get_by_text("Who is writing?")).to_be_visible()
    page.get_by_role("button", name="I am a parent").click()
    expect(other.get_by_text("Welcome back. You have a chat on this device")).to_be_visible()
    expect(other.get_by_label("Pick the age")).to_be_visible()


BLOCKED = """
    for (const name of ["localStorage", "sessionStorage"]) {
        const get = () => { throw new DOMException("blocked", "SecurityError"); };
        Object.defineProperty(window, name, { get });
    }
"""
FULL = """
    Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
"""


@pytest.mark.parametrize("storage", [BLOCKED, FULL], ids=["blocked", "full"])
def test_where_nothing_can_be_kept_the_chat_works(
    page: Page, talking: Interview, storage: str, rasa: ScriptedRasa
) -> None:
    page.add_init_script(storage)
    frame = open_chat(page)
    frame.get_by_role("button", name="I am a parent").click()
    expect(frame.get_by_label("Pick the age")).to_be_visible()
    expect(frame.get_by_role("alert")).to_have_count(0)
    page.reload()
    page.get_by_role("button", name="Chat about a study").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Who is writing?")).to_be_visible()
    expect(frame.get_by_text("Welcome back.")).to_have_count(0)


def test_ended_chat_of_the_device_begins_anew(page: Page, talking: Interview) -> None:
    page.goto("/privacy")
    page.evaluate(
        "() => { localStorage['prescreen-day'] = JSON.stringify({session: 'old', turn: 3, at: Date.now()}); }"
    )
    page.goto("/chat")
    expect(page.get_by_role("button", name="I am a parent")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_text("Welcome back.")).to_have_count(0)
    assert page.evaluate("() => localStorage.length") == 0


def drop_line(page: Page) -> Callable[[], Any]:
    page.context.set_offline(True)
    return lambda: page.context.set_offline(False)


def test_words_go_out_once_when_the_line_is_back(page: Page, talking: Interview, rasa: ScriptedRasa) -> None:
    to_the_age(page)
    line_back = drop_line(page)
    answer_box(page).fill("7")
    answer_box(page).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("They go out when you are back online.")
    expect(page.locator(".unsent")).to_contain_text("7")
    line_back()
    expect(page.get_by_text("Which treatments?")).to_be_visible()
    expect(page.locator(".unsent")).to_have_count(0)
    expect(page.get_by_role("alert")).to_be_hidden()
    assert rasa.heard.count("7") == 1


def test_hanging_answer_is_asked_for_again_when_the_line_is_back(
    page: Page, talking: Interview, rasa: ScriptedRasa
) -> None:
    to_the_age(page)
    held: list[Any] = []
    page.route("**/api/chat", lambda route: (route.fetch(), held.append(route)))
    answer_box(page).fill("7")
    with page.expect_request("**/api/chat"):
        answer_box(page).press("Enter")
    expect(page.locator("#typing")).to_be_visible()
    page.unroute("**/api/chat")
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Which treatments?")).to_be_visible()
    assert rasa.heard.count("7") == 1
    assert next(iter(talking.chats.values())).answers["age"] == "7"
