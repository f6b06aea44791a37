"""Mails to people who signed up that did not get through, as staff see them: how many, and why the last one.

They belong to no lead and have no card. Who they are for is nobody's business here.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.models import Delivery
from bot.leads.news.ending import TROUBLE_LASTS
from bot.leads.outbox.kinds import Kind, State


@dataclass(frozen=True)
class Trouble:
    """How many mails of the last days need a person or were maybe sent, and what came of the last try.

    A mail to confirm is not among them: a mistyped address is nothing to act on.
    """

    needs_person: int
    maybe_sent: int
    last_outcome: str

    @property
    def anything(self) -> bool:
        """Whether there is anything to be told."""
        return bool(self.needs_person or self.maybe_sent)


def trouble(store: Store | None = None, at: datetime | None = None) -> Trouble:
    """What did not get through lately."""
    stuck = (
        Delivery.signup_id.is_not(None),
        Delivery.kind != Kind.NEWS_CONFIRM,
        Delivery.state.in_((State.NEEDS_PERSON, State.MAYBE_SENT)),
        Delivery.last_attempt > (at or now()) - TROUBLE_LASTS,
    )
    with (store or open_store()).session() as session:
        counted = select(Delivery.state, func.count()).where(*stuck).group_by(Delivery.state)
        numbers = {state: number for state, number in session.execute(counted)}
        latest = select(Delivery.last_outcome).where(*stuck).order_by(Delivery.last_attempt.desc()).limit(1)
        outcome = session.scalar(latest)
    return Trouble(numbers.get(State.NEEDS_PERSON, 0), numbers.get(State.MAYBE_SENT, 0), outcome or "")


def try_again(store: Store | None = None) -> int:
    """Have all that certainly did not get through tried once more, now; how many.

    What was maybe sent is left alone: nobody is to be told a thing twice.
    """
    with (store or open_store()).session() as session:
        changed = session.execute(
            update(Delivery)
            .where(Delivery.signup_id.is_not(None), Delivery.state == State.NEEDS_PERSON)
            .values(state=State.WAITING, next_attempt=now(), claim=None, claimed_until=None)
            .returning(Delivery.id)
        )
        return len(changed.all())
