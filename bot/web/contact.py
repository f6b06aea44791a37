"""The contact form: form, read-back, sending. It works without JavaScript, inside the iframe.

The session stands in the body of each POST, never in an address. Whatever happens, the next page holds what
was typed. The form's own token makes a second press of the same button find the lead of the first one.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from itsdangerous import BadData, URLSafeTimedSerializer

from bot.leads.clock import now
from bot.leads.promise import call_sentence
from bot.leads.results import offered_results, screening_for_trial, site_line, sites_of, still_offered
from bot.leads.store import (
    Consent,
    Receipt,
    consent_version,
    receipt_by_reference,
    screening_for,
    screening_mark,
    sent_references_for,
    store_leads,
)
from bot.leads.words import day_in_words, grouped
from bot.settings import DEMO_SITE_NAME, Settings
from bot.web.again import STORE_ERRORS, keeps_what_was_typed
from bot.web.contact_form import (
    RELATIONS,
    Filled,
    check_form,
    contact_of,
    countries,
    empty_form,
    needs_guardian,
    picked,
    picked_site,
)
from bot.web.errors import ApiError
from bot.web.family import fields_and_session, way_of
from bot.web.limits import TurnLocks
from bot.web.pages import page
from bot.web.sessions import loads_of_this_week
from criteria import Trial

log = logging.getLogger(__name__)
router = APIRouter(prefix="/contact", include_in_schema=False)


@router.get("")
@router.get("/check")
@router.get("/send")
@router.get("/change")
async def start_in_chat(request: Request) -> HTMLResponse:
    """Somebody came by address or reload: the form needs a chat."""
    return page(request, "no_form.html", reason="web.no_form.start", reopen=True, **way_of({}))


@router.post("")
@keeps_what_was_typed
async def open_form(request: Request) -> HTMLResponse:
    """The empty form, or what became of it when these answers were sent already."""
    fields, session_id = await fields_and_session(request)
    screening, refused = await _screening(request, fields, session_id)
    if screening is None:
        return refused
    sent = await asyncio.to_thread(sent_references_for, session_id)
    found = [await asyncio.to_thread(receipt_by_reference, one) for one in sent.values()]
    receipts = [receipt for receipt in found if receipt is not None]
    if receipts and fields.get("again") != "yes":
        return _sent_page(request, fields, receipts, more=bool(_unsent(screening, sent)))
    token = _form_tokens(request).dumps([session_id, secrets.token_urlsafe(16)])
    form = empty_form(screening, _settings(request).site_country)
    return _form_page(request, fields, token, screening, form, fresh=True, sent=sent)


@router.post("/change")
@keeps_what_was_typed
async def change(request: Request) -> HTMLResponse:
    """Back from the read-back to the form, with everything still in it."""
    fields, session_id = await fields_and_session(request)
    screening, refused = await _screening(request, fields, session_id)
    if screening is None:
        return refused
    form = check_form(fields, screening, _settings(request).site_country)
    return _form_page(request, fields, fields.get("form", ""), screening, Filled(form.values))


@router.post("/check")
@keeps_what_was_typed
async def check(request: Request) -> HTMLResponse:
    """The read-back of what will be sent, or the form with words beside what is wrong."""
    fields, session_id = await fields_and_session(request)
    return await _read_back(request, fields, session_id)


@router.post("/send")
@keeps_what_was_typed
async def send(request: Request) -> HTMLResponse:
    """Store the lead; only then is the family told that her message is kept."""
    fields, session_id = await fields_and_session(request)
    form_token = _form_token(request, fields, session_id)
    locks: TurnLocks = request.app.state.locks
    async with locks.turn(session_id, always=True):
        screening, _ = await _screening(request, fields, session_id)
        if screening is None or fields.get("mark") != screening_mark(screening):
            return await _read_back(request, fields, session_id, notice="web.check.changed")
        form = check_form(fields, screening, _settings(request).site_country)
        trials = picked(form, screening)
        if form.errors or not trials:
            return await _read_back(request, fields, session_id)
        contact = contact_of(form, screening, _settings(request).site_country)
        screenings = [
            screening_for_trial(screening, result["trial"], picked_site(form, result))
            for result in offered_results(screening)
            if result["trial"] in trials
        ]
        consents = _consents(request, several=len(offered_results(screening)) > 1)
        try:
            receipts = await asyncio.to_thread(
                store_leads, session_id, _submission(form_token, form), screenings, contact, consents
            )
        except STORE_ERRORS as error:
            log.error("a lead was not stored: %s", type(error).__name__)
            return await _read_back(request, fields, session_id, notice="web.check.not_stored", status=503)
    sent = await asyncio.to_thread(sent_references_for, session_id)
    return _sent_page(request, fields, receipts, more=bool(_unsent(screening, sent)))


def _unsent(screening: Mapping[str, Any], sent: Mapping[str, str]) -> list[str]:
    return [result["trial"] for result in offered_results(screening) if result["trial"] not in sent]


def _teams(request: Request, screening: Mapping[str, Any], sent: Mapping[str, str]) -> list[dict[str, Any]]:
    """What can be picked: each trial's number, title, verdict and day, and its sites where there are several.

    A team that has these answers already is left out, as long as there is another.
    """
    results = offered_results(screening)
    unsent = _unsent(screening, sent)
    results = [result for result in results if not unsent or result["trial"] in unsent]
    known: Mapping[str, Trial] = request.app.state.trials
    return [
        {
            "trial": result["trial"],
            "title": known[result["trial"]].title if result["trial"] in known else result["trial"],
            "verdict": result["verdict"],
            "until": day_in_words(result["until"]) if result["until"] else None,
            "sites": [site_line(site) for site in sites_of(result)],
        }
        for result in results
    ]


def _form_tokens(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_settings(request).session_key(), salt="contact-form")


def _form_token(request: Request, fields: dict[str, str], session_id: str) -> str:
    token = fields.get("form", "")
    try:
        owner, _ = loads_of_this_week(_form_tokens(request), token)
    except (BadData, ValueError, TypeError):
        raise ApiError(422, "malformed", "web.error.malformed") from None
    if owner != session_id:
        raise ApiError(401, "bad_session", "web.error.bad_session")
    return token


def _submission(form_token: str, form: Filled) -> str:
    """What tells a second press of the button from a form that was corrected and sent again.

    The form's token is random, so that the hash kept of this says nothing of what was typed.
    """
    return json.dumps([form_token, sorted(form.values.items())])


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _screening(
    request: Request, fields: dict[str, str], session_id: str
) -> tuple[dict[str, Any] | None, HTMLResponse]:
    """The chat's screening where a form may be offered on it; otherwise None, and the page that says why."""
    screening = await asyncio.to_thread(screening_for, session_id)
    why_not = "not_likely" if screening is not None else "questions"
    if screening is not None:
        screening = still_offered(screening, request.app.state.trials)
        why_not = why_not if screening is not None else "closed"
    if session_id in request.app.state.ended:
        why_not = "ended"
    if screening is not None and not offered_results(screening):
        screening = None
    refused = page(request, "no_form.html", reason=f"web.no_form.{why_not}", reopen=False, **way_of(fields))
    return screening, refused


