"""What happens where a chat usually loses a family: no answer, a reload, a small window."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from .conftest import ScriptedRasa
from .lines import answer_box, message, open_chat, to_the_offer, turn


def lose_answers(page: Page) -> None:
    """Messages arrive, but the way back breaks."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/chat", lose)


def test_lost_answer_is_given_again_and_the_words_count_once(page: Page, interview: ScriptedRasa) -> None:
    frame = open_chat(page)
    lose_answers(page)
    answer_box(frame).fill("parent")
    answer_box(frame).press("Enter")
    expect(frame.locator(".unsent")).to_contain_text("Not sent")
    expect(frame.get_by_role("button", name="Change my words")).to_have_count(0)
    expect(frame.get_by_role("button", name="More below")).to_be_hidden()
    expect(frame.get_by_role("button", name="Try again")).to_be_in_viewport(ratio=1)
    page.unroute("**/api/chat")
    frame.get_by_role("button", name="Try again").click()
    expect(frame.get_by_text("Which treatments?")).to_be_visible()
    assert interview.heard == ["hello", "parent"]
    expect(frame.locator(".unsent")).to_have_count(0)


def test_reload_in_mid_request_brings_the_words_back(page: Page, interview: ScriptedRasa) -> None:
    page.goto("/chat")
    expect(page.get_by_text("Who is writing?")).to_be_visible()
    interview.hold.clear()
    with page.expect_request("**/api/chat"):
        answer_box(page).fill("parent")
        answer_box(page).press("Enter")
    page.reload()
    expect(page.locator(".unsent")).to_contain_text("parent")
    interview.hold.set()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Which treatments?")).to_be_visible()
    assert interview.heard == ["hello", "parent"]


def test_words_typed_after_a_failed_message_wait_for_its_answer(page: Page, interview: ScriptedRasa) -> None:
    frame = open_chat(page)
    working, interview.script = interview.script, lambda sender, said: None
    frame.get_by_role("button", name="I am a parent").click()
    expect(frame.locator(".unsent")).to_be_visible()
    interview.script = working
    answer_box(frame).fill("and more words")
    answer_box(frame).press("Enter")
    expect(frame.get_by_text("Which treatments?")).to_be_visible()
    expect(answer_box(frame)).to_have_value("and more words")
    assert interview.heard == ["hello", "parent", "parent"]


def test_refused_words_can_be_changed(page: Page, interview: ScriptedRasa) -> None:
    frame = open_chat(page)
    working, interview.script = interview.script, lambda sender, said: None
    answer_box(frame).fill("parrent")
    answer_box(frame).press("Enter")
    frame.get_by_role("button", name="Change my words").click()
    expect(answer_box(frame)).to_have_value("parrent")
    expect(answer_box(frame)).to_be_focused()
    expect(frame.locator(".mine")).to_have_count(0)
    expect(frame.get_by_role("button", name="I am a parent")).to_be_visible()
    interview.script = working
    answer_box(frame).fill("parent")
    answer_box(frame).press("Enter")
    expect(frame.get_by_text("Which treatments?")).to_be_visible()


def test_more_below_shows_every_line_and_moves_nothing(page: Page, interview: ScriptedRasa) -> None:
    many = [{"title": f"Illness number {number}", "payload": f"i{number}"} for number in range(30)]
    interview.script = lambda sender, said: turn(message("Which?", choices=many, multiple=True))
    page.goto("/chat")
    expect(page.get_by_text("Illness number 29")).to_be_attached()
    more = page.get_by_role("button", name="More below")
    expect(more).to_be_visible()
    step = page.evaluate(
        """() => {
            const scroller = document.getElementById("scroller"), more = document.getElementById("more");
            scroller.style.scrollBehavior = "auto";
            const before = scroller.scrollTop;
            more.click();
            return (scroller.scrollTop - before) / (scroller.clientHeight - more.offsetHeight);
        }"""
    )
    # What the bar lies over is in sight after the step.
    assert 0.7 < step < 0.9
    before = page.locator("#scroller").bounding_box()
    page.evaluate(
        "() => { const more = document.getElementById('more'); for (let n = 0; n < 12; n++) more.click(); }"
    )
    expect(more).to_be_hidden()
    expect(page.get_by_role("button", name="Send my answer")).to_be_in_viewport()
    # A bar that took room would move a button from under a finger when it comes or goes.
    assert page.locator("#scroller").bounding_box() == before


def test_erasing_asks_first_wherever_it_is_offered(page: Page, interview: ScriptedRasa) -> None:
    frame = to_the_offer(page)
    frame.get_by_role("button", name="Stop and erase all").click()
    frame.get_by_role("button", name="No, go on").click()
    assert "stop" not in interview.heard
    change = frame.get_by_role("button", name="Change an answer").bounding_box()
    stop = frame.get_by_role("button", name="Stop and erase all").bounding_box()
    assert change is not None
    assert stop is not None
    assert stop["y"] - (change["y"] + change["height"]) > 16
    frame.get_by_role("button", name="Stop and erase all").click()
    frame.get_by_role("button", name="Yes, erase everything").click()
    expect(frame.get_by_text("Your answers are erased.")).to_be_visible()


def test_ended_chat_takes_no_words(page: Page, interview: ScriptedRasa) -> None:
    frame = open_chat(page)
    answer_box(frame).fill("stop")
    answer_box(frame).press("Enter")
    expect(frame.get_by_role("button", name="Start a new chat")).to_be_visible()
    expect(answer_box(frame)).to_be_disabled()
    expect(frame.get_by_role("button", name="Send")).to_be_disabled()


