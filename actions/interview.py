"""`action_interview`: tracker in, one step of the interview out.

Thin on purpose: `bot.interview` decides everything. The action never raises, because with a separate action
server an exception would put the whole conversation into Rasa's log; the web process recognises a failed step
by `{"error": "action_failed"}`.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.approval.offered import offered_trials
from bot.interview import Incoming, Reply, SiteInfo, World, respond
from bot.interview.sites import matters
from bot.leads.store import discard_screening, save_screening
from bot.places.gazetteer import gazetteer
from bot.settings import Settings, get_settings
from bot.texts import TextError, Texts, load_texts
from criteria import FACT_NAMES, Trial
from criteria.matching import Matcher

logger = logging.getLogger(__name__)

MEMORY_SLOT = "interview"
LANGUAGE_SLOT = "language"

_compiled: dict[Settings, tuple[tuple[Trial, ...], Matcher]] = {}


def _texts(language: str) -> Texts:
    """The texts of the family's language, or the English ones where it has none."""
    try:
        return load_texts(language)
    except TextError:
        return load_texts("en")


def _world(settings: Settings, language: str) -> World:
    """What the interview may know besides the conversation; a turn asks what day it is here and only here."""
    site = SiteInfo(
        name=settings.site_name,
        phone=settings.site_phone,
        hours=settings.site_hours,
        emergency_number=settings.site_emergency_number,
        crisis_line=settings.site_crisis_line,
        privacy_url=settings.site_privacy_url or "/privacy",
    )
    return World(today=settings.today(), matcher=_matcher(settings), site=site, texts=_texts(language))


def _matcher(settings: Settings) -> Matcher:
    """The trials that families may hear of, compiled once; anew only when a trial file has changed."""
    trials = offered_trials(settings)
    if _compiled.get(settings, (None,))[0] is not trials:
        _compiled[settings] = (trials, Matcher(trials))
    return _compiled[settings][1]


def get_ready(settings: Settings) -> None:
    """Loads what the first family would wait for: the trials, and the towns where sites are known."""
    matcher = _matcher(settings)
    if any(matters(trial) for trial in matcher.trials):
        gazetteer()
    # A collection of garbage that walks through thousands of trials would halt a turn.
    gc.collect()
    gc.freeze()


def _incoming(tracker: Tracker) -> Incoming:
    """The family's message as the interview wants it."""
    message: Mapping[str, Any] = tracker.latest_message or {}
    intent: Mapping[str, Any] = message.get("intent") or {}
    metadata: Mapping[str, Any] = message.get("metadata") or {}
    return Incoming(
        text=message.get("text") or "",
        intent=intent.get("name"),
        confidence=float(intent.get("confidence") or 0.0),
        opening=bool(metadata.get("opening")),
        contact_removed=bool(metadata.get("contact_removed")),
        language=str(metadata.get("language") or tracker.get_slot(LANGUAGE_SLOT) or "en"),
        command=metadata.get("command"),
        question=metadata.get("question"),
        after=metadata.get("after"),
    )


def changed_slots(before: Mapping[str, Any], reply: Reply, language: str) -> list[dict[str, Any]]:
    """SlotSet events for what differs from the slots as they are; a fact that was taken back becomes None."""
    after: dict[str, Any] = {name: reply.facts.get(name) for name in FACT_NAMES}
    after |= {MEMORY_SLOT: reply.memory, LANGUAGE_SLOT: language}
    return [SlotSet(name, value) for name, value in after.items() if before.get(name) != value]


def _place(error: Exception) -> str:
    """Class and place of an exception: its text could hold what a family wrote."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"


async def _keep(session: str, reply: Reply) -> bool:
    """Keep a told verdict for the contact form, or drop the one that no longer holds.

    A failure must not lose the turn, so it is only reported.
    """
    try:
        if reply.screening is not None:
            await asyncio.to_thread(save_screening, session_id=session, screening=dict(reply.screening))
        elif reply.superseded:
            await asyncio.to_thread(discard_screening, session_id=session)
    except Exception as error:
        logger.error("a screening was not kept: %s", _place(error))
        return False
    return True


class ActionInterview(Action):
    """The one action: every intent leads to it."""

    def name(self) -> str:
        """The name in `domain.yml`."""
        return "action_interview"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """One message in, exactly one answer out, and the slots that changed."""
        try:
            answer, events = await self._step(tracker)
        except Exception as error:
            logger.error("a step of the interview failed: %s", _place(error))
            answer, events = {"error": "action_failed"}, []
        dispatcher.utter_message(json_message=answer)
        return events

    async def _step(self, tracker: Tracker) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        facts = {name: tracker.slots[name] for name in FACT_NAMES if tracker.slots.get(name) is not None}
        incoming = _incoming(tracker)
        # The interview gets copies, so that "changed" is judged against what Rasa holds.
        copies = json.loads(json.dumps([facts, tracker.slots.get(MEMORY_SLOT)]))
        reply = respond(incoming, copies[0], copies[1], _world(get_settings(), incoming.language))
        state = dict(reply.state)
        if (reply.screening is not None or reply.superseded) and not reply.erase:
            state["stored"] = await _keep(tracker.sender_id, reply)
        answer = {"messages": reply.messages, "state": state, "erase": reply.erase}
        return answer, changed_slots(tracker.slots, reply, incoming.language)
