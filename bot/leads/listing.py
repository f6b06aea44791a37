"""The list of leads: filters, pages, and what one line of it says. It reads no contact details."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.models import CLOSED, LEAD_STATES, NEW, Delivery, Lead
from bot.leads.outbox.kinds import State
from bot.leads.reading import DeliveryState, delivery_state
from bot.leads.states import ESCALATED, ESCALATED_AFTER, LATE, LATE_AFTER, late_state

OPEN = "open"
STATE_CHOICES = (OPEN, *LEAD_STATES)
LATE_CHOICES = (LATE, ESCALATED)
TROUBLES = (State.NEEDS_PERSON, State.MAYBE_SENT, State.WAITING)
VERDICT_CHOICES = ("likely", "possible", "not_yet", "not_likely")


@dataclass(frozen=True)
class Filter:
    """Which leads are wanted; an empty text is any. ``late`` includes the escalated ones."""

    state: str = ""
    late: str = ""
    trouble: str = ""
    verdict: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Row:
    """One lead as the list shows it. ``late`` is ``late``, ``escalated`` or None.

    ``same_contact`` holds the references of other leads for the same trial with the same mail or phone.
    """

    reference: str
    created: datetime
    state: str
    state_changed: datetime
    closed_reason: str | None
    withdrawn: datetime | None
    late: str | None
    trial: str
    verdict: str
    until: str | None
    unknowns: int
    deliveries: list[DeliveryState]
    same_contact: list[str]


@dataclass(frozen=True)
class Page:
    """One page of the list; ``number`` counts from 1."""

    rows: list[Row]
    total: int
    number: int
    last: int


def leads_page(
    wanted: Filter, number: int = 1, size: int = 25, store: Store | None = None, at: datetime | None = None
) -> Page:
    """The leads that are wanted, newest first. A page beyond the last one is the last one."""
    moment = at or now()
    conditions = _conditions(wanted, moment)
    with (store or open_store()).session() as session:
        total = session.scalar(select(func.count()).select_from(Lead).where(*conditions)) or 0
        last = max(1, -(-total // size))
        number = min(max(1, number), last)
        found = list(
            session.scalars(
                select(Lead)
                .options(selectinload(Lead.deliveries))
                .where(*conditions)
                .order_by(Lead.created.desc(), Lead.id.desc())
                .limit(size)
                .offset((number - 1) * size)
            )
        )
        same = same_contacts(found, session)
        return Page([_row(lead, same[lead.reference], moment) for lead in found], total, number, last)


def wanted_references(wanted: Filter, store: Store | None = None, at: datetime | None = None) -> list[str]:
    """The references of all leads that are wanted, newest first."""
    with (store or open_store()).session() as session:
        query = select(Lead.reference).where(*_conditions(wanted, at or now()))
        return list(session.scalars(query.order_by(Lead.created.desc(), Lead.id.desc())))


def same_contacts(leads: list[Lead], session: Session) -> dict[str, list[str]]:
    """For each of these leads the references of others for the same trial with the same mail or phone."""
    mails = {lead.email_mark for lead in leads if lead.email_mark}
    phones = {lead.phone_mark for lead in leads if lead.phone_mark}
    others = session.execute(
        select(Lead.reference, Lead.trial, Lead.email_mark, Lead.phone_mark)
        .where(or_(Lead.email_mark.in_(mails), Lead.phone_mark.in_(phones)), Lead.withdrawn.is_(None))
        .order_by(Lead.created, Lead.id)
    ).all()
    return {
        lead.reference: [
            other.reference
            for other in others
            if other.reference != lead.reference
            and other.trial == lead.trial
            and (
                (lead.email_mark and other.email_mark == lead.email_mark)
                or (lead.phone_mark and other.phone_mark == lead.phone_mark)
            )
        ]
        for lead in leads
    }


def _conditions(wanted: Filter, at: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state == OPEN:
        conditions.append(Lead.state != CLOSED)
    elif wanted.state:
        conditions.append(Lead.state == wanted.state)
    if wanted.late:
        after = ESCALATED_AFTER if wanted.late == ESCALATED else LATE_AFTER
        conditions.append(and_(Lead.state == NEW, Lead.state_changed <= at - after))
    if wanted.trouble:
        conditions.append(exists().where(Delivery.lead_id == Lead.id, Delivery.state == wanted.trouble))
    if wanted.verdict:
        # What became of a family's answers is not told any more once she took them back.
        conditions.append(and_(Lead.verdict == wanted.verdict, Lead.withdrawn.is_(None)))
    if wanted.reference:
        conditions.append(Lead.reference.contains(wanted.reference.strip().upper(), autoescape=True))
    return conditions


def _row(lead: Lead, same: list[str], at: datetime) -> Row:
    gone = lead.withdrawn is not None
    findings: dict[str, Any] = {} if gone else lead.screening.get("findings", {})
    return Row(
        reference=lead.reference,
        created=lead.created,
        state=lead.state,
        state_changed=lead.state_changed,
        closed_reason=lead.closed_reason,
        withdrawn=lead.withdrawn,
        late=late_state(lead.state, lead.state_changed, at),
        trial=lead.trial,
        verdict="" if gone else lead.verdict,
        until=None if gone else lead.screening.get("until"),
        unknowns=sum(finding["finding"] == "unknown" for finding in findings.values()),
        deliveries=[delivery_state(delivery) for delivery in lead.deliveries],
        same_contact=same,
    )


def attention(store: Store | None = None, at: datetime | None = None) -> dict[str, int]:
    """How many leads wait too long, and how many have a delivery that somebody must look at."""
    moment = at or now()
    asked = {
        ESCALATED: Filter(late=ESCALATED),
        LATE: Filter(late=LATE),
        State.NEEDS_PERSON.value: Filter(trouble=State.NEEDS_PERSON),
        State.MAYBE_SENT.value: Filter(trouble=State.MAYBE_SENT),
    }
    with (store or open_store()).session() as session:
        return {
            name: session.scalar(select(func.count()).select_from(Lead).where(*_conditions(wanted, moment)))
            or 0
            for name, wanted in asked.items()
        }
