"""Buttons, pickers and pages that lie open twice, as the chat API hands them on."""

from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient


def press(web: TestClient, session: str | None, **told: Any) -> httpx.Response:
    return web.post("/api/chat", json={"session": session, "message": "", **told})


@pytest.mark.parametrize("command", ["look", "why", "human", "go_back", "skip", "change"])
def test_a_pressed_button_is_handed_on_and_its_title_is_not(
    web: TestClient, rasa: Any, session: str, command: str
) -> None:
    told = press(web, session, message="My name is Zebedee", command=command, question="age", after=3)
    assert told.status_code == 200
    assert rasa.got[-1]["message"] == "..."
    metadata = rasa.got[-1]["metadata"]
    assert {name: metadata[name] for name in ("command", "question", "after")} == {
        "command": command,
        "question": "age",
        "after": 3,
    }


def test_an_answer_says_which_page_it_was_given_on(web: TestClient, rasa: Any, session: str) -> None:
    assert press(web, session, message="7", after=2).status_code == 200
    assert rasa.got[-1]["message"] == "7"
    assert rasa.got[-1]["metadata"]["after"] == 2


@pytest.mark.parametrize(
    "told", [{"command": "erase"}, {"after": -1}, {"after": "2"}, {"question": "x" * 65}]
)
def test_what_no_page_sends_is_malformed(web: TestClient, rasa: Any, session: str, told: Any) -> None:
    before = len(rasa.got)
    assert press(web, session, **told).status_code == 422
    assert len(rasa.got) == before


def test_where_the_chat_stands_passes_through(web: TestClient, rasa: Any, session: str) -> None:
    message = {
        "text": "When?",
        "kind": "question",
        "asks": "chemotherapy.last",
        "choices": [],
        "multiple": False,
    }
    message["input"] = {"kind": "day", "latest": "2026-11-22"}
    answers = [{"question": "age", "title": "The age", "text": "7 years"}]
    where = {"phase": "interview", "asks": "chemotherapy.last", "verdict": None}
    state = where | {"turn": 5, "left": 4, "answers": answers, "moved_on": True}
    rasa.extra = {"messages": [message], "state": state}
    told = press(web, session, message="yes", after=4).json()
    assert told["state"] == state
    assert told["messages"] == [message]
