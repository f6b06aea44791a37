"""What is stored of a sign-up, locked: who it is, which illness, which links her mails hold."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.leads.database import Store
from bot.leads.keys import seal, unseal
from bot.leads.models import SignUp


@dataclass(frozen=True)
class Details:
    """All of a sign-up that names somebody or something; it is only ever stored encrypted.

    ``confirm`` and ``stop`` are the random parts of the links in her mails. ``diagnosis`` is None where she
    asked for no news of studies. ``consent`` is what stood beside the box that she ticked, and when.
    """

    email: str
    confirm: str
    stop: str
    diagnosis: dict[str, Any] | None
    consent: dict[str, str]

    def sealed(self) -> str:
        """The details as encrypted text. Raises KeysMissing."""
        return seal(asdict(self))


@dataclass(frozen=True)
class SignedUp:
    """What a mail to somebody who signed up is made of."""

    email: str
    confirm: str
    stop: str
    created: datetime
    confirmed: datetime | None


def details_of(sealed: str) -> Details:
    """The details inside encrypted text. Raises UnreadableContact."""
    return Details(**unseal(sealed))


def signed_up(signup_id: int, store: Store) -> SignedUp | None:
    """The sign-up with this number, if there still is one. Raises UnreadableContact."""
    with store.session() as session:
        found = session.execute(
            select(SignUp.details_sealed, SignUp.created, SignUp.confirmed).where(SignUp.id == signup_id)
        ).one_or_none()
    if found is None:
        return None
    details = details_of(found.details_sealed)
    return SignedUp(details.email, details.confirm, details.stop, found.created, found.confirmed)


def link_hash(token: str) -> str:
    """What a link is found by. The token is random and long: a plain hash of it can't be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()
