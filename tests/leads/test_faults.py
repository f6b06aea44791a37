"""The outbox when the clock jumps, the database is locked or full: nothing is lost, nothing sent twice."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from bot.leads.database import Store
from bot.leads.intake import Contact, store_lead
from bot.leads.models import Delivery
from bot.leads.outbox.claims import CLAIM
from bot.leads.outbox.outcome import Fate, Outcome
from bot.leads.outbox.queue import claim_due, deliver_due, record, recover_expired
from bot.leads.outbox.worker import Worker
from bot.settings import Settings
from tests.clocks import clock_set
from tests.leads.site_server import Site

HOURS = [1, -1]
LATER = Outcome(Fate.AGAIN, "not taken (HTTP 503)", 503)


@pytest.fixture
def settings(site: Site) -> Settings:
    return Settings.from_env({"SITE_FORM_URL": site.url})


def impatient(store: Store) -> None:
    """From now on the store gives up on a locked database after a moment."""

    @event.listens_for(store.engine, "checkout")
    def shorten(connection: Any, _record: object, _proxy: object) -> None:
        if store.engine.dialect.name == "sqlite":
            connection.execute("PRAGMA busy_timeout=100")
        else:
            connection.execute("SET lock_timeout = 100")
            connection.commit()


@pytest.mark.parametrize("hours", HOURS)
def test_message_is_sent_soon_after_the_clock_was_set(
    store: Store, site: Site, settings: Settings, reference: str, hours: int
) -> None:
    with clock_set(timedelta(hours=hours)):
        assert deliver_due(store, settings) == 1
    assert deliver_due(store, settings) == 0
    assert len(site.got) == 1


@pytest.mark.parametrize("hours", HOURS)
def test_retry_does_not_wait_for_an_hour_that_the_clock_lost(
    store: Store, site: Site, settings: Settings, reference: str, hours: int
) -> None:
    claim = claim_due(store, settings)
    assert claim is not None
    record(claim, LATER, store, settings)
    with clock_set(timedelta(hours=hours)):
        assert deliver_due(store, settings) == 1
    assert site.got[0].headers["webhook-id"] == claim.webhook_id


@pytest.mark.parametrize("hours", HOURS)
def test_claim_of_a_dead_process_is_taken_over(
    store: Store, site: Site, settings: Settings, reference: str, hours: int
) -> None:
    claim = claim_due(store, settings)
    assert claim is not None
    with clock_set(timedelta(hours=hours)):
        assert recover_expired(store, settings) == 1
        assert deliver_due(store, settings) == 1
    assert [got.headers["webhook-id"] for got in site.got] == [claim.webhook_id]


def test_living_claim_whose_clock_was_set_forward_is_sent_under_the_same_id(
    store: Store, site: Site, settings: Settings, reference: str
) -> None:
    """The first holder is still at it: its late word counts, and a site that knows ids counts one lead."""
    first = claim_due(store, settings)
    assert first is not None
    with clock_set(timedelta(hours=1)):
        recover_expired(store, settings)
        second = claim_due(store, settings)
        assert second is not None
        assert second.webhook_id == first.webhook_id
        record(first, Outcome(Fate.TAKEN, "taken (HTTP 200)", 200), store, settings)
        # What the second one hears after that does not make the lead wait again.
        record(second, LATER, store, settings)
        assert deliver_due(store, settings) == 0
    with store.session() as session:
        assert session.scalar(select(Delivery.state)) == "delivered"


def test_small_step_of_the_clock_leaves_a_living_claim_alone(
    store: Store, settings: Settings, reference: str
) -> None:
    assert claim_due(store, settings) is not None
    with clock_set(CLAIM / 2):
        assert recover_expired(store, settings) == 0
        assert claim_due(store, settings) is None


@pytest.fixture
def full_disk(store: Store) -> Iterator[None]:
    """SQLite's own limit of pages; PostgreSQL's own error for a full disk, from a trigger."""
    if store.engine.dialect.name == "postgresql":
        with store.session() as session:
            session.execute(
                text(
                    "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$"
                )
            )
            session.execute(
                text(
                    "CREATE TRIGGER full_disk BEFORE INSERT ON leads "
                    "FOR EACH ROW EXECUTE FUNCTION full_disk()"
                )
            )
        yield
        with store.session() as session:
            session.execute(text("DROP TRIGGER full_disk ON leads"))
        return

    def no_more_pages(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")

    event.listen(store.engine, "connect", no_more_pages)
    store.engine.dispose()
    yield
    event.remove(store.engine, "connect", no_more_pages)
    store.engine.dispose()


CONTACT = Contact("Ana", "Li", "ana@mail.com", "+86 138 0013 8000")


def test_full_disk_stores_the_lead_with_its_delivery_or_nothing(
    store: Store, screening: dict[str, Any], full_disk: None
) -> None:
    large = screening | {"facts": screening["facts"] | {"told": "x" * 20_000}}
    with pytest.raises(OperationalError, match=r"full|No space left"):
        store_lead("s1", "form-1", large, CONTACT, [], store)
    with store.session() as session:
        assert session.scalar(text("SELECT count(*) FROM leads")) == 0
        assert session.scalar(text("SELECT count(*) FROM deliveries")) == 0


def test_outcome_is_written_down_once_the_database_is_free_again(
    store: Store, site: Site, settings: Settings, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site took the lead while somebody holds the database: the worker does not forget it."""
    monkeypatch.setattr("bot.leads.outbox.worker._DATABASE_AWAY_SECONDS", 0.02)
    failed, stop = threading.Event(), threading.Event()
    holder = store.engine.connect()
    impatient(store)

    def lock(*arguments: object) -> Any:
        if store.engine.dialect.name == "sqlite":
            holder.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            holder.execute(text("LOCK TABLE deliveries, attempts IN ACCESS EXCLUSIVE MODE"))
        return Outcome(Fate.TAKEN, "taken (HTTP 200)", 200)

    monkeypatch.setattr("bot.leads.outbox.queue.sender_for", lambda *arguments: lock)

    def note(message: str, *arguments: object) -> None:
        if message.startswith("delivery"):
            failed.set()

    monkeypatch.setattr("bot.leads.outbox.worker.log.error", note)
    worker = threading.Thread(target=Worker(store, settings, stop, poll_seconds=0.02).run)
    worker.start()
    try:
        assert failed.wait(20)
        holder.rollback()
        finished = threading.Event()
        for _ in range(1000):
            with store.session() as session:
                if session.scalar(select(Delivery.state)) == "delivered":
                    finished.set()
                    break
            stop.wait(0.02)
        assert finished.is_set()
    finally:
        stop.set()
        worker.join(20)
        holder.close()
    with store.session() as session:
        assert session.scalar(select(Delivery.attempts)) == 1
