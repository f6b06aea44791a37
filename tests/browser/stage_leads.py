"""Leads to look at in the inbox, one of each kind, made of real screenings."""

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.intake import Consent, Contact, store_lead
from bot.leads.models import Attempt, Lead
from bot.leads.notes import add_note
from bot.leads.outbox.kinds import Kind, State
from bot.leads.states import change_state
from bot.leads.users import add_user
from bot.leads.withdrawal import withdraw
from tests.interview.family import TO_THE_VERDICT, Family

PASSWORD = "correct horse battery"
STAFF = {"anna": "administrator", "bob": "coordinator"}
# Nobody sends twice, but for the one who is to.
_numbers = count(1)
_START = ("parent", "7", "rhabdomyosarcoma", "relapsed")
_FAMILIES = {
    "likely": (*_START, "surgery, chemotherapy", "2026-06-01", *TO_THE_VERDICT),
    "possible": (
        *_START,
        "surgery, radiation",
        "february 2025",
        "none",
        "heart_problem, blood_thinners",
        "tires",
    ),
    "not_yet": (*_START, "chemotherapy", "12 days ago", "no", "none", "none", "yes"),
}


def staff(store: Store) -> None:
    """Everybody who works at the site."""
    for name, role in STAFF.items():
        add_user(name, PASSWORD, store, role=role)


def leads(store: Store) -> dict[str, str]:
    """Store one lead of each kind, and give the references by kind."""
    mei = _contact(
        "Mei",
        "Li-Anderson-Featherstonehaugh",
        language="Chinese, English",
        relation="parent",
        country="CN",
        best_time="after 5 pm, not on Friday",
    )
    teen = _contact("Ruth", "Okafor", relation="patient", of_guardian=True)
    made = {
        "possible": _lead("possible", mei, store, hours=1),
        "same contact": _lead("likely", mei, store, hours=3),
        "late": _lead("not_yet", _contact("José", "Ramírez", relation="grandparent"), store, hours=30),
        "escalated": _lead("likely", teen, store, hours=60),
        "needs a person": _lead("likely", _contact("Lena", "Berg"), store, hours=5),
        "closed": _lead("possible", _contact("Amit", "Rao"), store, hours=90),
        "withdrawn": _lead("likely", _contact("Ivy", "Moss"), store, hours=20),
    }
    add_note(made["possible"], "Called at 17:10, nobody answered.\nAgain on Monday.", "bob", store)
    change_state(made["needs a person"], "called", "bob", store=store)
    change_state(made["closed"], "closed", "bob", "no_answer", store=store)
    _went_wrong(made["needs a person"], store)
    withdraw(made["withdrawn"], store, who="bob")
    return made


def _contact(first: str, last: str, **more: Any) -> Contact:
    number = next(_numbers)
    mail = f"{last}.{number}.with.a.rather.long.name@some.hospital.example".lower()
    return Contact(first, last, mail, f"+1 202 555 {1000 + number}", **more)


def _lead(verdict: str, contact: Contact, store: Store, *, hours: float) -> str:
    screening = Family(*_FAMILIES[verdict]).reply.screening
    assert screening is not None
    assert screening["verdict"] == verdict
    name = f"stage-{now().timestamp()}"
    consents = [Consent("send", "0123456789ab", "Yes, send my answers to the study team.", now())]
    reference = store_lead(name, name, dict(screening), contact, consents, store).reference
    with store.session() as session:
        lead = session.scalars(select(Lead).where(Lead.reference == reference)).one()
        lead.created = lead.state_changed = now() - timedelta(hours=hours)
        for delivery in lead.deliveries:
            if delivery.kind == Kind.LEAD:
                delivery.state, delivery.attempts, delivery.delivered = State.DELIVERED, 1, lead.created
    return reference


def _went_wrong(reference: str, store: Store) -> None:
    """The site's form took it, perhaps; the mail to the family was refused."""
    outcomes: dict[str, Any] = {
        Kind.LEAD: (State.MAYBE_SENT, "no answer within 30 s", None),
        Kind.FAMILY_COPY: (State.NEEDS_PERSON, "the mail server refused the address", 550),
    }
    with store.session() as session:
        lead = session.scalars(select(Lead).where(Lead.reference == reference)).one()
        for delivery in lead.deliveries:
            if delivery.kind not in outcomes:
                continue
            delivery.state, delivery.last_outcome, status = outcomes[delivery.kind]
            delivery.attempts, delivery.delivered = 2, None
            for minutes in (20, 5):
                at = now() - timedelta(minutes=minutes)
                session.add(
                    Attempt(
                        delivery_id=delivery.id,
                        claim="0" * 32,
                        started=at,
                        ended=at,
                        outcome=delivery.last_outcome,
                        status=status,
                    )
                )
