"""What staff see of mails to people who signed up: that some did not get through, and never for whom."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.leads.clock import now
from bot.leads.database import open_store
from bot.leads.models import AuditEntry, Delivery, SignUp
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import Kind, State
from tests.leads.signups import signed_up

WHY = "not taken: refused at the log-in (SMTP 535)"


@pytest.fixture
def signup(web: Any) -> None:
    signed_up(open_store())


def add_mail(kind: Kind, state: State, days_ago: int = 0) -> None:
    with open_store().session() as session:
        mail = new_delivery(kind, now())
        mail.state, mail.last_outcome, mail.attempts = state, WHY, 1
        mail.last_attempt = now() - timedelta(days=days_ago)
        signup = session.scalars(select(SignUp)).one()
        signup.deliveries.append(mail)


def states() -> list[str]:
    with open_store().session() as session:
        mine = Delivery.signup_id.is_not(None), Delivery.kind != Kind.NEWS_CONFIRM
        return list(session.scalars(select(Delivery.state).where(*mine).order_by(Delivery.id)))


def test_the_inbox_is_quiet_while_mails_get_through(inbox: Any, reference: str, signup: None) -> None:
    for state in (State.WAITING, State.DELIVERED):
        add_mail(Kind.NEWS_STUDY, state)
    add_mail(Kind.NEWS_STUDY, State.NEEDS_PERSON, days_ago=8)
    # A mistyped address is nothing that staff could act on.
    add_mail(Kind.NEWS_CONFIRM, State.NEEDS_PERSON)
    text = inbox.read()
    assert reference in text
    assert "signed up for news" not in text


def test_mails_that_did_not_get_through_are_told_and_tried_again(
    inbox: Any, reference: str, signup: None
) -> None:
    for state in (State.NEEDS_PERSON, State.NEEDS_PERSON, State.MAYBE_SENT):
        add_mail(Kind.NEWS_STUDY, state)
    text = inbox.read()
    for said in ("Not delivered: 2.", "Maybe delivered: 1.", WHY):
        assert said in text
    assert "zarrabeth" not in text
    # The leads' own marks don't count them.
    assert "Delivery needs a person" not in text
    assert inbox.post("/news/again").headers["location"] == "/inbox"
    assert states() == [State.WAITING, State.WAITING, State.MAYBE_SENT]
    assert "Not delivered" not in inbox.read()
    with open_store().session() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "tried news again")).one()
    assert (entry.who, entry.reference, entry.detail) == ("ana", None, "mails: 2")


def test_a_form_without_its_token_tries_nothing(inbox: Any, signup: None) -> None:
    add_mail(Kind.NEWS_DATE, State.NEEDS_PERSON)
    assert inbox.client.post("/inbox/news/again").status_code >= 400
    assert states() == [State.NEEDS_PERSON]
