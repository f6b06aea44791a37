"""Databases of earlier versions come along with everything that is in them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from bot.leads import database
from bot.leads.database import Store, make_engine
from bot.leads.models import AuditEntry, Base, Delivery, Lead, StaffUser
from bot.leads.reading import record

MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)


def at_version(url: str, version: str, rows: dict[str, list[dict[str, Any]]]) -> None:
    """A database as an earlier version of the program left it."""
    engine = make_engine(url)
    with database._alone(engine) as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        for table, values in rows.items():
            names = ", ".join(values[0])
            holes = ", ".join(f":{name}" for name in values[0])
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({holes})"), values)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, home: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("empty_postgres_url"))
    return f"sqlite:///{home / 'prescreen.db'}"


def test_first_version_comes_along_whole(empty_url: str) -> None:
    url = empty_url
    moment = MOMENT.isoformat(sep=" ")
    at_version(
        url,
        "0001",
        {
            "leads": [
                {
                    "id": 1, "reference": "ACDE-FGHJ", "form_hash": "f", "trial": "NCT06848582",
                    "verdict": "likely", "screening": "{}", "contact_sealed": "sealed", "consents": "[]",
                    "created": moment,
                }
            ],
            "deliveries": [
                {
                    "id": 1, "lead_id": 1, "webhook_id": "msg_1", "state": "waiting", "attempts": 3,
                    "next_attempt": moment,
                }
            ],
            "users": [
                {
                    "id": 1, "name": "ana", "password_hash": "h", "session_epoch": 2, "failures": 0,
                    "created": moment,
                }
            ],
        },
    )  # fmt: skip
    store = Store(url)
    with store.session() as session:
        lead = session.scalars(select(Lead)).one()
        assert (lead.state, lead.state_changed, lead.contact_sealed) == ("new", MOMENT, "sealed")
        delivery = session.scalars(select(Delivery)).one()
        assert (delivery.kind, delivery.webhook_id, delivery.created) == ("lead", "msg_1", MOMENT)
        assert session.scalars(select(StaffUser)).one().role == "administrator"
        if store.engine.dialect.name == "sqlite":
            assert session.scalar(text("PRAGMA foreign_keys")) == 1
        # What belongs to a lead still goes with it: the tables that were made anew point where they did.
        session.execute(text("DELETE FROM leads"))
        assert session.scalar(text("SELECT count(*) FROM deliveries")) == 0
    store.close()


def test_models_and_migrations_say_the_same(store: Store) -> None:
    """Every column of the models is in a database that the migrations made, and no other one."""
    for name, table in Base.metadata.tables.items():
        there = {column["name"] for column in inspect(store.engine).get_columns(name)}
        assert there == set(table.columns.keys()), name


@pytest.mark.parametrize("change", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit"])
def test_audit_entries_are_only_ever_added(store: Store, change: str) -> None:
    record("ana", "read", "ACDE-FGHJ", store)
    with pytest.raises(DBAPIError, match="only ever added"), store.session() as session:
        session.execute(text(change))
    with store.session() as session:
        session.execute(insert(AuditEntry).values(at=MOMENT, who="bob", action="read"))
        assert len(session.scalars(select(AuditEntry)).all()) == 2
