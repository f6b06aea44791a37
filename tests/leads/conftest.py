"""A home of its own for each test: real databases, real key files."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from bot.leads import database, erasure, keys
from bot.leads.database import Store, open_store
from bot.leads.intake import Contact, store_lead
from bot.leads.models import Delivery
from bot.leads.outbox.kinds import Kind
from bot.settings import get_settings
from tests.leads.rasa_table import RASA_INDEX, RASA_TABLE
from tests.leads.site_server import Site

# Held here, because a test may put something else in their place.
_CACHES = (get_settings, open_store, keys._keys_of_this_process, erasure._tracker)


def _forget_caches() -> None:
    for cache in _CACHES:
        cache.cache_clear()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("DATABASE_URL", "TRACKER_DATABASE_URL", "LEAD_KEYS", "SITE_FORM_URL", "PRODUCTION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PRESCREEN_HOME", str(tmp_path / "home"))
    _forget_caches()
    yield tmp_path / "home"
    _forget_caches()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, home: Path) -> str:
    """The address of a database at the newest version; a test that asks for it runs on both kinds."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{home / 'prescreen.db'}"


@pytest.fixture
def store(home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The program's own store, on SQLite and on PostgreSQL."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    get_settings.cache_clear()
    opened = database.open_store()
    yield opened
    opened.close()


@pytest.fixture
def written(home: Path, store: Store, request: pytest.FixtureRequest) -> Callable[[], bytes]:
    """Gives every byte that the store has on the disk, without the keys."""

    def read() -> bytes:
        files = [path for path in home.rglob("*") if path.is_file() and "secrets" not in path.parts]
        found = b"".join(path.read_bytes() for path in files)
        if store.engine.dialect.name == "postgresql":
            found += request.getfixturevalue("postgres").written(get_settings().database_url)
        assert found
        return found

    return read


@pytest.fixture
def sqlite_store(home: Path) -> Iterator[Store]:
    """The program's own store as it is without any setting: a file in the home."""
    opened = database.open_store()
    yield opened
    opened.close()


@pytest.fixture
def tracker(home: Path, store: Store) -> Iterator[sqlite3.Connection]:
    """Rasa's database, as Rasa has it open."""
    with closing(sqlite3.connect(home / "tracker.db")) as connection:
        connection.execute(RASA_TABLE)
        connection.execute(RASA_INDEX)
        connection.commit()
        yield connection


@pytest.fixture
def screening() -> dict[str, Any]:
    return {
        "trial": "NCT06848582",
        "trial_version": "1",
        "text_version": "abc",
        "language": "en",
        "today": "2026-11-22",
        "facts": {
            "respondent": "parent",
            "age": {"months": [84, 95]},
            "chemotherapy": {"had": "yes", "last": ["2026-10-30", "2026-11-03"]},
        },
        "verdict": "possible",
        "until": None,
        "findings": {
            "I2": {"finding": "met", "until": None, "reason": "7 years", "text": ""},
            "E2": {
                "finding": "unknown",
                "until": None,
                "reason": "heart problem: not told",
                "text": "the heart",
            },
        },
        "respondent": "parent",
    }


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        yield server


@pytest.fixture
def reference(store: Store, screening: dict[str, Any]) -> str:
    """A lead that waits to be sent, and nothing else in the outbox."""
    contact = Contact("Ana", "Li", "ana@mail.com", "+86 138 0013 8000", best_time="after 5 pm")
    stored = store_lead("s1", "form-1", screening, contact, [], store).reference
    with store.session() as session:
        session.execute(delete(Delivery).where(Delivery.kind != Kind.LEAD))
    return stored
