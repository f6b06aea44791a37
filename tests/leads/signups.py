"""People who signed up for news, and what waits in the outbox for them."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.intake import Consent
from bot.leads.models import Base, Delivery, SignUp
from bot.leads.news.reading import Details, details_of
from bot.leads.news.signing import Wish, confirm, sign_up

MAIL = {
    "SMTP_HOST": "127.0.0.1",
    "MAIL_FROM": "chat@hospital.example",
    "PUBLIC_URL": "https://chat.hospital.example",
}
EMAIL = "quillonia@zarrabeth.example"
DAY = date(2026, 12, 13)
ILLNESS = {"id": "rhabdomyosarcoma"}
WISH = Wish(EMAIL, DAY, ILLNESS)


def sign(
    store: Store, session_id: str = "chat 1", at: datetime | None = None, **changes: Any
) -> list[Details]:
    """Sign up; the details of all sign-ups that there are then, oldest first."""
    sign_up(session_id, replace(WISH, **changes), Consent("news", "v1", "Yes.", now()), store, at)
    return all_details(store)


def signed_up(store: Store, at: datetime | None = None, **changes: Any) -> Details:
    """Somebody who has said yes."""
    details = sign(store, f"chat of {changes.get('email', EMAIL)}", at, **changes)[-1]
    assert confirm(details.confirm, store, at) is not None
    return details


def all_details(store: Store) -> list[Details]:
    with store.session() as session:
        sealed = session.scalars(select(SignUp.details_sealed).order_by(SignUp.id))
        return [details_of(one) for one in sealed]


def signup(store: Store) -> SignUp:
    """The only sign-up."""
    with store.session() as session:
        return session.scalars(select(SignUp)).one()


def mails(store: Store) -> list[str]:
    """The kinds of all mails for people who signed up, oldest first."""
    with store.session() as session:
        mine = Delivery.signup_id.is_not(None)
        return list(session.scalars(select(Delivery.kind).where(mine).order_by(Delivery.id)))


def number_of(store: Store, table: type[Base]) -> int:
    with store.session() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
