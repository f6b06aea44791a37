"""The columns that hold encrypted values, and the guard that keeps what is written readable.

A value is locked before its transaction begins. Where an old key is dropped just then, the row would come
into the database with a lock that has no key any more. So each flush looks once more, inside the
transaction: a value whose key is being dropped is locked anew. Whoever drops a key waits for the
transactions that flushed before (``bot.leads.rotation``), so that no row can slip through.
"""

from typing import Any

from sqlalchemy import Table, event, update
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.attributes import set_committed_value

from bot.leads.keys import UnreadableContact, keys_of_this_process
from bot.leads.models import Base, Delivery, DoctorPage, FamilyNote, Lead, Note, SignUp

SEALED: tuple[tuple[type[Base], str], ...] = (
    (Lead, "contact_sealed"),
    (SignUp, "details_sealed"),
    (Note, "text_sealed"),
    (Delivery, "payload_sealed"),
    (DoctorPage, "content_sealed"),
    (FamilyNote, "text_sealed"),
)
"""Every column whose values are locked with the lead keys; each table has an ``id``."""


def keep_readable(sessions: sessionmaker[Session]) -> None:
    """Let all sessions made here lock anew, while they flush, what a key locked that is being dropped."""
    event.listen(sessions, "after_flush", _lock_anew)


def table_of(model: type[Base]) -> Table:
    """The table of a model."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _lock_anew(session: Session, _context: Any) -> None:
    written = [*session.new, *session.dirty]
    for model, column in SEALED:
        table = table_of(model)
        for row in written:
            token = getattr(row, column) if isinstance(row, model) else None
            fresh = _made_to_last(token) if token is not None else None
            if fresh is not None:
                session.connection().execute(
                    update(table).where(table.c.id == row.id).values({column: fresh})
                )
                set_committed_value(row, column, fresh)


def _made_to_last(token: str) -> str | None:
    try:
        return keys_of_this_process().made_to_last(token)
    except UnreadableContact:
        # Its key was lost long ago: writing another column of the row must still be possible.
        return None
