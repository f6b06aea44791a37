"""The lead keys: a new one is taken up by running processes, old ones read, and the command tells no
secret."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, update
from typer.testing import CliRunner

from bot.cli import app
from bot.leads import rotation
from bot.leads.database import Store
from bot.leads.keys import (
    KeyRing,
    KeysMissing,
    UnreadableContact,
    _keys_of_this_process,
    lead_keys,
    seal,
    unseal,
)
from bot.leads.marks import contact_marks
from bot.leads.models import Lead
from bot.leads.reading import lead_card
from bot.leads.rotation import RotationRunning, rotate
from bot.leads.sealed import SEALED, table_of
from bot.settings import Settings, SettingsError, get_settings
from tests.leads.sealed_rows import CONTACT, all_read_with, key_file, lead_with_all, ring, send, tokens


def test_every_sealed_column_is_known() -> None:
    everywhere = {
        (t.name, c.name) for t in Lead.metadata.tables.values() for c in t.c if c.name.endswith("_sealed")
    }
    assert {(model.__tablename__, column) for model, column in SEALED} == everywhere


def test_rotation_locks_every_row_anew_and_keeps_the_old_key(
    home: Path, store: Store, screening: dict[str, Any]
) -> None:
    reference = lead_with_all(store, screening)
    (old,) = ring(home).writing
    marks = contact_marks("NCT06848582", CONTACT.email, CONTACT.phone)
    report = rotate(get_settings(), store)
    assert report.renewed == {table_of(model).name: 1 for model, _ in SEALED}
    assert ring(home).writing[1:] == (old,)
    assert not ring(home).unfinished
    assert all_read_with(ring(home).writing[0], store)
    card = lead_card(reference, store)
    assert card is not None
    assert card.contact == CONTACT
    assert contact_marks("NCT06848582", CONTACT.email, CONTACT.phone) == marks


def test_key_file_stays_private(home: Path, store: Store) -> None:
    seal({"name": "x"})
    rotate(get_settings(), store, drop_old=True)
    assert stat.S_IMODE(key_file(home).stat().st_mode) == 0o600
    assert [path.name for path in (home / "secrets").iterdir() if "lead" in path.name] != []
    assert not list((home / "secrets").glob(".*"))


def test_old_keys_are_dropped_once_no_row_needs_them(
    home: Path, store: Store, screening: dict[str, Any]
) -> None:
    lead_with_all(store, screening)
    rotate(get_settings(), store)
    report = rotate(get_settings(), store, drop_old=True)
    assert report.dropped == 2
    (only,) = ring(home).writing
    assert ring(home) == KeyRing((only,))
    assert all_read_with(only, store)


def test_rows_that_no_key_opens_are_counted_and_left_alone(
    home: Path, store: Store, screening: dict[str, Any]
) -> None:
    reference = send(store, screening)
    lost = Fernet(Fernet.generate_key()).encrypt(b"{}").decode()
    with store.engine.begin() as connection:
        connection.execute(update(Lead.__table__).values(contact_sealed=lost))
    report = rotate(get_settings(), store, drop_old=True)
    assert {name: lost for name, lost in report.unreadable.items() if lost} == {"leads": 1}
    assert tokens(store) == [lost]
    # Everything else about it can still change.
    with store.session() as session:
        session.scalars(select(Lead).where(Lead.reference == reference)).one().state = "called"


def test_a_running_process_takes_up_the_new_key_by_itself(home: Path, store: Store) -> None:
    running = lead_keys(get_settings())
    before = seal({"name": "x"}, running)
    rotate(get_settings(), store)
    after = seal({"name": "x"}, running)
    newest = ring(home).writing[0]
    assert Fernet(newest).decrypt(after.encode())
    assert unseal(before, running) == {"name": "x"}
    rotate(get_settings(), store, drop_old=True)
    # It had fetched the row before the key was dropped.
    assert unseal(before, running) == {"name": "x"}
    with pytest.raises(UnreadableContact):
        unseal(before, lead_keys(get_settings()))


def test_who_can_not_read_looks_once_more(home: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    running = lead_keys(get_settings())
    same = os.stat(key_file(home))
    rotate(get_settings(), store)
    sealed = seal({"name": "x"}, lead_keys(get_settings()))
    real = os.stat
    # A file system that tells of the change too late.
    monkeypatch.setattr(os, "stat", lambda path, **how: same if path == running.path else real(path, **how))
    assert unseal(sealed, running) == {"name": "x"}


def test_without_its_key_file_a_process_reads_but_locks_nothing(home: Path, store: Store) -> None:
    running = lead_keys(get_settings())
    sealed = seal({"name": "x"}, running)
    kept = key_file(home).read_text(encoding="utf-8")
    for spoil in (key_file(home).unlink, lambda: key_file(home).write_text("no key\n", encoding="utf-8")):
        spoil()
        assert unseal(sealed, running) == {"name": "x"}
        with pytest.raises(KeysMissing):
            seal({"name": "x"}, running)
    with pytest.raises(SettingsError) as error:
        lead_keys(get_settings())
    assert "no key" not in str(error.value)
    key_file(home).write_text(kept, encoding="utf-8")
    assert unseal(seal({"name": "y"}, running), running) == {"name": "y"}


def test_one_rotation_at_a_time(home: Path, store: Store) -> None:
    seal({})
    with rotation._alone(key_file(home)), pytest.raises(RotationRunning):
        rotate(get_settings(), store)
    assert len(ring(home).writing) == 1


def test_with_lead_keys_the_first_one_locks_and_nothing_is_written(
    home: Path, store: Store, screening: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    monkeypatch.setenv("LEAD_KEYS", old)
    get_settings.cache_clear()
    _keys_of_this_process.cache_clear()
    send(store, screening)
    both = Settings.from_env(
        {
            "PRESCREEN_HOME": str(home),
            "DATABASE_URL": get_settings().database_url,
            "LEAD_KEYS": f"{new},{old}",
        }
    )
    report = rotate(both, store, drop_old=True)
    assert (report.from_environment, report.renewed["leads"], report.dropped) == (True, 1, 0)
    assert all_read_with(new, store)
    assert not key_file(home).exists()


def test_command_tells_counts_and_no_secret(home: Path, store: Store, screening: dict[str, Any]) -> None:
    lead_with_all(store, screening)
    told = CliRunner().invoke(app, ["keys", "rotate"])
    assert told.exit_code == 0
    assert "leads 1, signups 1, notes 1, deliveries 1, doctor_pages 1, family_notes 1" in told.output
    known = ring(home).writing
    dropped = CliRunner().invoke(app, ["keys", "rotate", "--drop-old"])
    assert "Old keys dropped: 2" in dropped.output
    for key in (*known, *ring(home).writing):
        assert key not in told.output + dropped.output


def test_command_says_what_to_do_with_lead_keys(
    home: Path, store: Store, screening: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = Fernet.generate_key().decode()
    monkeypatch.setenv("LEAD_KEYS", key)
    get_settings.cache_clear()
    told = CliRunner().invoke(app, ["keys", "rotate", "--drop-old"])
    assert told.exit_code == 0
    assert "put it first in LEAD_KEYS" in told.output
    assert "take them out of LEAD_KEYS" in told.output
    assert key not in told.output


def test_command_says_when_another_one_runs_and_when_it_could_not_finish(
    home: Path, store: Store, screening: dict[str, Any]
) -> None:
    send(store, screening)
    with rotation._alone(key_file(home)):
        busy = CliRunner().invoke(app, ["keys", "rotate"])
    assert (busy.exit_code, "Another rotation" in busy.output) == (1, True)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE notes RENAME TO gone")
    broken = CliRunner().invoke(app, ["keys", "rotate"])
    assert broken.exit_code == 1
    assert "Nothing is lost" in broken.output
    assert "Zarrabeth" not in broken.output
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO notes")
    assert "An earlier rotation was finished" in CliRunner().invoke(app, ["keys", "rotate"]).output
