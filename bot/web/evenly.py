"""Answers that take the same time, whatever is found: so that time tells nobody what exists."""

import asyncio
import logging
from collections.abc import Callable

from bot.web.again import STORE_ERRORS
from bot.web.errors import ApiError

log = logging.getLogger(__name__)


async def evenly[Result](work: Callable[[], Result], seconds: float, where: str, error_text: str) -> Result:
    """Do the work; the answer comes when it always comes.

    ``seconds`` is that time: writing to the disk happens for known things only and takes a fraction of it.
    Where the store fails, the family gets a 503 with the text under ``error_text``; ``where`` is for the log.
    """
    try:
        done, _ = await asyncio.gather(asyncio.to_thread(work), asyncio.sleep(seconds))
    except STORE_ERRORS as error:
        log.error("%s could not reach its database: %s", where, type(error).__name__)
        raise ApiError(503, "unavailable", error_text, {"Retry-After": "60"}) from None
    return done
