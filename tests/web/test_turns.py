"""A message that is sent twice is taken in once, and answered as it was."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.leads.intake import Contact, store_lead
from bot.leads.screenings import save_screening
from bot.settings import get_settings
from bot.web.app import create_app
from bot.web.jobs import run_jobs
from bot.web.schema import ChatAnswer, Turn
from bot.web.turns import StillRunning, Turns


def ask(web: TestClient, session: str | None, message: str, message_id: Any = None) -> httpx.Response:
    body = {"session": session, "message": message, "message_id": message_id}
    return web.post(
        "/api/chat", json={name: value for name, value in body.items() if name != "message_id" or value}
    )


def numbered(rasa: Any) -> None:
    """Every turn says how many there were."""

    def turn(asked: dict[str, Any]) -> httpx.Response:
        rasa.extra = {"messages": [{"text": f"turn {len(rasa.got)}", "kind": "info"}]}
        return rasa.turn(asked)

    rasa.answer = turn


def text_of(response: httpx.Response) -> str:
    assert response.status_code == 200
    return str(response.json()["messages"][0]["text"])


def test_repeated_id_is_answered_as_before_and_not_taken_in(web: TestClient, rasa: Any, session: str) -> None:
    numbered(rasa)
    first = ask(web, session, "yes", "a1")
    again = ask(web, session, "yes", "a1")
    assert again.json() == first.json()
    assert [got["message"] for got in rasa.got] == ["hello", "yes"]
    assert text_of(ask(web, session, "yes", "a2")) != text_of(first)
    assert len(rasa.got) == 3


def test_same_words_without_an_id_are_two_messages(web: TestClient, rasa: Any, session: str) -> None:
    numbered(rasa)
    assert text_of(ask(web, session, "yes")) != text_of(ask(web, session, "yes"))


def test_an_id_counts_in_its_own_chat_alone(web: TestClient, rasa: Any, session: str) -> None:
    numbered(rasa)
    other = ask(web, None, "").json()["session"]
    assert text_of(ask(web, session, "yes", "a1")) != text_of(ask(web, other, "yes", "a1"))


def test_message_that_failed_is_taken_in_when_it_is_sent_again(
    web: TestClient, rasa: Any, session: str
) -> None:
    rasa.up = False
    assert ask(web, session, "yes", "a1").json()["error"]["code"] == "unavailable"
    rasa.up = True
    assert ask(web, session, "yes", "a1").status_code == 200
    assert rasa.got[-1]["message"] == "yes"


@pytest.mark.parametrize("message_id", ["", "x" * 65, 7, ["a"]])
def test_odd_ids_are_malformed(web: TestClient, session: str, message_id: Any) -> None:
    answer = web.post("/api/chat", json={"session": session, "message": "hi", "message_id": message_id})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "malformed")


def test_nothing_is_remembered_of_an_erased_chat(web: TestClient, rasa: Any, session: str) -> None:
    ask(web, session, "yes", "a1")
    web.post("/api/chat/erase", json={"session": session})
    assert ask(web, session, "yes", "a1").json()["state"]["phase"] == "closed"
    turns: Turns = web.app.state.turns
    assert not turns._answered


def test_stop_sent_twice_is_answered_twice(web: TestClient, rasa: Any, session: str) -> None:
    rasa.extra = {"erase": True}
    for _ in range(2):
        assert ask(web, session, "stop", "a1").json()["state"]["phase"] == "closed"
    assert [got["message"] for got in rasa.got] == ["hello", "stop"]


def test_late_answer_waits_for_the_repeat(home: Any, rasa: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    numbered(rasa)

    async def scenario() -> list[httpx.Response]:
        may_answer = asyncio.Event()

        async def slow(request: httpx.Request) -> httpx.Response:
            answer: httpx.Response = rasa(request)
            if rasa.got[-1]["message"] == "yes":
                await may_answer.wait()
            return answer

        monkeypatch.setenv("RASA_TIMEOUT", "0.05")
        get_settings.cache_clear()
        app = create_app(get_settings(), httpx.MockTransport(slow))
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
        ):
            session = (await client.post("/api/chat", json={"session": None, "message": ""})).json()[
                "session"
            ]
            said = {"session": session, "message": "yes", "message_id": "a1"}
            answers = [await client.post("/api/chat", json=said) for _ in range(2)]
            may_answer.set()
            answers += [await client.post("/api/chat", json=said) for _ in range(2)]
            answers.append(await client.post("/api/chat", json=said | {"message": "no", "message_id": "a2"}))
            return answers

    answers = asyncio.run(scenario())
    assert [answer.status_code for answer in answers] == [503, 503, 200, 200, 200]
    assert answers[0].json()["error"]["code"] == "late"
    assert [text_of(answer) for answer in answers[2:]] == ["turn 2", "turn 2", "turn 3"]
    assert [got["message"] for got in rasa.got] == ["hello", "yes", "no"]


def answer_of(text: str) -> ChatAnswer:
    message = {"text": text, "kind": "info"}
    return ChatAnswer.model_validate({"session": "s", "messages": [message], "state": {"phase": "interview"}})


def test_memory_is_bounded_in_number_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.turns._MOST_CHATS", 3)
    clock = 0.0

    async def fill() -> Turns:
        nonlocal clock
        turns = Turns(patience=0.01, clock=lambda: clock)

        async def turn() -> Turn:
            return Turn.model_validate(answer_of("hi").model_dump(exclude={"session"}))

        async def never() -> Turn:
            await asyncio.Event().wait()
            return await turn()

        async def finish(turn: Turn) -> ChatAnswer:
            return answer_of("hi")

        for number in range(5):
            clock = number * 1000.0
            await turns.run(f"s{number}", "a", turn(), finish)
        with pytest.raises(StillRunning):
            await turns.run("late", "a", never(), finish)
        assert [bool(turns.answer_to(f"s{number}", "a")) for number in range(5)] == [
            False,
            False,
            True,
            True,
            True,
        ]
        clock = 6700.0
        turns.forget_old()
        assert [bool(turns.answer_to(f"s{number}", "a")) for number in range(5)] == [False] * 4 + [True]
        assert "late" in turns._late
        clock = 9000.0
        turns.forget_old()
        assert not turns._late
        return turns

    asyncio.run(fill())


def test_every_minute_forgets_what_is_old(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    forgot = asyncio.Event()
    monkeypatch.setattr(web.app.state.turns, "forget_old", forgot.set)

    async def one_minute() -> None:
        jobs = asyncio.create_task(run_jobs(web.app))
        await asyncio.wait_for(forgot.wait(), 10)
        jobs.cancel()

    asyncio.run(one_minute())


def test_turn_says_that_these_answers_were_sent(
    web: TestClient, rasa: Any, session: str, session_id: str, screening: dict[str, Any]
) -> None:
    verdict = {"trial": "T", "verdict": "possible", "until": None, "findings": {}}
    rasa.extra = {"state": {"phase": "offer", "asks": None, "verdict": verdict}}
    save_screening(session_id, screening)
    assert "sent" not in ask(web, session, "hi").json()["state"]
    receipt = store_lead(session_id, "form", screening, Contact("Ana", "Li", "a@b.org", "1"), [])
    assert ask(web, session, "hi").json()["state"]["sent"] == receipt.reference
    save_screening(session_id, screening | {"verdict": "likely"})
    assert "sent" not in ask(web, session, "hi").json()["state"]


def test_not_to_know_whether_it_was_sent_costs_no_turn(
    web: TestClient, rasa: Any, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def locked(session_id: str) -> None:
        raise OperationalError("SELECT", {}, Exception("locked"))

    verdict = {"trial": "T", "verdict": "possible", "until": None, "findings": {}}
    rasa.extra = {"state": {"phase": "offer", "asks": None, "verdict": verdict}}
    monkeypatch.setattr("bot.web.chat.sent_reference_for", locked)
    assert ask(web, session, "hi").status_code == 200


def test_api_description_tells_of_the_id(web: TestClient) -> None:
    asked = web.get("/api/openapi.json").json()["components"]["schemas"]["ChatRequest"]["properties"]
    assert "sent again" in asked["message_id"]["description"]


def test_form_of_an_ended_chat_says_so(
    web: TestClient, open_web: Callable[..., TestClient], session: str
) -> None:
    web.post("/api/chat/erase", json={"session": session})
    assert "This chat has ended." in web.post("/contact", data={"session": session}).text
