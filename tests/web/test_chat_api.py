"""POST /api/chat: shapes, what Rasa hears, every error."""

import asyncio
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.settings import get_settings
from bot.web.app import create_app
from bot.web.sessions import FamilySessions


def ask(web: TestClient, session: Any, message: Any, **more: Any) -> httpx.Response:
    body = json.dumps({"session": session, "message": message, "language": "en"} | more)
    return web.post("/api/chat", content=body, headers={"Content-Type": "application/json"})


def error_of(response: httpx.Response) -> tuple[int, str]:
    told = response.json()
    assert set(told) == {"error"}
    assert set(told["error"]) == {"code", "text"}
    assert told["error"]["text"].endswith((".", "?"))
    return response.status_code, told["error"]["code"]


def test_opening_without_text(web: TestClient, rasa: Any) -> None:
    answer = ask(web, None, "")
    assert answer.status_code == 200
    told = answer.json()
    assert set(told) == {"session", "messages", "state"}
    assert told["messages"] == [
        {
            "text": "How old is your child?",
            "kind": "question",
            "asks": "age",
            "choices": [],
            "multiple": False,
        }
    ]
    where = {"phase": "interview", "asks": "age", "verdict": None}
    assert told["state"] == where | {"turn": 0, "left": None, "answers": []}
    (got,) = rasa.got
    assert got["message"] == "hello"
    assert got["metadata"] == {"opening": True, "contact_removed": False, "language": "en"}
    assert FamilySessions(get_settings().session_key()).read(told["session"]) == got["sender"]


def test_opening_with_text_takes_it_as_first_message(web: TestClient, rasa: Any) -> None:
    assert ask(web, None, "my son is 7").status_code == 200
    assert rasa.got[0]["message"] == "my son is 7"
    assert rasa.got[0]["metadata"]["opening"] is False


def test_an_ended_chat_takes_nothing_more_in(web: TestClient, rasa: Any, session: str) -> None:
    web.post("/api/chat/erase", json={"session": session})
    before = len(rasa.got)
    told = ask(web, session, "hello?").json()
    assert told["state"]["phase"] == "closed"
    assert "start a new chat" in told["messages"][0]["text"]
    assert len(rasa.got) == before


