"""States of the widget and of the chat window."""

from collections.abc import Iterator

from playwright.sync_api import expect

from ..visit import CHAT_API, Visit

TO_THE_TREATMENTS = ("parent", "he is 7", "rhabdomyosarcoma", "it came back this summer")
LIKELY = (*TO_THE_TREATMENTS, "surgery, chemotherapy", "june 3 2026", "none", "none", "as_usual")
POSSIBLE = (*TO_THE_TREATMENTS, "surgery", "none", "heart_problem", "as_usual")
NOT_YET = (*TO_THE_TREATMENTS, "chemotherapy", "12 days ago", "no", "none", "none")
NOT_LIKELY = ("parent", "she's six, has leukaemia")
TOO_LONG = 2001


def widget(visit: Visit) -> Iterator[str]:
    """The launcher on the hospital's page, and the chat opened there."""
    visit.open("/")
    expect(visit.page.get_by_role("button", name="Chat about a study")).to_be_visible()
    yield "widget-closed"
    visit.open_widget()
    yield "widget-open"
    visit.say(*TO_THE_TREATMENTS)
    yield "widget-tick-list"


def conversation(visit: Visit) -> Iterator[str]:
    """From the greeting to a likely match, with everything that may come between."""
    visit.open_chat()
    yield "chat-greeting"
    visit.say("parent")
    yield "chat-age"
    visit.say("he is 7")
    yield "chat-question-buttons"
    visit.choose("Why do you ask?")
    yield "chat-why"
    visit.choose("Talk to a person")
    yield "chat-person"
    visit.say("oh god he suddenly can't breathe")
    yield "chat-emergency"
    visit.say("go_on", "rhabdomyosarcoma", "it came back this summer")
    yield "chat-tick-list"
    visit.tick("Surgery to take out the tumor (more than a biopsy)", "Chemo")
    yield "chat-ticked"
    with visit.answers_held_back():
        visit.press("Send my answer")
        expect(visit.chat.get_by_text("One moment ...").filter(visible=True).first).to_be_visible()
        yield "chat-typing"
    yield "chat-day"
    visit.type("x" * TOO_LONG)
    yield "chat-too-long"
    with visit.no_network():
        visit.type("june 3 2026")
        visit.chat.get_by_role("textbox", name="Your answer").press("Enter")
        expect(visit.chat.get_by_role("alert").filter(visible=True)).to_be_visible()
        yield "chat-offline"
    visit.press("Your answers")
    expect(visit.chat.get_by_role("dialog", name="Your answers")).to_be_visible()
    yield "chat-answers"
    visit.press("Change: The age")
    expect(visit.chat.get_by_role("dialog").get_by_label("Pick the age")).to_be_visible()
    yield "chat-answers-change"
    visit.press("Leave it as it is")
    visit.press("Back to the chat")
    visit.say("none", "none", "as_usual")
    yield "chat-likely"


def verdicts(visit: Visit) -> Iterator[str]:
    """The other three verdicts, and the read-back before the one that rules out today."""
    visit.open_chat()
    visit.say(*POSSIBLE)
    yield "chat-possible"
    _new_chat(visit)
    visit.say(*NOT_YET)
    yield "chat-read-back"
    visit.say("yes")
    yield "chat-not-yet"
    _new_chat(visit)
    visit.say(*NOT_LIKELY)
    visit.say("yes")
    yield "chat-not-likely"


def ends(visit: Visit) -> Iterator[str]:
    """Coming back, erasing, and a chat that can't answer."""
    visit.open_chat()
    visit.say(*TO_THE_TREATMENTS)
    visit.type("half a sen")
    visit.page.reload()
    expect(visit.chat.get_by_text("Welcome back.")).to_be_visible()
    yield "chat-welcome-back"
    visit.press("Stop and erase")
    expect(visit.chat.get_by_role("dialog")).to_be_visible()
    yield "chat-erase-dialog"
    visit.press("Yes, erase everything")
    expect(visit.chat.get_by_text("Your answers are erased.")).to_be_visible()
    yield "chat-erased"
    with visit.page.expect_response(CHAT_API):
        visit.open("/chat", bare=True)
    expect(visit.chat.get_by_role("alert").filter(visible=True)).to_be_visible()
    yield "chat-unavailable"


def _new_chat(visit: Visit) -> None:
    """A chat that knows nothing."""
    visit.forget()
    visit.open_chat()
