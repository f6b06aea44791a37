"""A page for when the database fails in the middle of the contact form: nothing that was typed is lost."""

import logging
from collections.abc import Awaitable, Callable
from functools import wraps

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.exc import SQLAlchemyError

from bot.leads.keys import KeysMissing
from bot.web.forms import form_fields
from bot.web.limits import TooMany
from bot.web.pages import page

log = logging.getLogger(__name__)

# Keys that can't be made or read are as good as a database that can't be written.
STORE_ERRORS = (SQLAlchemyError, OSError, KeysMissing)

Answering = Callable[[Request], Awaitable[Response]]


def keeps_what_was_typed(answer: Answering) -> Answering:
    """Where the store fails (503) or it was too fast (429): a page whose button sends the same form again."""

    @wraps(answer)
    async def guarded(request: Request) -> Response:
        try:
            return await answer(request)
        except TooMany as error:
            again = await _again(request, 429, "web.error.too_many")
            again.headers["Retry-After"] = str(error.retry_after)
            return again
        except STORE_ERRORS as error:
            log.error("%s could not be answered: %s", request.url.path, type(error).__name__)
            return await _again(request, 503, "again.text")

    return guarded


async def _again(request: Request, status: int, reason: str) -> Response:
    fields = await form_fields(request)
    return page(request, "again.html", status, fields=fields, path=request.url.path, reason=reason)
