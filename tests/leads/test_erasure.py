"""Forgetting, with the table that Rasa's own SQL store makes."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.leads import database
from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.erasure import NotErased, erase_conversation, purge_idle
from bot.leads.intake import Contact, store_lead
from bot.leads.models import Screening
from bot.leads.reading import all_leads
from bot.leads.screenings import save_screening, screening_for

RASA_TABLE = """CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255) NOT NULL,
 type_name VARCHAR(255) NOT NULL, timestamp FLOAT, intent_name VARCHAR(255),
 action_name VARCHAR(255), data TEXT)"""
HOUR = 3600.0


@pytest.fixture
def tracker(home: Path, store: Store) -> Iterator[sqlite3.Connection]:
    home.mkdir(exist_ok=True, mode=0o700)
    with closing(sqlite3.connect(home / "tracker.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(RASA_TABLE)
        connection.commit()
        yield connection


def tell(tracker: sqlite3.Connection, sender: str, text: str, hours_ago: float = 0.0) -> None:
    tracker.execute(
        "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, 'user', ?, ?)",
        (sender, time.time() - hours_ago * HOUR, text),
    )
    tracker.commit()


def senders(tracker: sqlite3.Connection) -> set[str]:
    return {row[0] for row in tracker.execute("SELECT sender_id FROM events")}


def test_erasing_takes_rasas_rows_and_the_screening(
    home: Path, tracker: sqlite3.Connection, screening: dict[str, Any]
) -> None:
    for sender in ("mine", "other"):
        tell(tracker, sender, f"the distinctive story of {sender}")
        save_screening(sender, screening)
    erase_conversation("mine")
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
    store_lead("mine", "form", screening, Contact("A", "B", "a@b.org", "+1 202 555 0100"), [])
    erase_conversation("mine")
    assert screening_for("mine") is None
    assert len(all_leads()) == 1


def test_erasing_before_rasa_ever_wrote(home: Path, store: Store) -> None:
    erase_conversation("mine")
    assert purge_idle() == 0


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


def test_purge_takes_only_who_was_silent_for_a_day(
    store: Store, tracker: sqlite3.Connection, screening: dict[str, Any]
) -> None:
    tell(tracker, "old", "long ago", hours_ago=25)
    tell(tracker, "old but back", "long ago", hours_ago=30)
    tell(tracker, "old but back", "today", hours_ago=1)
    tell(tracker, "young", "today", hours_ago=23)
    for sender in ("old", "young"):
        save_screening(sender, screening)
    with store.session() as session:
        session.execute(update(Screening).values(updated=now() - timedelta(hours=25)))
    save_screening("young", screening)
    assert purge_idle() == 1
    assert senders(tracker) == {"old but back", "young"}
    assert screening_for("old") is None
    assert screening_for("young") is not None


def test_purge_of_very_many(tracker: sqlite3.Connection) -> None:
    rows = [(f"s{number}", time.time() - 48 * HOUR) for number in range(1203)]
    tracker.executemany("INSERT INTO events (sender_id, type_name, timestamp) VALUES (?, 'user', ?)", rows)
    tracker.commit()
    assert purge_idle() == 1203
    assert senders(tracker) == set()
