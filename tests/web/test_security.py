"""Who is held off, and by what: limits, sessions, log-in, odd requests, engines."""

import ast
import html
import re
import string
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from itsdangerous import URLSafeTimedSerializer

from bot.leads import users
from bot.leads.clock import now
from bot.leads.database import open_store
from bot.leads.models import StaffUser
from bot.leads.users import add_user
from bot.settings import get_settings
from bot.web.guards import LARGEST_BODY
from bot.web.sessions import SESSION_DAYS, BadSession, FamilySessions
from tests.web.serving import serving

ROOT = Path(__file__).parents[2]
PASSWORD = "correct horse battery"
EVIL = "evil.example"


def opening(web: TestClient) -> httpx.Response:
    return web.post("/api/chat", json={"session": None, "message": ""})


# --- limits


def test_one_address_may_ask_so_often_and_others_are_not_held_up(open_web: Callable[..., TestClient]) -> None:
    web = open_web(address="203.0.113.9", ADDRESS_PER_MINUTE="3")
    assert [web.get(path).status_code for path in ("/", "/chat", "/inbox/login")] == [200] * 3
    for path, kind in (("/chat", "text/html"), ("/api/health", "application/json"), ("/inbox", "text/html")):
        refused = web.get(path)
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 20
        assert refused.headers["content-type"].startswith(kind)
    assert web.get("/static/style.css").status_code == 200
    neighbour = TestClient(web.app, client=("203.0.113.10", 50000))
    assert neighbour.get("/chat").status_code == 200


def test_an_address_is_not_taken_from_what_a_client_says(open_web: Callable[..., TestClient]) -> None:
    web = open_web(address="203.0.113.9", ADDRESS_PER_MINUTE="2")
    got = [web.get("/chat", headers={"x-forwarded-for": f"198.51.100.{n}"}).status_code for n in range(3)]
    assert got == [200, 200, 429]


@pytest.mark.parametrize(("trusted", "expected"), [("127.0.0.1", [200, 429, 200]), ("", [200, 200, 200])])
def test_a_proxy_is_believed_only_where_the_site_trusts_it(
    open_web: Callable[..., TestClient], trusted: str, expected: list[int]
) -> None:
    web = open_web(ADDRESS_PER_MINUTE="1", TRUSTED_PROXIES=trusted)
    with serving(web.app) as port:
        got = [
            httpx.get(
                f"http://127.0.0.1:{port}/chat", headers={"x-forwarded-for": address}, trust_env=False
            ).status_code
            for address in ("203.0.113.9", "203.0.113.9", "203.0.113.10")
        ]
    assert got == expected


def test_one_chat_may_say_so_much_and_others_are_not_held_up(open_web: Callable[..., TestClient]) -> None:
    web = open_web(CHAT_PER_MINUTE="3")
    tokens = [opening(web).json()["session"] for _ in range(2)]

    def say(token: str) -> httpx.Response:
        return web.post("/api/chat", json={"session": token, "message": "7"})

    assert [say(tokens[0]).status_code for _ in range(3)] == [200, 200, 429]
    refused = say(tokens[0])
    assert refused.json()["error"]["code"] == "too_many"
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    form = web.post("/contact", data={"session": tokens[0]})
    assert form.status_code == 429
    assert "retry-after" in form.headers
    assert say(tokens[1]).status_code == 200


@pytest.mark.parametrize("path", ["/api/chat", "/contact/send", "/inbox/login", "/nothing"])
def test_large_bodies_are_refused(web: TestClient, path: str) -> None:
    assert web.post(path, content=b"x" * (LARGEST_BODY + 1)).status_code == 413
    assert web.post(path, content=b"x" * LARGEST_BODY).status_code != 413


def test_a_body_is_counted_while_it_comes(web: TestClient) -> None:
    given = 0

    def parts() -> Iterator[bytes]:
        nonlocal given
        for _ in range(64):
            given += 1024
            yield b"x" * 1024

    assert web.post("/api/chat", content=parts()).status_code == 413
    assert given > LARGEST_BODY


@pytest.mark.parametrize("host", [EVIL, f"{EVIL}:99999", "[::1", "a b", "a/../b", "x" * 300, "'\"><script>"])
@pytest.mark.parametrize(
    "path", ["/", "/chat/", "/inbox", "/inbox/login", "/favicon.ico", "/nothing", "/api/x"]
)
def test_host_header_comes_back_nowhere(web: TestClient, host: str, path: str) -> None:
    answer = web.get(path, headers={"host": host})
    assert answer.status_code < 500
    assert answer.headers.get("location", "/").startswith("/")
    assert not answer.headers.get("location", "/").startswith("//")
    assert EVIL not in answer.text
    assert "><script>" not in answer.text.replace('"><script ', "")


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "BREW"])
@pytest.mark.parametrize("path", ["/", "/chat", "/api/chat", "/inbox/logout", "/contact/send"])
def test_other_methods_do_nothing(web: TestClient, method: str, path: str) -> None:
    answer = web.request(method, path, headers={"x-secret": "told back?"})
    assert answer.status_code == 405
    assert "told back?" not in answer.text


# --- sessions


