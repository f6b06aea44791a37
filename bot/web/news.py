"""Signing up for news: the form, and the pages behind the links in mails. It works without JavaScript.

The chat's session stands in the body of each POST, never in an address, and so does the e-mail. What a link
holds is random and stands for nobody. Opening a link changes nothing, since mail scanners open every link:
the page has one button, and only pressing it counts. A mail program's own button to stop (RFC 8058) is a bare
POST to the same address.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

from email_validator import validate_email
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.leads.clock import now
from bot.leads.intake import Consent, consent_version
from bot.leads.news.offers import Offers, offers
from bot.leads.news.signing import Wish, can_mail, confirm, sign_up, stop
from bot.leads.store import screening_for, screening_mark
from bot.leads.words import day_in_words
from bot.settings import Settings
from bot.web.again import STORE_ERRORS, keeps_what_was_typed
from bot.web.contact_form import Filled, email_error, needs_guardian, one_line
from bot.web.evenly import in_even_time
from bot.web.family import fields_and_session, way_of
from bot.web.limits import RateLimit, TooMany, TurnLocks, limited_address
from bot.web.pages import page

log = logging.getLogger(__name__)
router = APIRouter(prefix="/news", include_in_schema=False)

_FIELDS = ("email", "day", "studies", "consent")


@dataclass
class NewsPage:
    """What the pages keep between requests: how often one caller and one chat may sign up.

    ``answer_after`` is how many seconds every answer to a sign-up takes: an address that had its mail within
    the hour is known by nothing.
    """

    answer_after: float = 0.5
    by_address: RateLimit = field(default_factory=lambda: RateLimit(20, minutes=60))
    by_chat: RateLimit = field(default_factory=lambda: RateLimit(5, minutes=60))


@dataclass(frozen=True)
class Chat:
    """The chat that somebody comes from, and what it gives to choose from."""

    fields: dict[str, str]
    session_id: str
    screening: dict[str, Any]
    offers: Offers

    @property
    def guardian(self) -> bool:
        """Whether a parent's or guardian's address is asked for."""
        return needs_guardian(self.screening, "")


@router.get("")
@router.get("/sign-up")
async def start_in_chat(request: Request) -> HTMLResponse:
    """Somebody came by address or reload: the form needs a chat."""
    return _closed(request, "start", {})


@router.post("")
@keeps_what_was_typed
async def open_form(request: Request) -> HTMLResponse:
    """The empty form; no box is ticked."""
    chat = await _chat(request)
    return chat if isinstance(chat, HTMLResponse) else _form_page(request, chat, Filled({}))


@router.post("/sign-up")
@keeps_what_was_typed
async def send(request: Request) -> HTMLResponse:
    """Keep the sign-up and have its mail sent; the answer is the same whoever signed up before."""
    chat = await _chat(request)
    if isinstance(chat, HTMLResponse):
        return chat
    form = _checked(chat)
    if chat.fields.get("mark") != screening_mark(chat.screening):
        return _form_page(request, chat, Filled(form.values), notice="web.check.changed")
    if form.errors:
        return _form_page(request, chat, form, status=422, notice="news.fix")
    try:
        _count(request, chat.session_id)
    except TooMany as many:
        refused = _form_page(request, chat, form, status=429, notice="web.error.too_many")
        refused.headers["Retry-After"] = str(many.retry_after)
        return refused
    wish, consent = _wish(chat, form), _consent(request, chat)
    locks: TurnLocks = request.app.state.locks
    async with locks.turn(chat.session_id, always=True):
        # An erasing may have come first while this waited: nothing is kept of an ended chat.
        if chat.session_id in request.app.state.ended:
            return _closed(request, "ended", chat.fields)
        try:
            await in_even_time(lambda: sign_up(chat.session_id, wish, consent), _state(request).answer_after)
        except STORE_ERRORS as error:
            log.error("a sign-up was not stored: %s", type(error).__name__)
            return _form_page(request, chat, form, status=503, notice="news.failed")
    return page(request, "news_sent.html", email=form.values["email"], **way_of(chat.fields))


@router.get("/confirm/{token}")
async def ask_to_confirm(request: Request, token: str) -> HTMLResponse:
    """One button. Nothing is looked up: whoever opens a link learns nothing and changes nothing."""
    return page(request, "news_ask.html", what="confirm", failed=False)


@router.post("/confirm/{token}")
async def say_yes(request: Request, token: str) -> HTMLResponse:
    """The button was pressed: from here on she gets mails. Pressed twice, it is one yes."""
    try:
        confirmed = await asyncio.to_thread(confirm, token)
    except STORE_ERRORS as error:
        return _failed(request, "confirm", error)
    if confirmed is None:
        return page(request, "news_gone.html", status=404)
    day = day_in_words(confirmed.day.isoformat()) if confirmed.day else None
    return page(request, "news_confirmed.html", day=day, studies=confirmed.studies)


@router.get("/stop/{token}")
async def ask_to_stop(request: Request, token: str) -> HTMLResponse:
    """One button, as above."""
    return page(request, "news_ask.html", what="stop", failed=False)


@router.post("/stop/{token}")
async def stop_now(request: Request, token: str) -> HTMLResponse:
    """The button was pressed, here or in a mail program, whose body is not read: nothing more comes.

    A link that mails broke is told apart from one that worked: she must not believe that it was stopped.
    """
    try:
        stopped = await asyncio.to_thread(stop, token)
    except STORE_ERRORS as error:
        return _failed(request, "stop", error)
    return page(request, "news_stopped.html", stopped=stopped)


async def _chat(request: Request) -> Chat | HTMLResponse:
    """The chat of this form, or the page that says why there is nothing to sign up for."""
    fields, session_id = await fields_and_session(request)
    if not can_mail(_settings(request)):
        return _closed(request, "no_mail", fields)
    if session_id in request.app.state.ended:
        return _closed(request, "ended", fields)
    screening = await asyncio.to_thread(screening_for, session_id)
    if screening is None:
        return _closed(request, "questions", fields)
    offered = offers(screening, _settings(request).today())
    if not offered.anything:
        return _closed(request, "nothing", fields)
    return Chat(fields, session_id, screening, offered)


def _checked(chat: Chat) -> Filled:
    """The form with the text of what is wrong beside each field. What was typed stays as it was."""
    values = {name: one_line(chat.fields.get(name, "")) for name in _FIELDS}
    form, errors = Filled(values), {}
    if (problem := email_error(values["email"])) is not None:
        errors["email"] = f"web.contact.error.{problem}"
    wants_day = chat.offers.day is not None and form.ticked("day")
    wants_studies = chat.offers.diagnosis is not None and form.ticked("studies")
    if not wants_day and not wants_studies:
        errors["wish"] = "news.error.wish"
    if not form.ticked("consent"):
        errors["consent"] = "news.error.consent"
    return Filled(values, errors)


def _wish(chat: Chat, form: Filled) -> Wish:
    return Wish(
        email=validate_email(form.values["email"], check_deliverability=False).normalized,
        day=chat.offers.day if form.ticked("day") else None,
        diagnosis=chat.offers.diagnosis if form.ticked("studies") else None,
    )


def _consent(request: Request, chat: Chat) -> Consent:
    wording = request.app.state.texts.say(_consent_key(chat), site=_settings(request).site_name)
    return Consent("news", consent_version(wording), wording, now())


def _consent_key(chat: Chat) -> str:
    return "news.consent_guardian" if chat.guardian else "news.consent"


def _count(request: Request, session_id: str) -> None:
    """Raises TooMany where this chat, or this caller, signs up too often."""
    state = _state(request)
    state.by_chat.take(session_id)
    address = limited_address(request.client.host if request.client else None)
    if address is not None:
        state.by_address.take(address)


def _state(request: Request) -> NewsPage:
    state: NewsPage = request.app.state.news_page
    return state


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _form_page(
    request: Request, chat: Chat, form: Filled, status: int = 200, notice: str | None = None
) -> HTMLResponse:
    day = chat.offers.day
    return page(
        request,
        "news.html",
        status=status,
        mark=screening_mark(chat.screening),
        form=form,
        day=day_in_words(day.isoformat()) if day else None,
        studies=chat.offers.diagnosis is not None,
        guardian=chat.guardian,
        consent=_consent_key(chat),
        notice=notice,
        **way_of(chat.fields),
    )


def _closed(request: Request, why: str, fields: dict[str, str]) -> HTMLResponse:
    return page(request, "news_closed.html", reason=f"news.closed.{why}", **way_of(fields))


def _failed(request: Request, what: str, error: Exception) -> HTMLResponse:
    # The address is not logged: it holds what opens the link.
    log.error("news could not be answered (%s): %s", what, type(error).__name__)
    return page(request, "news_ask.html", status=503, what=what, failed=True)
