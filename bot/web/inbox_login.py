"""Logging in to the inbox and out of it, by name and password."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from bot.leads.reading import record
from bot.leads.users import LONGEST_NAME, check_password, end_sessions, nobody_yet
from bot.web.forms import form_fields
from bot.web.inbox_guard import LOGIN, current_session, staff_sessions
from bot.web.limits import RateLimit, WrongTries
from bot.web.pages import page
from bot.web.staff import COOKIE

router = APIRouter()


@router.get("/login")
async def login_page(request: Request) -> Response:
    """The log-in form."""
    session = await current_session(request)
    if session is not None and session.staff is not None:
        return RedirectResponse("/inbox", 303)
    return await _login_page(request, None)


@router.post("/login")
async def login(request: Request) -> Response:
    """Check name and password; the answer never says which of them was wrong."""
    fields = await form_fields(request)
    typed = fields.get("name", "").strip()[:LONGEST_NAME]
    session = await current_session(request)
    if not staff_sessions(request).csrf_ok(session, fields.get("csrf", "")):
        return await _login_page(request, "staff.login.expired", 403, typed)
    address = request.client.host if request.client else ""
    limit: RateLimit = request.app.state.login_limit
    limit.take(address)
    tries: WrongTries = request.app.state.wrong_tries
    if tries.must_wait(typed, address):
        return await _login_page(request, "staff.login.wrong", 403, typed)
    staff = await asyncio.to_thread(check_password, typed, fields.get("password", ""))
    if staff is None:
        tries.wrong(typed, address)
        return await _login_page(request, "staff.login.wrong", 403, typed)
    tries.right(typed, address)
    await asyncio.to_thread(record, staff.name, "log in")
    response = RedirectResponse("/inbox", 303)
    staff_sessions(request).write(request, response, staff_sessions(request).fresh(staff))
    return response


@router.post("/logout")
async def logout(request: Request) -> Response:
    """End all sessions of whoever asks."""
    fields = await form_fields(request)
    session = await current_session(request)
    response = RedirectResponse(LOGIN, 303)
    if (
        session is not None
        and session.staff is not None
        and staff_sessions(request).csrf_ok(session, fields.get("csrf", ""))
    ):
        await asyncio.to_thread(end_sessions, session.staff.id)
        await asyncio.to_thread(record, session.staff.name, "log out")
        response.delete_cookie(COOKIE, path="/inbox")
    return response


async def _login_page(request: Request, problem: str | None, status: int = 200, name: str = "") -> Response:
    session = staff_sessions(request).fresh()
    nobody = await asyncio.to_thread(nobody_yet)
    csrf = staff_sessions(request).csrf(session)
    shown = page(request, "login.html", status, problem=problem, nobody=nobody, name=name, csrf=csrf)
    staff_sessions(request).write(request, shown, session)
    return shown
