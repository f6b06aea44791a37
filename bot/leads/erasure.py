"""Forgetting: one conversation at once, idle ones after a day.

Rasa keeps every event of a conversation for ever in its tracker database. It has no way to delete one, so
this deletes its rows directly. A conversation must not be erased while one of its turns runs, since Rasa
would write it all back: the web process calls this under the family's lock.
"""

from datetime import timedelta
from functools import lru_cache

from sqlalchemy import Engine, bindparam, delete, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from bot.leads.clock import now
from bot.leads.database import Store, make_engine, open_store
from bot.leads.models import Screening
from bot.leads.screenings import session_hash
from bot.settings import get_settings

IDLE_HOURS = 24


class NotErased(Exception):
    """The conversation is still there, because its database did not let it go."""


def erase_conversation(session_id: str, store: Store | None = None, tracker_url: str | None = None) -> None:
    """Delete what a family told: Rasa's rows and the screening. A lead that she sent stays.

    Raises NotErased when a database can't be written.
    """
    try:
        _forget_senders([session_id], tracker_url)
        _forget_screenings([session_hash(session_id)], store)
    except SQLAlchemyError as error:
        raise NotErased(type(error).__name__) from None


def purge_idle(store: Store | None = None, tracker_url: str | None = None) -> int:
    """Delete conversations and screenings without a word for 24 hours; how many conversations went.

    Raises NotErased when a database can't be written.
    """
    before = now() - timedelta(hours=IDLE_HOURS)
    try:
        senders = _idle_senders(before.timestamp(), tracker_url)
        _forget_senders(senders, tracker_url)
        with (store or open_store()).session() as session:
            session.execute(delete(Screening).where(Screening.updated < before))
    except SQLAlchemyError as error:
        raise NotErased(type(error).__name__) from None
    return len(senders)


@lru_cache(maxsize=4)
def _tracker(url: str) -> Engine:
    return make_engine(url, wal=False)


def _tracker_engine(url: str | None) -> Engine:
    return _tracker(url or get_settings().tracker_database_url)


def _idle_senders(before: float, tracker_url: str | None) -> list[str]:
    engine = _tracker_engine(tracker_url)
    if not inspect(engine).has_table("events"):
        return []
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT sender_id FROM events GROUP BY sender_id HAVING max(timestamp) < :before"),
            {"before": before},
        )
        return [row[0] for row in rows]


def _forget_senders(senders: list[str], tracker_url: str | None) -> None:
    engine = _tracker_engine(tracker_url)
    if not senders or not inspect(engine).has_table("events"):
        return
    statement = text("DELETE FROM events WHERE sender_id IN :senders").bindparams(
        bindparam("senders", expanding=True)
    )
    for start in range(0, len(senders), 500):
        with engine.begin() as connection:
            connection.execute(statement, {"senders": senders[start : start + 500]})
    _empty_write_ahead_log(engine)


def _forget_screenings(hashes: list[str], store: Store | None) -> None:
    opened = store or open_store()
    with opened.session() as session:
        session.execute(delete(Screening).where(Screening.session_hash.in_(hashes)))
    _empty_write_ahead_log(opened.engine)


def _empty_write_ahead_log(engine: Engine) -> None:
    """Deleted rows must not live on in SQLite's log file."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
