"""One lead's card, what is unknown first, and what coordinators do there: states, notes, deliveries."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, RedirectResponse, Response

from bot.leads import fhir
from bot.leads.dossier import DeliveryRead, Dossier, dossier
from bot.leads.models import CLOSED, LEAD_STATES
from bot.leads.notes import LONGEST_NOTE, NoteRefused, add_note
from bot.leads.outbox import queue
from bot.leads.reading import AS_FHIR, lead_card, record
from bot.leads.states import (
    CLOSED_REASONS,
    ChangedMeanwhile,
    NoSuchState,
    UnknownLead,
    Withdrawn,
    change_state,
)
from bot.leads.withdrawal import WITHDRAWN, withdraw
from bot.leads.words import day_in_words, grouped
from bot.web.again import STORE_ERRORS
from bot.web.contact_form import countries
from bot.web.inbox_guard import Desk, for_staff
from bot.web.phones import tel
from criteria import load_trial, trial_names

log = logging.getLogger(__name__)
router = APIRouter()

_ORDER = {"unknown": 0, "not_yet": 1, "not_met": 2, "met": 3, "for_the_team": 4}
_CONTACT_LINES = ("first_name", "last_name", "phone", "best_time", "language", "relation", "email", "country")
# What a page may say after a form was sent, by the word in its address.
_DONE = {
    "state": "staff.change.done",
    "note": "staff.note.done",
    "again": "staff.delivery.again_done",
    "arrived": "staff.delivery.arrived_done",
    "withdrawn": "staff.take_back.done",
}


@router.get("/lead/{reference}")
@for_staff()
async def lead(desk: Desk) -> Response:
    """One lead. Looking at it is noted in the audit. As a FHIR Bundle for programs that ask for one."""
    if fhir.asked_for(desk.request.headers.get("accept")):
        return await _bundle(desk)
    return await _card_page(desk, done=desk.request.query_params.get("done"))


async def _bundle(desk: Desk) -> Response:
    """The lead as FHIR; after a withdrawal, that alone."""
    card = await asyncio.to_thread(lead_card, desk.request.path_params["reference"])
    if card is None:
        return desk.refuse("staff.refused.not_found", 404)
    await asyncio.to_thread(record, desk.staff.name, "read", card.reference, detail=AS_FHIR)
    make = fhir.withdrawal if card.verdict == WITHDRAWN else fhir.bundle
    content = await asyncio.to_thread(make, card, desk.request.app.state.settings)
    return JSONResponse(content, media_type=fhir.MEDIA_TYPE)


async def _card_page(
    desk: Desk,
    status: int = 200,
    *,
    done: str | None = None,
    problem: str | None = None,
    draft: str = "",
) -> Response:
    """The card of the lead in the address, with what was done or why not; ``draft`` is a note's text."""
    found = await asyncio.to_thread(dossier, desk.request.path_params["reference"])
    if found is None:
        return desk.refuse("staff.refused.not_found", 404)
    await asyncio.to_thread(record, desk.staff.name, "read", found.card.reference)
    return desk.page(
        "lead.html",
        status,
        case=found,
        card=found.card,
        contact=_contact(found),
        done=done if done in _DONE else None,
        done_texts=_DONE,
        problem=problem,
        draft=draft,
        states=LEAD_STATES,
        reasons=CLOSED_REASONS,
        longest_note=LONGEST_NOTE,
        **_screening(desk, found),
    )


@router.post("/lead/{reference}/state")
@for_staff()
async def set_state(desk: Desk) -> Response:
    """Change the state, unless somebody else did so since the card was shown."""
    reference, fields = desk.request.path_params["reference"], desk.fields
    state, seen = fields.get("state", ""), fields.get("from", "")
    reason = fields.get("reason") or None if state == CLOSED else None
    try:
        # A form that does not say what it was made from is refused like one that is out of date.
        await asyncio.to_thread(
            change_state, reference, state, desk.staff.name, reason, made_from=seen or "nothing"
        )
    except UnknownLead:
        return desk.refuse("staff.refused.not_found", 404)
    except NoSuchState:
        return await _card_page(desk, 422, problem=_say(desk, "staff.change.reason_missing"))
    except Withdrawn:
        return await _card_page(desk, 409, problem=_say(desk, "staff.change.withdrawn"))
    except ChangedMeanwhile as changed:
        there = _say(desk, f"staff.state.{changed.state}")
        return await _card_page(desk, 409, problem=_say(desk, "staff.change.meanwhile", state=there))
    return _back(reference, "state")


