"""Forgetting, with the table that Rasa's own SQL store makes."""

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from bot.leads import database
from bot.leads.database import Store
from bot.leads.erasure import Erased, NotErased, erase_conversation
from bot.leads.intake import Contact, store_lead
from bot.leads.reading import all_leads
from bot.leads.screenings import save_screening, screening_for
from tests.leads.rasa_table import senders, tell


def test_erasing_takes_rasas_rows_and_the_screening(
    home: Path, tracker: sqlite3.Connection, screening: dict[str, Any]
) -> None:
    for sender in ("mine", "other"):
        tell(tracker, sender, f"the distinctive story of {sender}")
        save_screening(sender, screening)
    assert erase_conversation("mine") == Erased(conversation=True, answers=True)
    assert senders(tracker) == {"other"}
    assert screening_for("mine") is None
    assert screening_for("other") == screening


def test_erased_words_are_gone_from_the_files(home: Path, tracker: sqlite3.Connection) -> None:
    tell(tracker, "mine", "Quillonia fell off a giraffe" * 200)
    tell(tracker, "other", "something else")
    erase_conversation("mine")
    files = list(home.glob("tracker.db*"))
    assert files
    assert not [path.name for path in files if b"giraffe" in path.read_bytes()]


def test_erasing_leaves_a_lead_that_was_sent(tracker: sqlite3.Connection, screening: dict[str, Any]) -> None:
    save_screening("mine", screening)
    sent = store_lead("mine", "form", screening, Contact("A", "B", "a@b.org", "+1 202 555 0100"), [])
    assert erase_conversation("mine") == Erased(False, answers=True, sent_reference=sent.reference)
    assert screening_for("mine") is None
    assert len(all_leads()) == 1


def test_erasing_before_rasa_ever_wrote(home: Path, store: Store) -> None:
    assert erase_conversation("mine") == Erased(conversation=False, answers=False)


def test_erasing_waits_for_a_short_lock_and_says_so_when_it_stays(
    home: Path, tracker: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(tracker, "mine", "words")
    tracker.execute("BEGIN IMMEDIATE")
    done = threading.Event()

    def erase() -> None:
        erase_conversation("mine")
        done.set()

    waiting = threading.Thread(target=erase)
    waiting.start()
    assert not done.wait(0.3)
    tracker.rollback()
    waiting.join(10)
    assert done.is_set()
    assert senders(tracker) == set()

    impatient = database.make_engine(f"sqlite:///{home / 'tracker.db'}?timeout=0", wal=False)
    monkeypatch.setattr("bot.leads.erasure._tracker", lambda url: impatient)
    with impatient.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
    tell(tracker, "mine", "words")
    tracker.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotErased):
        erase_conversation("mine")
    tracker.rollback()
    assert senders(tracker) == {"mine"}
