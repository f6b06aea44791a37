"""What the pages after the verdict show: how a chat stands now, and the hub with all that makes sense."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse

from bot.leads.doctor.links import LinkRead, links_of
from bot.leads.family_notes import LONGEST_FAMILY_NOTE, family_note
from bot.leads.news.offers import offers
from bot.leads.news.signing import can_mail
from bot.leads.promise import zone_in_words
from bot.leads.store import screening_for, sent_reference_for
from bot.leads.words import day_in_words
from bot.settings import Settings
from bot.web.family import way_of
from bot.web.pages import page
from bot.web.reminder import reminder_day
from bot.web.results import results_page

_BAD = ("too_long", "not_kept", "not_ended")


@dataclass(frozen=True)
class ChatNow:
    """One chat: its screening (None before the verdict and after erasing) and all that hangs on it."""

    screening: dict[str, Any] | None
    notes: str
    links: list[LinkRead]
    sent_reference: str | None
    ended: bool


async def chat_now(request: Request, session_id: str) -> ChatNow:
    """How a chat stands. Raises SQLAlchemyError."""

    def read() -> ChatNow:
        ended = session_id in request.app.state.ended
        screening = None if ended else screening_for(session_id)
        return ChatNow(
            screening,
            family_note(session_id) if screening is not None else "",
            [] if ended else links_of(session_id),
            sent_reference_for(session_id) if screening is not None else None,
            ended,
        )

    return await asyncio.to_thread(read)


async def hub_page(
    request: Request,
    fields: dict[str, str],
    session_id: str,
    notice: str | None = None,
    *,
    typed: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    """The hub; ``notice`` is the key of what just happened, ``typed`` are notes that could not be kept."""
    chat = await chat_now(request, session_id)
    if chat.ended or (chat.screening is None and not chat.links):
        return closed_page(request, fields, "ended" if chat.ended else "questions")
    day = reminder_day(chat.screening)
    texts = request.app.state.texts
    return page(
        request,
        "after.html",
        status=status,
        **way_of(fields),
        chat=chat,
        verdict=chat.screening["verdict"] if chat.screening is not None else None,
        until=day_in_words(day.isoformat()) if day is not None else None,
        notes=typed if typed is not None else chat.notes,
        links=[
            (one, local_day(request, one.created), local_moment(request, one.expires)) for one in chat.links
        ],
        notice=texts.say(notice, count=f"{LONGEST_FAMILY_NOTE:,}") if notice else None,
        wrong=notice is not None and notice.endswith(_BAD),
        news=_news(request, chat),
        results=results_page(chat.screening, request.app.state.trials, texts),
    )


def _news(request: Request, chat: ChatNow) -> bool:
    """Whether there is anything to sign up for."""
    settings = _settings(request)
    return (
        chat.screening is not None
        and can_mail(settings)
        and offers(chat.screening, settings.today()).anything
    )


def closed_page(request: Request, fields: dict[str, str], why: str, typed: str = "") -> HTMLResponse:
    """Why nothing can be done here now: the chat has ended, or its questions are open.

    ``typed`` are notes that could not be kept: they are hers to copy.
    """
    return page(
        request,
        "after_closed.html",
        reason=f"after.closed.{why}",
        reopen=False,
        typed=typed,
        **way_of(fields if why != "ended" else fields | {"session": ""}),
    )


def local_day(request: Request, moment: datetime) -> str:
    """A moment's day in the site's time zone: December 13, 2026."""
    return day_in_words(_there(request, moment).date().isoformat())


def local_moment(request: Request, moment: datetime) -> str:
    """A moment in the site's time zone: December 13, 2026, 14:05 (time in New York)."""
    there = _there(request, moment)
    zone = zone_in_words(_settings(request), request.app.state.texts)
    return f"{day_in_words(there.date().isoformat())}, {there:%H:%M} ({zone})"


def _there(request: Request, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(_settings(request).site_timezone))


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings
