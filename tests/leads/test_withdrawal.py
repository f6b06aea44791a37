"""A lead that its family takes back: what is deleted, who is told, what the inbox still shows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.intake import Contact, store_lead
from bot.leads.keys import seal
from bot.leads.models import AuditEntry, Delivery, Lead, Note, StatusCode
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import Kind, State
from bot.leads.reading import all_leads
from bot.leads.screenings import save_screening, screening_for
from bot.leads.status import request_code
from bot.leads.withdrawal import withdraw


@pytest.fixture
def reference(store: Store, screening: dict[str, Any]) -> str:
    save_screening("mine", screening)
    contact = Contact("Ada", "Brambleworth", "ada@brambleworth.example", "+1 202 555 0100")
    sent = store_lead("mine", "form", screening, contact, []).reference
    request_code(sent)
    with store.session() as session:
        lead = session.scalars(select(Lead)).one()
        lead.email_mark = lead.phone_mark = "a mark"
        lead.notes.append(Note(at=now(), who="anna", text_sealed=seal({"text": "call after 5"})))
        lead.deliveries.append(new_delivery(Kind.FAMILY_COPY, now()))
    return sent


def deliveries(store: Store) -> dict[str, Delivery]:
    with store.session() as session:
        return {one.kind: one for one in session.scalars(select(Delivery))}


def test_contact_answers_notes_and_codes_are_deleted(store: Store, reference: str) -> None:
    assert withdraw(reference)
    with store.session() as session:
        lead = session.scalars(select(Lead)).one()
        assert (lead.contact_sealed, lead.email_mark, lead.phone_mark) == (None, None, None)
        assert lead.verdict == "withdrawn"
        assert lead.screening == {
            "trial": "NCT06848582",
            "trial_version": "1",
            "text_version": "abc",
            "verdict": "withdrawn",
            "until": None,
            "facts": {},
            "findings": {},
        }
        assert (lead.state, lead.closed_reason) == ("closed", "withdrawn")
        assert lead.withdrawn == lead.state_changed
        assert now() - lead.state_changed < timedelta(minutes=1)
        assert not session.scalars(select(Note)).all()
        assert not session.scalars(select(StatusCode)).all()
        audit = session.scalars(select(AuditEntry)).one()
        assert (audit.who, audit.action, audit.reference) == ("family", "withdraw", reference)
    assert screening_for("mine") is None


def test_an_unsent_lead_is_cancelled_and_the_site_hears_of_nothing(store: Store, reference: str) -> None:
    assert withdraw(reference)
    found = deliveries(store)
    assert {kind: one.state for kind, one in found.items()} == {
        Kind.LEAD: State.CANCELLED,
        Kind.CODE: State.CANCELLED,
        Kind.FAMILY_COPY: State.CANCELLED,
    }
    assert all(one.payload_sealed is None for one in found.values())


@pytest.mark.parametrize(
    ("state", "attempts", "after"),
    [
        (State.DELIVERED, 1, State.DELIVERED),
        (State.SENDING, 1, State.SENDING),
        (State.MAYBE_SENT, 1, State.MAYBE_SENT),
        # The last try got no answer: it may have arrived all the same.
        (State.WAITING, 3, State.CANCELLED),
        (State.NEEDS_PERSON, 40, State.CANCELLED),
    ],
)
def test_a_site_that_may_have_it_is_told(
    store: Store, reference: str, state: State, attempts: int, after: State
) -> None:
    with store.session() as session:
        session.execute(
            update(Delivery).where(Delivery.kind == Kind.LEAD).values(state=state, attempts=attempts)
        )
    assert withdraw(reference)
    found = deliveries(store)
    assert found[Kind.LEAD].state == after
    assert found[Kind.WITHDRAWAL].state == State.WAITING
    assert found[Kind.WITHDRAWAL].payload_sealed is None


def test_it_happens_once(store: Store, reference: str) -> None:
    with store.session() as session:
        session.execute(update(Delivery).where(Delivery.kind == Kind.LEAD).values(state=State.DELIVERED))
    assert withdraw(reference)
    assert not withdraw(reference)
    assert not withdraw("AAAA-AAAA")
    with store.session() as session:
        assert len(session.scalars(select(Delivery).where(Delivery.kind == Kind.WITHDRAWAL)).all()) == 1
        assert len(session.scalars(select(AuditEntry)).all()) == 1


def test_pressed_many_times_at_once_it_happens_once(store: Store, reference: str) -> None:
    with store.session() as session:
        session.execute(update(Delivery).where(Delivery.kind == Kind.LEAD).values(state=State.DELIVERED))
    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(withdraw, [reference] * 6)) == [False] * 5 + [True]
    assert deliveries(store)[Kind.WITHDRAWAL].state == State.WAITING


def test_another_lead_is_left_alone(store: Store, reference: str, screening: dict[str, Any]) -> None:
    save_screening("other", screening)
    contact = Contact("Bo", "Smith", "bo@smith.example", "+1 202 555 0101")
    other = store_lead("other", "other form", screening, contact, []).reference
    assert withdraw(reference)
    card = next(card for card in all_leads() if card.reference == other)
    assert card.contact == contact
    assert card.screening == screening
    assert card.delivery.state == State.WAITING
    assert screening_for("other") == screening


def test_the_same_form_sent_again_is_a_new_lead(
    store: Store, reference: str, screening: dict[str, Any]
) -> None:
    """She is never told that something is kept which she took back."""
    assert withdraw(reference)
    contact = Contact("Ada", "Brambleworth", "ada@brambleworth.example", "+1 202 555 0100")
    again = store_lead("mine", "form", screening, contact, [])
    assert again.reference != reference
    assert not again.repeated


def test_the_audit_says_who_did_it(store: Store, reference: str) -> None:
    assert withdraw(reference, who="anna")
    with store.session() as session:
        assert session.scalars(select(AuditEntry)).one().who == "anna"
