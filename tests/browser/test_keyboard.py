"""With the keyboard alone: a family from the hospital's page to a sent form, and the site's staff at work."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from .inspections import DESK, PHONE
from .keyboard import Keyboard
from .stage import Stage
from .stage_leads import PASSWORD, leads, staff
from .visit import CONTACT, Visit
from .walking import visiting

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desktop"])
# With its dialog open, the chat itself is out of reach.
DIALOG = ("Yes, erase everything", "No, go on")


@pytest.fixture
def visit(browser: Browser, stage: Stage) -> Iterator[Visit]:
    with visiting(browser, stage) as opened:
        # What gets the focus is scrolled into sight at once, so that it can be looked at.
        opened.page.emulate_media(reduced_motion="reduce")
        yield opened


def open_chat(visit: Visit, keyboard: Keyboard, size: ViewportSize) -> None:
    """From the top of the hospital's page into the chat on it."""
    visit.page.set_viewport_size(size)
    visit.open("/")
    keyboard.tab_to("Chat about a study")
    with visit.turn():
        keyboard.press("Enter")
        visit.chat = visit.page.frame_locator("iframe")


def tick(visit: Visit, keyboard: Keyboard, *names: str) -> None:
    """Tick boxes with the space bar and send them."""
    for name in names:
        keyboard.tab_to(name)
        keyboard.press("Space")
    keyboard.tab_to("Send my answer")
    with visit.turn():
        keyboard.press("Enter")
    assert keyboard.stop() is not None


@SIZES
def test_family_gets_from_the_hospitals_page_to_a_sent_form(visit: Visit, size: ViewportSize) -> None:
    keyboard = Keyboard(visit)
    open_chat(visit, keyboard, size)
    keyboard.tab_to("I am a parent")
    with visit.turn():
        keyboard.press("Enter")
    keyboard.here()
    keyboard.tab_to("Your answer")
    keyboard.type("he is 7")
    with visit.turn():
        keyboard.press("Enter")
    assert keyboard.here().name == "Your answer"
    keyboard.tab_to("Rhabdomyosarcoma", back=True)
    with visit.turn():
        keyboard.press("Space")
    keyboard.here()
    tick(visit, keyboard, "It came back")
    tick(visit, keyboard, "Surgery to take out the tumor (more than a biopsy)")
    for _ in ("the last weeks", "health"):
        tick(visit, keyboard, "None of these")
    keyboard.tab_to("Plays, learns or works as usual")
    with visit.turn():
        keyboard.press("Enter")
    keyboard.here()

    keyboard.tab_to("Open the contact form")
    keyboard.press("Enter")
    expect(visit.chat.get_by_role("heading", name="Your contact details")).to_be_visible()
    for label in CONTACT:
        keyboard.tab_to(f"{label} *")
        keyboard.type(CONTACT[label])
    keyboard.tab_to("Who are you to the patient?")
    keyboard.press("ArrowDown")
    expect(visit.chat.get_by_label("Who are you to the patient?")).not_to_have_value("")
    keyboard.tab_to("Check before sending")
    keyboard.press("Enter")
    expect(visit.chat.get_by_role("alert")).to_be_visible()
    for box in visit.chat.get_by_role("checkbox").all():
        keyboard.tab_to(box.evaluate("box => box.labels[0].textContent.trim().replace(/\\s+/g, ' ')"))
        keyboard.press("Space")
        expect(box).to_be_checked()
    keyboard.tab_to("Check before sending")
    keyboard.press("Enter")
    expect(visit.chat.get_by_role("heading", name="Is this right?")).to_be_visible()
    keyboard.tab_to("Send this to Demo site (not a real hospital)")
    keyboard.press("Enter")
    expect(visit.chat.get_by_role("heading", name="Thank you")).to_be_visible()
    keyboard.tab_to("Back to the chat")
    keyboard.press("Enter")
    expect(visit.chat.get_by_text("Sent. Your reference")).to_be_visible()