def test_turn_in_a_session(web: TestClient, rasa: Any, session: str, session_id: str) -> None:
    told = ask(web, session, "he is 7").json()
    assert told["session"] == session
    assert rasa.got[-1] == {
        "sender": session_id,
        "message": "he is 7",
        "metadata": {"opening": False, "contact_removed": False, "language": "en"},
    }


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("", "..."),
        ("   \n", "..."),
        ("/restart", "restart"),
        ("//session_start{}", "session_start{}"),
        ("/", "..."),
        (" / back", "back"),
        ("a\x00b\x07", "ab"),
        ("\ud83d", "..."),
        ("😀🎈", "😀🎈"),
        ("<b>hi</b><script>alert(1)</script>", "<b>hi</b><script>alert(1)</script>"),
        ("mi hijo tiene siete años", "mi hijo tiene siete años"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_what_rasa_hears(web: TestClient, rasa: Any, session: str, typed: str, heard: str) -> None:
    assert ask(web, session, typed).status_code == 200
    assert rasa.got[-1]["message"] == heard


def test_contact_details_never_reach_rasa(web: TestClient, rasa: Any, session: str) -> None:
    ask(web, session, "he is 7, call +86 138 0013 8000 or a@b.org, chemo 2026-10-30")
    assert rasa.got[-1]["message"] == "he is 7, call [***] or [***], chemo 2026-10-30"
    assert rasa.got[-1]["metadata"]["contact_removed"] is True


def test_verdict_and_stored_pass_through(web: TestClient, rasa: Any, session: str) -> None:
    finding = {"finding": "met", "until": None, "text": "the age"}
    verdict = {
        "trial": "NCT06848582",
        "verdict": "not_yet",
        "until": "2026-12-13",
        "findings": {"I2": finding},
    }
    answers = [{"question": "age", "title": "The age", "text": "7 years"}]
    state = {"phase": "offer", "asks": None, "verdict": verdict, "turn": 9, "left": None, "answers": answers}
    rasa.extra = {"state": state | {"stored": False}}
    assert ask(web, session, "x").json()["state"] == state | {"stored": False}
    for extra in ({}, {"stored": True}):
        rasa.extra = {"state": state | extra}
        assert ask(web, session, "x").json()["state"] == state


def test_reasons_for_staff_never_reach_the_page(web: TestClient, rasa: Any, session: str) -> None:
    finding = {
        "finding": "met",
        "until": None,
        "text": "the age",
        "reason": "for staff",
        "source": "wounding",
    }
    verdict = {"trial": "T", "verdict": "likely", "until": None, "findings": {"I2": finding}}
    rasa.extra = {"state": {"phase": "offer", "asks": None, "verdict": verdict}}
    assert "wounding" not in ask(web, session, "x").text
    assert "for staff" not in ask(web, session, "x").text


@pytest.mark.parametrize("token", ["", "made-up", "a.b.c", "é", "x" * 400])
def test_bad_session(web: TestClient, rasa: Any, token: str) -> None:
    assert error_of(ask(web, token, "hi")) == (401, "bad_session")
    assert rasa.got == []


def test_session_signed_by_another_key_or_for_another_use(
    web: TestClient, session: str, session_id: str
) -> None:
    assert error_of(ask(web, FamilySessions("another key").token(session_id), "hi")) == (401, "bad_session")
    changed = session[:-3] + ("abc" if session[-3:] != "abc" else "xyz")
    assert error_of(ask(web, changed, "hi")) == (401, "bad_session")
    assert error_of(ask(web, session_id, "hi")) == (401, "bad_session")


def test_old_session_has_ended(web: TestClient, session: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.sessions.SESSION_DAYS", -1)
    assert error_of(ask(web, session, "hi")) == (401, "bad_session")


def test_length_limit_counts_characters(web: TestClient, rasa: Any, session: str) -> None:
    assert ask(web, session, "ü" * 2000).status_code == 200
    assert ask(web, session, "😀" * 2000).status_code == 200
    assert error_of(ask(web, session, "ü" * 2001)) == (413, "too_long")
    assert error_of(ask(web, session, "x" * 5000)) == (413, "too_long")
    assert error_of(ask(web, session, "x" * 100_000)) == (413, "too_long")
    assert len(rasa.got) == 3


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b'{"session": null}',
        b'{"session": null, "message": 7}',
        b'{"session": null, "message": null}',
        b'{"session": 7, "message": "hi"}',
        b'{"session": null, "message": "hi", "language": "english please"}',
        b'{"session": null, "message": "hi", "language": 1}',
        b"[" * 20_000,
    ],
)
def test_malformed(web: TestClient, rasa: Any, body: bytes) -> None:
    response = web.post("/api/chat", content=body, headers={"Content-Type": "application/json"})
    assert error_of(response) == (422, "malformed")
    assert rasa.got == []


def test_other_content_types_are_malformed(web: TestClient) -> None:
    body = json.dumps({"session": None, "message": "hi"})
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "application/octet-stream"):
        response = web.post("/api/chat", content=body, headers={"Content-Type": content_type})
        assert error_of(response) == (422, "malformed")


def test_errors_never_repeat_what_was_typed(web: TestClient, session: str) -> None:
    for body in (b'{"session": null, "message": ["Quillonia"]}', b'{"Quillonia'):
        response = web.post("/api/chat", content=body, headers={"Content-Type": "application/json"})
        assert "Quillonia" not in response.text


def test_wrong_addresses_and_methods(web: TestClient) -> None:
    assert error_of(web.get("/api/chat")) == (405, "wrong_method")
    assert error_of(web.get("/api/nothing")) == (404, "not_found")
    page = web.get("/nothing")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")


def test_too_many_in_one_session(open_web: Callable[..., TestClient]) -> None:
    web = open_web(CHAT_PER_MINUTE="3")
    session = ask(web, None, "").json()["session"]
    answers = [ask(web, session, "hi") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert error_of(answers[-1]) == (429, "too_many")
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert ask(web, None, "").status_code == 200


def test_too_many_from_one_address(open_web: Callable[..., TestClient]) -> None:
    web = open_web(address="203.0.113.9", ADDRESS_PER_MINUTE="2")
    assert [ask(web, None, "").status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json=[]),
        httpx.Response(200, json=[{"recipient_id": "x", "text": "hi"}]),
        httpx.Response(200, json=[{"recipient_id": "x", "custom": {"error": "action_failed"}}]),
        httpx.Response(
            200, json=[{"recipient_id": "x", "custom": {"messages": [], "state": {"phase": "interview"}}}]
        ),
        httpx.Response(200, json=[{"recipient_id": "x", "custom": {"messages": "hi", "state": {}}}]),
        httpx.Response(200, json={"a": 1}),
        httpx.Response(200, text="no json"),
        httpx.Response(500, text="trouble"),
    ],
)
def test_anything_but_a_whole_turn_is_told_as_an_error(
    web: TestClient, rasa: Any, session: str, answer: httpx.Response
) -> None:
    rasa.answer = lambda asked: answer
    response = ask(web, session, "hi")
    assert error_of(response) == (503, "unavailable")
    assert response.headers["Retry-After"] == "5"


