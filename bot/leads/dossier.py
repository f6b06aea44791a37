"""All that staff see of one lead: card, state, notes, every delivery with its tries, and the audit."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.leads.audit import Deed, deeds_on
from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.listing import same_contacts
from bot.leads.models import Attempt, Delivery, Lead
from bot.leads.notes import NoteRead, read_note
from bot.leads.outbox.kinds import State
from bot.leads.reading import LeadCard, card_of
from bot.leads.states import late_state

RETRIED_BY_HAND = (State.WAITING, State.NEEDS_PERSON, State.MAYBE_SENT)
"""States in which somebody may have a message tried again, now."""
ENDED_BY_HAND = (State.MAYBE_SENT, State.NEEDS_PERSON)
"""States in which somebody who looked may say that a message arrived."""


@dataclass(frozen=True)
class Try:
    """One try of a delivery; ``outcome`` is None while it runs, and where the process died in it."""

    started: datetime
    ended: datetime | None
    outcome: str | None
    status: int | None


@dataclass(frozen=True)
class DeliveryRead:
    """One message of the outbox with its tries, oldest first."""

    id: int
    kind: str
    state: str
    created: datetime
    next_attempt: datetime
    delivered: datetime | None
    attempts: int
    last_outcome: str | None
    tries: list[Try]

    @property
    def may_be_retried(self) -> bool:
        """Whether "try again" makes sense. What was never tried yet is tried by itself."""
        return self.state in RETRIED_BY_HAND and self.attempts > 0

    @property
    def may_be_ended(self) -> bool:
        """Whether somebody may say that it arrived."""
        return self.state in ENDED_BY_HAND


@dataclass(frozen=True)
class Dossier:
    """One lead with everything around it. Notes are oldest first, deeds newest first."""

    card: LeadCard
    state: str
    state_changed: datetime
    closed_reason: str | None
    withdrawn: datetime | None
    late: str | None
    same_contact: list[str]
    notes: list[NoteRead]
    deliveries: list[DeliveryRead]
    deeds: list[Deed]


def dossier(reference: str, store: Store | None = None, at: datetime | None = None) -> Dossier | None:
    """Everything about the lead with this reference, if there is one."""
    with (store or open_store()).session() as session:
        lead = session.scalar(select(Lead).where(Lead.reference == reference))
        if lead is None:
            return None
        return Dossier(
            card=card_of(lead),
            state=lead.state,
            state_changed=lead.state_changed,
            closed_reason=lead.closed_reason,
            withdrawn=lead.withdrawn,
            late=late_state(lead.state, lead.state_changed, at or now()),
            same_contact=same_contacts([lead], session)[lead.reference],
            notes=[read_note(note) for note in lead.notes],
            deliveries=[_delivery(delivery, session) for delivery in lead.deliveries],
            deeds=deeds_on(reference, session),
        )


def _delivery(delivery: Delivery, session: Session) -> DeliveryRead:
    tries = session.scalars(select(Attempt).where(Attempt.delivery_id == delivery.id).order_by(Attempt.id))
    return DeliveryRead(
        id=delivery.id,
        kind=delivery.kind,
        state=delivery.state,
        created=delivery.created,
        next_attempt=delivery.next_attempt,
        delivered=delivery.delivered,
        attempts=delivery.attempts,
        last_outcome=delivery.last_outcome,
        tries=[Try(one.started, one.ended, one.outcome, one.status) for one in tries],
    )