@router.post("/lead/{reference}/withdraw")
@for_staff()
async def take_back(desk: Desk) -> Response:
    """Take a lead back for a family that asked for it, on the phone or in a letter."""
    reference = desk.request.path_params["reference"]
    if desk.fields.get("asked") != "yes":
        return await _card_page(desk, 422, problem=_say(desk, "staff.take_back.not_asked"))
    if not await asyncio.to_thread(withdraw, reference, who=desk.staff.name):
        return await _card_page(desk, 409, problem=_say(desk, "staff.change.withdrawn"))
    return _back(reference, "withdrawn")


@router.post("/lead/{reference}/note")
@for_staff()
async def note(desk: Desk) -> Response:
    """Store a note. One that can't be stored stays in its box."""
    reference, text = desk.request.path_params["reference"], desk.fields.get("text", "")
    try:
        await asyncio.to_thread(add_note, reference, text, desk.staff.name)
    except NoteRefused:
        problem = _say(desk, "staff.note.refused", count=LONGEST_NOTE)
        return await _card_page(desk, 422, problem=problem, draft=text)
    except STORE_ERRORS as error:
        log.error("a note was not stored: %s", type(error).__name__)
        return desk.page("note_kept.html", 503, reference=reference, text=text)
    return _back(reference, "note")


@router.post("/lead/{reference}/delivery/{delivery}/again")
@for_staff()
async def try_again(desk: Desk) -> Response:
    """Have a message tried again, now."""
    return await _by_hand(desk, queue.retry_now, "tried delivery again", "again")


@router.post("/lead/{reference}/delivery/{delivery}/arrived")
@for_staff()
async def arrived(desk: Desk) -> Response:
    """Somebody looked: a message that may have arrived did."""
    return await _by_hand(desk, queue.mark_delivered, "marked delivery as arrived", "arrived")


async def _by_hand(desk: Desk, act: Callable[[int], bool], action: str, done: str) -> Response:
    found = await asyncio.to_thread(dossier, desk.request.path_params["reference"])
    if found is None:
        return desk.refuse("staff.refused.not_found", 404)
    asked = desk.request.path_params["delivery"]
    # The delivery has to be one of this lead's: the audit names the lead.
    delivery: DeliveryRead | None = next((one for one in found.deliveries if str(one.id) == asked), None)
    if delivery is None or not await asyncio.to_thread(act, delivery.id):
        return await _card_page(desk, 409, problem=_say(desk, "staff.delivery.refused"))
    reference = found.card.reference
    await asyncio.to_thread(record, desk.staff.name, action, reference, detail=delivery.kind)
    return _back(reference, done)


def _back(reference: str, done: str) -> Response:
    return RedirectResponse(f"/inbox/lead/{reference}?done={done}", 303)


def _say(desk: Desk, key: str, **values: object) -> str:
    return str(desk.request.app.state.texts.say(key, **values))


def _screening(desk: Desk, found: Dossier) -> dict[str, Any]:
    screening = found.card.screening
    findings = screening.get("findings", {})
    answers_day = screening.get("today")
    return {
        "findings": sorted(findings.items(), key=lambda item: _ORDER[item[1]["finding"]]),
        "unknowns": {name: one for name, one in findings.items() if one["finding"] == "unknown"},
        "sources": _sources(found.card.trial, desk.request.app.state.settings.trials_folder),
        "told": grouped(screening.get("facts", {}), desk.request.app.state.texts),
        "answers_day": day_in_words(answers_day) if answers_day else "",
    }


def _sources(trial: str, folder: Path) -> dict[str, str]:
    """The criteria's own words. A lead may be for a trial that is not in use any more, or not known here."""
    if trial not in trial_names(folder):
        return {}
    return {criterion.id: criterion.source for criterion in load_trial(trial, folder).criteria}


def _contact(found: Dossier) -> dict[str, Any] | None:
    contact = found.card.contact
    if contact is None:
        return None
    told: dict[str, Any] = asdict(contact)
    told["country"] = countries().get(contact.country, contact.country)
    told["lines"] = [name for name in _CONTACT_LINES if told[name]]
    # An extension can't be dialled with the number.
    told["tel"] = tel(contact.phone.lower().split("x")[0])
    return told
