"""Cleaning the free space of a database that others use."""

import sqlite3
from pathlib import Path

import pytest

from bot.leads import sweeping
from bot.leads.conversations import TABLE
from bot.leads.database import Store
from bot.leads.erasure import tracker_engine
from bot.leads.retention import purge
from bot.leads.sweeping import sweep
from tests.leads.rasa_table import senders, tell


def test_a_database_in_use_is_left_for_the_next_time(
    home: Path, store: Store, tracker: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "_PATIENCE_MS", 1)
    tell(tracker, "mine", "words")
    tracker.execute("BEGIN IMMEDIATE")
    assert not sweep(tracker_engine(), [TABLE])
    tracker.rollback()
    assert sweep(tracker_engine(), [TABLE])
    assert senders(tracker) == {"mine"}


def test_sweeping_gives_the_connection_back_as_it_was(home: Path, store: Store) -> None:
    assert sweep(store.engine, [])
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 10000
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1


def test_a_large_database_is_not_written_anew_and_the_report_says_so(
    store: Store, tracker: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "MOST_BYTES", 0)
    tell(tracker, "old", "words", hours_ago=25)
    report = purge()
    assert report.conversations == 1
    assert report.unswept == 2
    assert senders(tracker) == set()
