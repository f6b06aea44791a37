"""Signing up on the page: what can be chosen, what is wrong, and that an answer tells nobody anything."""

import asyncio
import html
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.leads.database import open_store
from bot.leads.models import Delivery, SignUp
from bot.leads.news.reading import Details, details_of
from bot.leads.news.signing import confirm
from bot.leads.screenings import save_screening, screening_for
from tests.web.test_contact import hidden

MAIL = {
    "SMTP_HOST": "127.0.0.1",
    "MAIL_FROM": "study@hospital.example",
    "PUBLIC_URL": "https://chat.hospital.example",
}
ILLNESS = {"id": "rhabdomyosarcoma"}
KEEP = "Please do not stop, skip or delay any medicine or treatment because of this."
FILLED = {"email": "ada@brambleworth.example", "day": "yes", "studies": "yes", "consent": "yes"}
Open = Callable[..., TestClient]


@pytest.fixture
def web(open_web: Open) -> TestClient:
    client = open_web(SITE_NAME="Sample Clinic", PRESCREEN_TODAY="2026-11-22", **MAIL)
    client.app.state.news_page.answer_after = 0
    return client


@pytest.fixture
def screening(screening: dict[str, Any]) -> dict[str, Any]:
    """Not yet, from a day on, and an illness that is known."""
    facts = screening["facts"] | {"diagnosis": ILLNESS}
    return screening | {"facts": facts, "verdict": "not_yet", "until": "2026-12-13"}


def text_of(page: httpx.Response) -> str:
    return html.unescape(page.text)


def form(web: TestClient, session: str, **fields: str) -> httpx.Response:
    return web.post("/news", data={"session": session, **fields})


def press(web: TestClient, session: str, **fields: str) -> httpx.Response:
    opened = form(web, session)
    return web.post("/news/sign-up", data=hidden(opened) | FILLED | fields)


def kept() -> list[tuple[SignUp, Details]]:
    with open_store().session() as session:
        found = session.scalars(select(SignUp).order_by(SignUp.id)).all()
        return [(one, details_of(one.details_sealed)) for one in found]


def number_of_mails() -> int:
    with open_store().session() as session:
        return len(session.scalars(select(Delivery.id)).all())


def test_whole_way(web: TestClient, screened: str) -> None:
    opened = form(web, screened)
    said = text_of(opened)
    assert "Write to me when December 13, 2026 comes." in said
    assert "Write to me when a study opens" in said
    assert KEEP in said
    assert "for 365 days at the most" in said
    assert "checked" not in said
    assert "rhabdo" not in said
    sent = press(web, screened)
    assert sent.status_code == 200
    assert "one is on its way to ada@brambleworth.example" in text_of(sent)
    ((signup, details),) = kept()
    assert (signup.day, signup.studies, signup.confirmed) == (date(2026, 12, 13), True, None)
    assert (details.email, details.diagnosis) == ("ada@brambleworth.example", ILLNESS)
    assert details.consent["wording"] in said
    assert details.stop not in sent.text
    assert details.confirm not in sent.text
    assert sent.headers["cache-control"] == opened.headers["cache-control"] == "no-store"
    assert "set-cookie" not in sent.headers


@pytest.mark.parametrize(
    ("changes", "day", "studies"),
    [
        ({"verdict": "likely", "until": None}, False, True),
        ({"verdict": "not_likely", "until": None}, False, True),
        ({"verdict": "not_yet", "until": None}, False, True),
        ({"facts": {"respondent": "parent"}}, True, False),
    ],
)
def test_only_what_there_is_to_tell_is_offered(
    web: TestClient,
    session: str,
    session_id: str,
    screening: dict[str, Any],
    changes: dict[str, Any],
    day: bool,
    studies: bool,
) -> None:
    save_screening(session_id, screening | changes)
    opened = form(web, session)
    assert ('name="day"' in opened.text, 'name="studies"' in opened.text) == (day, studies)
    assert (KEEP in text_of(opened)) is day
    press(web, session)
    ((signup, details),) = kept()
    assert (signup.day is not None, signup.studies) == (day, studies)
    assert (details.diagnosis is not None) is studies


