"""A family's private notes: sealed, hers alone, gone with her screening."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.erasure import erase_conversation
from bot.leads.family_notes import LONGEST_FAMILY_NOTE, family_note, keep_family_note
from bot.leads.intake import Contact, store_lead
from bot.leads.models import FamilyNote, Screening
from bot.leads.reading import all_leads
from bot.leads.retention import PurgeReport, purge
from bot.leads.screenings import discard_screening, save_screening
from bot.leads.withdrawal import withdraw
from tests.leads.rasa_table import tell

NOTE = "ask about the giraffe in Zanzibar"


@pytest.fixture
def mine(store: Store, screening: dict[str, Any]) -> str:
    save_screening("mine", screening)
    assert keep_family_note("mine", NOTE)
    return "mine"


def age_by(store: Store, hours: int) -> None:
    with store.session() as session:
        for table in (Screening, FamilyNote):
            session.execute(update(table).values(updated=now() - timedelta(hours=hours)))


def test_notes_are_kept_changed_and_deleted(mine: str) -> None:
    assert family_note(mine) == NOTE
    assert family_note("other") == ""
    assert keep_family_note(mine, "something else")
    assert family_note(mine) == "something else"
    assert keep_family_note(mine, "")
    assert family_note(mine) == ""


def test_there_are_no_notes_without_a_screening(store: Store) -> None:
    assert not keep_family_note("mine", NOTE)
    assert family_note("mine") == ""


def test_notes_have_a_length(mine: str) -> None:
    assert keep_family_note(mine, "x" * LONGEST_FAMILY_NOTE)
    with pytest.raises(ValueError, match="at most"):
        keep_family_note(mine, "x" * (LONGEST_FAMILY_NOTE + 1))


def test_notes_are_nowhere_in_the_clear(mine: str, written: Callable[[], bytes]) -> None:
    assert NOTE.encode() not in written()


def test_notes_are_never_in_a_lead(mine: str, screening: dict[str, Any]) -> None:
    store_lead(mine, "form", screening, Contact("A", "B", "a@b.org", "+1 202 555 0100"), [])
    assert NOTE not in str(all_leads())


def test_erasing_takes_the_notes(mine: str) -> None:
    assert erase_conversation(mine).notes
    assert family_note(mine) == ""


def test_changed_answers_keep_the_notes(mine: str, screening: dict[str, Any]) -> None:
    discard_screening(mine)
    save_screening(mine, screening)
    assert family_note(mine) == NOTE


def test_taking_a_lead_back_takes_the_notes_with_the_screening(mine: str, screening: dict[str, Any]) -> None:
    contact = Contact("A", "B", "a@b.org", "+1 202 555 0100")
    assert withdraw(store_lead(mine, "form", screening, contact, []).reference)
    assert family_note(mine) == ""


def test_notes_go_when_the_chat_was_silent_for_a_day(
    store: Store, tracker: sqlite3.Connection, mine: str
) -> None:
    tell(tracker, mine, "words", hours_ago=23)
    age_by(store, 30)
    assert purge(dry_run=True) == purge() == PurgeReport()
    assert family_note(mine) == NOTE
    tracker.execute("UPDATE events SET timestamp = timestamp - 7200")
    tracker.commit()
    expected = PurgeReport(conversations=1, screenings=1, family_notes=1)
    assert purge(dry_run=True) == expected
    assert family_note(mine) == NOTE
    assert purge() == expected
    assert family_note(mine) == ""


def test_notes_whose_screening_was_set_aside_do_not_stay(store: Store, mine: str) -> None:
    discard_screening(mine)
    age_by(store, 23)
    assert purge() == PurgeReport()
    age_by(store, 25)
    assert purge(dry_run=True) == purge() == PurgeReport(family_notes=1)


def test_old_notes_on_a_young_screening_stay(store: Store, mine: str, screening: dict[str, Any]) -> None:
    age_by(store, 25)
    save_screening(mine, screening)
    assert purge() == PurgeReport()
    assert family_note(mine) == NOTE
