"""What came of a try, and what a coordinator decides: the only ways in which a delivery's state changes."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.models import Attempt, Delivery, Lead
from bot.leads.outbox.claims import Claim
from bot.leads.outbox.kinds import Kind, State
from bot.leads.outbox.outcome import Fate, Outcome
from bot.leads.outbox.schedule import next_attempt, state_after
from bot.settings import Settings

_dice = random.Random()


def record(
    claim: Claim, outcome: Outcome, store: Store, settings: Settings, at: datetime | None = None
) -> State | None:
    """Write down how a try ended; the delivery's new state, or None where the claim was not ours any more.

    Only the holder of the claim may change the delivery. That it was taken is true whoever says it.
    """
    moment = at or now()
    with store.session() as session:
        # Writing first: on SQLite this takes the lock before anything is read.
        session.execute(
            update(Attempt)
            .where(Attempt.delivery_id == claim.delivery_id, Attempt.claim == claim.token)
            .values(ended=moment, outcome=outcome.text[:200], status=outcome.status)
        )
        begun = session.scalar(
            select(func.min(Attempt.started)).where(Attempt.delivery_id == claim.delivery_id)
        )
        tried_for = moment - begun if begun is not None else timedelta(0)
        state = state_after(claim.kind, outcome, settings, tried_for)
        values: dict[str, Any] = {
            "state": state,
            "claim": None,
            "claimed_until": None,
            "last_outcome": outcome.text[:200],
        }
        if state is State.DELIVERED:
            # What it alone said was for its reader.
            values |= {"delivered": moment, "payload_sealed": None}
        elif state is State.WAITING:
            values["next_attempt"] = next_attempt(moment, claim.tries, _dice.random(), outcome)
        change = update(Delivery).where(Delivery.id == claim.delivery_id).values(values)
        if outcome.fate is Fate.TAKEN:
            change = change.where(Delivery.state != State.DELIVERED)
        else:
            change = change.where(Delivery.state == State.SENDING, Delivery.claim == claim.token)
        return state if session.execute(change.returning(Delivery.id)).first() is not None else None


def retry_now(delivery_id: int, store: Store | None = None) -> bool:
    """Try a delivery again at once, under the same id: a coordinator's button. Whether it will be tried.

    It will not where it was delivered or cancelled, where it is being sent at this moment, and where the
    family took her message back.
    """
    moment = now()
    taken_back = Delivery.lead_id.in_(select(Lead.id).where(Lead.withdrawn.is_not(None)))
    with (store or open_store()).session() as session:
        changed = session.execute(
            update(Delivery)
            .where(Delivery.id == delivery_id)
            .where(Delivery.state.in_((State.WAITING, State.NEEDS_PERSON, State.MAYBE_SENT)))
            .where(Delivery.signup_id.is_not(None) | ~taken_back | (Delivery.kind == Kind.WITHDRAWAL))
            .values(state=State.WAITING, next_attempt=moment, claim=None, claimed_until=None)
            .returning(Delivery.id)
        )
        return changed.first() is not None


def mark_delivered(delivery_id: int, store: Store | None = None) -> bool:
    """A coordinator has looked, or told it on the phone: they have it. Whether anything changed."""
    with (store or open_store()).session() as session:
        changed = session.execute(
            update(Delivery)
            .where(Delivery.id == delivery_id)
            .where(Delivery.state.in_((State.MAYBE_SENT, State.NEEDS_PERSON)))
            .values(state=State.DELIVERED, delivered=now(), payload_sealed=None, claim=None)
            .returning(Delivery.id)
        )
        return changed.first() is not None
