"""The family looks at the page for her doctor, prints it, or shares it by a link with a passcode."""

import asyncio
import logging
import secrets
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from itsdangerous import BadData, URLSafeTimedSerializer

from bot.approval.offered import catalogue
from bot.leads.doctor.links import MOST_LINKS, LinkEnded, LinkMade, TooManyLinks, make_link
from bot.leads.doctor.passcodes import in_groups
from bot.leads.doctor.sheet import Sheet, make_sheet
from bot.leads.results import results_of, screening_for_trial
from bot.leads.store import screening_mark
from bot.settings import Settings
from bot.web.after_pages import ChatNow, chat_now, closed_page, local_moment
from bot.web.again import STORE_ERRORS, keeps_what_was_typed
from bot.web.errors import ApiError
from bot.web.family import fields_and_session, way_of
from bot.web.limits import TurnLocks
from bot.web.pages import page
from bot.web.sessions import loads_of_this_week

log = logging.getLogger(__name__)
router = APIRouter(prefix="/after/doctor", include_in_schema=False)


@router.post("")
@keeps_what_was_typed
async def preview(request: Request) -> HTMLResponse:
    """The page as it would be shared now; her notes stand beside it, until she puts them on it."""
    fields, session_id = await fields_and_session(request)
    return await _preview(request, fields, session_id)


@router.post("/link")
@keeps_what_was_typed
async def share(request: Request) -> HTMLResponse:
    """Make the link and show its passcode; the same form sent twice makes one link.

    What is shared is what she saw: where her answers or notes changed meanwhile, she sees the page anew.
    """
    fields, session_id = await fields_and_session(request)
    seed = _seed(request, fields, session_id)
    locks: TurnLocks = request.app.state.locks
    async with locks.turn(session_id, always=True):
        chat = await chat_now(request, session_id)
        if chat.screening is None:
            return closed_page(request, fields, "ended" if chat.ended else "questions")
        if seed is None:
            return await _preview(request, fields, session_id, "after.closed.too_late")
        if fields.get("mark") != _mark(chat):
            return await _preview(request, fields, session_id, "after.closed.changed")
        sheet = _sheet(request, fields, chat.screening, chat.notes)
        try:
            made = await asyncio.to_thread(make_link, session_id, seed, sheet)
        except TooManyLinks:
            return await _preview(request, fields, session_id)
        except LinkEnded:
            return await _preview(request, fields, session_id, "doctor.preview.ended")
        except STORE_ERRORS as error:
            log.error("a link was not made: %s", type(error).__name__)
            return await _preview(request, fields, session_id, "doctor.preview.not_made", 503)
    return _link_page(request, fields, made)


def _tokens(request: Request) -> URLSafeTimedSerializer:
    settings: Settings = request.app.state.settings
    return URLSafeTimedSerializer(settings.session_key(), salt="doctor-link")


def _seed(request: Request, fields: dict[str, str], session_id: str) -> str | None:
    """What the link and its passcode come from; None where the page was open for too long.

    The family gets a 401 for a form of another chat.
    """
    try:
        owner, seed = loads_of_this_week(_tokens(request), fields.get("form", ""))
    except (BadData, ValueError, TypeError):
        return None
    if owner != session_id:
        raise ApiError(401, "bad_session", "web.error.bad_session")
    return str(seed)


def _mark(chat: ChatNow) -> str:
    return screening_mark({"screening": chat.screening, "notes": chat.notes})


def _sheet(request: Request, fields: dict[str, str], screening: dict[str, Any], notes: str) -> Sheet:
    wanted = notes if fields.get("notes") == "yes" else ""
    number = _trial(fields, screening)
    # Of a study that has closed since she may have the page too: what she was told of it does not change.
    trial = request.app.state.trials.get(number) or catalogue(request.app.state.settings).trial(number)
    return make_sheet(screening_for_trial(screening, trial.id), trial, request.app.state.texts, wanted)


def _trial(fields: dict[str, str], screening: dict[str, Any]) -> str:
    """The trial that the page is about: the one that she picked, otherwise the most hopeful one."""
    shown = [str(result["trial"]) for result in results_of(screening)]
    return fields["trial"] if fields.get("trial") in shown else shown[0]


async def _preview(
    request: Request, fields: dict[str, str], session_id: str, notice: str | None = None, status: int = 200
) -> HTMLResponse:
    chat = await chat_now(request, session_id)
    if chat.screening is None:
        return closed_page(request, fields, "ended" if chat.ended else "questions")
    return page(
        request,
        "doctor_preview.html",
        status=status,
        **way_of(fields),
        form_token=_tokens(request).dumps([session_id, secrets.token_urlsafe(24)]),
        mark=_mark(chat),
        sheet=_sheet(request, fields, chat.screening, chat.notes),
        notes=chat.notes,
        trial=_trial(fields, chat.screening),
        too_many=MOST_LINKS if len([one for one in chat.links if not one.locked]) >= MOST_LINKS else None,
        notice=notice,
    )


def _link_page(request: Request, fields: dict[str, str], made: LinkMade) -> HTMLResponse:
    settings: Settings = request.app.state.settings
    path = f"/doctor/{made.link}"
    return page(
        request,
        "doctor_link.html",
        **way_of(fields),
        path=path,
        # No address is made of what a request says of its host.
        address=f"{settings.public_url.rstrip('/')}{path}" if settings.public_url else None,
        passcode=in_groups(made.passcode),
        until=local_moment(request, made.expires),
    )
