"""How far a lead is: its states, who changed them, and when one that nobody touches is late."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.models import CLOSED, LEAD_STATES, NEW, AuditEntry, Lead

LATE, ESCALATED = "late", "escalated"
LATE_AFTER = timedelta(hours=24)
ESCALATED_AFTER = timedelta(hours=48)

CLOSED_REASONS = (
    "no_answer",
    "not_a_match",
    "family_declined",
    "referred_elsewhere",
    "duplicate",
    "other",
)
"""Why somebody at the site may close a lead. A withdrawal closes it too, but never by hand."""


class StateRefused(Exception):
    """A lead's state was not changed; nothing was written."""


class UnknownLead(StateRefused):
    """There is no lead with this reference."""


class NoSuchState(StateRefused):
    """The state, or the reason for closing, is none of the fixed ones."""


class ChangedMeanwhile(StateRefused):
    """Somebody else changed the state since it was looked at; ``state`` is what it is now."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class Withdrawn(StateRefused):
    """The family took the lead back: it stays closed."""


def late_state(state: str, since: datetime, at: datetime) -> str | None:
    """``late`` for a lead that is new for 24 hours, ``escalated`` after 48, otherwise None."""
    if state != NEW:
        return None
    if at - since >= ESCALATED_AFTER:
        return ESCALATED
    return LATE if at - since >= LATE_AFTER else None


def change_state(
    reference: str,
    state: str,
    who: str,
    reason: str | None = None,
    store: Store | None = None,
    *,
    made_from: str | None = None,
) -> None:
    """Bring a lead into another state, and note in the audit who did it.

    ``made_from`` is the state that was seen when this was decided: where it is another one by now, nothing
    is changed. Closing needs one of ``CLOSED_REASONS``; no other state takes a reason. Any state may follow
    any other, so that a mistake can be put right. Raises a kind of StateRefused.
    """
    if state not in LEAD_STATES or not _reason_fits(state, reason):
        raise NoSuchState
    moment = now()
    with (store or open_store()).session() as session:
        found = session.execute(select(Lead.state, Lead.withdrawn).where(Lead.reference == reference)).first()
        if found is None:
            raise UnknownLead
        if found.withdrawn is not None:
            raise Withdrawn
        seen = made_from or found.state
        # One statement that looks and changes: of two people who press at once, one is told.
        changed = session.execute(
            update(Lead)
            .where(Lead.reference == reference, Lead.state == seen, Lead.withdrawn.is_(None))
            .values(state=state, state_changed=moment, closed_reason=reason)
            .returning(Lead.id)
        ).first()
        if changed is None:
            there = session.scalar(select(Lead.state).where(Lead.reference == reference))
            raise ChangedMeanwhile(there or CLOSED)
        detail = f"{seen} to {state}" + (f" ({reason})" if reason else "")
        session.add(
            AuditEntry(at=moment, who=who, action="changed state", reference=reference, detail=detail)
        )


def _reason_fits(state: str, reason: str | None) -> bool:
    return reason in CLOSED_REASONS if state == CLOSED else reason is None
