"""Sending what is due, one message at a time: claim it, send it, write down what came of it.

The claim is committed before anything is sent, the outcome after. A process that dies in between leaves a
claim that runs out, and ``recover_expired`` decides what that means.
"""

import logging
from collections.abc import Callable
from typing import Any

from bot.leads.database import Store, open_store
from bot.leads.keys import UnreadableContact, unseal
from bot.leads.mail import send as send_mail
from bot.leads.news.reading import signed_up
from bot.leads.outbox.claims import Claim, cancel_unwanted, claim_due, recover_expired
from bot.leads.outbox.kinds import Kind
from bot.leads.outbox.outcome import Fate, Job, NewsJob, Outcome
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
        job = _job(claim, store) if claim.signup_id is None else _news_job(claim, claim.signup_id, store)
        sender = sender_for(claim.kind, settings)
    except UnreadableContact:
        return Outcome(Fate.PERSON, NO_KEY)
    except Exception as error:
        # Nothing has been sent yet.
        return Outcome(Fate.AGAIN, f"not sent: what it is about can't be read ({type(error).__name__})")
    if isinstance(job, Outcome):
        return job
    try:
        return send_mail(job, settings) if isinstance(job, NewsJob) else sender(job, settings)
    except Exception as error:
        # A sender that fails may have sent before it failed. Its words may hold contact details.
        return Outcome(Fate.UNKNOWN, f"the program failed ({type(error).__name__})")


def _job(claim: Claim, store: Store) -> Job | Outcome:
    card = lead_card(claim.reference, store) if claim.reference is not None else None
    if card is None:
        return Outcome(Fate.PERSON, "the lead is not there any more")
    if card.contact is None and claim.kind in _WITH_CONTACT:
        return Outcome(Fate.PERSON, NO_KEY)
    return Job(claim.delivery_id, claim.kind, claim.webhook_id, card, _payload(claim))


def _news_job(claim: Claim, signup_id: int, store: Store) -> NewsJob | Outcome:
    signup = signed_up(signup_id, store)
    if signup is None:
        return Outcome(Fate.PERSON, "the sign-up is not there any more")
    return NewsJob(claim.delivery_id, claim.kind, claim.webhook_id, signup, _payload(claim))


def _payload(claim: Claim) -> dict[str, Any]:
    return unseal(claim.payload_sealed) if claim.payload_sealed is not None else {}
