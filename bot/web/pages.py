"""The pages around the chat: start page, chat window, privacy notice, widget loader."""

import logging
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from bot.leads.news.signing import can_mail
from bot.leads.words import day_in_words
from bot.settings import DEMO_SITE_NAME, Settings
from bot.web.errors import ApiError
from bot.web.phones import phone_numbers, tel
from bot.web.schema import LONGEST_MESSAGE

log = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)

_STATIC = Path(__file__).parent / "static"
# What the chat's messages name is a link.
_REGISTRY = {"clinicaltrials.gov": "https://clinicaltrials.gov"}
_OWN_PAGES = {"/status": "/status"}
# What the chat window's script says by itself.
_SCRIPT_TEXTS = (
    "you", "bot", "typing", "send_choices", "choose_one", "choose_many", "again", "new", "offline", "slow",
    "erased", "contact", "resumed", "not_sent", "not_answered", "edit",
)  # fmt: skip


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from its template, with what every page needs."""
    found = request.app.state.templates.get_template(template)
    return HTMLResponse(found.render(request=request, **values), status)


@router.get("/")
async def home(request: Request) -> HTMLResponse:
    """A page such as a hospital's, with the widget on it."""
    settings: Settings = request.app.state.settings
    return page(
        request,
        "home.html",
        demo=settings.site_name == DEMO_SITE_NAME,
        trials=request.app.state.trials.values(),
        notices=notices(request),
    )


@router.get("/chat")
async def chat_window(request: Request) -> HTMLResponse:
    """The chat itself; the widget shows it in an iframe, but it is a page of its own as well."""
    texts, settings = request.app.state.texts, request.app.state.settings
    said = {name: texts.say(f"web.chat.{name}") for name in _SCRIPT_TEXTS}
    said["unavailable"] = texts.say("web.error.unavailable")
    # The page knows the reference, and puts it in.
    said["sent"] = texts.say("web.chat.sent", reference="{reference}")
    said["erased_sent"] = texts.say("web.chat.erased_sent", reference="{reference}", site=settings.site_name)
    return page(
        request,
        "chat.html",
        said=said,
        longest=LONGEST_MESSAGE,
        named_links=_REGISTRY | _OWN_PAGES | {number: tel(number) for number in phone_numbers(settings)},
        notices=notices(request),
    )


@router.get("/privacy")
async def privacy(request: Request) -> HTMLResponse:
    """What is kept, in plain words, with the site's own notice where there is one."""
    return page(request, "privacy.html", news=can_mail(request.app.state.settings))


@router.get("/trial/{trial_id}")
async def trial_page(request: Request, trial_id: str) -> HTMLResponse:
    """What the trial is, in plain words."""
    trial = request.app.state.trials.get(trial_id)
    if trial is None:
        raise ApiError(404, "not_found", "web.error.not_found")
    return page(request, "trial.html", trial=trial, source_day=day_in_words(trial.source.date.isoformat()))


@router.get("/widget.js")
async def widget() -> Response:
    """The loader that a hospital's page includes."""
    return FileResponse(
        _STATIC / "widget.js", media_type="text/javascript", headers={"Cache-Control": "max-age=3600"}
    )


@router.get("/favicon.ico")
async def icon() -> Response:
    """Browsers ask for it by themselves."""
    return RedirectResponse("/static/icon.svg", 308)


def notices(request: Request) -> list[str]:
    """What the page itself has to say: a fixed day, and criteria that no site has reviewed."""
    settings: Settings = request.app.state.settings
    texts = request.app.state.texts
    said = []
    if any(trial.reviewed_by is None for trial in request.app.state.trials.values()):
        said.append(texts.say("web.chat.unreviewed"))
    if settings.prescreen_today is not None:
        said.append(texts.say("web.chat.test_day", day=day_in_words(settings.prescreen_today.isoformat())))
    return said
