"""Counts without identity: what is counted when a conversation is forgotten, and what the site sees of it."""

import sqlite3
from typing import Any

import pytest
from sqlalchemy import select

from bot.leads.counts import OTHERS, CountRow, Ending, add_endings, counts_for_site
from bot.leads.database import Store
from bot.leads.erasure import erase_conversation
from bot.leads.models import Count
from bot.leads.retention import purge
from bot.leads.screenings import save_screening
from tests.leads.rasa_table import note, tell

TRIAL = "NCT06848582"


def numbers(store: Store) -> dict[tuple[str, str], int]:
    with store.session() as session:
        return {(row.what, row.which): row.number for row in session.scalars(select(Count))}


def count(store: Store, *endings: Ending) -> None:
    with store.session() as session:
        add_endings(endings, session)


def table(store: Store) -> dict[tuple[str, str], int | None]:
    return {(row.what, row.which): row.number for row in counts_for_site(TRIAL, store)}


def test_a_chat_that_stopped_is_counted_at_what_was_asked_last(
    store: Store, tracker: sqlite3.Connection
) -> None:
    note(tracker, "mine", asks="age")
    note(tracker, "mine", asks="chemotherapy.last")
    note(tracker, "mine", phase="closed")
    erase_conversation("mine")
    assert numbers(store) == {("chats", "all"): 1, ("stopped", "chemotherapy.last"): 1}


def test_a_chat_with_a_screening_is_counted_by_verdict_and_what_decided(
    store: Store, tracker: sqlite3.Connection, screening: dict[str, Any]
) -> None:
    note(tracker, "mine", phase="offer")
    save_screening("mine", screening)
    erase_conversation("mine")
    assert numbers(store) == {("chats", "all"): 1, ("verdict", "possible"): 1, ("unknown", "E2"): 1}


@pytest.mark.parametrize(
    ("changed", "counted"),
    [(False, {("verdict", "not_yet"): 1, ("not_yet", "E9"): 1}), (True, {("stopped", "change"): 1})],
)
def test_without_a_screening_the_interviews_notes_tell_the_verdict(
    store: Store, tracker: sqlite3.Connection, changed: bool, counted: dict[tuple[str, str], int]
) -> None:
    found = {"E9": {"finding": "not_yet"}, "I1": {"finding": "met"}, "E2": {"finding": "unknown"}}
    verdict = {"trial": TRIAL, "verdict": "not_yet", "until": None, "findings": found}
    note(tracker, "mine", asks="change", verdict=verdict, changed=changed)
    erase_conversation("mine")
    assert numbers(store) == {("chats", "all"): 1} | counted


def test_a_chat_without_readable_notes_is_counted_too(store: Store, tracker: sqlite3.Connection) -> None:
    tell(tracker, "mine", "hello")
    tracker.execute(
        "INSERT INTO events (sender_id, type_name, action_name, timestamp, data) "
        "VALUES ('mine', 'slot', 'interview', 1.0, 'no JSON')"
    )
    tracker.commit()
    erase_conversation("mine")
    assert numbers(store) == {("chats", "all"): 1, ("stopped", "start"): 1}


def test_what_is_erased_again_is_not_counted_again(store: Store, tracker: sqlite3.Connection) -> None:
    note(tracker, "mine", asks="age")
    erase_conversation("mine")
    erase_conversation("mine")
    note(tracker, "mine", asks="age")
    erase_conversation("mine", count=False)
    assert numbers(store) == {("chats", "all"): 1, ("stopped", "age"): 1}


def test_a_purge_counts_each_chat_once(
    store: Store, tracker: sqlite3.Connection, screening: dict[str, Any]
) -> None:
    for name in ("one", "two"):
        note(tracker, name, asks="diagnosis", hours_ago=30)
    note(tracker, "three", hours_ago=30, phase="offer")
    save_screening("three", screening)
    note(tracker, "young", asks="age", hours_ago=2)
    purge()
    purge()
    assert numbers(store) == {
        ("chats", "all"): 3,
        ("stopped", "diagnosis"): 2,
        ("verdict", "possible"): 1,
        ("unknown", "E2"): 1,
    }


def test_the_site_sees_no_small_number(store: Store) -> None:
    count(store, *[Ending(TRIAL, stopped="age")] * 40, *[Ending(TRIAL, stopped="diagnosis")] * 9)
    count(store, *[Ending(TRIAL, "not_likely", ("I1",))] * 30, *[Ending(TRIAL, "possible", ("E2",))] * 4)
    shown = table(store)
    assert shown["chats", "all"] == 83
    assert shown["stopped", "age"] == 40
    assert shown["verdict", "not_likely"] == shown["not_met", "I1"] == 30
    assert shown["verdict", "possible"] is None
    assert shown["verdict", "likely"] is None
    assert ("stopped", "diagnosis") not in shown
    assert ("unknown", "E2") not in shown
    assert shown["stopped", OTHERS] is None
    assert shown["unknown", OTHERS] is None


def test_what_decided_is_not_shown_where_its_verdict_is_not(store: Store) -> None:
    # Of 53 chats, 3 stopped: to show the 50 verdicts, or the criterion behind all of them, would tell it.
    count(store, *[Ending(TRIAL, "not_likely", ("I1",))] * 50, *[Ending(TRIAL, stopped="age")] * 3)
    shown = table(store)
    assert shown["chats", "all"] == 53
    assert [key for key, number in shown.items() if number is not None] == [("chats", "all")]


def test_the_table_of_another_trial_is_its_own(store: Store) -> None:
    count(store, *[Ending("NCT00000001", stopped="age")] * 40)
    assert all(row.number is None for row in counts_for_site(TRIAL, store))
    assert CountRow("stopped", "age", 40) not in counts_for_site(TRIAL, store)
