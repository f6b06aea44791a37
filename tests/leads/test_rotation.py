"""Dropping old keys while others write, and rotations that are killed anywhere: every row stays readable."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import event, select, update

from bot.leads import rotation
from bot.leads.clock import now
from bot.leads.database import Store, make_engine
from bot.leads.keys import KeyRing, LeadKeys, lead_keys, seal, unseal
from bot.leads.models import Lead
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import Kind
from bot.leads.reading import all_leads, lead_card
from bot.leads.rotation import rotate
from bot.leads.sealed import SEALED, table_of
from bot.settings import Settings, get_settings
from tests.leads.sealed_rows import CONTACT, all_read_with, key_file, lead_with_all, ring, send, tokens


@contextmanager
def child(work: Callable[[], None]) -> Iterator[int]:
    """Another process that does this work; its id. It is ended at the end of the block."""
    number = os.fork()
    if number == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    try:
        yield number
    finally:
        try:
            os.kill(number, signal.SIGKILL)
            os.waitpid(number, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


def test_a_lead_locked_before_a_key_is_dropped_and_stored_after_stays_readable(
    home: Path, store: Store, screening: dict[str, Any]
) -> None:
    sealed = seal(asdict(CONTACT))
    rotate(get_settings(), store, drop_old=True)
    reference = _store_sealed(store, screening, sealed)
    assert all_read_with(ring(home).writing[0], store)
    card = lead_card(reference, store)
    assert card is not None
    assert card.contact == CONTACT


def test_dropping_waits_for_a_lead_that_is_being_stored_with_the_old_key(
    home: Path, store: Store, screening: dict[str, Any]
) -> None:
    seal({})
    settings = get_settings()
    dropping = threading.Thread(target=lambda: rotate(settings, store, drop_old=True))
    waits = threading.Event()

    def watch(*arguments: Any) -> None:
        if arguments[2].startswith(("BEGIN IMMEDIATE", "LOCK TABLE leads")):
            waits.set()

    event.listen(store.engine, "before_cursor_execute", watch)
    with store.session() as session:
        rotation._write(key_file(home), KeyRing((Fernet.generate_key().decode(), *ring(home).writing)))
        old = ring(home).writing[1]
        session.add(_lead(screening, Fernet(old).encrypt(b'{"first_name": "Q"}').decode()))
        # In the database, but not committed: nobody else can see it.
        session.flush()
        dropping.start()
        assert waits.wait(30)
        assert old in ring(home).retired
    dropping.join(30)
    assert not dropping.is_alive()
    assert len(ring(home).writing) == 1
    assert all_read_with(ring(home).writing[0], store)


def test_a_contact_that_is_deleted_meanwhile_does_not_come_back(
    store: Store, screening: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = send(store, screening)
    real = LeadKeys.locked_anew

    def withdrawn_in_between(keys: LeadKeys, token: str) -> str | None:
        with store.engine.begin() as other:
            other.execute(update(table_of(Lead)).values(contact_sealed=None))
        return real(keys, token)

    monkeypatch.setattr(LeadKeys, "locked_anew", withdrawn_in_between)
    assert rotate(get_settings(), store).renewed["leads"] == 0
    card = lead_card(reference, store)
    assert card is not None
    assert card.contact is None


def test_another_process_stores_leads_through_rotations_with_dropping(
    home: Path, store: Store, screening: dict[str, Any]
) -> None:
    seal({})
    settings = get_settings()
    store.close()

    def store_many() -> None:
        mine = Store(settings.database_url)
        for number in range(60):
            send(mine, screening, f"form-{number}")

    with child(store_many) as number:
        rotations = 0
        while os.waitpid(number, os.WNOHANG) == (0, 0):
            rotate(settings, store, drop_old=True)
            rotations += 1
    assert rotations > 0
    (only,) = ring(home).writing
    cards = all_leads(store)
    assert len(cards) == 60
    assert all(card.contact == CONTACT for card in cards)
    rotate(settings, store, drop_old=True)
    assert ring(home).writing != (only,)
    assert all_read_with(ring(home).writing[0], store)


@pytest.mark.parametrize("drop_old", [False, True])
def test_killed_anywhere_nothing_is_lost_and_the_next_run_finishes(
    home: Path, store: Store, screening: dict[str, Any], drop_old: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "_BATCH", 1)
    for number in range(2):
        lead_with_all(store, screening, f"form-{number}")
    settings = get_settings()
    original, before = key_file(home).read_text(encoding="utf-8"), tokens(store)
    killed = 0
    while True:
        key_file(home).write_text(original, encoding="utf-8")
        _put_back(store, before)
        store.close()
        with child(lambda point=killed: _rotate_and_die(settings, drop_old, point)) as number:
            _, status = os.waitpid(number, 0)
        if os.WIFEXITED(status):
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        killed += 1
        # Whatever the moment, a process that starts now reads everything and can write.
        fresh = lead_keys(settings)
        assert all(unseal(token, fresh) for token in tokens(store))
        assert unseal(seal({"name": "x"}, fresh), lead_keys(settings)) == {"name": "x"}
        unfinished, known = ring(home).unfinished, len(ring(home).writing) + len(ring(home).retired)
        report = rotate(settings, store, drop_old=drop_old)
        assert report.resumed is unfinished or ring(home).retired == ()
        if unfinished and not drop_old:
            # The key that the killed run made is used, not yet another one.
            assert len(ring(home).writing) == known
        assert (len(ring(home).writing) == 1) is drop_old
        assert not ring(home).retired
        assert not ring(home).unfinished
        assert all_read_with(ring(home).writing[0], store)
        assert not list((home / "secrets").glob(".*"))
    assert os.WEXITSTATUS(status) == 0
    assert killed > 10


def _lead(screening: dict[str, Any], sealed: str) -> Lead:
    moment = now()
    return Lead(
        reference="ACDE-FGHJ",
        form_hash="hash",
        trial="NCT06848582",
        verdict="possible",
        screening=screening,
        contact_sealed=sealed,
        consents=[],
        created=moment,
        state_changed=moment,
        deliveries=[new_delivery(Kind.LEAD, moment)],
    )


def _store_sealed(store: Store, screening: dict[str, Any], sealed: str) -> str:
    with store.session() as session:
        session.add(_lead(screening, sealed))
    return "ACDE-FGHJ"


def _put_back(store: Store, before: list[str]) -> None:
    """The sealed values as they were at first, in the order in which ``tokens`` gives them."""
    left = iter(before)
    with store.engine.begin() as connection:
        for model, column in SEALED:
            table = table_of(model)
            rows = connection.execute(
                select(table.c.id).where(table.c[column].is_not(None)).order_by(table.c.id)
            ).all()
            for (number,) in rows:
                connection.execute(update(table).where(table.c.id == number).values({column: next(left)}))


def _rotate_and_die(settings: Settings, drop_old: bool, point: int) -> None:
    """Rotate in a process that is killed at its n-th step: around each change of a file or the database."""
    steps = iter(range(10_000))
    changed = False

    def step(*_: Any, **__: Any) -> None:
        if next(steps) == point:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("replace", "fsync"):
        real = getattr(os, name)

        def watched(*arguments: Any, real: Callable[..., Any] = real) -> Any:
            step()
            done = real(*arguments)
            step()
            return done

        setattr(os, name, watched)
    store = cast(Store, SimpleNamespace(engine=make_engine(settings.database_url)))

    def executed(*arguments: Any) -> None:
        nonlocal changed
        if arguments[2].startswith("UPDATE"):
            changed = True
            step()

    def committing(*_: Any) -> None:
        nonlocal changed
        if changed:
            changed = False
            step()

    event.listen(store.engine, "after_cursor_execute", executed)
    event.listen(store.engine, "commit", committing)
    rotate(settings, store, drop_old=drop_old)
