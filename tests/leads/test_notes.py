"""Notes of coordinators: sealed, bounded, gone with a withdrawal."""

from typing import Any

import pytest
from sqlalchemy import select, text

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.dossier import dossier
from bot.leads.intake import Contact, store_lead
from bot.leads.models import AuditEntry, Lead, Note
from bot.leads.notes import LONGEST_NOTE, NoteRefused, add_note


@pytest.fixture
def reference(store: Store, screening: dict[str, Any]) -> str:
    return store_lead(
        "s1", "form-1", screening, Contact("Ana", "Li", "ana@mail.com", "1"), [], store
    ).reference


def test_a_note_is_read_back_with_who_wrote_it(store: Store, reference: str) -> None:
    add_note(reference, "  Called twice.\r\nTry after 5.  ", "ana", store)
    add_note(reference, "Reached.", "bob", store)
    found = dossier(reference, store)
    assert found is not None
    assert [(note.who, note.text) for note in found.notes] == [
        ("ana", "Called twice.\nTry after 5."),
        ("bob", "Reached."),
    ]


def test_a_note_is_encrypted_in_the_database_and_not_in_the_audit(store: Store, reference: str) -> None:
    add_note(reference, "Grandmother Xiulan answers", "ana", store)
    with store.session() as session:
        row = session.execute(text("SELECT * FROM notes")).one()
        entries = [(entry.who, entry.action, entry.detail) for entry in session.scalars(select(AuditEntry))]
    assert "Xiulan" not in str(tuple(row))
    assert entries == [("ana", "added note", None)]


@pytest.mark.parametrize("written", ["", " \n ", "\0", "x" * (LONGEST_NOTE + 1)])
def test_empty_and_endless_notes_are_refused(store: Store, reference: str, written: str) -> None:
    with pytest.raises(NoteRefused):
        add_note(reference, written, "ana", store)
    with store.session() as session:
        assert session.scalars(select(Note)).all() == []


def test_no_note_on_a_lead_that_is_not_there_or_was_taken_back(store: Store, reference: str) -> None:
    with pytest.raises(NoteRefused):
        add_note("ACDE-FGHJ", "hello", "ana", store)
    with store.session() as session:
        session.scalars(select(Lead)).one().withdrawn = now()
    with pytest.raises(NoteRefused):
        add_note(reference, "hello", "ana", store)


def test_a_note_whose_key_is_gone_says_so(store: Store, reference: str) -> None:
    add_note(reference, "hello", "ana", store)
    with store.session() as session:
        session.scalars(select(Note)).one().text_sealed = "gAAAAABnot-a-token"
    found = dossier(reference, store)
    assert found is not None
    assert [note.text for note in found.notes] == [None]
