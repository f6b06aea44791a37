"""When a sign-up is over: what is deleted, and when it is no longer tied to its chat."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.models import ConfirmMails, Delivery, SignUp
from bot.leads.news.signing import CONFIRM_WITHIN, MAILS_WITHIN
from bot.leads.outbox.kinds import State
from bot.settings import Settings

TROUBLE_LASTS = timedelta(days=7)
"""How long somebody may look after a last mail that did not get through."""

LONGEST_AFTER_END = timedelta(days=14)
"""A sign-up whose last mail could not be tried, because there is no mail server, goes after this time."""


def over(moment: datetime) -> ColumnElement[bool]:
    """Which sign-ups are over: nobody said yes in time, or the last mail is through, or its time is."""
    unconfirmed = and_(SignUp.confirmed.is_(None), SignUp.created <= moment - CONFIRM_WITHIN)
    open_states = (State.WAITING, State.SENDING)
    on_its_way = SignUp.deliveries.any(Delivery.state.in_(open_states))
    troubled = SignUp.deliveries.any(
        and_(
            Delivery.state.in_((State.NEEDS_PERSON, State.MAYBE_SENT)),
            Delivery.last_attempt > moment - TROUBLE_LASTS,
        )
    )
    nothing_to_come = and_(
        SignUp.confirmed.is_not(None), SignUp.day.is_(None), ~SignUp.studies, ~on_its_way, ~troubled
    )
    return or_(unconfirmed, nothing_to_come, SignUp.ends <= moment - LONGEST_AFTER_END)


def forgotten_marks(moment: datetime) -> ColumnElement[bool]:
    """Which marks of addresses count for nothing any more."""
    return ConfirmMails.last <= moment - MAILS_WITHIN


def drop_over(store: Store, settings: Settings, at: datetime | None = None) -> int:
    """Delete the sign-ups that are over; how many. Their mails go with them."""
    with store.session() as session:
        return len(session.execute(delete(SignUp).where(over(at or now())).returning(SignUp.id)).all())


def untie(store: Store, living: Collection[str], before: datetime) -> None:
    """Forget in which chat a sign-up was made, once that chat is forgotten too.

    ``living`` are the hashes of chats that go on; a sign-up made after ``before`` is left alone.
    """
    tied = SignUp.session_hash.is_not(None), SignUp.created < before
    with store.session() as session:
        found = session.execute(select(SignUp.id, SignUp.session_hash).where(*tied)).all()
        gone = [signup_id for signup_id, chat in found if chat not in living]
        # No statement may name without end.
        for start in range(0, len(gone), 500):
            some = SignUp.id.in_(gone[start : start + 500])
            session.execute(update(SignUp).where(some).values(session_hash=None))
