"""A family's private notes on her own answers: sealed, for her alone, gone with her screening.

They go to nobody: not to Rasa, not into a lead, not to the site. Only where she says so does a copy stand on
the page that she shares with her doctor.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.keys import UnreadableContact, seal, unseal
from bot.leads.models import FamilyNote, Screening
from bot.leads.screenings import session_hash

LONGEST_FAMILY_NOTE = 2000


def keep_family_note(session_id: str, text: str, store: Store | None = None) -> bool:
    """Keep the notes of a chat in place of earlier ones; an empty text deletes them.

    False, and nothing is kept, where the chat has no screening: it was erased, or has no verdict. The caller
    holds the family's lock, and has taken contact details out. Raises ValueError for a text that is too long.
    """
    if len(text) > LONGEST_FAMILY_NOTE:
        raise ValueError(f"notes have at most {LONGEST_FAMILY_NOTE} signs")
    mine = session_hash(session_id)
    sealed = seal({"text": text})
    with (store or open_store()).session() as session:
        if session.get(Screening, mine) is None:
            return False
        kept = session.scalar(select(FamilyNote).where(FamilyNote.session_hash == mine))
        if not text:
            forget_family_notes([mine], session)
        elif kept is None:
            session.add(FamilyNote(session_hash=mine, text_sealed=sealed, updated=now()))
        else:
            kept.text_sealed, kept.updated = sealed, now()
    return True


def family_note(session_id: str, store: Store | None = None) -> str:
    """The notes of a chat; empty where there are none, or no key can read them any more."""
    with (store or open_store()).session() as session:
        mine = FamilyNote.session_hash == session_hash(session_id)
        sealed = session.scalar(select(FamilyNote.text_sealed).where(mine))
    if sealed is None:
        return ""
    try:
        return str(unseal(sealed)["text"])
    except (UnreadableContact, KeyError):
        return ""


def forget_family_notes(hashes: Sequence[str], session: Session) -> int:
    """Delete the notes of these chats, named as screenings are; how many there were."""
    gone = delete(FamilyNote).where(FamilyNote.session_hash.in_(list(hashes)))
    return len(session.execute(gone.returning(FamilyNote.id)).all())
