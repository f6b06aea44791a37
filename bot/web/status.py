"""The family's own page: how far her message is, by her reference and a code from her mail.

It works without JavaScript. Reference, code and the token that stands for both travel in the bodies of POSTs,
never in an address. Whether a reference is known is told by nothing: neither by words nor by time.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from itsdangerous import BadData, URLSafeTimedSerializer

from bot.leads.status import TAKEN_BACK, Status, request_code, status_of, tidied, use_code
from bot.leads.withdrawal import withdraw
from bot.leads.words import day_in_words
from bot.settings import Settings
from bot.web.again import STORE_ERRORS
from bot.web.errors import ApiError
from bot.web.evenly import in_even_time
from bot.web.forms import form_fields
from bot.web.limits import RateLimit, limited_address
from bot.web.pages import page

log = logging.getLogger(__name__)
router = APIRouter(prefix="/status", include_in_schema=False)

_OPEN_SECONDS = 15 * 60


class StatusPage:
    """What the page keeps between requests: its limits, and the key of its tokens.

    ``answer_after`` is how many seconds every answer about a reference takes. Writing to the disk happens for
    known ones only and takes a fraction of that.
    """

    def __init__(self, settings: Settings, answer_after: float = 0.5) -> None:
        self.answer_after = answer_after
        self.by_address = RateLimit(20)
        self.by_reference = RateLimit(6)
        self._tokens = URLSafeTimedSerializer(settings.session_key(), salt="status-page")

    def token(self, reference: str) -> str:
        """What stands for a reference whose code was shown; good for a quarter of an hour."""
        return self._tokens.dumps(reference)

    def reference(self, token: str) -> str | None:
        """The reference inside a token, unless it is too old or was not made here."""
        try:
            return str(self._tokens.loads(token, max_age=_OPEN_SECONDS))
        except BadData:
            return None


@router.get("")
async def start(request: Request) -> HTMLResponse:
    """Asks for the reference; without a mail server, tells how to reach the site."""
    return _start_page(request)


@router.get("/code")
@router.get("/see")
@router.get("/withdraw")
@router.get("/withdraw/yes")
async def from_the_start(request: Request) -> Response:
    """Somebody came by address or reload: these pages need what was typed."""
    return RedirectResponse("/status", 303)


@router.post("")
async def send_code(request: Request) -> HTMLResponse:
    """Mail a code, where there is somebody to mail it to; the answer is the same in any case."""
    reference = tidied((await _fields(request)).get("reference", ""))
    if _settings(request).smtp_host is None:
        return _start_page(request)
    _state(request).by_reference.take(reference)
    await _evenly(request, lambda: request_code(reference))
    return page(request, "status_code.html", reference=reference, problem=None)


@router.post("/code")
async def enter(request: Request) -> HTMLResponse:
    """Show the status for the right code."""
    fields = await _fields(request)
    reference = tidied(fields.get("reference", ""))
    _state(request).by_reference.take(reference)
    status = await _evenly(request, lambda: use_code(reference, fields.get("code", "")))
    if status is None:
        return page(request, "status_code.html", status=403, reference=reference, problem="status.code.wrong")
    return _status_page(request, status, _state(request).token(status.reference))


@router.post("/see")
async def see(request: Request) -> HTMLResponse:
    """The status once more, as long as the token holds."""
    fields = await _fields(request)
    status = await _opened(request, fields)
    return _status_page(request, status, fields["token"]) if status is not None else _too_late(request)


@router.post("/withdraw")
async def ask(request: Request) -> HTMLResponse:
    """Ask before anything is deleted, and say what will be."""
    fields = await _fields(request)
    status = await _opened(request, fields)
    if status is None:
        return _too_late(request)
    if status.state == TAKEN_BACK:
        return _status_page(request, status, fields["token"])
    return _ask_page(request, status, fields["token"])


@router.post("/withdraw/yes")
async def take_back(request: Request) -> HTMLResponse:
    """Delete what the family told; pressed twice, it is deleted once and said twice."""
    fields = await _fields(request)
    status = await _opened(request, fields)
    if status is None:
        return _too_late(request)
    try:
        await asyncio.to_thread(withdraw, status.reference)
    except STORE_ERRORS as error:
        log.error("a lead was not withdrawn: %s", type(error).__name__)
        return _ask_page(request, status, fields["token"], failed=True)
    # Looked at again: a worker may have sent it in between.
    after = await asyncio.to_thread(status_of, status.reference)
    return page(request, "status_withdrawn.html", status_now=after or status)


async def _fields(request: Request) -> dict[str, str]:
    address = limited_address(request.client.host if request.client else None)
    if address is not None:
        _state(request).by_address.take(address)
    return await form_fields(request)


async def _evenly[Result](request: Request, work: Callable[[], Result]) -> Result:
    """Do the work; the answer comes when it always comes."""
    try:
        return await in_even_time(work, _state(request).answer_after)
    except STORE_ERRORS as error:
        log.error("the status page could not reach its database: %s", type(error).__name__)
        raise ApiError(503, "unavailable", "status.error", {"Retry-After": "60"}) from None


async def _opened(request: Request, fields: dict[str, str]) -> Status | None:
    reference = _state(request).reference(fields.get("token", ""))
    if reference is None:
        return None
    try:
        return await asyncio.to_thread(status_of, reference)
    except STORE_ERRORS as error:
        log.error("the status page could not reach its database: %s", type(error).__name__)
        raise ApiError(503, "unavailable", "status.error", {"Retry-After": "60"}) from None


def _state(request: Request) -> StatusPage:
    state: StatusPage = request.app.state.status_page
    return state


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _start_page(request: Request, problem: str | None = None, status: int = 200) -> HTMLResponse:
    can_mail = _settings(request).smtp_host is not None
    return page(request, "status.html", status=status, can_mail=can_mail, problem=problem)


def _too_late(request: Request) -> HTMLResponse:
    return _start_page(request, "status.code.too_late", 403)


def _status_page(request: Request, status: Status, token: str) -> HTMLResponse:
    return page(
        request,
        "status_state.html",
        status_now=status,
        token=token,
        received=_day(request, status.received),
        changed=_day(request, status.changed),
    )


def _ask_page(request: Request, status: Status, token: str, failed: bool = False) -> HTMLResponse:
    return page(
        request,
        "status_withdraw.html",
        status=503 if failed else 200,
        status_now=status,
        token=token,
        failed=failed,
    )


def _day(request: Request, moment: datetime) -> str:
    there = moment.astimezone(ZoneInfo(_settings(request).site_timezone))
    return day_in_words(there.date().isoformat())
