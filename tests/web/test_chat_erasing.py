"""Erasing a chat: what is deleted, what the receipt names, what comes too late."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.leads.intake import Contact, receipt_by_reference, store_lead
from bot.leads.screenings import save_screening, screening_for
from bot.settings import get_settings
from bot.web.jobs import erase_again
from bot.web.sessions import FamilySessions
from tests.web.test_chat_api import ask, error_of


@pytest.fixture
def tracker(home: Path, session_id: str) -> Path:
    """Rasa's table with a row of this session."""
    with closing(sqlite3.connect(home / "tracker.db")) as connection:
        connection.execute(
            "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp FLOAT, data TEXT)"
        )
        connection.execute(
            "INSERT INTO events (sender_id, timestamp, data) VALUES (?, 1e12, 'words')", (session_id,)
        )
        connection.commit()
    return home / "tracker.db"


def rows(tracker: Path) -> int:
    with closing(sqlite3.connect(tracker)) as connection:
        return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])


def test_stop_in_the_chat_erases_after_the_turn(
    web: TestClient, rasa: Any, session: str, session_id: str, tracker: Path, screening: dict[str, Any]
) -> None:
    save_screening(session_id, screening)
    rasa.extra = {"erase": True}
    answer = ask(web, session, "stop")
    state = answer.json()["state"]
    assert (state["phase"], state["deleted"]) == ("closed", ["conversation", "answers"])
    assert "sent" not in state
    assert "erase" not in answer.json()
    receipt = answer.json()["messages"][-1]
    assert receipt["kind"] == "info"
    assert receipt["text"].startswith("Your answers are erased. All you wrote in this chat is gone.")
    assert rows(tracker) == 0
    assert screening_for(session_id) is None


def test_erase_button_works_while_rasa_is_down(
    web: TestClient, rasa: Any, session: str, session_id: str, tracker: Path, screening: dict[str, Any]
) -> None:
    save_screening(session_id, screening)
    rasa.up = False
    answer = web.post("/api/chat/erase", json={"session": session})
    assert answer.status_code == 200
    assert answer.json() == {
        "erased": True,
        "text": "Your answers are erased. All you wrote in this chat is gone. So is what the chat found for "
        "you. You can close this page now.",
        "deleted": ["conversation", "answers"],
    }
    assert rows(tracker) == 0
    assert screening_for(session_id) is None


def test_the_receipt_names_what_was_there(
    web: TestClient, session: str, session_id: str, tracker: Path, screening: dict[str, Any]
) -> None:
    first = web.post("/api/chat/erase", json={"session": session}).json()
    assert first["deleted"] == ["conversation"]
    assert "what the chat found" not in first["text"]
    nothing = web.post("/api/chat/erase", json={"session": session}).json()
    assert nothing["deleted"] == []
    assert "nothing left" in nothing["text"]
    save_screening(session_id, screening)
    last = web.post("/api/chat/erase", json={"session": session}).json()
    assert last["deleted"] == ["answers"]
    assert "All you wrote" not in last["text"]


@pytest.mark.parametrize("typed", [True, False])
@pytest.mark.parametrize("mail", [True, False])
def test_the_receipt_names_what_was_sent_and_how_to_take_it_back(
    open_web: Callable[..., TestClient], rasa: Any, screening: dict[str, Any], typed: bool, mail: bool
) -> None:
    settings = {"SMTP_HOST": "127.0.0.1", "MAIL_FROM": "study@hospital.example"} if mail else {}
    web = open_web(**settings)
    session = ask(web, None, "").json()["session"]
    session_id = FamilySessions(get_settings().session_key()).read(session)
    save_screening(session_id, screening)
    sent = store_lead(session_id, "form", screening, Contact("A", "B", "a@b.example", "+1"), []).reference
    if typed:
        rasa.extra = {"erase": True}
        answer = ask(web, session, "stop").json()
        text, named = answer["messages"][-1]["text"], answer["state"]["sent"]
    else:
        answer = web.post("/api/chat/erase", json={"session": session}).json()
        text, named = answer["text"], answer["sent"]
    assert named == sent
    assert "What you sent before is not erased" in text
    assert sent in text
    assert ("/status" in text) == mail
    assert receipt_by_reference(sent) is not None


def test_erasing_somebody_elses_chat_fails(web: TestClient, tracker: Path) -> None:
    assert error_of(web.post("/api/chat/erase", json={"session": "guessed"})) == (401, "bad_session")
    assert error_of(web.post("/api/chat/erase", json={})) == (422, "malformed")
    assert rows(tracker) == 1


def test_failed_erasing_is_told(web: TestClient, session: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.leads.erasure import NotErased

    def locked(session_id: str) -> None:
        raise NotErased

    monkeypatch.setattr("bot.web.chat.erase_conversation", locked)
    assert error_of(web.post("/api/chat/erase", json={"session": session})) == (503, "not_erased")


def test_what_rasa_wrote_too_late_is_erased_again(
    web: TestClient, session: str, session_id: str, tracker: Path
) -> None:
    web.post("/api/chat/erase", json={"session": session})
    with closing(sqlite3.connect(tracker)) as connection:
        connection.execute(
            "INSERT INTO events (sender_id, timestamp, data) VALUES (?, 1e12, 'late')", (session_id,)
        )
        connection.commit()
    erase_again(web.app)
    assert rows(tracker) == 0
    assert not web.app.state.ended.to_erase_once_more()
