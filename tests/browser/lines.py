"""The lines of a short interview, and the ways through it."""

from typing import Any

from playwright.sync_api import FrameLocator, Page, expect

TREATMENTS = [
    {"title": "Surgery", "payload": "surgery"},
    {"title": "Chemo", "payload": "chemotherapy"},
    {"title": "None of these", "payload": "none"},
    {"title": "I don't know", "payload": "not_sure"},
]
OFFER = [
    {"title": "Open the contact form", "payload": "contact_form"},
    {"title": "Change an answer", "payload": "change"},
    {"title": "Stop and erase all", "payload": "stop"},
]
VERDICT = {"trial": "NCT06848582", "verdict": "possible", "until": None, "findings": {}}
SCREENING = {
    "trial": "NCT06848582",
    "verdict": "possible",
    "until": None,
    "today": "2026-11-22",
    "facts": {"respondent": "parent", "age": {"months": [84, 95]}},
    "findings": {"I2": {"finding": "met", "until": None, "reason": "age: 7 years", "text": ""}},
}


def message(text: str, kind: str = "question", choices: Any = (), multiple: bool = False) -> dict[str, Any]:
    return {"text": text, "kind": kind, "asks": None, "choices": list(choices), "multiple": multiple}


def turn(
    *messages: dict[str, Any], phase: str = "interview", verdict: Any = None, erase: bool = False
) -> dict[str, Any]:
    return {
        "messages": list(messages),
        "state": {"phase": phase, "asks": None, "verdict": verdict},
        "erase": erase,
    }


def open_chat(page: Page) -> FrameLocator:
    page.goto("/")
    page.get_by_role("button", name="Chat about a study").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Who is writing?")).to_be_visible()
    return frame


def to_the_offer(page: Page) -> FrameLocator:
    frame = open_chat(page)
    frame.get_by_role("button", name="I am a parent").click()
    frame.get_by_label("Chemo").check()
    frame.get_by_role("button", name="Send my answer").click()
    expect(frame.get_by_role("button", name="Open the contact form")).to_be_visible()
    return frame


def answer_box(frame: FrameLocator) -> Any:
    return frame.get_by_role("textbox", name="Your answer")
