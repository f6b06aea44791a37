"""The site's inbox: who gets in, what stands there."""

import html
import re
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from bot.leads.database import open_store
from bot.leads.intake import Contact, store_lead
from bot.leads.models import AuditEntry
from bot.leads.users import add_user

PASSWORD = "correct horse battery"


def csrf(page: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found is not None
    return html.unescape(found.group(1))


def log_in(web: TestClient, name: str = "ana", password: str = PASSWORD) -> httpx.Response:
    token = csrf(web.get("/inbox/login"))
    return web.post("/inbox/login", data={"csrf": token, "name": name, "password": password})


@pytest.fixture
def staff(web: TestClient) -> TestClient:
    add_user("ana", PASSWORD)
    assert log_in(web).status_code == 303
    return web


@pytest.mark.parametrize("path", ["/inbox", "/inbox/lead/ACDE-FGHJ"])
def test_nobody_gets_in_without_log_in(web: TestClient, reference: str, path: str) -> None:
    for cookie in (None, "made-up"):
        if cookie:
            web.cookies.set("staff", cookie, path="/inbox")
        page = web.get(path)
        assert page.status_code == 303
        assert page.headers["location"] == "/inbox/login"
        assert reference not in page.text


def test_there_is_no_default_user(web: TestClient) -> None:
    assert "prescreen site add-user" in web.get("/inbox/login").text
    for name, password in (("admin", "admin"), ("", ""), ("admin", "")):
        assert log_in(web, name, password).status_code == 403


def test_wrong_name_and_wrong_password_look_the_same(web: TestClient) -> None:
    add_user("ana", PASSWORD)
    pages = [
        re.sub(r'value="[^"]*"', "", log_in(web, *who).text) for who in (("ana", "wrong"), ("bob", PASSWORD))
    ]
    assert pages[0] == pages[1]


def test_log_in_needs_its_own_form(web: TestClient) -> None:
    add_user("ana", PASSWORD)
    fields = {"name": "ana", "password": PASSWORD}
    assert web.post("/inbox/login", data=fields).status_code == 403
    web.get("/inbox/login")
    assert web.post("/inbox/login", data=fields | {"csrf": "made up"}).status_code == 403
    other = csrf(web.get("/inbox/login"))
    web.get("/inbox/login")
    assert web.post("/inbox/login", data=fields | {"csrf": other}).status_code == 403


def test_cookie_is_for_the_inbox_alone(web: TestClient) -> None:
    add_user("ana", PASSWORD)
    cookie = log_in(web).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/inbox" in cookie
    assert "set-cookie" not in web.get("/").headers
    assert "set-cookie" not in web.get("/chat").headers


def test_cookie_is_secure_over_https(web: TestClient) -> None:
    assert "Secure" in web.get("https://testserver/inbox/login").headers["set-cookie"]


def test_list_and_card(staff: TestClient, reference: str) -> None:
    listed = staff.get("/inbox")
    assert reference in listed.text
    assert "Possible match" in listed.text
    assert "Waits here: no SITE_FORM_URL is set" in listed.text
    assert "Ana" not in listed.text
    card = staff.get(f"/inbox/lead/{reference}")
    text = html.unescape(card.text)
    for said in (
        "Ana",
        "ana@mail.com",
        "+86 138 0013 8000",
        "China",
        "Mother or father",
        "heart problem: not sure",
        "7 years",
    ):
        assert said in text, said
    assert "cardiovascular disease" in text, "the criterion's source text"
    assert text.index("heart problem: not sure") < text.index("ana@mail.com") < text.index("age: 7 years")
    assert card.headers["cache-control"] == "no-store"


def test_one_message_is_one(staff: TestClient, reference: str, screening: dict[str, Any]) -> None:
    assert "1 message<" in staff.get("/inbox").text
    store_lead("s2", "form-2", screening, Contact("Bo", "Li", "a@b.org", "1"), [])
    assert "2 messages<" in staff.get("/inbox").text


def test_card_puts_the_noes_together(staff: TestClient, screening: dict[str, Any]) -> None:
    facts = screening["facts"] | {"radiation": {"had": "no"}, "infection": {"had": "no"}}
    contact = Contact("Bo", "Li", "a@b.org", "1")
    receipt = store_lead("s2", "form-2", screening | {"facts": facts}, contact, [])
    text = staff.get(f"/inbox/lead/{receipt.reference}").text
    assert "No to: Radiation." in text
    assert "No, in the last 5 weeks, to: Infection." in text


def test_typed_name_is_kept_and_the_password_is_not(web: TestClient) -> None:
    text = log_in(web, 'ana "x"', "wrong password").text
    assert 'value="ana &#34;x&#34;"' in text
    assert "wrong password" not in text


def test_reading_a_lead_is_noted(staff: TestClient, reference: str) -> None:
    staff.get(f"/inbox/lead/{reference}")
    with open_store().session() as session:
        entries = [
            (entry.who, entry.action, entry.reference) for entry in session.scalars(select(AuditEntry))
        ]
    assert entries == [("ana", "log in", None), ("ana", "read", reference)]


def test_empty_inbox_and_unknown_lead(staff: TestClient) -> None:
    assert "No family has sent a message yet." in staff.get("/inbox").text
    assert staff.get("/inbox/lead/NONE").status_code == 404


def test_markup_in_a_lead_stays_text(staff: TestClient, screening: dict[str, Any]) -> None:
    contact = Contact("<script>alert(1)</script>", "Li", "a@b.org", "1")
    receipt = store_lead("s2", "form-2", screening, contact, [])
    assert "<script>alert" not in staff.get(f"/inbox/lead/{receipt.reference}").text


def test_log_out_ends_the_session_for_good(staff: TestClient) -> None:
    cookie = staff.cookies.get("staff", path="/inbox")
    assert staff.post("/inbox/logout", data={"csrf": "made up"}).status_code == 303
    assert staff.get("/inbox").status_code == 200
    assert staff.post("/inbox/logout", data={"csrf": csrf(staff.get("/inbox"))}).status_code == 303
    assert staff.get("/inbox").status_code == 303
    staff.cookies.set("staff", str(cookie), path="/inbox")
    assert staff.get("/inbox").status_code == 303


@pytest.mark.parametrize("seconds", [31 * 60, 13 * 3600])
def test_idle_sessions_end(staff: TestClient, monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    import time

    later = time.time() + seconds
    monkeypatch.setattr("bot.web.staff.time.time", lambda: later)
    assert staff.get("/inbox").status_code == 303


def test_busy_session_ends_after_half_a_day(staff: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    start = time.time()
    for minutes in range(0, 13 * 60, 20):
        monkeypatch.setattr("bot.web.staff.time.time", lambda minutes=minutes: start + minutes * 60)
        assert staff.get("/inbox").status_code == (200 if minutes <= 12 * 60 else 303)


def test_guessing_is_limited(web: TestClient) -> None:
    add_user("ana", PASSWORD)
    assert [log_in(web, "ana", "wrong").status_code for _ in range(5)] == [403] * 5
    assert log_in(web).status_code == 403
    assert {log_in(web, "bob", "wrong").status_code for _ in range(30)} == {403, 429}


def test_guessing_from_elsewhere_shuts_nobody_out(web: TestClient) -> None:
    add_user("ana", PASSWORD)
    stranger = TestClient(web.app, client=("203.0.113.9", 50000), follow_redirects=False)
    for _ in range(12):
        assert log_in(stranger, "ana", "wrong password").status_code == 403
    assert log_in(stranger).status_code == 403
    assert log_in(web).status_code == 303
