"""Notes that coordinators write on a lead. They may name anybody, so they are encrypted like the contact."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.keys import UnreadableContact, seal, unseal
from bot.leads.models import AuditEntry, Lead, Note

LONGEST_NOTE = 2000


class NoteRefused(ValueError):
    """A note was not stored: it is empty, too long, or its lead is gone or was taken back."""


@dataclass(frozen=True)
class NoteRead:
    """One note; ``text`` is None where no key can read it any more."""

    at: datetime
    who: str
    text: str | None


def add_note(reference: str, text: str, who: str, store: Store | None = None) -> None:
    """Store a note of at most ``LONGEST_NOTE`` signs, and note in the audit that there is one.

    Raises NoteRefused. A lead that was taken back takes no notes: they would tell of the family again.
    """
    written = "\n".join(line.rstrip() for line in text.replace("\0", "").splitlines()).strip()
    if not 1 <= len(written) <= LONGEST_NOTE:
        raise NoteRefused
    moment = now()
    with (store or open_store()).session() as session:
        # A change that changes nothing holds the lead until the note is there: a withdrawal comes before
        # it, or deletes it.
        lead = session.execute(
            update(Lead)
            .where(Lead.reference == reference, Lead.withdrawn.is_(None))
            .values(state=Lead.state)
            .returning(Lead.id)
        ).scalar()
        if lead is None:
            raise NoteRefused
        session.add(Note(lead_id=lead, at=moment, who=who, text_sealed=seal({"text": written})))
        session.add(AuditEntry(at=moment, who=who, action="added note", reference=reference))


def read_note(note: Note) -> NoteRead:
    """The note with its text, where a key can read it."""
    try:
        text = str(unseal(note.text_sealed)["text"])
    except (UnreadableContact, KeyError):
        return NoteRead(note.at, note.who, None)
    return NoteRead(note.at, note.who, text)
