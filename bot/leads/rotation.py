"""Replacing the lead keys while the program runs: a new key first, every row locked anew, old keys dropped.

Every step leaves a state that reads: a run that was killed anywhere is finished by the next one, which makes
no second new key. What the key file says, in order (``bot.leads.keys``):

1. new, old        and "a rotation is under way": processes write with the new key from their next use on
2. new, old        every row is locked with the new key, but for those that were being written meanwhile
3. new | old       the old key only reads: from here on no transaction may commit what it locked
4. new             each table was gone through while nobody else wrote to it, and no row needed the old key

Steps 3 and 4 are for ``drop_old`` only.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import Connection, Table, select, update

from bot.leads.database import Store
from bot.leads.keys import KeyRing, LeadKeys, UnreadableContact, lead_keys
from bot.leads.sealed import SEALED, table_of
from bot.settings import Settings

_BATCH = 200
# A second pass finds what was being written during the first. More than that only happens where processes
# were not restarted with a new LEAD_KEYS.
_MOST_PASSES = 5


class RotationRunning(Exception):
    """Another rotation is under way at this moment."""


@dataclass
class Report:
    """What a rotation did.

    ``renewed`` counts by table the values that were locked anew, ``unreadable`` those that no key opens;
    ``resumed``: an earlier run was finished instead of making a new key; ``dropped``: keys taken out of the
    file.
    """

    renewed: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, int] = field(default_factory=dict)
    from_environment: bool = False
    resumed: bool = False
    dropped: int = 0


def rotate(settings: Settings, store: Store, *, drop_old: bool = False) -> Report:
    """Make a new key, lock every row with it, and with ``drop_old`` forget the old ones.

    With ``LEAD_KEYS`` the first key there is the new one, and no key is made or dropped: the environment is
    the operator's. Raises RotationRunning and SettingsError.
    """
    keys = lead_keys(settings)
    if settings.lead_keys is not None:
        report = Report(from_environment=True)
        _renew_all(store, keys, report)
        if drop_old:
            _renew_the_rest(store, keys, report)
        return report
    with _alone(keys.path):
        for left_over in keys.path.parent.glob(f".{keys.path.name}.*"):
            # A run that was killed while it wrote the file left keys lying here.
            left_over.unlink(missing_ok=True)
        ring = KeyRing.from_text(keys.path.read_text(encoding="utf-8"))
        report = Report(resumed=ring.unfinished or (drop_old and bool(ring.retired)))
        if not report.resumed:
            new = Fernet.generate_key().decode()
            ring = replace(ring, writing=(new, *ring.writing), unfinished=True)
            _write(keys.path, ring)
        _renew_all(store, keys, report)
        if ring.unfinished:
            ring = replace(ring, unfinished=False)
            _write(keys.path, ring)
        if drop_old:
            newest, *others = ring.writing
            old = tuple(dict.fromkeys((*others, *ring.retired)))
            _write(keys.path, KeyRing((newest,), old))
            _renew_the_rest(store, keys, report)
            _write(keys.path, KeyRing((newest,)))
            report.dropped = len(old)
    return report


def _renew_all(store: Store, keys: LeadKeys, report: Report) -> None:
    """Lock every row with the newest key, a few at a time, while others read and write."""
    for model, column in SEALED:
        table = table_of(model)
        renewed = 0
        for _ in range(_MOST_PASSES):
            found, report.unreadable[table.name] = _renew_in_batches(store, table, column, keys)
            renewed += found
            if not found:
                break
        report.renewed[table.name] = report.renewed.get(table.name, 0) + renewed


def _renew_in_batches(store: Store, table: Table, column: str, keys: LeadKeys) -> tuple[int, int]:
    renewed, unreadable, last = 0, 0, 0
    while True:
        with store.engine.begin() as connection:
            found = _renew_after(connection, table, column, keys, last)
        if found.last is None:
            return renewed, unreadable
        renewed, unreadable, last = renewed + found.renewed, unreadable + found.unreadable, found.last


def _renew_the_rest(store: Store, keys: LeadKeys, report: Report) -> None:
    """Go through each table while nobody else writes to it: after this, no row needs an old key.

    Who writes is waited for, and waits. One table at a time: with two locks, two could wait for each other.
    """
    for model, column in SEALED:
        table = table_of(model)
        unreadable, last = 0, 0
        with _nobody_else_writes(store, table) as connection:
            while (found := _renew_after(connection, table, column, keys, last)).last is not None:
                report.renewed[table.name] += found.renewed
                unreadable, last = unreadable + found.unreadable, found.last
        report.unreadable[table.name] = unreadable


@dataclass(frozen=True)
class _Found:
    renewed: int
    unreadable: int
    last: int | None


def _renew_after(connection: Connection, table: Table, column: str, keys: LeadKeys, last: int) -> _Found:
    """Lock the next few rows anew. A row that somebody else has changed meanwhile is left as she left it."""
    value = table.c[column]
    rows = connection.execute(
        select(table.c.id, value)
        .where(table.c.id > last, value.is_not(None))
        .order_by(table.c.id)
        .limit(_BATCH)
    ).all()
    renewed = unreadable = 0
    for number, token in rows:
        try:
            fresh = keys.locked_anew(token)
        except UnreadableContact:
            unreadable += 1
            continue
        if fresh is not None:
            done = connection.execute(
                update(table).where(table.c.id == number, value == token).values({column: fresh})
            )
            renewed += done.rowcount
    return _Found(renewed, unreadable, rows[-1][0] if rows else None)


@contextmanager
def _nobody_else_writes(store: Store, table: Table) -> Iterator[Connection]:
    with store.engine.connect() as connection:
        if store.engine.dialect.name == "postgresql":
            # Waits for every transaction that has written to the table; reading goes on.
            connection.exec_driver_sql(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE")
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection
        connection.commit()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One rotation at a time. The lock goes with the process, however it ends."""
    with open(path.with_name(f"{path.name}.lock"), "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RotationRunning from None
        yield


def _write(path: Path, ring: KeyRing) -> None:
    """Put a new key file in the place of the old one: whole or not at all, and on the disk when this returns.

    It stays its owner's, so that an administrator who rotates as root does not shut the program out.
    """
    owner = path.stat()
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            if (owner.st_uid, owner.st_gid) != (os.getuid(), os.getgid()):
                os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
            file.write(ring.to_text())
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
