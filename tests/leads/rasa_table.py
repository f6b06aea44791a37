"""The table that Rasa's own SQL store makes, and conversations in it."""

import json
import sqlite3
import time
from typing import Any

RASA_TABLE = """CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255) NOT NULL,
 type_name VARCHAR(255) NOT NULL, timestamp FLOAT, intent_name VARCHAR(255),
 action_name VARCHAR(255), data TEXT)"""
RASA_INDEX = "CREATE INDEX ix_events_sender_id ON events (sender_id)"
HOUR = 3600.0


def tell(tracker: sqlite3.Connection, sender: str, text: str, hours_ago: float = 0.0) -> None:
    """One message of a family."""
    tracker.execute(
        "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, 'user', ?, ?)",
        (sender, time.time() - hours_ago * HOUR, text),
    )
    tracker.commit()


def note(tracker: sqlite3.Connection, sender: str, hours_ago: float = 0.0, **notes: Any) -> None:
    """The interview's notes after a turn, in the slot of that name."""
    data = {"event": "slot", "name": "interview", "value": {"phase": "interview", "asks": None} | notes}
    tracker.execute(
        "INSERT INTO events (sender_id, type_name, action_name, timestamp, data) "
        "VALUES (?, 'slot', 'interview', ?, ?)",
        (sender, time.time() - hours_ago * HOUR, json.dumps(data)),
    )
    tracker.commit()


def senders(tracker: sqlite3.Connection) -> set[str]:
    return {row[0] for row in tracker.execute("SELECT sender_id FROM events")}