def test_without_anything_to_tell_there_is_no_form(
    web: TestClient, session: str, session_id: str, screening: dict[str, Any]
) -> None:
    facts = {"respondent": "parent", "diagnosis": "not_sure"}
    save_screening(session_id, screening | {"facts": facts, "until": None})
    opened = form(web, session)
    assert "no date to wait for" in text_of(opened)
    assert "<form" not in opened.text


def test_before_a_verdict_and_after_the_end_there_is_no_form(web: TestClient, session: str) -> None:
    assert "Please answer the questions" in text_of(form(web, session))
    web.post("/api/chat/erase", json={"session": session})
    assert "This chat has ended" in text_of(form(web, session))
    assert "Please start with the chat" in text_of(web.get("/news"))
    assert web.get("/news/sign-up").status_code == 200


@pytest.mark.parametrize("missing", [("SMTP_HOST", "MAIL_FROM"), ("PUBLIC_URL",)])
def test_without_mail_or_address_nothing_is_kept(
    open_web: Open, screening: dict[str, Any], missing: tuple[str, ...]
) -> None:
    there = {name: value for name, value in MAIL.items() if name not in missing}
    web = open_web(SITE_PHONE="+1 202 555 0100", SITE_NAME="Sample Clinic", **there)
    session = web.post("/api/chat", json={"session": None, "message": "", "language": "en"}).json()["session"]
    save_screening(web.app.state.sessions.read(session), screening)
    for page in (form(web, session), web.post("/news/sign-up", data={"session": session} | FILLED)):
        assert "We can't send mail from here" in text_of(page)
        assert "tel:+12025550100" in page.text
    assert kept() == []
    assert "If you sign up for mails" not in text_of(web.get("/privacy"))


