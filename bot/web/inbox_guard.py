"""Who may open a page of the inbox: log-in, role, and the token of every form, checked in one place."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.leads.clock import now
from bot.leads.users import ADMINISTRATOR, COORDINATOR, Staff
from bot.web.again import STORE_ERRORS
from bot.web.forms import form_fields
from bot.web.inbox_words import InboxWords
from bot.web.pages import page
from bot.web.staff import StaffSession, StaffSessions

log = logging.getLogger(__name__)

LOGIN = "/inbox/login"


@dataclass(frozen=True)
class Desk:
    """One request of somebody who is logged in and may make it; ``fields`` are those of a form."""

    request: Request
    session: StaffSession
    staff: Staff
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> InboxWords:
        """Times and states in words, as of now."""
        state = self.request.app.state
        return InboxWords(state.texts, state.settings, now())

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page of the inbox, with what each of them needs."""
        return page(
            self.request,
            template,
            status,
            staff=self.staff,
            csrf=staff_sessions(self.request).csrf(self.session),
            words=self.words,
            **values,
        )

    def refuse(self, text_key: str, status: int) -> HTMLResponse:
        """A page that says why something was not done."""
        return self.page("staff_refused.html", status, problem=text_key)


Handler = Callable[[Desk], Awaitable[Response]]


def for_staff(role: str = COORDINATOR) -> Callable[[Handler], Callable[[Request], Awaitable[Response]]]:
    """Lets a page be opened, and a form be sent, only by somebody logged in who has this role.

    Administrators may do all that coordinators may. Whoever is not logged in is sent to the log-in; a form
    without the token of her session is refused.
    """

    def guard(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            try:
                return await answered(request)
            except STORE_ERRORS as error:
                log.error("%s failed: %s", handler.__name__, type(error).__name__)
                return page(request, "staff_away.html", 503, problem="staff.refused.store")

        async def answered(request: Request) -> Response:
            session = await current_session(request)
            if session is None or session.staff is None:
                if request.method == "POST":
                    return page(request, "staff_away.html", 403, problem="staff.refused.session")
                return RedirectResponse(LOGIN, 303)
            desk = Desk(request, session, session.staff)
            if role == ADMINISTRATOR and session.staff.role != ADMINISTRATOR:
                return desk.refuse("staff.refused.role", 403)
            if request.method == "POST":
                fields = await form_fields(request)
                if not staff_sessions(request).csrf_ok(session, fields.get("csrf", "")):
                    return desk.refuse("staff.refused.form", 403)
                desk = Desk(request, session, session.staff, fields)
            response = await handler(desk)
            staff_sessions(request).write(request, response, session)
            return response

        guarded.__name__, guarded.__doc__ = handler.__name__, handler.__doc__
        return guarded

    return guard


def staff_sessions(request: Request) -> StaffSessions:
    """What makes and reads the staff's cookies."""
    sessions: StaffSessions = request.app.state.staff_sessions
    return sessions


async def current_session(request: Request) -> StaffSession | None:
    """The session of this request's cookie, logged in or not."""
    return await asyncio.to_thread(staff_sessions(request).read, request)
