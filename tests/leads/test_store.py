"""The store: screenings, leads, migrations, what lies on the disk."""

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cryptography.fernet import Fernet
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from bot.leads.clock import now
from bot.leads.database import Store, make_engine
from bot.leads.intake import Consent, Contact, consent_version, receipt_by_reference, store_lead
from bot.leads.keys import UnreadableContact, lead_keys, seal, unseal
from bot.leads.models import Base, Delivery, Lead, Screening
from bot.leads.reading import all_leads, lead_card
from bot.leads.screenings import (
    save_screening,
    screening_for,
    screening_mark,
    sent_reference_for,
    session_hash,
)
from bot.settings import Settings, SettingsError

CONTACT = Contact(
    "Quillonia", "Zarrabeth", "quillonia@zarrabeth.example.org", "+86 138 0013 8000", country="CN"
)


def consents() -> list[Consent]:
    return [Consent("send", consent_version("Yes, send."), "Yes, send.", now())]


def send(store: Store, screening: dict[str, Any], token: str = "form-1", session: str = "s1") -> str:
    return store_lead(session, token, screening, CONTACT, consents(), store).reference


def test_latest_screening_replaces_the_earlier_one(store: Store, screening: dict[str, Any]) -> None:
    assert screening_for("s1") is None
    save_screening("s1", screening)
    save_screening("s1", screening | {"verdict": "likely"})
    assert screening_for("s1") == screening | {"verdict": "likely"}
    assert screening_for("s2") is None
    with store.session() as session:
        assert session.scalar(select(func.count()).select_from(Screening)) == 1


def test_session_id_is_not_in_the_database(
    written: Callable[[], bytes], store: Store, screening: dict[str, Any]
) -> None:
    save_screening("session-id-of-a-family", screening)
    send(store, screening, session="session-id-of-a-family")
    on_disk = written()
    assert b"NCT06848582" in on_disk
    assert b"session-id-of-a-family" not in on_disk


def test_lead_and_delivery_stand_together(store: Store, screening: dict[str, Any]) -> None:
    reference = send(store, screening)
    card = lead_card(reference)
    assert card is not None
    assert card.contact == CONTACT
    assert card.screening == screening
    assert card.delivery.state == "waiting"
    assert [consent["purpose"] for consent in card.consents] == ["send"]
    assert card.consents[0]["version"] == consent_version("Yes, send.")


