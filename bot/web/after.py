"""What a family can do after her verdict: one page that leads on, her notes, her links, a reminder.

It works without JavaScript. The session stands in the body of each POST, never in an address, and so does the
way on which she came: from the chat, or from the plain pages.
"""

import asyncio
import logging

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from bot.leads.clock import now
from bot.leads.doctor.links import end_link
from bot.leads.family_notes import LONGEST_FAMILY_NOTE, keep_family_note
from bot.web.after_pages import chat_now, closed_page, hub_page
from bot.web.again import STORE_ERRORS, keeps_what_was_typed
from bot.web.chat import readable
from bot.web.family import fields_and_session, way_of
from bot.web.limits import TurnLocks
from bot.web.pages import page
from bot.web.redact import redact
from bot.web.reminder import reminder, reminder_day

log = logging.getLogger(__name__)
router = APIRouter(prefix="/after", include_in_schema=False)


@router.get("")
@router.get("/notes")
@router.get("/calendar")
@router.get("/link/end")
@router.get("/doctor")
@router.get("/doctor/link")
async def start_in_chat(request: Request) -> HTMLResponse:
    """Somebody came by address or reload: these pages need a chat."""
    return page(
        request, "after_closed.html", reason="after.closed.start", reopen=True, typed="", **way_of({})
    )


@router.post("")
@keeps_what_was_typed
async def hub(request: Request) -> HTMLResponse:
    """What makes sense now, or why nothing does."""
    fields, session_id = await fields_and_session(request)
    return await hub_page(request, fields, session_id)


@router.post("/notes")
@keeps_what_was_typed
async def keep_notes(request: Request) -> HTMLResponse:
    """Keep the family's notes without the contact details in them; what is too long stays in the box."""
    fields, session_id = await fields_and_session(request)
    lines = readable(fields.get("notes", "").replace("\r\n", "\n")).splitlines()
    typed = "\n".join(line.rstrip() for line in lines).strip()
    if len(typed) > LONGEST_FAMILY_NOTE:
        return await hub_page(request, fields, session_id, "after.notes.too_long", typed=typed, status=422)
    text, contact_removed = redact(typed)
    locks: TurnLocks = request.app.state.locks
    async with locks.turn(session_id, always=True):
        if session_id in request.app.state.ended:
            return closed_page(request, fields, "ended")
        try:
            kept = await asyncio.to_thread(keep_family_note, session_id, text)
        except STORE_ERRORS as error:
            log.error("a family's notes were not kept: %s", type(error).__name__)
            return await hub_page(
                request, fields, session_id, "after.notes.not_kept", typed=typed, status=503
            )
    if not kept:
        # An answer was changed meanwhile, so that there is no result to keep them with.
        return closed_page(request, fields, "questions", typed)
    said = "after.notes.kept" if text else "after.notes.erased"
    return await hub_page(request, fields, session_id, "after.notes.cleaned" if contact_removed else said)


@router.post("/link/end")
@keeps_what_was_typed
async def end(request: Request) -> HTMLResponse:
    """End one of her own links; a second press finds it ended."""
    fields, session_id = await fields_and_session(request)
    number = fields.get("link", "")
    try:
        ended = number.isdecimal() and await asyncio.to_thread(end_link, session_id, int(number[:18]))
    except STORE_ERRORS as error:
        log.error("a link was not ended: %s", type(error).__name__)
        return await hub_page(request, fields, session_id, "after.links.not_ended", status=503)
    return await hub_page(request, fields, session_id, "after.links.ended" if ended else "after.links.gone")


@router.post("/calendar")
@keeps_what_was_typed
async def calendar(request: Request) -> Response:
    """The reminder as a file, where there is a day to be reminded of."""
    fields, session_id = await fields_and_session(request)
    chat = await chat_now(request, session_id)
    day = reminder_day(chat.screening)
    if day is None:
        return await hub_page(request, fields, session_id)
    texts = request.app.state.texts
    name = texts.say("after.reminder.file")
    return Response(
        reminder(day, now(), texts),
        media_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )
