"""Sending what is due, one message at a time: claim it, send it, write down what came of it.

The claim is committed before anything is sent, the outcome after. A process that dies in between leaves a
claim that runs out, and ``recover_expired`` decides what that means.
"""

import logging
from collections.abc import Callable, Mapping

from bot.leads.database import Store, open_store
from bot.leads.keys import UnreadableContact, unseal
from bot.leads.outbox.claims import Claim, cancel_unwanted, claim_due, recover_expired
from bot.leads.outbox.kinds import Kind
from bot.leads.outbox.outcome import Fate, Job, Outcome, Sender
from bot.leads.outbox.results import mark_delivered, record, retry_now
from bot.leads.outbox.senders import sender_for
from bot.leads.reading import lead_card
from bot.settings import Settings, get_settings

__all__ = [
    "cancel_unwanted",
    "claim_due",
    "deliver_due",
    "deliver_one",
    "mark_delivered",
    "record",
    "recover_expired",
    "retry_now",
    "send",
]

log = logging.getLogger(__name__)

NO_KEY = "the contact details can't be read: their key is missing"

# What can't be written or addressed without the contact details.
_WITH_CONTACT = (Kind.LEAD, Kind.FAMILY_COPY, Kind.CODE)

Recorder = Callable[[Claim, Outcome, Store, Settings], object]


def deliver_due(store: Store | None = None, settings: Settings | None = None) -> int:
    """Try every delivery that is due now; how many were taken."""
    settings = settings or get_settings()
    opened = store or open_store()
    taken = 0
    while (outcome := deliver_one(opened, settings)) is not None:
        taken += outcome.fate is Fate.TAKEN
    return taken


def deliver_one(store: Store, settings: Settings, write_down: Recorder = record) -> Outcome | None:
    """Try the delivery that is due longest; what came of it, or None where nothing is due.

    ``write_down`` stores the outcome; the worker gives one that does not give up easily.
    """
    claim = claim_due(store, settings)
    if claim is None:
        return None
    outcome = send(claim, store, settings)
    write_down(claim, outcome, store, settings)
    log.info("delivery %s (%s): %s", claim.delivery_id, claim.kind, outcome.text)
    return outcome


def send(claim: Claim, store: Store, settings: Settings) -> Outcome:
    """Send a claimed message. Whatever happens is an outcome; nothing is raised."""
    try:
        job = _job(claim, store)
        sender: Sender = sender_for(claim.kind, settings)
    except Exception as error:
        # Nothing has been sent yet.
        return Outcome(Fate.AGAIN, f"not sent: the lead can't be read ({type(error).__name__})")
    if isinstance(job, Outcome):
        return job
    try:
        return sender(job, settings)
    except Exception as error:
        # A sender that fails may have sent before it failed. Its words may hold contact details.
        return Outcome(Fate.UNKNOWN, f"the program failed ({type(error).__name__})")


def _job(claim: Claim, store: Store) -> Job | Outcome:
    card = lead_card(claim.reference, store)
    if card is None:
        return Outcome(Fate.PERSON, "the lead is not there any more")
    if card.contact is None and claim.kind in _WITH_CONTACT:
        return Outcome(Fate.PERSON, NO_KEY)
    payload: Mapping[str, object] = {}
    if claim.payload_sealed is not None:
        try:
            payload = unseal(claim.payload_sealed)
        except UnreadableContact:
            return Outcome(Fate.PERSON, NO_KEY)
    return Job(claim.delivery_id, claim.kind, claim.webhook_id, card, dict(payload))
