"""What a provider tells wrongly is refused with a clear page, and nobody is logged in."""

import logging
import re
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from tests.web.liar import KEY, OTHER_KEY, WHO, Liar, open_with, refused


@pytest.fixture
def liar() -> Liar:
    return Liar()


@pytest.fixture
def site(open_web: Callable[..., TestClient], liar: Liar) -> TestClient:
    return open_with(liar, open_web)


def test_honest_answers_are_taken(site: TestClient, liar: Liar) -> None:
    """Otherwise the tests below would prove nothing."""
    assert site.get(liar.start(site)).status_code == 303
    assert site.get("/inbox").status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": ["prescreen", "another"], "azp": "another"},
        {"aud": ["prescreen", "another"]},
        {"aud": {"prescreen": 1}},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"exp": "soon"},
        {"iat": int(time.time()) + 3600},
        {"nbf": int(time.time()) + 3600},
        {"sub": None},
        {"sub": 5},
        {"at_hash": "wrong"},
        {"amr": 7},
    ],
    ids=str,
)
def test_wrong_claims_are_refused(
    site: TestClient, liar: Liar, claims: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    liar.claims = claims
    refused(site, site.get(liar.start(site)), 403, "oidc.failed")
    assert "the ID token's" in caplog.text
    assert WHO not in caplog.text


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ({"alg": "RS256", "kid": "k1"}, OTHER_KEY),
        ({"alg": "RS256", "kid": "k2"}, OTHER_KEY),
        ({"alg": "none"}, b""),
        ({"alg": "HS256"}, b"a client's secret"),
        ({"alg": "HS256", "kid": "k1"}, KEY.as_pem(private=False)),
    ],
    ids=[
        "another key",
        "unknown key",
        "no signature",
        "signed with our secret",
        "signed with the public key",
    ],
)
def test_wrong_signatures_are_refused(site: TestClient, liar: Liar, header: dict[str, str], key: Any) -> None:
    liar.header, liar.key = header, key
    refused(site, site.get(liar.start(site)), 403, "oidc.failed")


ODD: list[tuple[str, httpx.Response | Exception, int]] = [
    ("/token", httpx.Response(200, json={"access_token": "a"}), 403),
    ("/token", httpx.Response(200, json={"id_token": "a.b.c"}), 403),
    ("/token", httpx.Response(200, json={"id_token": {"a": 1}}), 403),
    ("/token", httpx.Response(200, json=["a"]), 403),
    ("/token", httpx.Response(200, html="<p>Log in"), 403),
    ("/token", httpx.Response(400, json={"error": "invalid_grant"}), 403),
    ("/token", httpx.Response(302, headers={"location": "https://evil.example/token"}), 403),
    ("/token", httpx.Response(502, html="<p>Bad gateway"), 503),
    ("/token", httpx.ReadTimeout("slow"), 503),
    ("/token", httpx.RemoteProtocolError("broken"), 503),
    ("/keys", httpx.Response(200, json={}), 403),
    ("/keys", httpx.Response(200, json={"keys": []}), 403),
    ("/keys", httpx.Response(200, json={"keys": [5]}), 403),
    ("/keys", httpx.Response(200, json={"keys": [{"kty": "RSA", "kid": "k1"}]}), 403),
    ("/keys", httpx.Response(404), 403),
    ("/keys", httpx.ConnectError("down"), 503),
]


@pytest.mark.parametrize(("path", "answer", "status"), ODD, ids=lambda value: re.sub(r"\W+", " ", str(value)))
def test_odd_answers_give_a_clear_page(
    site: TestClient, liar: Liar, path: str, answer: httpx.Response | Exception, status: int
) -> None:
    back = liar.start(site)
    liar.answers[path] = answer
    refused(site, site.get(back), status, "oidc.failed" if status == 403 else "oidc.unavailable")
    assert {request.url.host for request in liar.asked} == {"login.hospital.example"}


@pytest.mark.parametrize(
    ("described", "status"),
    [
        ({"issuer": "https://evil.example"}, 403),
        ({"issuer": None}, 403),
        ({"authorization_endpoint": None}, 403),
        ({"authorization_endpoint": "javascript:alert(1)"}, 403),
        ({"authorization_endpoint": "http://login.hospital.example/authorize"}, 403),
    ],
    ids=str,
)
def test_odd_descriptions_give_a_clear_page(
    site: TestClient, liar: Liar, described: dict[str, Any], status: int
) -> None:
    liar.described |= described
    refused(site, site.get("/inbox/oidc"), status, "oidc.failed")


@pytest.mark.parametrize("endpoint", ["token_endpoint", "jwks_uri"])
def test_secrets_and_keys_go_over_tls_alone(site: TestClient, liar: Liar, endpoint: str) -> None:
    liar.described[endpoint] = "http://login.hospital.example/token"
    refused(site, site.get(liar.start(site)), 403, "oidc.failed")
    assert {request.url.scheme for request in liar.asked} == {"https"}


def test_userinfo_is_asked_where_the_token_does_not_tell(site: TestClient, liar: Liar) -> None:
    liar.claims = {"email": None}
    assert site.get(liar.start(site)).status_code == 303
    assert liar.asked[-1].headers["authorization"] == "Bearer a"


def test_userinfo_about_somebody_else_is_refused(site: TestClient, liar: Liar) -> None:
    liar.claims = {"email": None, "sub": "2"}
    refused(site, site.get(liar.start(site)), 403, "oidc.failed")
