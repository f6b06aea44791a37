"""Which mails a stored lead puts into the outbox, and what the family is told of her copy."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from bot.leads import intake
from bot.leads.database import Store
from bot.leads.intake import Contact, Receipt, receipt_by_reference, store_lead
from bot.leads.models import Delivery, Lead
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import Kind, State
from bot.settings import Settings

SMTP = {"SMTP_HOST": "127.0.0.1", "MAIL_FROM": "chat@hospital.example"}
SITE = {"SITE_MAIL": "team@hospital.example"}


def send(store: Store, screening: dict[str, Any], form: str = "form-1", **variables: str) -> Receipt:
    contact = Contact("Ana", "Li", "ana@mail.com", "+86 138 0013 8000")
    return store_lead("s1", form, screening, contact, [], store, Settings.from_env(variables))


def kinds(store: Store) -> list[str]:
    with store.session() as session:
        return list(session.scalars(select(Delivery.kind).order_by(Delivery.id)))


@pytest.mark.parametrize(
    ("variables", "put"),
    [
        ({}, [Kind.LEAD]),
        (SMTP, [Kind.LEAD, Kind.FAMILY_COPY]),
        (SMTP | SITE, [Kind.LEAD, Kind.FAMILY_COPY, Kind.SITE_NOTE]),
        (SMTP | {"SITE_ESCALATION_MAIL": "head@hospital.example"}, [Kind.LEAD, Kind.FAMILY_COPY]),
    ],
)
def test_mails_where_there_is_a_mail_server(
    store: Store, screening: dict[str, Any], variables: dict[str, str], put: list[Kind]
) -> None:
    receipt = send(store, screening, **variables)
    assert kinds(store) == put
    assert receipt.copied == (Kind.FAMILY_COPY in put)
    with store.session() as session:
        deliveries = session.scalars(select(Delivery)).all()
        assert len({delivery.webhook_id for delivery in deliveries}) == len(put)
        assert {delivery.state for delivery in deliveries} == {State.WAITING}


def test_mails_of_this_process_by_its_settings(
    store: Store, screening: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "get_settings", lambda: Settings.from_env(SMTP))
    store_lead("s1", "form-1", screening, Contact("Ana", "Li", "ana@mail.com", "1"), [], store)
    assert kinds(store) == [Kind.LEAD, Kind.FAMILY_COPY]


def test_same_form_twice_is_one_copy(store: Store, screening: dict[str, Any]) -> None:
    first = send(store, screening, **SMTP, **SITE)
    again = send(store, screening, **SMTP, **SITE)
    assert again == Receipt(
        first.reference, first.trial, repeated=True, delivered=False, created=first.created, copied=True
    )
    assert kinds(store) == [Kind.LEAD, Kind.FAMILY_COPY, Kind.SITE_NOTE]


def test_lead_and_mails_are_stored_together_or_not_at_all(
    store: Store, screening: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unfit_note(kind: Kind, moment: datetime) -> Delivery:
        made = new_delivery(kind, moment)
        if kind == Kind.SITE_NOTE:
            made.next_attempt = None
        return made

    monkeypatch.setattr(intake, "new_delivery", unfit_note)
    with pytest.raises(IntegrityError):
        send(store, screening, **SMTP, **SITE)
    assert kinds(store) == []
    with store.session() as session:
        assert session.scalar(select(func.count()).select_from(Lead)) == 0


@pytest.mark.parametrize(
    ("state", "copied"),
    [
        (State.WAITING, True),
        (State.SENDING, True),
        (State.DELIVERED, True),
        (State.MAYBE_SENT, True),
        (State.NEEDS_PERSON, False),
        (State.CANCELLED, False),
    ],
)
def test_family_is_told_of_a_copy_only_while_one_goes(
    store: Store, screening: dict[str, Any], state: State, copied: bool
) -> None:
    reference = send(store, screening, **SMTP).reference
    with store.session() as session:
        session.scalars(select(Delivery).where(Delivery.kind == Kind.FAMILY_COPY)).one().state = state
    receipt = receipt_by_reference(reference, store)
    assert receipt is not None
    assert receipt.copied == copied


def test_lead_from_before_there_was_a_mail_server_has_no_copy(
    store: Store, screening: dict[str, Any]
) -> None:
    reference = send(store, screening).reference
    assert send(store, screening, **SMTP) == receipt_by_reference(reference, store)
    assert kinds(store) == [Kind.LEAD]
