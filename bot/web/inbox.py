"""The site's inbox: the list of leads with its filters, and the same list as a file."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from bot.leads.clock import now
from bot.leads.export import leads_as_csv, note_export
from bot.leads.listing import (
    LATE_CHOICES,
    STATE_CHOICES,
    TROUBLES,
    VERDICT_CHOICES,
    Filter,
    attention,
    leads_page,
    wanted_references,
)
from bot.leads.news.trouble import trouble, try_again
from bot.leads.reading import record
from bot.web import inbox_admin, inbox_card, inbox_login, inbox_trials
from bot.web.inbox_guard import Desk, for_staff

router = APIRouter(prefix="/inbox", include_in_schema=False)
for part in (inbox_login, inbox_card, inbox_admin, inbox_trials):
    router.include_router(part.router)

_LONGEST_SEARCH = 16


@router.get("")
@for_staff()
async def leads(desk: Desk) -> Response:
    """The leads that are wanted, newest first."""
    asked = desk.request.query_params
    wanted = wanted_by(asked)
    number = int(asked["page"]) if asked.get("page", "").isdecimal() and len(asked["page"]) < 7 else 1
    shown, waiting, news = await asyncio.gather(
        asyncio.to_thread(leads_page, wanted, number),
        asyncio.to_thread(attention),
        asyncio.to_thread(trouble),
    )
    filters = {name: value for name, value in asdict(wanted).items() if value}
    return desk.page(
        "inbox.html",
        shown=shown,
        attention={name: count for name, count in waiting.items() if count},
        news=news,
        wanted=wanted,
        filters=filters,
        page_link=lambda page: "/inbox?" + urlencode({**filters, "page": page}),
        choices={
            "state": STATE_CHOICES,
            "late": LATE_CHOICES,
            "trouble": TROUBLES,
            "verdict": VERDICT_CHOICES,
        },
    )


@router.post("/export")
@for_staff()
async def export(desk: Desk) -> Response:
    """The leads that are wanted as a CSV file. Who got which of them is noted before it leaves."""
    wanted = wanted_by(desk.fields)
    references = await asyncio.to_thread(wanted_references, wanted)
    told = ", ".join(f"{name}: {value}" for name, value in asdict(wanted).items() if value)
    file = await asyncio.to_thread(leads_as_csv, references)
    await asyncio.to_thread(note_export, desk.staff.name, references, told or "all")
    return Response(
        file,
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="leads-{now():%Y-%m-%d}.csv"',
            "Cache-Control": "no-store",
        },
    )


@router.post("/news/again")
@for_staff()
async def try_news_again(desk: Desk) -> Response:
    """Have the mails to people who signed up tried again that did not get through."""
    number = await asyncio.to_thread(try_again)
    await asyncio.to_thread(record, desk.staff.name, "tried news again", detail=f"mails: {number}")
    return RedirectResponse("/inbox", 303)


def wanted_by(asked: Mapping[str, str]) -> Filter:
    """The filter that a form or an address asks for; what is none of the choices is left out."""

    def one_of(name: str, choices: tuple[str, ...]) -> str:
        return value if (value := asked.get(name, "")) in choices else ""

    return Filter(
        state=one_of("state", STATE_CHOICES),
        late=one_of("late", LATE_CHOICES),
        trouble=one_of("trouble", TROUBLES),
        verdict=one_of("verdict", VERDICT_CHOICES),
        reference=asked.get("reference", "").strip()[:_LONGEST_SEARCH],
    )
