"""The family's own page: code, status, taking back; and that it tells nobody which references exist."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

import bot.web
from bot.leads.clock import now
from bot.leads.database import open_store
from bot.leads.intake import Contact, store_lead
from bot.leads.keys import unseal
from bot.leads.models import Delivery, Lead
from bot.leads.outbox.kinds import Kind, State
from bot.texts import load_texts

MAIL = {"SMTP_HOST": "127.0.0.1", "MAIL_FROM": "study@hospital.example"}
UNKNOWN = "AAAA-AAAA"
Open = Callable[..., TestClient]


@pytest.fixture
def web(open_web: Open) -> TestClient:
    client = open_web(SITE_NAME="Sample Clinic", **MAIL)
    client.app.state.status_page.answer_after = 0
    return client


@pytest.fixture
def reference(web: TestClient, screening: dict[str, Any]) -> str:
    contact = Contact("Ada", "Brambleworth", "ada@brambleworth.example", "+1 202 555 0100")
    return store_lead("mine", "form", screening, contact, []).reference


def mailed() -> list[str]:
    with open_store().session() as session:
        mails = session.scalars(select(Delivery).where(Delivery.kind == Kind.CODE).order_by(Delivery.id))
        return [unseal(mail.payload_sealed or "")["code"] for mail in mails]


def post(web: TestClient, path: str = "", **fields: str) -> Any:
    return web.post(f"/status{path}", data=fields)


def opened(web: TestClient, reference: str) -> str:
    """The page with the status, by way of a code."""
    assert post(web, reference=reference).status_code == 200
    shown = post(web, "/code", reference=reference, code=mailed()[-1])
    assert shown.status_code == 200
    return str(shown.text)


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_from_the_reference_to_the_status(web: TestClient, reference: str) -> None:
    start = web.get("/status")
    assert 'action="/status"' in start.text
    asked = post(web, reference=reference.lower().replace("-", " "))
    assert "If we know this reference" in asked.text
    (code,) = mailed()
    assert code not in asked.text
    shown = post(web, "/code", reference=reference, code=f"{code[:4]} {code[4:]}").text
    assert reference in shown
    assert "has not noted a call yet" in shown
    assert "Ada" not in shown
    assert "brambleworth" not in shown


@pytest.mark.parametrize(
    ("state", "said"),
    [("called", "has called or tried to"), ("referred", "has called or tried to"), ("closed", "closed your")],
)
def test_what_became_of_it_is_told_with_its_day(
    web: TestClient, reference: str, state: str, said: str
) -> None:
    with open_store().session() as session:
        changed = now().replace(year=2026, month=3, day=5, hour=12)
        session.execute(update(Lead).values(state=state, state_changed=changed))
    shown = opened(web, reference)
    assert said in shown
    assert "March 5, 2026" in shown


def test_taking_back_asks_first_and_says_what_goes(web: TestClient, reference: str) -> None:
    with open_store().session() as session:
        session.execute(update(Delivery).values(state=State.DELIVERED, attempts=1, delivered=now()))
    token = token_of(opened(web, reference))
    asked = post(web, "/withdraw", token=token).text
    assert "delete your contact details, your answers, and all notes" in asked
    assert "Sample Clinic may have your message in its own files too" in asked
    kept = post(web, "/see", token=token_of(asked)).text
    assert "has not noted a call yet" in kept
    done = post(web, "/withdraw/yes", token=token).text
    assert "are gone here" in done
    assert "Please ask Sample Clinic about that" in done
    with open_store().session() as session:
        lead = session.scalars(select(Lead)).one()
        assert lead.contact_sealed is None
        assert {one.kind for one in lead.deliveries} >= {Kind.WITHDRAWAL}
    assert "are gone here" in post(web, "/withdraw/yes", token=token).text
    again = post(web, "/withdraw", token=token).text
    assert "You took your message back on" in again
    assert "/status/withdraw" not in again


def test_a_message_that_never_left_is_said_to_be_nowhere_else(web: TestClient, reference: str) -> None:
    asked = post(web, "/withdraw", token=token_of(opened(web, reference))).text
    assert "did not go to other files of Sample Clinic" in asked


def test_known_and_unknown_references_get_the_same_answers(web: TestClient, reference: str) -> None:
    known, unknown = (post(web, reference=name) for name in (reference, UNKNOWN))
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace(reference, UNKNOWN) == unknown.text
    assert known.headers == unknown.headers | {"content-length": known.headers["content-length"]}
    known, unknown = (post(web, "/code", reference=name, code="12") for name in (reference, UNKNOWN))
    assert known.status_code == unknown.status_code == 403
    assert known.text.replace(reference, UNKNOWN) == unknown.text


def test_every_answer_takes_the_same_time(web: TestClient, reference: str, waits: list[float]) -> None:
    web.app.state.status_page.answer_after = 0.731
    for name in (reference, UNKNOWN):
        post(web, reference=name)
        post(web, "/code", reference=name, code="12345678")
    assert waits.count(0.731) == 4


def test_a_wrong_code_says_so_and_keeps_the_reference(web: TestClient, reference: str) -> None:
    post(web, reference=reference)
    answer = post(web, "/code", reference=reference, code="1")
    assert answer.status_code == 403
    assert "does not fit" in answer.text
    assert f'value="{reference}"' in answer.text


@pytest.mark.parametrize("path", ["/see", "/withdraw", "/withdraw/yes"])
def test_nothing_opens_without_a_token_of_ours(web: TestClient, reference: str, path: str) -> None:
    for token in ("", "made up", reference):
        answer = post(web, path, token=token)
        assert answer.status_code == 403
        assert "open for too long" in answer.text
    with open_store().session() as session:
        assert session.scalars(select(Lead)).one().withdrawn is None


def test_a_token_ends_after_a_quarter_of_an_hour(
    web: TestClient, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_of(opened(web, reference))
    later = int((now() + timedelta(minutes=16)).timestamp())
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert post(web, "/withdraw/yes", token=token).status_code == 403


def test_without_mail_the_page_says_how_to_reach_the_site(open_web: Open) -> None:
    web = open_web(SITE_PHONE="+1 202 555 0199", SITE_HOURS="9 to 5")
    for answer in (web.get("/status"), post(web, reference=UNKNOWN)):
        assert answer.status_code == 200
        # The page breaks no word of the sentence; signs are escaped.
        assert "send mail from here" in answer.text
        assert "tel:+12025550199" in answer.text
        assert "<form" not in answer.text


def test_nothing_stands_in_an_address(web: TestClient, reference: str) -> None:
    for path in ("/code", "/see", "/withdraw", "/withdraw/yes"):
        answer = web.get(f"/status{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/status")
    page = opened(web, reference)
    asked = post(web, "/withdraw", token=token_of(page)).text
    for address in re.findall(r'(?:action|href)="([^"]+)"', page + asked):
        assert "?" not in address
        assert reference not in address


def test_the_page_is_framed_by_nobody_and_kept_by_nobody(open_web: Open) -> None:
    web = open_web(FRAME_ANCESTORS="https://www.hospital.example")
    for answer in (web.get("/status"), post(web, reference=UNKNOWN)):
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "<script" not in answer.text


def test_tries_are_limited_by_reference_and_by_address(open_web: Open, reference: str) -> None:
    web = open_web(address="203.0.113.7", **MAIL)
    web.app.state.status_page.answer_after = 0
    for name in (reference, UNKNOWN):
        codes = [post(web, "/code", reference=name, code="1").status_code for _ in range(7)]
        assert codes == [403] * 6 + [429]
    many = [post(web, reference=f"AAAA-AAA{number}").status_code for number in range(20)]
    assert many[-1] == 429


def test_a_database_that_fails_is_told_and_nothing_is_said_to_be_sent(
    web: TestClient, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    monkeypatch.setattr("bot.web.status.request_code", locked)
    answer = post(web, reference=reference)
    assert answer.status_code == 503
    assert "Nothing has changed" in answer.text
    token = token_of(opened_without_asking(web, reference))
    monkeypatch.setattr("bot.web.status.withdraw", locked)
    failed = post(web, "/withdraw/yes", token=token)
    assert failed.status_code == 503
    assert "Nothing has changed" in failed.text
    assert token_of(failed.text) == token


def opened_without_asking(web: TestClient, reference: str) -> str:
    from bot.leads.status import request_code

    request_code(reference)
    return str(post(web, "/code", reference=reference, code=mailed()[-1]).text)


def test_every_text_of_the_page_is_used() -> None:
    folder = Path(bot.web.__file__).parent
    sources = [*folder.glob("*.py"), *folder.glob("templates/status*.html")]
    used = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    built = {f"status.state.{name}" for name in ("called", "closed", "withdrawn")}
    built |= {f"status.erased.{name}" for name in ("all", "conversation", "answers", "nothing")}
    keys = {
        f"status.{name}" + (f".{inner}" if inner else "")
        for name, node in load_texts("en").node("status").items()
        for inner in (node if isinstance(node, dict) else [""])
    }
    assert built <= keys
    assert [key for key in sorted(keys - built) if f'"{key}"' not in used] == []


def test_a_withdrawn_lead_stays_in_the_inbox_as_an_empty_card(web: TestClient, reference: str) -> None:
    from bot.leads.users import add_user

    post(web, "/withdraw/yes", token=token_of(opened(web, reference)))
    add_user("anna", "a long password")
    page = web.get("/inbox/login").text
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf is not None
    web.post("/inbox/login", data={"name": "anna", "password": "a long password", "csrf": csrf[1]})
    card = web.get(f"/inbox/lead/{reference}")
    assert card.status_code == 200
    assert "Taken back" in card.text
    assert "Brambleworth" not in card.text
    assert "heart" not in card.text
    assert web.get("/inbox").status_code == 200
