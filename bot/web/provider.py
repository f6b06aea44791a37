"""The hospital's identity provider: where a browser goes to log in, and who the answer says it is.

OpenID Connect, authorization code with PKCE. Nothing that the provider says about a person comes into an
error's text.
"""

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ClaimError, JoseError
from joserfc.jwk import KeySet

from bot.settings import Settings

PROVIDER_SECONDS = 10.0
METADATA_SECONDS = 600.0
# Clocks of two machines differ.
LEEWAY_SECONDS = 60
# Signatures that only the holder of a private key can make: never "none", never a shared secret.
_SIGNATURES = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)


class OidcFailed(Exception):
    """A log-in can't be completed. The text holds no word of the provider's but names of claims."""


class ProviderDown(OidcFailed):
    """The provider does not answer."""


class NotKnown(OidcFailed):
    """The provider knows who it is, the site's list does not."""


@dataclass(frozen=True)
class Attempt:
    """What belongs to one log-in on its way, each part a random text."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> "Attempt":
        """An attempt that nobody can guess."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))


class Provider:
    """The identity provider that OIDC_ISSUER names."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._issuer = settings.oidc_issuer or ""
        self._client_id = settings.oidc_client_id or ""
        secret = settings.oidc_client_secret
        self._client_secret = secret.get_secret_value() if secret else ""
        self._callback = f"{(settings.public_url or '').rstrip('/')}/inbox/oidc/callback"
        self._claim = settings.oidc_claim
        # A redirect could send the client's secret elsewhere: none is followed.
        self._http = httpx.AsyncClient(
            timeout=PROVIDER_SECONDS,
            follow_redirects=False,
            transport=transport,
            headers={"Accept": "application/json"},
        )
        self._metadata: dict[str, Any] = {}
        self._metadata_at = 0.0

    async def close(self) -> None:
        """Give up all connections."""
        await self._http.aclose()

    async def address(self, attempt: Attempt) -> str:
        """Where the browser goes to log in. Raises OidcFailed."""
        endpoint = self._endpoint(await self._described(), "authorization_endpoint")
        scopes = {"openid", "email" if self._claim == "email" else "profile"}
        address: str = prepare_grant_uri(
            endpoint,
            self._client_id,
            "code",
            redirect_uri=self._callback,
            scope=" ".join(sorted(scopes, reverse=True)),
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
        )
        return address

    async def name(self, code: str, attempt: Attempt) -> str:
        """The name, on the site's list, of whoever got this code. Raises OidcFailed."""
        described = await self._described()
        token = await self._token(described, code, attempt)
        claims = await self._verified(described, token, attempt)
        if self._claim not in claims:
            claims = await self._userinfo(described, token, claims)
        name = claims.get(self._claim)
        if not isinstance(name, str) or not name:
            raise NotKnown(f"the provider tells no {self._claim}")
        if self._claim == "email" and claims.get("email_verified") not in (True, "true"):
            raise NotKnown("the provider does not say that the address is verified (email_verified)")
        return name

    async def _described(self) -> dict[str, Any]:
        if self._metadata and time.monotonic() - self._metadata_at < METADATA_SECONDS:
            return self._metadata
        address = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        described = await self._asked("GET", address)
        if str(described.get("issuer", "")).rstrip("/") != self._issuer.rstrip("/"):
            raise OidcFailed("the provider calls itself something else than OIDC_ISSUER")
        self._metadata, self._metadata_at = described, time.monotonic()
        return described

    def _endpoint(self, described: Mapping[str, Any], name: str) -> str:
        address = described.get(name)
        secure = self._issuer.startswith("https://")
        if not isinstance(address, str) or not address.startswith("https://" if secure else "http"):
            raise OidcFailed(f"the provider has no usable {name}")
        return address

    async def _token(self, described: Mapping[str, Any], code: str, attempt: Attempt) -> dict[str, Any]:
        endpoint = self._endpoint(described, "token_endpoint")
        body = prepare_token_request(
            "authorization_code", redirect_uri=self._callback, code=code, code_verifier=attempt.verifier
        )
        allowed = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in allowed else "client_secret_post"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        prove = ClientAuth(self._client_id, self._client_secret, method).prepare
        endpoint, headers, body = prove("POST", endpoint, headers, body)
        return await self._asked("POST", endpoint, headers=headers, content=body)

    async def _verified(
        self, described: Mapping[str, Any], token: Mapping[str, Any], attempt: Attempt
    ) -> Mapping[str, Any]:
        """The ID token's claims, once signature, issuer, audience, times and nonce are right."""
        keys = await self._asked("GET", self._endpoint(described, "jwks_uri"))
        offered = described.get("id_token_signing_alg_values_supported") or ["RS256"]
        allowed = [name for name in _SIGNATURES if name in offered]
        try:
            # What the provider sent is checked here and nowhere before, so mypy has no type for it.
            read = jwt.decode(str(token["id_token"]), KeySet.import_key_set(keys), algorithms=allowed)  # type: ignore[arg-type]
            claims = CodeIDToken(
                read.claims,
                read.header,
                {
                    "iss": {"essential": True, "value": described["issuer"]},
                    "aud": {"essential": True, "value": self._client_id},
                },
                {
                    "nonce": attempt.nonce,
                    "client_id": self._client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(leeway=LEEWAY_SECONDS)
        except ClaimError as error:
            raise OidcFailed(f"the ID token's {error.claim} is wrong") from None
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise OidcFailed(f"the ID token can't be read ({type(error).__name__})") from None
        return dict(claims)

    async def _userinfo(
        self, described: Mapping[str, Any], token: Mapping[str, Any], claims: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Claims that are not in the ID token; some providers tell them here only."""
        if "userinfo_endpoint" not in described:
            return claims
        address = self._endpoint(described, "userinfo_endpoint")
        told = await self._asked(
            "GET", address, headers={"Authorization": f"Bearer {token.get('access_token', '')}"}
        )
        if told.get("sub") != claims["sub"]:
            raise OidcFailed("the provider's userinfo is about somebody else")
        return told

    async def _asked(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        try:
            async with asyncio.timeout(PROVIDER_SECONDS):
                answer = await self._http.request(method, address, **more)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, TimeoutError) as error:
            raise ProviderDown(f"the provider does not answer ({type(error).__name__})") from None
        if answer.status_code >= 500:
            raise ProviderDown(f"the provider answers with status {answer.status_code}")
        try:
            told = answer.json()
        except ValueError:
            told = None
        if answer.status_code != 200 or not isinstance(told, dict):
            raise OidcFailed(f"the provider refuses, with status {answer.status_code}")
        return told
