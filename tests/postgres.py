"""A real PostgreSQL for the tests: one server for all of them, a database of its own for each.

Where PostgreSQL is not installed these tests are skipped; with ``REQUIRE_POSTGRES=1`` that is a failure.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from bot.leads.database import make_engine, migrate
from scripts.postgres import NoPostgres, Postgres

_MIGRATED = "ours_migrated"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    try:
        server = Postgres()
    except NoPostgres as reason:
        if os.environ.get("REQUIRE_POSTGRES"):
            pytest.fail(f"{reason}", pytrace=False)
        pytest.skip(f"{reason}")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> Callable[[], str]:
    """Gives the address of a new database at the newest version; copying one is quicker than migrating."""
    postgres.execute(f"CREATE DATABASE {_MIGRATED}")
    engine = make_engine(postgres.url(_MIGRATED))
    migrate(engine)
    engine.dispose()
    return lambda: postgres.new_database(_MIGRATED)


@pytest.fixture
def postgres_url(postgres: Postgres, migrated_postgres: Callable[[], str]) -> Iterator[str]:
    """The address of a database at the newest version, with nothing in it."""
    url = migrated_postgres()
    yield url
    postgres.drop(url)


@pytest.fixture
def empty_postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of a database in which nothing of ours ever was."""
    url = postgres.new_database()
    yield url
    postgres.drop(url)