def test_two_answers_at_once_are_an_error(web: TestClient, rasa: Any, session: str) -> None:
    whole = rasa.turn({"sender": "x"}).json()
    rasa.answer = lambda asked: httpx.Response(200, json=whole * 2)
    assert error_of(ask(web, session, "hi")) == (503, "unavailable")


def test_rasa_down_and_back(web: TestClient, rasa: Any, session: str) -> None:
    rasa.up = False
    assert error_of(ask(web, session, "hi")) == (503, "unavailable")
    assert web.get("/api/health").status_code == 503
    assert web.get("/api/health").json() == {"service": "prescreen", "status": "rasa_down", "rasa": False}
    rasa.up = True
    assert ask(web, session, "hi").status_code == 200
    assert web.get("/api/health").json() == {"service": "prescreen", "status": "ok", "rasa": True}


def test_slow_rasa_is_down(web: TestClient, rasa: Any, session: str) -> None:
    def slow(asked: dict[str, Any]) -> httpx.Response:
        raise httpx.ReadTimeout("slow")

    rasa.answer = slow
    assert error_of(ask(web, session, "hi")) == (503, "unavailable")


def test_error_tells_how_to_reach_the_site_where_that_is_known(
    open_web: Callable[..., TestClient], rasa: Any
) -> None:
    rasa.up = False
    assert "call" not in ask(open_web(), None, "").json()["error"]["text"]
    web = open_web(SITE_PHONE="+1 202 555 0100", SITE_NAME="Hill Hospital")
    assert (
        ask(web, None, "")
        .json()["error"]["text"]
        .endswith("You can also call Hill Hospital: +1 202 555 0100.")
    )


def test_unexpected_error_says_and_logs_nothing_of_what_was_typed(
    web: TestClient, rasa: Any, session: str, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(asked: dict[str, Any]) -> httpx.Response:
        raise RuntimeError(f"Quillonia in the error: {asked['message']}")

    rasa.answer = broken
    caplog.set_level(logging.DEBUG)
    assert error_of(ask(web, session, "Quillonia is 7")) == (500, "internal")
    assert "Quillonia" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_nothing_of_a_turn_is_logged(
    web: TestClient, rasa: Any, session: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    ask(web, session, "Quillonia is 7")
    rasa.answer = lambda asked: httpx.Response(200, json=[])
    ask(web, session, "Quillonia is 7")
    assert "Quillonia" not in caplog.text
    assert session not in caplog.text


def test_two_messages_at_once_are_two_turns_in_order(home: Path, rasa: Any) -> None:
    busy = 0

    async def slow_rasa(request: httpx.Request) -> httpx.Response:
        nonlocal busy
        busy += 1
        assert busy == 1, "two turns of one family at once"
        for _ in range(5):
            await asyncio.sleep(0)
        busy -= 1
        return rasa(request)

    async def scenario() -> list[int]:
        app = create_app(get_settings(), httpx.MockTransport(slow_rasa))
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
        ):
            opened = await client.post("/api/chat", json={"session": None, "message": ""})
            session = opened.json()["session"]
            both = [
                client.post("/api/chat", json={"session": session, "message": text}) for text in ("a", "b")
            ]
            return [answer.status_code for answer in await asyncio.gather(*both)]

    assert asyncio.run(scenario()) == [200, 200]
    assert [got["message"] for got in rasa.got] == ["hello", "a", "b"]


def test_api_description_names_every_error(web: TestClient) -> None:
    described = web.get("/api/openapi.json").json()
    assert set(described["paths"]) == {"/api/chat", "/api/chat/erase", "/api/health"}
    assert set(described["paths"]["/api/chat"]["post"]["responses"]) == {
        "200",
        "401",
        "408",
        "413",
        "422",
        "429",
        "503",
    }
    assert "HTTPValidationError" not in described["components"]["schemas"]