def test_lead_without_its_delivery_is_not_kept(
    store: Store, screening: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE deliveries RENAME TO gone")
    with pytest.raises((OperationalError, ProgrammingError)):
        send(store, screening)
    with store.session() as session:
        assert session.scalar(select(func.count()).select_from(Lead)) == 0


def test_same_form_twice_is_one_lead(store: Store, screening: dict[str, Any]) -> None:
    first = store_lead("s1", "form-1", screening, CONTACT, consents())
    again = store_lead("s1", "form-1", screening, replace(CONTACT, first_name="Other"), consents())
    assert not first.repeated
    assert again.repeated
    assert again.reference == first.reference
    assert len(all_leads()) == 1
    assert send(store, screening, token="form-2") != first.reference


def test_same_form_many_times_at_once_is_one_lead(store: Store, screening: dict[str, Any]) -> None:
    with ThreadPoolExecutor(8) as pool:
        references = set(pool.map(lambda _: send(store, screening), range(24)))
    assert len(references) == 1
    with store.session() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 1


def test_sent_answers_are_known_until_they_change(store: Store, screening: dict[str, Any]) -> None:
    save_screening("s1", screening)
    assert sent_reference_for("s1") is None
    reference = send(store, screening)
    assert sent_reference_for("s1") == reference
    save_screening("s1", screening)
    assert sent_reference_for("s1") == reference
    save_screening("s1", screening | {"verdict": "likely"})
    assert sent_reference_for("s1") is None


def test_receipt_says_what_became_of_the_lead(store: Store, screening: dict[str, Any]) -> None:
    reference = send(store, screening)
    receipt = receipt_by_reference(reference)
    assert receipt is not None
    assert not receipt.delivered
    assert receipt_by_reference("NONE-SUCH") is None


def test_mark_changes_with_any_answer(screening: dict[str, Any]) -> None:
    other = screening | {"facts": screening["facts"] | {"age": {"months": [96, 107]}}}
    assert screening_mark(screening) == screening_mark(dict(reversed(screening.items())))
    assert screening_mark(screening) != screening_mark(other)


def test_contact_details_are_sealed_on_disk(
    written: Callable[[], bytes], store: Store, screening: dict[str, Any]
) -> None:
    reference = send(store, screening)
    on_disk = written()
    assert reference.encode() in on_disk
    for part in (b"Quillonia", b"Zarrabeth", b"138 0013", b"0013 8000"):
        assert part not in on_disk


def test_files_are_for_their_owner_alone(home: Path, sqlite_store: Store, screening: dict[str, Any]) -> None:
    send(sqlite_store, screening)
    assert stat.S_IMODE((home / "prescreen.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "secrets" / "lead.keys").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "secrets").stat().st_mode) == 0o700


def test_old_keys_read_and_the_first_key_writes(store: Store) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    sealed = seal({"name": "x"}, lead_keys(Settings.from_env({"LEAD_KEYS": old})))
    both = lead_keys(Settings.from_env({"LEAD_KEYS": f"{new}, {old}"}))
    assert unseal(sealed, both) == {"name": "x"}
    assert Fernet(new).decrypt(seal({"name": "x"}, both).encode())
    with pytest.raises(UnreadableContact):
        unseal(sealed, lead_keys(Settings.from_env({"LEAD_KEYS": new})))


def test_bad_key_is_told_without_showing_it(store: Store) -> None:
    with pytest.raises(SettingsError, match="LEAD_KEYS") as error:
        lead_keys(Settings.from_env({"LEAD_KEYS": "secret-but-wrong"}))
    assert "secret-but-wrong" not in str(error.value)


def test_lead_survives_a_lost_key_without_contact(
    store: Store, screening: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.leads import keys

    reference = send(store, screening)
    monkeypatch.setenv("LEAD_KEYS", Fernet.generate_key().decode())
    monkeypatch.setattr(
        keys,
        "_keys_of_this_process",
        lambda: lead_keys(Settings.from_env({"LEAD_KEYS": Fernet.generate_key().decode()})),
    )
    card = lead_card(reference)
    assert card is not None
    assert card.contact is None


def test_migrations_make_what_the_models_say(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_sqlite_is_set_up_for_safety(sqlite_store: Store) -> None:
    with sqlite_store.engine.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "secure_delete")
        }
    assert pragma == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10000, "secure_delete": 1}


def test_errors_hide_what_was_written(store: Store) -> None:
    nowhere = text("INSERT INTO nowhere VALUES (:value)")
    with store.engine.connect() as connection, pytest.raises(DBAPIError) as error:
        connection.execute(nowhere, {"value": "a secret value"})
    assert "a secret value" not in str(error.value)


def test_processes_that_start_at_once_share_one_migration(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'prescreen.db'}"
    code = f"from bot.leads.database import Store; Store({url!r}).close()"
    running = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(4)]
    outcomes = [(process.communicate()[1], process.returncode) for process in running]
    assert [code for _, code in outcomes] == [0, 0, 0, 0], outcomes
    with sqlite3.connect(tmp_path / "new" / "prescreen.db") as connection:
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


def test_engine_refuses_moments_without_a_zone(store: Store, screening: dict[str, Any]) -> None:
    save_screening("s1", screening)
    with store.session() as session:
        kept = session.get_one(Screening, session_hash("s1"))
        assert now() - kept.updated < timedelta(minutes=1)
    with pytest.raises(Exception, match="time zone"), store.session() as session:
        session.get_one(Screening, session_hash("s1")).updated = now().replace(tzinfo=None)


def test_tracker_database_keeps_its_own_journal(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'tracker.db'}", wal=False)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
