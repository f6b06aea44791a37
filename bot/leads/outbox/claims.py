"""Taking a message out of the outbox to send it, and taking over what a dead process left behind.

A claim is a state (``sending``), a random token and a time. It is made together with the row of its attempt
in one transaction, before anything is sent: whatever happens afterwards, it is on record that it was tried.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import aliased

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.models import Attempt, Delivery, Lead
from bot.leads.outbox.kinds import TO_SIGN_UPS, Kind, State
from bot.leads.outbox.schedule import repeatable
from bot.settings import Settings

CLAIM = timedelta(minutes=3)
"""How long a claim holds: far longer than any sender may take, so that its end means a dead process."""

DIED = "the program stopped in the middle of sending"
WITHDRAWN = "not sent: the family took her message back"

_TO_THE_FORM = (Kind.LEAD, Kind.WITHDRAWAL)
_BY_MAIL = (Kind.FAMILY_COPY, Kind.SITE_NOTE, Kind.ESCALATION, Kind.CODE, *TO_SIGN_UPS)


@dataclass(frozen=True)
class Claim:
    """One message that this process alone may send now.

    It is about the lead with this ``reference``, or for the sign-up with this number.
    """

    delivery_id: int
    kind: str
    webhook_id: str
    reference: str | None
    signup_id: int | None
    payload_sealed: str | None
    tries: int
    token: str


def kinds_with_a_way(settings: Settings) -> tuple[Kind, ...]:
    """The kinds that can go anywhere with these settings; the others wait untried."""
    form = _TO_THE_FORM if settings.site_form_url is not None else ()
    mail = _BY_MAIL if settings.smtp_host is not None else ()
    return form + mail


def claim_due(store: Store, settings: Settings, at: datetime | None = None) -> Claim | None:
    """Claim the message that is due longest, or None where nothing is due.

    Several processes may ask at once: each message goes to one of them.
    """
    moment = at or now()
    kinds = kinds_with_a_way(settings)
    while kinds:
        with store.session() as session:
            # PostgreSQL locks the row and passes over rows that others hold. SQLite knows no such locks and
            # leaves these words out; there the state in the update below keeps two from taking the same one.
            due = session.scalar(
                select(Delivery.id)
                .outerjoin(Lead)
                .where(Delivery.state == State.WAITING, Delivery.kind.in_(kinds), _is_due(moment))
                .where(_still_wanted())
                .order_by(Delivery.next_attempt, Delivery.id)
                .limit(1)
                .with_for_update(skip_locked=True, of=Delivery)
            )
            if due is None:
                return None
            token = secrets.token_hex(16)
            taken = session.execute(
                update(Delivery)
                .where(Delivery.id == due, Delivery.state == State.WAITING)
                .values(
                    state=State.SENDING,
                    claim=token,
                    claimed_until=moment + CLAIM,
                    attempts=Delivery.attempts + 1,
                    last_attempt=moment,
                )
                .returning(Delivery.kind, Delivery.webhook_id, Delivery.payload_sealed, Delivery.attempts)
            ).one_or_none()
            if taken is None:
                # Somebody else was faster: look for the next one.
                continue
            session.add(Attempt(delivery_id=due, claim=token, started=moment))
            owner = session.execute(
                select(Lead.reference, Delivery.signup_id)
                .outerjoin_from(Delivery, Lead)
                .where(Delivery.id == due)
            ).one()
            return Claim(
                due, taken.kind, taken.webhook_id, *owner, taken.payload_sealed, taken.attempts, token
            )
    return None


def _is_due(moment: datetime) -> ColumnElement[bool]:
    """Its time has come, or the clock was set back since its time was set."""
    return or_(Delivery.next_attempt <= moment, Delivery.last_attempt > moment, Delivery.created > moment)


def _still_wanted() -> ColumnElement[bool]:
    """Of a lead that was taken back nothing goes out but that very news, and only when no try still runs.

    Otherwise a site could hear of the withdrawal first and of the lead after it. A sign-up that was stopped
    is gone with all its messages.
    """
    other = aliased(Delivery)
    being_sent = exists().where(
        other.lead_id == Delivery.lead_id, other.kind == Kind.LEAD, other.state == State.SENDING
    )
    return or_(
        and_(Delivery.kind != Kind.WITHDRAWAL, Lead.withdrawn.is_(None)),
        and_(Delivery.kind == Kind.WITHDRAWAL, ~being_sent),
    )


def recover_expired(store: Store, settings: Settings, at: datetime | None = None) -> int:
    """Take back the claims of processes that died in the middle; how many there were.

    What may be repeated waits again, under the same id. Of the others nobody knows whether they arrived.
    """
    moment = at or now()
    expired = and_(
        Delivery.state == State.SENDING,
        # A claim much further ahead than claims last comes from before the clock was set back. Another
        # machine's clock may be a little ahead of ours, and we may have waited for a lock.
        or_(Delivery.claimed_until < moment, Delivery.claimed_until > moment + 2 * CLAIM),
    )
    again = [kind for kind in Kind if repeatable(kind, settings)]
    with store.session() as session:
        # Should the holder of a claim live after all, it may still say that the message was taken.
        repeated = session.execute(
            update(Delivery)
            .where(expired, Delivery.kind.in_(again))
            .values(
                state=State.WAITING, next_attempt=moment, claim=None, claimed_until=None, last_outcome=DIED
            )
            .returning(Delivery.id)
        ).all()
        in_doubt = session.execute(
            update(Delivery)
            .where(expired, Delivery.kind.not_in(again))
            .values(state=State.MAYBE_SENT, claim=None, claimed_until=None, last_outcome=DIED)
            .returning(Delivery.id)
        ).all()
    return len(repeated) + len(in_doubt)


def cancel_unwanted(store: Store) -> int:
    """Cancel what was still to go out for leads that were taken back meanwhile; how many there were.

    The withdrawal cancels what waits at that moment. This is for what was being sent just then and failed.
    """
    with store.session() as session:
        cancelled = session.execute(
            update(Delivery)
            .where(Delivery.state.in_((State.WAITING, State.NEEDS_PERSON)))
            .where(Delivery.kind != Kind.WITHDRAWAL)
            .where(Delivery.lead_id.in_(select(Lead.id).where(Lead.withdrawn.is_not(None))))
            .values(state=State.CANCELLED, payload_sealed=None, last_outcome=WITHDRAWN)
            .returning(Delivery.id)
        ).all()
    return len(cancelled)