def _form_page(
    request: Request,
    fields: dict[str, str],
    token: str,
    screening: dict[str, Any],
    form: Filled,
    status: int = 200,
    fresh: bool = False,
    sent: Mapping[str, str] | None = None,
) -> HTMLResponse:
    return page(
        request,
        "contact.html",
        status=status,
        form_token=token,
        form=form,
        fresh=fresh,
        relations=[
            (name, request.app.state.texts.say(f"web.contact.relations.{name}")) for name in RELATIONS
        ],
        countries=countries(),
        guardian=needs_guardian(screening, form.values.get("relation", "")),
        teams=_teams(request, screening, sent or {}),
        several=len(offered_results(screening)) > 1,
        **way_of(fields),
    )


async def _read_back(
    request: Request, fields: dict[str, str], session_id: str, notice: str | None = None, status: int = 200
) -> HTMLResponse:
    token = _form_token(request, fields, session_id)
    screening, refused = await _screening(request, fields, session_id)
    if screening is None:
        return refused
    form = check_form(fields, screening, _settings(request).site_country)
    if form.errors:
        return _form_page(request, fields, token, screening, form, status=422)
    chosen = picked(form, screening)
    teams = [team for team in _teams(request, screening, {}) if team["trial"] in chosen]
    until = screening.get("until")
    return page(
        request,
        "check.html",
        status=status,
        form_token=token,
        mark=screening_mark(screening),
        form=form,
        contact=contact_of(form, screening, _settings(request).site_country),
        countries=countries(),
        told=grouped(screening["facts"], request.app.state.texts),
        verdict=screening["verdict"],
        until=day_in_words(until) if until else None,
        teams=teams,
        several=len(offered_results(screening)) > 1,
        notice=notice,
        **way_of(fields),
    )


def _consents(request: Request, several: bool) -> list[Consent]:
    texts, moment = request.app.state.texts, now()
    keys = {"send": "consent_send", "call": "consent_call_several" if several else "consent_call"}
    wordings = {
        name: texts.say(f"web.contact.{key}", site=_settings(request).site_name) for name, key in keys.items()
    }
    return [Consent(name, consent_version(wording), wording, moment) for name, wording in wordings.items()]


def _sent_page(
    request: Request, fields: dict[str, str], receipts: Sequence[Receipt], more: bool
) -> HTMLResponse:
    """What became of the message; ``more`` says that there are study teams who did not get it."""
    settings = _settings(request)
    known: Mapping[str, Trial] = request.app.state.trials
    return page(
        request,
        "sent.html",
        receipt=receipts[0],
        receipts=[
            (known[one.trial].title if one.trial in known else one.trial, one.reference) for one in receipts
        ],
        more=more,
        demo=settings.site_name == DEMO_SITE_NAME,
        goes_out=settings.site_form_url is not None,
        call=call_sentence(receipts[0].created, now(), settings, request.app.state.texts),
        **way_of(fields),
    )
