"""The site's inbox: log-in, the list of leads, one lead's card with what is unknown first."""

import asyncio
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.leads.reading import LeadCard, all_leads, lead_card, record
from bot.leads.users import LONGEST_NAME, check_password, end_sessions, nobody_yet
from bot.leads.words import day_in_words, grouped
from bot.web.contact_form import countries
from bot.web.errors import ApiError
from bot.web.forms import form_fields
from bot.web.limits import RateLimit, WrongTries
from bot.web.pages import page
from bot.web.staff import COOKIE, StaffSession, StaffSessions

router = APIRouter(prefix="/inbox", include_in_schema=False)

_ORDER = {"unknown": 0, "not_yet": 1, "not_met": 2, "met": 3, "for_the_team": 4}


@router.get("")
async def leads(request: Request) -> Response:
    """All leads, newest first; without a session, the way to log in."""
    session = await _session(request)
    if session is None or session.staff is None:
        return RedirectResponse("/inbox/login", 303)
    cards = await asyncio.to_thread(all_leads)
    rows = [(card, len(_unknowns(card)), _delivery(request, card)) for card in cards]
    return _with_cookie(request, session, page(request, "inbox.html", rows=rows, **_common(request, session)))


@router.get("/lead/{reference}")
async def lead(request: Request, reference: str) -> Response:
    """One lead. Looking at it is noted in the audit."""
    session = await _session(request)
    if session is None or session.staff is None:
        return RedirectResponse("/inbox/login", 303)
    card = await asyncio.to_thread(lead_card, reference)
    if card is None:
        raise ApiError(404, "not_found", "web.error.not_found")
    await asyncio.to_thread(record, session.staff.name, "read", card.reference)
    findings = sorted(card.screening["findings"].items(), key=lambda item: _ORDER[item[1]["finding"]])
    trial = request.app.state.trials.get(card.trial)
    answers_day = card.screening.get("today")
    shown = page(
        request,
        "lead.html",
        card=card,
        contact=_contact(card),
        findings=findings,
        unknowns=_unknowns(card),
        sources={criterion.id: criterion.source for criterion in trial.criteria} if trial else {},
        told=grouped(card.screening["facts"], request.app.state.texts),
        answers_day=day_in_words(answers_day) if answers_day else "",
        delivery=_delivery(request, card),
        **_common(request, session),
    )
    return _with_cookie(request, session, shown)


@router.get("/login")
async def login_page(request: Request) -> Response:
    """The log-in form."""
    session = await _session(request)
    if session is not None and session.staff is not None:
        return RedirectResponse("/inbox", 303)
    return await _login_page(request, None)


@router.post("/login")
async def login(request: Request) -> Response:
    """Check name and password; the answer never says which of them was wrong."""
    fields = await form_fields(request)
    typed = fields.get("name", "").strip()[:LONGEST_NAME]
    session = await _session(request)
    if not _sessions(request).csrf_ok(session, fields.get("csrf", "")):
        return await _login_page(request, "web.staff.expired", 403, typed)
    address = request.client.host if request.client else ""
    limit: RateLimit = request.app.state.login_limit
    limit.take(address)
    tries: WrongTries = request.app.state.wrong_tries
    if tries.must_wait(typed, address):
        return await _login_page(request, "web.staff.wrong", 403, typed)
    staff = await asyncio.to_thread(check_password, typed, fields.get("password", ""))
    if staff is None:
        tries.wrong(typed, address)
        return await _login_page(request, "web.staff.wrong", 403, typed)
    tries.right(typed, address)
    await asyncio.to_thread(record, staff.name, "log in")
    return _with_cookie(request, _sessions(request).fresh(staff), RedirectResponse("/inbox", 303))


@router.post("/logout")
async def logout(request: Request) -> Response:
    """End all sessions of whoever asks."""
    fields = await form_fields(request)
    session = await _session(request)
    response = RedirectResponse("/inbox/login", 303)
    if (
        session is not None
        and session.staff is not None
        and _sessions(request).csrf_ok(session, fields.get("csrf", ""))
    ):
        await asyncio.to_thread(end_sessions, session.staff.id)
        await asyncio.to_thread(record, session.staff.name, "log out")
        response.delete_cookie(COOKIE, path="/inbox")
    return response


def _sessions(request: Request) -> StaffSessions:
    sessions: StaffSessions = request.app.state.staff_sessions
    return sessions


async def _session(request: Request) -> StaffSession | None:
    return await asyncio.to_thread(_sessions(request).read, request)


def _with_cookie(request: Request, session: StaffSession, response: Response) -> Response:
    _sessions(request).write(request, response, session)
    return response


async def _login_page(request: Request, problem: str | None, status: int = 200, name: str = "") -> Response:
    session = _sessions(request).fresh()
    nobody = await asyncio.to_thread(nobody_yet)
    shown: HTMLResponse = page(
        request,
        "login.html",
        status=status,
        problem=problem,
        nobody=nobody,
        name=name,
        csrf=_sessions(request).csrf(session),
    )
    return _with_cookie(request, session, shown)


def _common(request: Request, session: StaffSession) -> dict[str, Any]:
    return {"staff": session.staff, "csrf": _sessions(request).csrf(session)}


def _unknowns(card: LeadCard) -> dict[str, Any]:
    return {
        name: found for name, found in card.screening["findings"].items() if found["finding"] == "unknown"
    }


def _contact(card: LeadCard) -> dict[str, str] | None:
    if card.contact is None:
        return None
    texts_of = asdict(card.contact)
    texts_of["country"] = countries().get(card.contact.country, card.contact.country)
    return texts_of


def _delivery(request: Request, card: LeadCard) -> str:
    say, state = request.app.state.texts.say, card.delivery
    if state.state == "delivered" and state.delivered is not None:
        return str(say("web.staff.delivered", time=f"{state.delivered:%Y-%m-%d %H:%M} UTC"))
    if request.app.state.settings.site_form_url is None:
        return str(say("web.staff.no_address"))
    if not state.attempts:
        return str(say("web.staff.not_tried"))
    return str(say("web.staff.waiting", count=state.attempts, outcome=state.last_outcome or "..."))
