"""What the web process does beside answering. Sending and forgetting idle chats are the worker's work."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from bot.leads.erasure import NotErased, erase_conversation
from bot.web.sessions import EndedChats

log = logging.getLogger(__name__)

MINUTE = 60


async def run_jobs(app: FastAPI) -> None:
    """At start and then every minute, until cancelled. One job that fails does not stop the others."""
    while True:
        await _safely(erase_again, app)
        app.state.turns.forget_old()
        await asyncio.sleep(MINUTE)


def erase_again(app: FastAPI) -> None:
    """Erase once more what was erased in the last minute: only this process remembers which chats ended.

    A turn whose answer came too late for the web process may still have been written by Rasa after the
    erasing.
    """
    ended: EndedChats = app.state.ended
    for session_id in ended.to_erase_once_more():
        erase_conversation(session_id, count=False)
        ended.erased_once_more(session_id)


async def _safely(job: Callable[..., Any], *arguments: object) -> None:
    try:
        await asyncio.to_thread(job, *arguments)
    except NotErased as error:
        log.error("%s: not erased (%s)", job.__name__, error)
    except Exception as error:
        log.error("%s failed: %s", job.__name__, type(error).__name__)
