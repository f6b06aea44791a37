"""Reading the audit: who did what, and when. Entries are written where the things are done."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.leads.database import Store, open_store
from bot.leads.models import AuditEntry


@dataclass(frozen=True)
class Deed:
    """One entry of the audit."""

    at: datetime
    who: str
    action: str
    reference: str | None
    detail: str | None


def deeds_on(reference: str, session: Session) -> list[Deed]:
    """What was done with one lead, newest first."""
    found = session.scalars(
        select(AuditEntry).where(AuditEntry.reference == reference).order_by(AuditEntry.id.desc())
    )
    return [_deed(entry) for entry in found]


def newest_deeds(
    size: int, before: int | None = None, store: Store | None = None
) -> tuple[list[Deed], int | None]:
    """The newest entries of all, at most ``size``, and what to give as ``before`` for the older ones.

    The second value is None where there are no older ones.
    """
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(size + 1)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    with (store or open_store()).session() as session:
        found = list(session.scalars(query))
    older = found[size - 1].id if len(found) > size else None
    return [_deed(entry) for entry in found[:size]], older


def _deed(entry: AuditEntry) -> Deed:
    return Deed(entry.at, entry.who, entry.action, entry.reference, entry.detail)