def test_a_session_can_not_be_changed_or_made_up(web: TestClient, session: str) -> None:
    def status(token: str) -> int:
        return web.post("/api/chat", json={"session": token, "message": "7"}).status_code

    assert status(session) == 200
    for place in range(0, len(session) - 1, 3):
        other = string.ascii_letters[(string.ascii_letters.find(session[place]) + 1) % 52]
        assert status(session[:place] + other + session[place + 1 :]) == 401
    assert {status(token) for token in ("", "a", "a.b.c", session[:-1], session + "A", "é", "\x00")} == {401}


@pytest.mark.parametrize(
    "salt", ["contact-form", "staff-cookie", "staff-form", "oidc-cookie", "itsdangerous"]
)
def test_what_was_signed_for_something_else_is_no_session(web: TestClient, salt: str) -> None:
    key = get_settings().session_key()
    token = URLSafeTimedSerializer(key, salt=salt).dumps("somebody")
    assert web.post("/api/chat", json={"session": token, "message": ""}).status_code == 401
    assert web.post("/contact", data={"session": token}).status_code == 401
    web.cookies.set("staff", str(token), path="/inbox")
    assert web.get("/inbox").status_code == 303


@pytest.mark.parametrize("content", [5, None, ["a"], {"a": 1}])
def test_a_session_is_a_text(content: Any) -> None:
    token = URLSafeTimedSerializer("key", salt="family-session").dumps(content)
    with pytest.raises(BadSession):
        FamilySessions("key").read(str(token))


def test_sessions_of_another_key_and_old_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = FamilySessions("key")
    token = sessions.token("somebody")
    with pytest.raises(BadSession):
        FamilySessions("another key").read(token)
    moment = time.time()
    for days, good in ((SESSION_DAYS - 0.01, True), (SESSION_DAYS + 0.01, False)):
        monkeypatch.setattr("itsdangerous.timed.time.time", lambda days=days: moment + days * 24 * 3600)
        if good:
            assert sessions.read(token) == "somebody"
        else:
            with pytest.raises(BadSession):
                sessions.read(token)


def test_session_ids_can_not_be_guessed() -> None:
    ids = {FamilySessions("key").new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert min(len(one) for one in ids) >= 24


# --- log-in


def log_in(web: TestClient, name: str, password: str) -> httpx.Response:
    found = re.search(r'name="csrf" value="([^"]+)"', web.get("/inbox/login").text)
    assert found is not None
    fields = {"csrf": html.unescape(found.group(1)), "name": name, "password": password}
    return web.post("/inbox/login", data=fields)


def test_log_in_tells_nobody_which_names_exist(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    add_user("ana", PASSWORD)
    add_user("disabled", PASSWORD)
    with open_store().session() as session:
        session.query(StaffUser).filter_by(name="disabled").one().disabled = now()
        session.add(StaffUser(name="no password", role="coordinator", created=now(), session_epoch=0))
    worked: list[str] = []
    real = users._matches

    def matches(password_hash: str, password: str) -> bool:
        # How costly a check is, argon2 writes into the hash itself.
        worked.append(password_hash.rsplit("$", 2)[0])
        return real(password_hash, password)

    monkeypatch.setattr(users, "_matches", matches)
    seen = set()
    tries = (
        ("ana", "wrong password"),
        ("nobody", PASSWORD),
        ("disabled", PASSWORD),
        ("no password", ""),
        ("no password", "None"),
        ("' OR 1=1 --", PASSWORD),
    )
    for name, password in tries:
        answer = log_in(web, name, password)
        page = answer.text.replace(html.escape(name), "NAME").replace(name.replace("'", "&#39;"), "NAME")
        page = re.sub(r'name="csrf" value="[^"]+"', "", page)
        seen.add((answer.status_code, re.sub("length.*", "", str(sorted(answer.headers))), page))
    assert len(seen) == 1
    assert len(worked) == len(tries), "each try costs one check, whoever is asked for"
    assert len(set(worked)) == 1
    assert log_in(web, "ana", PASSWORD).status_code == 303


def test_names_that_do_not_exist_are_locked_as_well(web: TestClient) -> None:
    add_user("ana", PASSWORD)
    pages = {}
    for name in ("ana", "bob"):
        for _ in range(5):
            answer = log_in(web, name, "wrong password")
        pages[name] = (answer.status_code, re.sub(r'value="[^"]*"', "", answer.text))
    assert pages["ana"] == pages["bob"]
    assert log_in(web, "ana", PASSWORD).status_code == 403


# --- engines


def test_no_engine_shows_values_in_errors() -> None:
    """Every call in our code that makes an engine says so in so many words."""
    found = []
    for folder in ("bot", "actions", "criteria", "scripts"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if name not in ("create_engine", "create_async_engine", "engine_from_config"):
                    continue
                told = {word.arg: word.value for word in node.keywords}
                hidden = told.get("hide_parameters")
                found.append(path.name)
                assert isinstance(hidden, ast.Constant), f"{path}:{node.lineno}"
                assert hidden.value is True, f"{path}:{node.lineno}"
                assert not {"echo", "echo_pool"} & told.keys(), f"{path}:{node.lineno}"
    assert "database.py" in found