def test_privacy_page_tells_of_it(web: TestClient) -> None:
    assert "If you sign up for mails" in text_of(web.get("/privacy"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": ""}, "Please write an e-mail address."),
        ({"email": "ada"}, "does not look like an e-mail address"),
        ({"day": "", "studies": ""}, "Please tick at least one."),
        ({"consent": ""}, "if you tick this box"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    web: TestClient, screened: str, fields: dict[str, str], said: str
) -> None:
    page = press(web, screened, **fields)
    assert page.status_code == 422
    assert said in text_of(page)
    ticked = set(re.findall(r'name="(\w+)" type="checkbox" value="yes" checked', page.text))
    assert ticked == {name for name in ("day", "studies", "consent") if fields.get(name) != ""}
    assert f'value="{fields.get("email", FILLED["email"])}"' in page.text
    assert kept() == []
    assert web.post("/news/sign-up", data=hidden(page) | FILLED).status_code == 200
    assert len(kept()) == 1


def test_a_teen_is_asked_for_the_mail_of_a_grown_up(
    web: TestClient, session: str, session_id: str, screening: dict[str, Any]
) -> None:
    facts = screening["facts"] | {"respondent": "patient", "age": {"months": [180, 191]}}
    save_screening(session_id, screening | {"facts": facts})
    opened = form(web, session)
    assert "Parent's or guardian's e-mail" in text_of(opened)
    assert 'autocomplete="off"' in opened.text
    press(web, session)
    ((_, details),) = kept()
    assert "parent or guardian" in details.consent["wording"]


def test_answers_that_changed_are_shown_before_they_count(
    web: TestClient, screened: str, session_id: str, screening: dict[str, Any]
) -> None:
    fields = hidden(form(web, screened)) | FILLED
    save_screening(session_id, screening | {"until": "2027-02-01"})
    page = web.post("/news/sign-up", data=fields)
    assert "Your answers in the chat have changed." in text_of(page)
    assert "February 1, 2027" in text_of(page)
    assert kept() == []


def test_the_way_to_the_plain_pages_is_carried_through(web: TestClient, screened: str) -> None:
    opened = form(web, screened, plain="yes")
    assert hidden(opened, 0)["plain"] == "yes"
    wrong = web.post("/news/sign-up", data=hidden(opened, 0) | FILLED | {"email": ""})
    sent = web.post("/news/sign-up", data=hidden(wrong, 0) | FILLED)
    for page in (opened, wrong, sent):
        assert 'action="/plain"' in page.text
        # Who came without scripts needs none here.
        assert "<script" not in page.text
        assert 'href="/chat"' not in page.text
    assert 'action="/plain"' not in form(web, screened).text


def test_the_answer_tells_nobody_who_signed_up(web: TestClient, screened: str) -> None:
    first = press(web, screened)
    ((_, details),) = kept()
    confirm(details.confirm)
    again = press(web, screened)
    other = press(web, screened, email="bob@brambleworth.example")
    assert first.text == again.text == other.text.replace("bob@", "ada@")
    assert first.status_code == again.status_code == other.status_code
    # She said yes; who signed her up again changed nothing and had nothing sent.
    assert number_of_mails() == 2


def test_every_answer_takes_the_same_time(
    web: TestClient, screened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.app.state.news_page.answer_after = 0.5
    waits: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        waits.append(seconds)
        await sleep(0)

    monkeypatch.setattr("bot.web.evenly.asyncio.sleep", noted)
    press(web, screened)
    press(web, screened)
    assert waits.count(0.5) == 2


def test_one_chat_signs_up_a_few_addresses_and_no_more(web: TestClient, screened: str) -> None:
    pages = [press(web, screened, email=f"ada{number}@brambleworth.example") for number in range(7)]
    assert [page.status_code for page in pages] == [200] * 5 + [429] * 2
    assert int(pages[-1].headers["retry-after"]) > 60
    assert 'value="ada6@brambleworth.example"' in pages[-1].text
    assert number_of_mails() == 5


def test_one_caller_signs_up_no_end_of_addresses_with_new_chats(
    open_web: Open, screening: dict[str, Any]
) -> None:
    web = open_web("203.0.113.9", PRESCREEN_TODAY="2026-11-22", CHAT_PER_MINUTE="0", **MAIL)
    web.app.state.news_page.answer_after = 0
    sessions = web.app.state.sessions
    answers = []
    for number in range(22):
        session_id = sessions.new_id()
        save_screening(session_id, screening)
        page = press(web, sessions.token(session_id), email=f"ada{number}@brambleworth.example")
        answers.append(page.status_code)
    assert answers == [200] * 20 + [429] * 2


def test_a_store_that_fails_loses_nothing(
    web: TestClient, screened: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    opened = form(web, screened)

    def fail(*_: object) -> None:
        raise OperationalError("INSERT ada@brambleworth.example", {}, Exception())

    with monkeypatch.context() as patch:
        patch.setattr("bot.web.news.sign_up", fail)
        page = web.post("/news/sign-up", data=hidden(opened) | FILLED)
    assert page.status_code == 503
    assert "That did not work just now." in text_of(page)
    assert 'value="ada@brambleworth.example"' in page.text
    assert "brambleworth" not in caplog.text
    assert web.post("/news/sign-up", data=hidden(page) | FILLED).status_code == 200
    with monkeypatch.context() as patch:
        patch.setattr("bot.web.news.screening_for", fail)
        page = web.post("/news/sign-up", data=hidden(opened) | FILLED)
    assert page.status_code == 503
    assert hidden(page)["email"] == "ada@brambleworth.example"
    assert "brambleworth" not in caplog.text


def test_erasing_while_a_sign_up_waits_keeps_nothing(
    web: TestClient, screened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = hidden(form(web, screened)) | FILLED

    def ended_meanwhile(session_id: str) -> Any:
        web.app.state.ended.add(session_id)
        return screening_for(session_id)

    monkeypatch.setattr("bot.web.news.screening_for", ended_meanwhile)
    assert "This chat has ended" in text_of(web.post("/news/sign-up", data=fields))
    assert kept() == []


def test_erasing_everything_says_that_the_sign_up_is_gone(web: TestClient, screened: str) -> None:
    press(web, screened)
    answer = web.post("/api/chat/erase", json={"session": screened}).json()
    assert answer["deleted"] == ["answers", "news"]
    assert "Your sign-up for our mails is gone too." in answer["text"]
    assert kept() == []
    assert number_of_mails() == 0


@pytest.mark.parametrize("session", ["", "nobody", "x" * 600])
def test_without_a_session_of_ours_there_is_nothing(web: TestClient, session: str) -> None:
    for path in ("/news", "/news/sign-up"):
        assert web.post(path, data={"session": session} | FILLED).status_code == 401
    assert web.post("/news", content=b"\xff", headers={"content-type": "text/plain"}).status_code == 422
