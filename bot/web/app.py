"""The web application: its parts put together, and the work it does beside answering."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from babel import Locale
from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.approval.offered import OfferedTrials
from bot.leads.words import day_in_words
from bot.settings import Settings, get_settings
from bot.texts import Texts, fill, load_texts
from bot.web import (
    after,
    chat,
    contact,
    doctor,
    doctor_preview,
    files,
    inbox,
    news,
    oidc,
    pages,
    plain,
    status,
    window,
)
from bot.web.errors import CatchAll, install_error_handlers
from bot.web.guards import AddressLimit, BodyLimit, SecurityHeaders
from bot.web.jobs import run_jobs
from bot.web.limits import RateLimit, TurnLocks, WrongTries
from bot.web.phones import linked, phone_numbers
from bot.web.provider import Provider
from bot.web.rasa import RasaClient
from bot.web.sessions import EndedChats, FamilySessions
from bot.web.staff import StaffSessions
from bot.web.turns import Turns

log = logging.getLogger(__name__)
_HERE = Path(__file__).parent
_MOST_AT_RASA = 50


def create_app(
    settings: Settings | None = None, rasa_transport: httpx.AsyncBaseTransport | None = None
) -> FastAPI:
    """The application for these settings; tests give a transport in place of Rasa."""
    settings = settings or get_settings()
    texts = load_texts("en")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with httpx.AsyncClient(
            base_url=settings.rasa_url,
            # The family is told sooner; a late answer is kept for when she sends her words again.
            timeout=httpx.Timeout(3 * settings.rasa_timeout, connect=3.0),
            transport=rasa_transport,
            trust_env=False,
            # Rasa closes an idle connection after 5 seconds; one that is about to close must not be used.
            # Rasa works on one turn at a time and lets no more than 100 callers queue: further ones would be
            # refused or cut off, so they queue here.
            limits=httpx.Limits(max_connections=_MOST_AT_RASA, keepalive_expiry=2.0),
        ) as http:
            app.state.rasa = RasaClient(http)
            jobs = asyncio.create_task(run_jobs(app))
            try:
                yield
            finally:
                jobs.cancel()
                app.state.turns.close()
                await asyncio.gather(jobs, return_exceptions=True)
                if app.state.oidc is not None:
                    await app.state.oidc.close()

    app = FastAPI(
        title="prescreen",
        description="A chat that asks a family whether a trial may be a match.",
        lifespan=lifespan,
        # FastAPI's own pages of documentation load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        # Such a redirect is an address made of the request's Host header.
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.texts = texts
    app.state.sessions = FamilySessions(settings.session_key())
    app.state.staff_sessions = StaffSessions(settings.session_key())
    app.state.oidc = Provider(settings) if settings.oidc_issuer else None
    app.state.trials = OfferedTrials(settings)
    app.state.chat_limit = RateLimit(settings.chat_per_minute)
    app.state.login_limit = RateLimit(20)
    app.state.wrong_tries = WrongTries()
    app.state.status_page = status.StatusPage(settings)
    app.state.doctor_page = doctor.DoctorPages()
    app.state.news_page = news.NewsPage()
    app.state.locks = TurnLocks()
    app.state.ended = EndedChats()
    app.state.turns = Turns(settings.rasa_timeout)
    app.state.files = files.PublicFiles()
    app.state.templates = _templates(settings, texts, app.state.files.version)
    app.state.loader = window.loader(app.state.templates, app.state.files["widget.css"].content.decode())
    install_error_handlers(app)
    family = (after, chat, contact, doctor, doctor_preview, news, plain, status)
    for part in (*family, files, inbox, oidc, pages, window):
        app.include_router(part.router)
    # The last one added stands outermost.
    app.add_middleware(BodyLimit)
    app.add_middleware(AddressLimit, limit=RateLimit(settings.address_per_minute))
    app.add_middleware(CatchAll)
    app.add_middleware(SecurityHeaders, frame_ancestors=settings.frame_ancestors)
    return app


def _fill(text: str, **values: str) -> str:
    return fill(text, values, "a page")


def _templates(settings: Settings, texts: Texts, files_version: str) -> Environment:
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(
        say=texts.say, texts=texts, settings=settings, fill=_fill, day_in_words=day_in_words
    )
    templates.filters["language_name"] = lambda code: Locale(texts.language).languages.get(code, code)
    templates.globals["files_version"] = files_version
    numbers = phone_numbers(settings)
    templates.globals["linked"] = lambda text: linked(text, numbers)
    return templates
