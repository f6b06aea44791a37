"""Leads with sealed values, and the key file that they are locked with."""

from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import select

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.intake import Contact, store_lead
from bot.leads.keys import KeyRing, seal
from bot.leads.models import DoctorPage, FamilyNote, Lead, Note
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import Kind
from bot.leads.screenings import session_hash
from bot.leads.sealed import SEALED, table_of
from tests.leads.signups import sign

CONTACT = Contact("Quillonia", "Zarrabeth", "quillonia@zarrabeth.example.org", "+86 138 0013 8000")


def send(store: Store, screening: dict[str, Any], token: str = "form-1") -> str:
    return store_lead(token, token, screening, CONTACT, [], store).reference


def lead_with_all(store: Store, screening: dict[str, Any], token: str = "form-1") -> str:
    """A lead, a sign-up, a doctor's page and notes: a value in every sealed column."""
    reference = send(store, screening, token)
    with store.session() as session:
        lead = session.scalars(select(Lead).where(Lead.reference == reference)).one()
        lead.notes.append(Note(at=now(), who="anna", text_sealed=seal({"text": "rang twice"})))
        lead.deliveries.append(new_delivery(Kind.CODE, now(), {"code": "123456"}))
        mine = {"session_hash": session_hash(token)}
        session.add(FamilyNote(**mine, text_sealed=seal({"text": "ask"}), updated=now()))
        page = {"content_sealed": seal({"link": token}), "created": now(), "expires": now()}
        session.add(DoctorPage(**mine, link_hash=token, passcode_hash="h", **page))
    sign(store, token, email=f"{token}@zarrabeth.example")
    return reference


def tokens(store: Store) -> list[str]:
    with store.engine.connect() as connection:
        return [
            token
            for model, column in SEALED
            for (token,) in connection.execute(
                select(table_of(model).c[column]).order_by(table_of(model).c.id)
            )
            if token is not None
        ]


def key_file(home: Path) -> Path:
    return home / "secrets" / "lead.keys"


def ring(home: Path) -> KeyRing:
    return KeyRing.from_text(key_file(home).read_text(encoding="utf-8"))


def all_read_with(key: str, store: Store) -> bool:
    return all(Fernet(key).decrypt(token.encode()) for token in tokens(store))
