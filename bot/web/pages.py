"""The pages around the chat: start page, privacy notice, the trial."""

import logging
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.leads.news.signing import can_mail
from bot.leads.words import day_in_words
from bot.settings import DEMO_SITE_NAME, Settings
from bot.web.errors import ApiError
from bot.web.phones import phone_numbers, tel
from bot.web.schema_org import study_data
from bot.web.study import study_page

log = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)

# What the chat's messages name is a link.
_REGISTRY = {"clinicaltrials.gov": "https://clinicaltrials.gov"}
_OWN_PAGES = {"/status": "/status", "/privacy": "/privacy"}


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from its template, with what every page needs."""
    found = request.app.state.templates.get_template(template)
    return HTMLResponse(found.render(request=request, **values), status)


@router.get("/")
async def home(request: Request) -> HTMLResponse:
    """A page such as a hospital's, with the widget on it."""
    studies = [study_page(trial, request.app.state.texts) for trial in request.app.state.trials.values()]
    return page(request, "home.html", studies=studies, **_around(request, "/"))


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
    texts, around = request.app.state.texts, _around(request, f"/trial/{trial.id}")
    study = study_page(trial, texts)
    data = study_data(study, request.app.state.settings, around["canonical"], texts.language)
    return page(request, "trial.html", study=study, trial=trial, data=data, **around)


def _around(request: Request, path: str) -> dict[str, Any]:
    """What the site's own pages share. Their one true address is known where the site has told its own."""
    settings: Settings = request.app.state.settings
    return {
        "demo": settings.site_name == DEMO_SITE_NAME,
        "notices": notices(request),
        "canonical": settings.public_url.rstrip("/") + path if settings.public_url else None,
    }


@router.get("/favicon.ico")
async def icon() -> Response:
    """Browsers ask for it by themselves."""
    return RedirectResponse("/static/icon.svg", 308)


def named_links(settings: Settings) -> dict[str, str]:
    """What the chat's messages name, each with its address."""
    return _REGISTRY | _OWN_PAGES | {number: tel(number) for number in phone_numbers(settings)}


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
