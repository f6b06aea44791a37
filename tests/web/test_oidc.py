"""Log-in through an identity provider: a real one in a process of its own."""

import json
import subprocess
import sys
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from bot.leads.clock import now
from bot.leads.database import open_store
from bot.leads.models import AuditEntry, StaffUser
from bot.leads.users import check_password
from bot.settings import Settings, SettingsError
from bot.supervisor.checks import free_port
from bot.web import oidc
from tests.web.liar import WHO, Liar, list_user, open_site, open_with, refused


def start_provider(*arguments: str) -> Iterator[str]:
    """A real OpenID provider in a process of its own; its address."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address, end, pause = f"http://127.0.0.1:{port}", time.monotonic() + 60, threading.Event()
        try:
            while True:
                try:
                    httpx.get(f"{address}/.well-known/openid-configuration", trust_env=False)
                    break
                except httpx.TransportError:
                    assert process.poll() is None, "the provider did not start"
                    assert time.monotonic() < end, "the provider does not answer"
                    pause.wait(0.05)
            yield address
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    claims = {"email": WHO, "email_verified": True, "preferred_username": "ana"}
    unverified = {"email": WHO, "email_verified": False}
    yield from start_provider(
        "--require-nonce",
        *("--user-claims", json.dumps({"sub": "ana"} | claims)),
        *("--user-claims", json.dumps({"sub": "not verified"} | unverified)),
        *("--user-claims", json.dumps({"sub": "not told"} | {"email": WHO})),
        *("--user-claims", json.dumps({"sub": "bo"} | {"email": "bo@site.example", "email_verified": True})),
        *("--user-claims", json.dumps({"sub": "no mail", "name": "Ana"})),
    )


@pytest.fixture(scope="module")
def late_provider() -> Iterator[str]:
    claims = {"sub": "ana", "email": WHO, "email_verified": True}
    yield from start_provider("--token-max-age", "-3600", "--user-claims", json.dumps(claims))


def at_provider(address: str, sub: str, action: str = "authorize") -> str:
    """What somebody does on the provider's page; the address that it sends her browser to."""
    answer = httpx.post(address, data={"sub": sub, "action": action}, trust_env=False)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def log_in(web: TestClient, sub: str = "ana") -> httpx.Response:
    started = web.get("/inbox/oidc")
    assert started.status_code == 303, started.text
    return web.get(at_provider(started.headers["location"], sub))


def test_log_in_with_a_real_provider(open_web: Callable[..., TestClient], provider: str) -> None:
    web = open_site(open_web, provider)
    assert web.get("/inbox").status_code == 303
    answer = log_in(web)
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    assert WHO in web.get("/inbox").text
    assert web.cookies.get(oidc.COOKIE) is None
    with open_store().session() as session:
        assert [(entry.who, entry.action) for entry in session.scalars(select(AuditEntry))] == [
            (WHO, "log in")
        ]


def test_another_claim_can_say_who_it_is(open_web: Callable[..., TestClient], provider: str) -> None:
    web = open_site(open_web, provider, OIDC_CLAIM="preferred_username")
    list_user("ana")
    assert log_in(web).status_code == 303
    assert web.get("/inbox").status_code == 200


def test_whoever_is_not_on_the_list_gets_one_and_the_same_page(
    open_web: Callable[..., TestClient], provider: str
) -> None:
    web = open_site(open_web, provider)
    list_user("bo@site.example", disabled=True)
    pages = set()
    for sub in ("stranger@site.example", "bo", "not verified", "not told", "no mail"):
        answer = log_in(web, sub)
        refused(web, answer, 403, "oidc.not_listed")
        pages.add(answer.text)
    assert len(pages) == 1


def test_disabled_later_ends_the_session(open_web: Callable[..., TestClient], provider: str) -> None:
    web = open_site(open_web, provider)
    log_in(web)
    with open_store().session() as session:
        session.scalars(select(StaffUser)).one().disabled = now()
    assert web.get("/inbox").status_code == 303


def test_somebody_without_a_password_has_none(open_web: Callable[..., TestClient], provider: str) -> None:
    open_site(open_web, provider)
    for password in ("", "None", WHO):
        assert check_password(WHO, password) is None


def test_saying_no_at_the_provider(open_web: Callable[..., TestClient], provider: str) -> None:
    web = open_site(open_web, provider)
    back = at_provider(web.get("/inbox/oidc").headers["location"], "ana", "deny")
    assert "error=access_denied" in back
    refused(web, web.get(back), 403, "oidc.failed")


def test_an_answer_counts_once(open_web: Callable[..., TestClient], provider: str) -> None:
    web = open_site(open_web, provider)
    started = web.get("/inbox/oidc")
    kept = web.cookies.get(oidc.COOKIE)
    back = at_provider(started.headers["location"], "ana")
    assert web.get(back).status_code == 303
    web.cookies.delete("staff")
    refused(web, web.get(back), 403, "oidc.failed")
    # Not even with the cookie of that log-in put back: the provider takes a code once.
    cookie = {"cookie": f"{oidc.COOKIE}={kept}"}
    refused(web, web.get(back, headers=cookie), 403, "oidc.failed")


