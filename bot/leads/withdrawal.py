"""A family takes her lead back: what she told is deleted, and the site is told by the reference alone."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, delete, or_, select, update
from sqlalchemy.orm import Session

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.family_notes import forget_family_notes
from bot.leads.locking import locked_lead
from bot.leads.models import CLOSED, AuditEntry, Delivery, FamilyNote, Lead, Note, Screening, StatusCode
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import Kind, State
from bot.leads.sweeping import sweep

WITHDRAWN = "withdrawn"
"""The reason of a lead that is closed by its family, and what stands in the place of its verdict."""

FAMILY = "family"
"""Who did it, in the audit."""

# What the pages need to show a card without answers. The verdict is an answer too.
_KEPT = ("trial", "trial_version", "text_version")
_EMPTY: dict[str, Any] = {"verdict": WITHDRAWN, "until": None, "facts": {}, "findings": {}}


def withdraw(reference: str, store: Store | None = None, *, who: str = FAMILY) -> bool:
    """Delete a lead's contact, answers and notes and close it; False where there is no such lead any more.

    ``who`` is told in the audit: the family on her own page, or the coordinator whom she asked.

    What waits in the outbox is cancelled. Where the lead's message reached the site, or may have, the site
    is told in the same transaction. When this returns, nothing of it is left in the database's files either,
    unless they are too large or in use: then the next purge cleans them. Raises SQLAlchemyError when the
    database can't be written; then nothing has changed.
    """
    opened = store or open_store()
    moment = now()
    with opened.session() as session:
        lead = locked_lead(reference, session)
        if lead is None or lead.withdrawn is not None:
            return False
        _stop_deliveries(lead, session, moment)
        for table in (Note, StatusCode):
            session.execute(delete(table).where(table.lead_id == lead.id))
        _forget_in_chats(reference, session)
        lead.screening = {name: lead.screening.get(name) for name in _KEPT} | _EMPTY
        lead.verdict = WITHDRAWN
        lead.contact_sealed = lead.email_mark = lead.phone_mark = None
        # Should she send the same form again, it is a new lead: this one has nothing left to be kept.
        lead.form_hash = secrets.token_hex(32)
        lead.state, lead.closed_reason = CLOSED, WITHDRAWN
        lead.state_changed = lead.withdrawn = moment
        session.add(AuditEntry(at=moment, who=who, action="withdraw", reference=reference))
    emptied = (Lead, Delivery, Note, StatusCode, Screening, FamilyNote)
    sweep(opened.engine, [table.__tablename__ for table in emptied])
    return True


def _forget_in_chats(reference: str, session: Session) -> None:
    """The chat may still hold the same answers for the form; what was taken back is not kept there.

    Where the answers went to other study teams as well, they stay for these.
    """
    named = cast(Screening.sent, String).contains(reference)
    mine = select(Screening).where(or_(Screening.sent_reference == reference, named)).with_for_update()
    for kept in session.scalars(mine).all():
        left = {trial: other for trial, other in (kept.sent or {}).items() if other != reference}
        if left:
            kept.sent, kept.sent_reference = left, next(iter(left.values()))
        else:
            forget_family_notes([kept.session_hash], session)
            session.delete(kept)


def _stop_deliveries(lead: Lead, session: Session, moment: datetime) -> None:
    """Cancel what was not sent, and tell the site of what it may have."""
    unsent = (State.WAITING, State.NEEDS_PERSON)
    mine = Delivery.lead_id == lead.id
    session.execute(update(Delivery).where(mine).values(payload_sealed=None))
    session.execute(
        update(Delivery).where(mine, Delivery.state.in_(unsent)).values(state=State.CANCELLED, claim=None)
    )
    # Read after that update: a worker that was faster has the delivery in its hands now.
    message = session.execute(
        select(Delivery.state, Delivery.attempts).where(mine, Delivery.kind == Kind.LEAD)
    ).all()
    # After a try without an answer nobody knows, whatever the state is.
    if any(state != State.CANCELLED or attempts for state, attempts in message):
        lead.deliveries.append(new_delivery(Kind.WITHDRAWAL, moment))
