"""What the pages around one chat share: whose request it is, and where she came from."""

from typing import Any

from fastapi import Request

from bot.web.chat import read_session
from bot.web.forms import form_fields
from bot.web.limits import RateLimit


async def fields_and_session(request: Request) -> tuple[dict[str, str], str]:
    """The fields of a form and the id of the chat that it belongs to.

    The family gets a 401 for a session that was not made here, and a 429 where she asks too often.
    """
    fields = await form_fields(request)
    session_id = read_session(request, fields.get("session", ""))
    limit: RateLimit = request.app.state.chat_limit
    limit.take(session_id)
    return fields, session_id


def way_of(fields: dict[str, str]) -> dict[str, Any]:
    """Where she came from and goes back to: the chat window, or the plain pages with her session."""
    return {"session": fields.get("session", ""), "plain": fields.get("plain") == "yes"}
