"""What the pages around one chat share: whose request it is, and where she came from."""

from fastapi import Request

from bot.web.chat import read_session
from bot.web.forms import form_fields
from bot.web.limits import RateLimit

PLAIN = "plain"
"""The way of a family who goes without scripts: her pages lead back to the plain ones."""


async def fields_and_session(request: Request) -> tuple[dict[str, str], str]:
    """The fields of a form and the id of the chat that it belongs to.

    The family gets a 401 for a session that was not made here, and a 429 where she asks too often.
    """
    fields = await form_fields(request)
    session_id = read_session(request, fields.get("session", ""))
    limit: RateLimit = request.app.state.chat_limit
    limit.take(session_id)
    return fields, session_id


def way_of(fields: dict[str, str]) -> str:
    """The way that a form carries: ``plain``, or empty for the chat."""
    return PLAIN if fields.get("way") == PLAIN else ""
