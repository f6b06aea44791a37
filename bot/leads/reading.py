"""Leads as staff read them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.intake import Contact
from bot.leads.keys import UnreadableContact, unseal
from bot.leads.models import AuditEntry, Delivery, Lead
from bot.leads.outbox.kinds import Kind

EXPORTED, AS_FHIR = "exported", "as FHIR"
"""What the audit says of a lead that was taken out of the inbox: in a file, or by a program."""


@dataclass(frozen=True)
class DeliveryState:
    """How far one message has come; without a ``kind``, the lead's own to the site."""

    state: str
    attempts: int
    last_outcome: str | None
    last_attempt: datetime | None
    delivered: datetime | None
    kind: str = Kind.LEAD


@dataclass(frozen=True)
class LeadCard:
    """One lead with its contact details; ``contact`` is None where no key can read them any more."""

    reference: str
    created: datetime
    trial: str
    verdict: str
    screening: dict[str, Any]
    consents: list[dict[str, Any]]
    contact: Contact | None
    delivery: DeliveryState


def all_leads(store: Store | None = None, most: int = 500) -> list[LeadCard]:
    """The newest leads, newest first."""
    with (store or open_store()).session() as session:
        found = session.scalars(
            select(Lead).options(selectinload(Lead.deliveries)).order_by(Lead.created.desc()).limit(most)
        )
        return [card_of(lead) for lead in found]


def lead_card(reference: str, store: Store | None = None) -> LeadCard | None:
    """The lead with this reference, if there is one."""
    with (store or open_store()).session() as session:
        lead = session.scalar(select(Lead).where(Lead.reference == reference))
        return card_of(lead) if lead is not None else None


def record(
    who: str, action: str, reference: str | None = None, store: Store | None = None, detail: str | None = None
) -> None:
    """Note in the audit who did what. ``detail`` never holds a family's words."""
    with (store or open_store()).session() as session:
        session.add(AuditEntry(at=now(), who=who, action=action, reference=reference, detail=detail))


def card_of(lead: Lead) -> LeadCard:
    """The card of a lead that is at hand, its deliveries included."""
    try:
        contact = Contact(**unseal(lead.contact_sealed)) if lead.contact_sealed is not None else None
    except UnreadableContact:
        contact = None
    delivery = next(one for one in lead.deliveries if one.kind == Kind.LEAD)
    return LeadCard(
        reference=lead.reference,
        created=lead.created,
        trial=lead.trial,
        verdict=lead.verdict,
        screening=lead.screening,
        consents=lead.consents,
        contact=contact,
        delivery=delivery_state(delivery),
    )


def delivery_state(delivery: Delivery) -> DeliveryState:
    """How far one message of the outbox has come."""
    return DeliveryState(
        delivery.state,
        delivery.attempts,
        delivery.last_outcome,
        delivery.last_attempt,
        delivery.delivered,
        delivery.kind,
    )