def test_chat_erased_in_another_tab_says_so(page: Page, interview: ScriptedRasa) -> None:
    page.goto("/chat")
    expect(page.get_by_text("Who is writing?")).to_be_visible()
    kept = json.loads(page.evaluate("() => sessionStorage['prescreen-chat']"))
    erased = page.request.post("/api/chat/erase", data={"session": kept["session"]})
    assert erased.ok
    page.get_by_role("button", name="I am a parent").click()
    expect(page.get_by_text("This chat has ended, and what you told me has been erased.")).to_be_visible()
    expect(answer_box(page)).to_be_disabled()
    page.get_by_role("button", name="Start a new chat").click()
    expect(answer_box(page)).to_be_enabled()
    expect(page.get_by_text("Who is writing?")).to_be_visible()


def test_too_long_a_message_is_said_and_not_cut(page: Page, interview: ScriptedRasa) -> None:
    frame = open_chat(page)
    answer_box(frame).fill("😀" * 2000)
    said = frame.get_by_text("This is too long for one message.")
    expect(said).to_be_hidden()
    answer_box(frame).fill("x" * 2001)
    expect(said).to_be_visible()
    answer_box(frame).press("Enter")
    expect(answer_box(frame)).to_have_value("x" * 2001)
    assert interview.heard == ["hello"]
    answer_box(frame).fill("parent")
    expect(said).to_be_hidden()


def test_coming_back_shows_the_question(page: Page, interview: ScriptedRasa) -> None:
    page.goto("/chat")
    expect(page.get_by_text("Who is writing?")).to_be_visible()
    interview.script = lambda sender, said: turn(
        message("Which of these?", choices=[{"title": f"Illness {n}", "payload": f"i{n}"} for n in range(30)])
    )
    for said in ("one", "two"):
        answer_box(page).fill(said)
        answer_box(page).press("Enter")
        expect(page.get_by_text("Which of these?")).to_have_count(("one", "two").index(said) + 1)
    page.reload()
    expect(page.get_by_text("Welcome back.")).to_be_visible()
    expect(page.get_by_text("Which of these?").last).to_be_in_viewport()


def test_numbers_and_the_registry_are_links_and_emergencies_stand_out(
    page: Page, interview: ScriptedRasa
) -> None:
    frame = open_chat(page)
    answer_box(frame).fill("help")
    answer_box(frame).press("Enter")
    alarm = frame.locator(".alarm")
    expect(alarm).to_contain_text("This sounds like an emergency.")
    expect(alarm.get_by_role("link", name="911")).to_have_attribute("href", "tel:911")
    interview.script = lambda sender, said: turn(
        message("Search on clinicaltrials.gov. Or call +1 202 555 0100.", "info")
    )
    answer_box(frame).fill("thanks")
    answer_box(frame).press("Enter")
    registry = frame.get_by_role("link", name="clinicaltrials.gov")
    expect(registry).to_have_attribute("href", "https://clinicaltrials.gov")
    expect(registry).to_have_attribute("rel", "noopener")
    expect(registry).to_have_attribute("target", "_blank")
    expect(frame.get_by_role("link", name="+1 202 555 0100")).to_have_attribute("href", "tel:+12025550100")
    expect(frame.locator(".alarm")).to_have_count(1)


@pytest.mark.parametrize(("width", "height"), [(740, 360), (360, 400), (640, 430), (320, 568), (240, 400)])
@pytest.mark.parametrize("framed", [True, False], ids=["in the widget", "full page"])
def test_small_windows_leave_room_for_the_messages(
    page: Page, interview: ScriptedRasa, width: int, height: int, framed: bool
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    where: Any = open_chat(page) if framed else page
    if not framed:
        page.goto("/chat")
    where.get_by_role("button", name="I am a parent").click()
    expect(where.get_by_text("Which treatments?")).to_be_visible()
    body = where.locator("body")
    assert body.evaluate("body => body.scrollWidth - body.clientWidth") <= 0
    assert where.locator("#scroller").evaluate("it => it.scrollWidth - it.clientWidth") <= 0
    room = where.locator("#scroller").evaluate("it => it.clientHeight")
    assert room >= 0.45 * height, room
    cut = body.evaluate(
        """body => [...body.querySelectorAll("button, a, h1, textarea, .bubble")]
            .filter((it) => it.offsetParent && it.closest(".chat-title")?.offsetWidth !== 1)
            .filter((it) => (it.getBoundingClientRect().right > innerWidth + 1
                || it.getBoundingClientRect().left < -1 || it.scrollWidth > it.clientWidth + 2))
            .map((it) => it.outerHTML)"""
    )
    assert cut == []


def test_lead_card_does_not_scroll_sideways(page: Page, interview: ScriptedRasa) -> None:
    page.goto("/inbox/login")
    page.set_content(
        "<link rel=stylesheet href=/static/style.css><main class='wide staff'><div class=table-frame>"
        "<table class=stacked><thead><tr><th>Criterion<th>Finding<th>Reason<th>Source text</thead><tbody>"
        + "<tr><th>E21<td><span class=tag>not yet</span><td>"
        + "a long reason " * 12
        + "<td>"
        + "source " * 30
        + "</tbody></table></div></main>"
    )
    wide = page.locator(".table-frame").evaluate("it => it.scrollWidth - it.clientWidth")
    assert wide <= 0
