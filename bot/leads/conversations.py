"""Rasa's own table of conversation events: who was silent since when, how a chat ended, deleting rows.

Rasa keeps every event of a conversation for ever in its tracker database and has no way to delete one, so
this works on its rows directly. They are never written, only read and deleted.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Engine, bindparam, inspect, text

TABLE = "events"
MOST_AT_ONCE = 500
"""How many conversations one statement names."""

# The slot in which the interview keeps its own notes: see ``domain.yml``.
_NOTES = "interview"


class Senders(NamedTuple):
    """The session ids that have a conversation, by whether their last word is older than a moment."""

    idle: list[str]
    living: list[str]


def senders(engine: Engine, before: float) -> Senders:
    """Everybody with a conversation; idle is who said nothing since ``before`` (seconds of the epoch)."""
    found = Senders([], [])
    if _is_there(engine):
        with engine.connect() as connection:
            rows = connection.execute(
                text("SELECT sender_id, max(timestamp) FROM events GROUP BY sender_id ORDER BY sender_id")
            )
            for sender, last in rows:
                (found.idle if (last or 0.0) < before else found.living).append(sender)
    return found


def last_notes(engine: Engine, session_ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """The interview's last notes in each of these conversations, from before it was closed.

    At most ``MOST_AT_ONCE`` of them. One in which nothing was asked yet is left out.
    """
    if not session_ids or not _is_there(engine):
        return {}
    statement = text(
        "SELECT sender_id, data FROM events WHERE sender_id IN :senders AND type_name = 'slot' "
        "AND action_name = :slot ORDER BY id DESC"
    ).bindparams(bindparam("senders", expanding=True))
    found: dict[str, Mapping[str, Any]] = {}
    with engine.connect() as connection:
        for sender, data in connection.execute(statement, {"senders": list(session_ids), "slot": _NOTES}):
            if sender not in found:
                notes = _value(data)
                # To close a chat wipes the notes: what was asked last stands in those before.
                if notes is not None and notes.get("phase") != "closed":
                    found[sender] = notes
    return found


def delete_events(engine: Engine, session_ids: Sequence[str]) -> set[str]:
    """Delete these conversations, ``MOST_AT_ONCE`` of them at the most; those that were there and went.

    Where somebody else deletes the same ones at the same time, each is given to one of the two.
    """
    if not session_ids or not _is_there(engine):
        return set()
    statement = text("DELETE FROM events WHERE sender_id IN :senders RETURNING sender_id").bindparams(
        bindparam("senders", expanding=True)
    )
    with engine.begin() as connection:
        return set(connection.scalars(statement, {"senders": list(session_ids)}))


def _is_there(engine: Engine) -> bool:
    """Rasa makes its table when it first starts."""
    return inspect(engine).has_table(TABLE)


def _value(data: str | None) -> Mapping[str, Any] | None:
    try:
        value = json.loads(data or "null")["value"]
    except (ValueError, KeyError, TypeError):
        return None
    return value if isinstance(value, Mapping) else None
