"""Log-in of the staff through the hospital's identity provider.

The provider says who somebody is; whether she may read the inbox, the site's own list of users says. What a
log-in on its way needs (state, nonce, PKCE verifier) stands in a signed cookie of ten minutes, so that an
answer counts in the browser that asked for it, and nowhere else.
"""

import asyncio
import logging
import re
import secrets

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from itsdangerous import BadData, URLSafeTimedSerializer

from bot.leads.reading import record
from bot.leads.users import staff_by_name
from bot.web.errors import ApiError
from bot.web.limits import RateLimit
from bot.web.pages import page
from bot.web.provider import Attempt, NotKnown, OidcFailed, Provider, ProviderDown
from bot.web.staff import StaffSessions, is_https

log = logging.getLogger(__name__)
router = APIRouter(prefix="/inbox/oidc", include_in_schema=False)

COOKIE = "oidc"
COOKIE_PATH = "/inbox/oidc"
COOKIE_SECONDS = 600


@router.get("")
async def start(request: Request) -> Response:
    """Send the browser to the provider."""
    provider = _provider(request)
    _limit(request)
    attempt = Attempt.new()
    try:
        response = RedirectResponse(await provider.address(attempt), 303)
    except OidcFailed as error:
        return _refused(request, error)
    response.set_cookie(
        COOKIE,
        _cookies(request).dumps([attempt.state, attempt.nonce, attempt.verifier]),
        max_age=COOKIE_SECONDS,
        path=COOKIE_PATH,
        httponly=True,
        samesite="lax",
        secure=is_https(request),
    )
    return response


@router.get("/callback")
async def callback(request: Request) -> Response:
    """The browser comes back from the provider. Whatever it brings counts once."""
    provider = _provider(request)
    _limit(request)
    try:
        code, attempt = _brought(request)
        name = await provider.name(code, attempt)
        staff = await asyncio.to_thread(staff_by_name, name)
        if staff is None:
            raise NotKnown("somebody who is not on the site's list")
    except OidcFailed as error:
        return _refused(request, error)
    await asyncio.to_thread(record, staff.name, "log in")
    response = RedirectResponse("/inbox", 303)
    response.delete_cookie(COOKIE, path=COOKIE_PATH)
    sessions: StaffSessions = request.app.state.staff_sessions
    sessions.write(request, response, sessions.fresh(staff))
    return response


def _brought(request: Request) -> tuple[str, Attempt]:
    """The code, and the attempt it answers. Raises OidcFailed where the two don't belong together."""
    told = request.query_params
    try:
        attempt = Attempt(*_cookies(request).loads(request.cookies.get(COOKIE, ""), max_age=COOKIE_SECONDS))
    except (BadData, TypeError):
        raise OidcFailed("no log-in was started in this browser, or too long ago") from None
    if not secrets.compare_digest(told.get("state", "").encode(), attempt.state.encode()):
        raise OidcFailed("the state is not the one of this browser's log-in")
    # RFC 9207: a provider that names itself here must be the one that was asked.
    if "iss" in told and told["iss"].rstrip("/") != str(request.app.state.settings.oidc_issuer).rstrip("/"):
        raise OidcFailed("another provider answered")
    if "error" in told or not told.get("code"):
        reason = told.get("error", "")
        raise OidcFailed(f"the provider said {reason}" if re.fullmatch("[a-z_]{1,40}", reason) else "no code")
    return told["code"], attempt


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.oidc
    if provider is None:
        raise ApiError(404, "not_found", "web.error.not_found")
    return provider


def _limit(request: Request) -> None:
    limit: RateLimit = request.app.state.login_limit
    limit.take(request.client.host if request.client else "")


def _cookies(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(request.app.state.settings.session_key(), salt="oidc-cookie")


def _refused(request: Request, error: OidcFailed) -> Response:
    """One page for everybody who is not on the list, whatever the reason."""
    log.warning("oidc: %s", error)
    if isinstance(error, NotKnown):
        status, problem = 403, "oidc.not_listed"
    elif isinstance(error, ProviderDown):
        status, problem = 503, "oidc.unavailable"
    else:
        status, problem = 403, "oidc.failed"
    response = page(request, "oidc.html", status=status, problem=problem)
    response.delete_cookie(COOKIE, path=COOKIE_PATH)
    return response
