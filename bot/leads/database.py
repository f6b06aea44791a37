"""Opening the lead database: engine, limits of waiting, SQLite's safety settings, migrations at start."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.orm import Session, sessionmaker

from bot.leads.sealed import keep_readable
from bot.settings import get_settings

# Any number will do, as long as every process of ours uses the same one.
_MIGRATION_LOCK = 6848582

PATIENCE = 10.0
"""Seconds that a statement waits for a locked database before it fails."""
_MIGRATION_PATIENCE = "5min"


class Store:
    """A database at its newest version. One for each process; ``session`` gives one transaction."""

    def __init__(self, database_url: str) -> None:
        self.engine = make_engine(database_url)
        migrate(self.engine)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        keep_readable(self._sessions)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction: committed at the end of the block, rolled back by an exception."""
        with self._sessions.begin() as session:
            yield session

    def close(self) -> None:
        """Give up all connections."""
        self.engine.dispose()


@lru_cache(maxsize=1)
def open_store() -> Store:
    """This process's store, by its settings."""
    return Store(get_settings().database_url)


def engine_url(database_url: str) -> URL:
    """The address with the driver that this environment has.

    Rasa reads the tracker's address too, and its environment has another driver for PostgreSQL: whichever an
    address names, here it is psycopg.
    """
    url = make_url(database_url)
    if url.drivername.split("+")[0] in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    return url


def url_for_rasa(database_url: str) -> str:
    """The address as Rasa's environment takes it: without a driver, and by the name that it knows."""
    url = make_url(database_url)
    if url.drivername.split("+")[0] in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def make_engine(database_url: str, *, wal: bool = True) -> Engine:
    """An engine that never shows values in errors and logs, and never waits for ever.

    A database that stays locked is an error after ``PATIENCE`` seconds; ``?timeout=`` in a SQLite address and
    ``?options=`` in a PostgreSQL one say otherwise. SQLite gets WAL and foreign keys, too; ``wal=False``
    leaves the journal of a database that isn't ours (Rasa's) as it is.
    """
    url = engine_url(database_url)
    if url.get_backend_name() == "postgresql":
        return _postgresql_engine(url)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)
    if url.database and url.database != ":memory:":
        # Nobody else on the machine may read what families told; the write-ahead log inherits the mode.
        Path(url.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        Path(url.database).touch(mode=0o600)
    engine = create_engine(url, hide_parameters=True)
    patience = float(str(url.query.get("timeout", PATIENCE)))
    pragmas = [
        f"busy_timeout={round(patience * 1000)}",
        "foreign_keys=ON",
        "synchronous=FULL",
        "secure_delete=ON",
    ]

    def set_up(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in [*pragmas, "journal_mode=WAL"] if wal else pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine, "connect", set_up)
    return engine


def _postgresql_engine(url: URL) -> Engine:
    limits = {
        "lock_timeout": PATIENCE,
        "statement_timeout": 3 * PATIENCE,
        # A process that hangs in the middle of a transaction must not hold its rows for ever.
        "idle_in_transaction_session_timeout": 6 * PATIENCE,
    }
    options = [f"-c {name}={round(seconds * 1000)}" for name, seconds in limits.items()]
    # The later one of two counts: what the address says is said last.
    told = url.query.get("options", ())
    options += [told] if isinstance(told, str) else told
    engine = create_engine(
        url.difference_update_query(["options"]),
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": round(PATIENCE),
            "application_name": url.query.get("application_name", "prescreen"),
            "options": " ".join(options),
        },
    )
    event.listen(engine, "handle_error", _hide_detail)
    return engine


def _hide_detail(context: ExceptionContext) -> None:
    """PostgreSQL repeats the row that it refused; what a family told must not stand in an error."""
    original = context.original_exception
    if isinstance(original, psycopg.Error) and original.diag.message_detail:
        original.args = (original.diag.message_primary,)
        if context.sqlalchemy_exception is not None:
            name = type(original).__name__
            context.sqlalchemy_exception.args = (f"(psycopg.{name}) {original.diag.message_primary}",)


def migrate(engine: Engine) -> None:
    """Bring the database to the newest version; processes that start at once take turns."""
    with _alone(engine) as connection:
        config = Config()
        config.set_main_option(
            "script_location", str(Path(__file__).parent / "migrations").replace("%", "%%")
        )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    database = engine.url.database
    if engine.dialect.name == "sqlite" and database and database != ":memory:":
        with open(f"{database}.migrating", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with engine.connect() as connection:
                # A table that is made anew in a migration must not take the rows that point to it with it.
                connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
                connection.rollback()
                try:
                    with connection.begin():
                        # Python's driver would run each statement by itself: all of it is done or nothing.
                        connection.exec_driver_sql("BEGIN IMMEDIATE")
                        yield connection
                finally:
                    connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        return
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Large tables take their time, and so does the other process that is migrating just now.
            for limit in ("lock_timeout", "statement_timeout"):
                connection.exec_driver_sql(f"SET LOCAL {limit} = '{_MIGRATION_PATIENCE}'")
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        yield connection
