"""An identity provider that tells whatever a test wants."""

import hmac
import html
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from bot.leads.clock import now
from bot.leads.database import open_store
from bot.leads.models import StaffUser
from bot.settings import get_settings
from bot.web import oidc
from bot.web.provider import Provider

WHO = "ana@site.example"
ISSUER = "https://login.hospital.example"
KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})


def forged(header: dict[str, str], claims: dict[str, Any], secret: bytes) -> str:
    """A token with a signature that no library would make."""
    parts = [urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)]
    signature = hmac.digest(secret, ".".join(parts).encode(), "sha256") if secret else b""
    return ".".join([*parts, urlsafe_b64encode(signature).decode().rstrip("=")])


class Liar:
    """A provider whose every answer a test can change."""

    def __init__(self) -> None:
        self.described: dict[str, Any] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        self.claims: dict[str, Any] = {}
        self.header = {"alg": "RS256", "kid": "k1"}
        self.key: Any = KEY
        self.answers: dict[str, httpx.Response | Exception] = {}
        self.asked: list[httpx.Request] = []

    def default(self, path: str) -> httpx.Response:
        if path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=self.described)
        if path == "/keys":
            return httpx.Response(200, json=KeySet([KEY]).as_dict(private=False))
        if path == "/userinfo":
            return httpx.Response(200, json={"sub": "1", "email": WHO, "email_verified": True})
        told = {name: value for name, value in self.claims.items() if value is not None}
        made_here = isinstance(self.key, bytes)
        token = forged(self.header, told, self.key) if made_here else jwt.encode(self.header, told, self.key)
        return httpx.Response(200, json={"access_token": "a", "token_type": "Bearer", "id_token": token})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.get(request.url.path) or self.default(request.url.path)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def start(self, web: TestClient) -> str:
        """Start a log-in; the address to come back to."""
        told = parse_qs(urlsplit(web.get("/inbox/oidc").headers["location"]).query)
        moment = int(time.time())
        times = {"iat": moment, "exp": moment + 300}
        named = {"iss": ISSUER, "sub": "1", "aud": "prescreen", "email": WHO, "email_verified": True}
        self.claims = named | times | {"nonce": told["nonce"][0]} | self.claims
        return f"/inbox/oidc/callback?code=c&state={told['state'][0]}"


def list_user(name: str, disabled: bool = False) -> None:
    """Somebody without a password, as the site's list has her."""
    with open_store().session() as session:
        gone = now() if disabled else None
        user = StaffUser(name=name, role="coordinator", created=now(), session_epoch=0, disabled=gone)
        session.add(user)


def refused(web: TestClient, answer: httpx.Response, status: int, text: str) -> None:
    """A clear page, nobody logged in, and nothing left of the attempt."""
    said = web.app.state.texts.say(text)
    assert (answer.status_code, said in html.unescape(answer.text)) == (status, True), answer.text
    assert "Traceback" not in answer.text
    assert web.get("/inbox").status_code == 303
    assert web.cookies.get(oidc.COOKIE) is None


def open_site(open_web: Callable[..., TestClient], issuer: str, **more: str) -> TestClient:
    """The application with this provider, and one user on its list who has no password."""
    web = open_web(
        OIDC_ISSUER=issuer,
        OIDC_CLIENT_ID="prescreen",
        OIDC_CLIENT_SECRET="a client's secret",
        PUBLIC_URL="http://testserver",
        **more,
    )
    list_user(WHO)
    return web


def open_with(liar: Liar, open_web: Callable[..., TestClient]) -> TestClient:
    """The application with a provider that tells what the test wants."""
    web = open_site(open_web, ISSUER)
    web.app.state.oidc = Provider(get_settings(), httpx.MockTransport(liar))
    return web
