"""What is PostgreSQL's own: its driver, its locks, its errors, its processes that start at once."""

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.leads.clock import now
from bot.leads.database import Store, engine_url, make_engine, url_for_rasa
from bot.leads.erasure import NotErased, erase_conversation
from bot.leads.retention import purge
from bot.leads.screenings import save_screening, screening_for
from bot.supervisor.checks import real_turn

RASA_TABLE = """CREATE TABLE events (id SERIAL PRIMARY KEY, sender_id VARCHAR(255) NOT NULL,
 type_name VARCHAR(255) NOT NULL, timestamp FLOAT, intent_name VARCHAR(255),
 action_name VARCHAR(255), data TEXT)"""
IMPATIENT = "&options=-c%20lock_timeout%3D200"


@pytest.fixture
def store(postgres_url: str) -> Iterator[Store]:
    opened = Store(postgres_url)
    yield opened
    opened.close()


@pytest.mark.parametrize("name", ["postgresql", "postgres", "postgresql+psycopg2", "postgresql+psycopg"])
def test_each_side_gets_its_own_driver(name: str) -> None:
    told = f"{name}://ana:a%40b@db.example/tracker?sslmode=require"
    ours = engine_url(told)
    assert ours.drivername == "postgresql+psycopg"
    assert ours.password == "a@b"
    assert url_for_rasa(told) == "postgresql://ana:a%40b@db.example/tracker?sslmode=require"


def test_sqlite_address_stays_as_it_is() -> None:
    assert url_for_rasa("sqlite:////var/tracker.db?timeout=1") == "sqlite:////var/tracker.db?timeout=1"


def test_every_wait_has_an_end(store: Store) -> None:
    with store.engine.connect() as connection:
        names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
        said = {name: connection.scalar(text(f"SHOW {name}")) for name in (*names, "application_name")}
    assert said == {
        "lock_timeout": "10s",
        "statement_timeout": "30s",
        "idle_in_transaction_session_timeout": "1min",
        "application_name": "prescreen",
    }


def test_address_may_say_otherwise(postgres_url: str) -> None:
    engine = make_engine(postgres_url + IMPATIENT)
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == "200ms"
        assert connection.scalar(text("SHOW statement_timeout")) == "30s"
    engine.dispose()


def test_locked_table_is_an_error_and_nothing_is_half_written(
    postgres_url: str, store: Store, screening: dict[str, Any]
) -> None:
    impatient = Store(postgres_url + IMPATIENT)
    with store.engine.begin() as holder:
        holder.execute(text("LOCK TABLE screenings IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(OperationalError):
            save_screening("s1", screening, impatient)
    assert screening_for("s1", impatient) is None
    save_screening("s1", screening, impatient)
    assert screening_for("s1", impatient) == screening
    impatient.close()


def test_connection_that_died_is_replaced(store: Store, screening: dict[str, Any]) -> None:
    save_screening("s1", screening, store)
    other = make_engine(store.engine.url.render_as_string(hide_password=False))
    with other.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    other.dispose()
    assert screening_for("s1", store) == screening


def test_refused_row_does_not_stand_in_the_error(store: Store) -> None:
    row = {"hash": "h", "trial": "a secret value", "at": now()}
    statement = text(
        "INSERT INTO screenings (session_hash, trial, content, created, updated) "
        "VALUES (:hash, :trial, '{}', :at, :at)"
    )
    with pytest.raises(DBAPIError) as error, store.session() as session:
        session.execute(statement, row)
    said = f"{error.value} {error.value!r} {error.value.orig} {error.value.orig!r}"
    assert "verdict" in said
    assert "secret" not in said


def test_processes_that_start_at_once_share_one_migration(empty_postgres_url: str) -> None:
    code = f"from bot.leads.database import Store; Store({empty_postgres_url!r}).close()"
    running = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(4)]
    outcomes = [(process.communicate()[1], process.returncode) for process in running]
    assert [status for _, status in outcomes] == [0, 0, 0, 0], outcomes
    store = Store(empty_postgres_url)
    with store.session() as session:
        assert session.scalar(text("SELECT count(*) FROM alembic_version")) == 1
    store.close()


@pytest.fixture
def tracker(empty_postgres_url: str) -> Iterator[Engine]:
    engine = make_engine(empty_postgres_url)
    with engine.begin() as connection:
        connection.execute(text(RASA_TABLE))
    yield engine
    engine.dispose()


def tell(tracker: Engine, sender: str, hours_ago: float = 0.0) -> None:
    with tracker.begin() as connection:
        connection.execute(
            text("INSERT INTO events (sender_id, type_name, timestamp) VALUES (:sender, 'user', :at)"),
            {"sender": sender, "at": time.time() - hours_ago * 3600},
        )


def senders(tracker: Engine) -> set[str]:
    with tracker.connect() as connection:
        return set(connection.scalars(text("SELECT sender_id FROM events")))


@pytest.mark.parametrize("name", ["postgresql", "postgresql+psycopg2"])
def test_conversations_are_forgotten_there_too(
    store: Store, tracker: Engine, empty_postgres_url: str, name: str
) -> None:
    url = empty_postgres_url.replace("postgresql", name, 1)
    for sender, hours_ago in (("mine", 0.0), ("other", 1.0), ("old", 25.0)):
        tell(tracker, sender, hours_ago)
    erase_conversation("mine", store, url)
    assert senders(tracker) == {"other", "old"}
    assert purge(store, tracker_url=url).conversations == 1
    assert senders(tracker) == {"other"}


def test_locked_tracker_is_told(store: Store, tracker: Engine, empty_postgres_url: str) -> None:
    tell(tracker, "mine")
    with tracker.begin() as holder:
        holder.execute(text("LOCK TABLE events IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(NotErased):
            erase_conversation("mine", store, empty_postgres_url + IMPATIENT)
    assert senders(tracker) == {"mine"}


def test_start_check_leaves_nothing_in_the_tracker(
    tracker: Engine, empty_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.supervisor.checks.secrets.token_hex", lambda length: "abc")
    tell(tracker, "start-check-abc")
    tell(tracker, "other")
    assert real_turn("http://127.0.0.1:9", empty_postgres_url) == "Rasa is not up"
    assert senders(tracker) == {"other"}
