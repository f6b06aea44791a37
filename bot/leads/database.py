"""Opening the lead database: engine, SQLite's safety settings, migrations at start."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from bot.leads.sealed import keep_readable
from bot.settings import get_settings

# Any number will do, as long as every process of ours uses the same one.
_MIGRATION_LOCK = 6848582


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


def make_engine(database_url: str, *, wal: bool = True) -> Engine:
    """An engine that never shows values in errors and logs; SQLite gets WAL, patience and foreign keys.

    ``wal=False`` leaves the journal of a database that isn't ours (Rasa's) as it is.
    """
    url = make_url(database_url)
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)
    if url.database and url.database != ":memory:":
        # Nobody else on the machine may read what families told; the write-ahead log inherits the mode.
        Path(url.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        Path(url.database).touch(mode=0o600)
    engine = create_engine(url, hide_parameters=True)
    pragmas = ["busy_timeout=10000", "foreign_keys=ON", "synchronous=FULL", "secure_delete=ON"]

    def set_up(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in [*pragmas, "journal_mode=WAL"] if wal else pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine, "connect", set_up)
    return engine


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
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        yield connection