@SIZES
def test_widget_lets_go_of_the_focus(visit: Visit, size: ViewportSize) -> None:
    keyboard = Keyboard(visit)
    open_chat(visit, keyboard, size)
    # Through the whole chat and out of it again, to the button that closes it.
    keyboard.tab_to("Your answer")
    keyboard.tab_to("Close the chat")
    keyboard.tab_to("Your answer", back=True)
    keyboard.press("Escape")
    assert keyboard.here().name == "Chat about a study"
    keyboard.press("Enter")
    expect(visit.chat.get_by_role("textbox", name="Your answer")).to_be_visible()


@SIZES
def test_erasing_asks_and_gives_the_focus_back(visit: Visit, size: ViewportSize) -> None:
    keyboard = Keyboard(visit)
    open_chat(visit, keyboard, size)
    keyboard.tab_to("Stop and erase")
    keyboard.press("Enter")
    assert keyboard.here().name in DIALOG
    keyboard.tab_to("No, go on")
    keyboard.press("Escape")
    expect(visit.chat.get_by_role("dialog")).to_be_hidden()
    assert keyboard.here().name == "Stop and erase"
    keyboard.press("Enter")
    if keyboard.here().name != "Yes, erase everything":
        keyboard.tab_to("Yes, erase everything")
    keyboard.press("Enter")
    expect(visit.chat.get_by_text("Your answers are erased.")).to_be_visible()
    keyboard.here()
    keyboard.tab_to("Start a new chat")
    with visit.turn():
        keyboard.press("Enter")


@SIZES
def test_coordinator_works_on_a_message(visit: Visit, stage: Stage, size: ViewportSize) -> None:
    with stage.store() as store:
        staff(store)
        reference = leads(store)["possible"]
    keyboard = Keyboard(visit)
    visit.page.set_viewport_size(size)
    visit.open("/inbox")
    keyboard.tab_to("Name")
    keyboard.type("anna")
    keyboard.tab_to("Password")
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    expect(visit.page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()
    keyboard.tab_to("To the content")
    keyboard.press("Enter")
    keyboard.tab_to("Filter")
    keyboard.press("Space")
    keyboard.tab_to("State")
    keyboard.press("ArrowDown")
    keyboard.tab_to("Reference, or a part of it")
    keyboard.type(reference[:6].lower())
    keyboard.tab_to("Show")
    keyboard.press("Enter")
    expect(visit.page.get_by_label("State")).to_have_value("open")
    keyboard.tab_to(reference)
    keyboard.press("Enter")
    expect(visit.page.get_by_role("heading", name=reference)).to_be_visible()
    keyboard.tab_to("Called")
    keyboard.press("Enter")
    expect(visit.page.get_by_role("status")).to_have_text("The state is changed.")
    keyboard.tab_to("New note")
    keyboard.type("Called at noon.")
    keyboard.tab_to("Add note")
    keyboard.press("Enter")
    expect(visit.page.get_by_role("status")).to_have_text("The note is stored.")
    keyboard.tab_to("Log out")
    keyboard.press("Enter")
    expect(visit.page.get_by_role("heading", name="Log in")).to_be_visible()


def test_a_stop_without_a_ring_is_found(visit: Visit) -> None:
    visit.open("/inbox/login")
    visit.page.evaluate("document.getElementById('password').style.outline = 'none'")
    with pytest.raises(AssertionError, match="no ring"):
        Keyboard(visit).tab_to("Log in")


def test_a_jump_backwards_is_found(visit: Visit) -> None:
    visit.open("/inbox/login")
    # Password, then name, which stands before it.
    visit.page.evaluate("() => { password.tabIndex = 1; document.getElementById('name').tabIndex = 2; }")
    with pytest.raises(AssertionError, match="comes after"):
        Keyboard(visit).tab_to("Log in")
