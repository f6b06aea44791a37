"""What administrators see beside the leads: the users, and the audit of everything."""

import asyncio
from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from bot.leads.audit import newest_deeds
from bot.leads.counts import EVERY_TRIAL, counts_for_site
from bot.leads.reading import record
from bot.leads.users import (
    ADMINISTRATOR,
    COORDINATOR,
    LastAdministrator,
    all_users,
    disable_user,
    enable_user,
    end_sessions,
    set_role,
)
from bot.web.inbox_guard import Desk, for_staff

router = APIRouter()

_DEEDS_ON_A_PAGE = 100
# What may be done to a user, and how the audit names it.
_ACTIONS: dict[str, tuple[Callable[[int], None], str]] = {
    "disable": (disable_user, "disabled user"),
    "enable": (enable_user, "enabled user"),
    "end_sessions": (end_sessions, "ended sessions"),
    "make_coordinator": (lambda user: set_role(user, COORDINATOR), "made coordinator"),
    "make_administrator": (lambda user: set_role(user, ADMINISTRATOR), "made administrator"),
}


@router.get("/users")
@for_staff(ADMINISTRATOR)
async def users(desk: Desk) -> Response:
    """Everybody who may log in, or might once."""
    return await _users_page(desk, done="done" in desk.request.query_params)


@router.post("/users/{user}/{action}")
@for_staff(ADMINISTRATOR)
async def change_user(desk: Desk) -> Response:
    """Disable somebody or let her in again, give her another role, or end her sessions."""
    asked = desk.request.path_params
    user = next((one for one in await asyncio.to_thread(all_users) if str(one.id) == asked["user"]), None)
    if user is None or asked["action"] not in _ACTIONS:
        return desk.refuse("staff.refused.not_found_user", 404)
    act, action = _ACTIONS[asked["action"]]
    try:
        await asyncio.to_thread(act, user.id)
    except LastAdministrator:
        texts = desk.request.app.state.texts
        return await _users_page(desk, 409, problem=texts.say("staff.users.last", name=user.name))
    await asyncio.to_thread(record, desk.staff.name, action, detail=user.name)
    return RedirectResponse("/inbox/users?done", 303)


@router.get("/audit")
@for_staff(ADMINISTRATOR)
async def audit(desk: Desk) -> Response:
    """Who did what, newest first."""
    asked = desk.request.query_params.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 12 else None
    deeds, older = await asyncio.to_thread(newest_deeds, _DEEDS_ON_A_PAGE, before)
    return desk.page("audit.html", deeds=deeds, older=older, newest=before is None)


async def _users_page(
    desk: Desk, status: int = 200, *, done: bool = False, problem: str | None = None
) -> Response:
    found = await asyncio.to_thread(all_users)
    return desk.page("users.html", status, users=found, done=done, problem=problem)


@router.get("/counts")
@for_staff(ADMINISTRATOR)
async def counts(desk: Desk) -> Response:
    """Plain numbers without identity: how many chats there were, where they stopped, what decided."""
    offered = list(desk.request.app.state.trials)
    trials = [EVERY_TRIAL, *offered] if len(offered) > 1 else offered
    asked = desk.request.query_params.get("trial", "")
    trial = asked if asked in trials else trials[0]
    rows = await asyncio.to_thread(counts_for_site, trial)
    groups = {
        what: [row for row in rows if row.what == what] for what in dict.fromkeys(row.what for row in rows)
    }
    return desk.page("counts.html", trial=trial, trials=trials, groups=groups)
