"""Cleaning up after deletions, so that what was deleted does not live on in a database's files.

SQLite's ``secure_delete`` overwrites a deleted row where it lies. It does not reach the copies that stay
behind in the free space of a page when rows move to another page: with Rasa's table and a third of the chats
deleted, up to 30 pieces of their words were still in the file. Writing the file anew (``VACUUM``) leaves
none. It takes 0.5 s for 60 MB and 1.6 s for 200 MB, and whoever writes meanwhile waits, Rasa for 5 seconds
at the most; so a larger database is not written anew.

PostgreSQL keeps deleted rows in a table's pages until ``VACUUM``, and their bytes until the pages are used
again; ``VACUUM FULL`` writes the table anew. Its write-ahead log and its backups are out of our reach.
"""

import logging
from collections.abc import Sequence

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)

MOST_BYTES = 128 * 1024 * 1024
"""Above this, writing the database anew would make families wait."""

# While we wait for running turns to end, new ones wait for us.
_PATIENCE_MS = 2000


def sweep(engine: Engine, tables: Sequence[str]) -> bool:
    """Leave nothing of deleted rows in the files; whether that was done.

    Call it after the commit. ``tables`` are those that rows went from. It raises nothing: the rows are gone
    in any case, and the next purge sweeps again.
    """
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if engine.dialect.name == "sqlite":
                return _sweep_sqlite(connection)
            if engine.dialect.name == "postgresql":
                there = set(inspect(connection).get_table_names())
                return all([_sweep_postgres(connection, table) for table in tables if table in there])
    except SQLAlchemyError as error:
        log.warning("the free space of a database was not cleaned now: %s", type(error).__name__)
    return False


def _sweep_sqlite(connection: Connection) -> bool:
    def pragma(name: str) -> int:
        return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())

    patience = pragma("busy_timeout")
    pages = pragma("page_count") - pragma("freelist_count")
    small = pages * pragma("page_size") <= MOST_BYTES
    try:
        pragma(f"busy_timeout={_PATIENCE_MS}")
        if small:
            # The new file is put together in memory: nothing of it may lie in a folder for temporary files.
            connection.exec_driver_sql("PRAGMA temp_store=MEMORY")
            connection.exec_driver_sql("VACUUM")
        # 0 where the write-ahead log is empty now, or where there is none.
        return pragma("wal_checkpoint(TRUNCATE)") == 0 and small
    finally:
        pragma(f"busy_timeout={patience}")


def _sweep_postgres(connection: Connection, table: str) -> bool:
    connection.execute(text(f"SET lock_timeout = {_PATIENCE_MS}"))
    name = connection.dialect.identifier_preparer.quote(table)
    size = connection.execute(text("SELECT pg_total_relation_size(CAST(:name AS regclass))"), {"name": name})
    small = int(size.scalar_one()) <= MOST_BYTES
    try:
        connection.exec_driver_sql(f"VACUUM (FULL) {name}" if small else f"VACUUM {name}")
        return small
    except SQLAlchemyError as error:
        log.warning("the free space of a table was not cleaned now: %s", type(error).__name__)
        return False
    finally:
        connection.execute(text("RESET lock_timeout"))
