"""Holding a lead while it is changed, on SQLite and PostgreSQL alike."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.leads.models import Lead


def locked_lead(reference: str, session: Session) -> Lead | None:
    """The lead, held until the transaction ends: whoever else would change it waits.

    A write that changes nothing does that: PostgreSQL locks the row, SQLite the database.
    """
    session.execute(update(Lead).where(Lead.reference == reference).values(state=Lead.state))
    return session.scalar(select(Lead).where(Lead.reference == reference))