def test_expired_token_of_a_real_provider(open_web: Callable[..., TestClient], late_provider: str) -> None:
    web = open_site(open_web, late_provider)
    refused(web, log_in(web), 403, "oidc.failed")


def test_provider_that_is_not_up(open_web: Callable[..., TestClient]) -> None:
    web = open_site(open_web, f"http://127.0.0.1:{free_port()}")
    refused(web, web.get("/inbox/oidc"), 503, "oidc.unavailable")


def test_without_the_setting_there_is_no_such_page(web: TestClient) -> None:
    for path in ("/inbox/oidc", "/inbox/oidc/callback?code=a&state=b"):
        assert web.get(path).status_code == 404


@pytest.mark.parametrize("issuer", ["http://login.hospital.example", "http://10.0.0.1"])
def test_a_provider_elsewhere_needs_https(issuer: str) -> None:
    others = {"OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b", "PUBLIC_URL": "https://chat.example"}
    with pytest.raises(SettingsError, match="OIDC_ISSUER must start with https"):
        Settings.from_env({"OIDC_ISSUER": issuer} | others)


@pytest.fixture
def liar() -> Liar:
    return Liar()


@pytest.fixture
def site(open_web: Callable[..., TestClient], liar: Liar) -> TestClient:
    return open_with(liar, open_web)


def test_only_the_browser_that_asked_can_come_back(site: TestClient, liar: Liar) -> None:
    back = liar.start(site)
    cookie = str(site.cookies.get(oidc.COOKIE))
    for address, cookies in (
        (back, ""),
        (back, f"{oidc.COOKIE}=made-up"),
        (back, f"{oidc.COOKIE}={cookie[:-3]}AAA"),
        (back, f"{oidc.COOKIE}={site.get('/inbox/login').cookies['staff']}"),
        (f"{back}x", f"{oidc.COOKIE}={cookie}"),
        ("/inbox/oidc/callback?code=c", f"{oidc.COOKIE}={cookie}"),
        (f"{back}&iss=https://evil.example", f"{oidc.COOKIE}={cookie}"),
        (back.replace("code=c&", ""), f"{oidc.COOKIE}={cookie}"),
        (f"{back}&error=<script>", f"{oidc.COOKIE}={cookie}"),
    ):
        site.cookies.clear()
        answer = site.get(address, headers={"cookie": cookies})
        refused(site, answer, 403, "oidc.failed")
        assert "script>" not in answer.text.replace("<script type", "")
    assert [request.url.path for request in liar.asked] == ["/.well-known/openid-configuration"]


def test_an_attempt_lasts_ten_minutes(site: TestClient, liar: Liar, monkeypatch: pytest.MonkeyPatch) -> None:
    back = liar.start(site)
    cookie = site.cookies.get(oidc.COOKIE)
    later = time.time() + oidc.COOKIE_SECONDS + 2
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    refused(site, site.get(back, headers={"cookie": f"{oidc.COOKIE}={cookie}"}), 403, "oidc.failed")


def test_what_goes_to_the_provider(site: TestClient, liar: Liar) -> None:
    started = site.get("/inbox/oidc")
    cookie = started.headers["set-cookie"]
    for flag in ("HttpOnly", "SameSite=lax", "Path=/inbox/oidc", "Max-Age=600"):
        assert flag in cookie
    told = {name: values[0] for name, values in parse_qs(urlsplit(started.headers["location"]).query).items()}
    assert told["redirect_uri"] == "http://testserver/inbox/oidc/callback"
    assert told["scope"] == "openid email"
    assert told["code_challenge_method"] == "S256"
    assert site.get(liar.start(site)).status_code == 303
    sent = next(request for request in liar.asked if request.url.path == "/token")
    body = {name: values[0] for name, values in parse_qs(sent.content.decode()).items()}
    assert sent.headers["authorization"].startswith("Basic ")
    assert body["grant_type"] == "authorization_code"
    assert "client_secret" not in body


def test_the_verifier_is_the_one_behind_the_challenge(site: TestClient, liar: Liar) -> None:
    locations: list[str] = []
    site.event_hooks["response"] = [lambda answer: locations.append(answer.headers.get("location", ""))]
    site.get(liar.start(site))
    challenge = parse_qs(urlsplit(locations[0]).query)["code_challenge"][0]
    sent = next(request for request in liar.asked if request.url.path == "/token")
    verifier = parse_qs(sent.content.decode())["code_verifier"][0]
    assert urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=") == challenge


def test_cookie_is_secure_where_families_come_by_https(
    open_web: Callable[..., TestClient], liar: Liar
) -> None:
    web = open_with(liar, open_web)
    assert "Secure" not in web.get("/inbox/oidc").headers["set-cookie"]
    assert "Secure" in web.get("https://testserver/inbox/oidc").headers["set-cookie"]


def test_starting_is_limited(site: TestClient) -> None:
    assert [site.get("/inbox/oidc").status_code for _ in range(20)] == [303] * 20
    answer = site.get("/inbox/oidc")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
