"""The worker: a real process that sends what is due, does its chores, and ends when it is told to."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.models import Delivery
from bot.leads.outbox import worker as worker_module
from bot.leads.outbox.chores import CHORES, Chore, ChoreList
from bot.leads.outbox.claims import CLAIM, Claim
from bot.leads.outbox.kinds import State
from bot.leads.outbox.outcome import Outcome
from bot.leads.outbox.worker import Worker
from bot.settings import Settings
from tests.leads.site_server import Site, answers, hangs

ROOT = Path(__file__).parents[2]


def state(store: Store) -> str:
    with store.session() as session:
        found: str = session.scalars(select(Delivery.state)).one()
        return found


def wait_for(happened: Callable[[], object], seconds: float = 60) -> None:
    """A real process takes what time it takes; after a minute it is hopeless."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while not happened():
        assert time.monotonic() < end
        pause.wait(0.02)


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts worker processes; whatever is left of them at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin(**variables: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.leads.outbox"],
            cwd=ROOT,
            env=os.environ | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def test_a_worker_sends_and_ends_when_told(
    store: Store, site: Site, reference: str, start: Callable[..., subprocess.Popen[str]]
) -> None:
    worker = start(SITE_FORM_URL=site.url, LOG_LEVEL="DEBUG")
    wait_for(lambda: state(store) == State.DELIVERED)
    worker.send_signal(signal.SIGTERM)
    said, _ = worker.communicate(timeout=60)
    assert worker.returncode == 0
    assert "taken (HTTP 200)" in said
    for secret in ("Ana", "ana@mail.com", "8000", reference, "127.0.0.1", "chemotherapy", "/form"):
        assert secret not in said


def test_the_message_in_hand_is_finished(
    store: Store, site: Site, reference: str, start: Callable[..., subprocess.Popen[str]]
) -> None:
    release = threading.Event()

    def late(server: Site, caller: object) -> None:
        release.wait(60)
        answers(200)(server, caller)

    site.next = [late]
    worker = start(SITE_FORM_URL=site.url)
    assert site.asked.wait(60)
    worker.send_signal(signal.SIGTERM)
    release.set()
    worker.communicate(timeout=60)
    assert worker.returncode == 0
    assert state(store) == State.DELIVERED


def test_a_killed_worker_is_followed_by_another(
    store: Store, site: Site, reference: str, start: Callable[..., subprocess.Popen[str]]
) -> None:
    site.next = [hangs]
    killed = start(SITE_FORM_URL=site.url)
    assert site.asked.wait(60)
    killed.kill()
    killed.wait()
    assert state(store) == State.SENDING
    with store.session() as session:
        session.execute(update(Delivery).values(claimed_until=now() - CLAIM))
    start(SITE_FORM_URL=site.url)
    wait_for(lambda: state(store) == State.DELIVERED)
    first, second = site.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_settings_that_cannot_be_used_are_one_sentence(start: Callable[..., subprocess.Popen[str]]) -> None:
    worker = start(
        SITE_FORM_URL="https://site.example", SITE_FORM_KIND="form", SITE_FORM_FIELDS="/nowhere.yml"
    )
    said, _ = worker.communicate(timeout=60)
    assert worker.returncode == 2
    assert said == (
        "SITE_FORM_FIELDS can't be used: /nowhere.yml can't be read (No such file or directory).\n"
    )


def test_a_chore_that_fails_stops_no_other(
    store: Store, site: Site, reference: str, caplog: pytest.LogCaptureFixture
) -> None:
    stop, done = threading.Event(), []

    def fails(store: Store, settings: Settings) -> None:
        raise ValueError("Ana Li said")

    chores = ChoreList(
        [
            Chore("the first", 1, fails),
            Chore("the second", 1, lambda store, settings: done.append(stop.set())),
        ]
    )
    site_settings = Settings.from_env({"SITE_FORM_URL": site.url})
    Worker(store, site_settings, stop, chores).run()
    assert len(done) == 1
    assert "the first failed: ValueError" in caplog.text
    assert "Ana" not in caplog.text
    # And the message in hand went out.
    assert state(store) == State.DELIVERED


def test_chores_are_done_at_the_start_and_in_their_time(store: Store) -> None:
    moment, done = 0.0, []
    chores = ChoreList(
        [
            Chore("often", 10, lambda store, settings: done.append("often")),
            Chore("seldom", 25, lambda store, settings: done.append("seldom")),
        ],
        clock=lambda: moment,
    )
    for moment in (0.0, 9.0, 10.0, 20.0, 24.0, 25.0):
        done.append(str(moment))
        chores.do_due(store, Settings.from_env({}))
    assert done == [
        "0.0",
        "often",
        "seldom",
        "9.0",
        "10.0",
        "often",
        "20.0",
        "often",
        "24.0",
        "25.0",
        "seldom",
    ]


@pytest.mark.parametrize("chore", CHORES, ids=lambda chore: chore.name)
def test_every_chore_runs(store: Store, reference: str, chore: Chore) -> None:
    chore.do(store, Settings.from_env(os.environ))
    assert chore.every > 0


def test_an_outcome_is_written_down_once_the_database_is_back(
    store: Store,
    site: Site,
    reference: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop, really, tries = Pauses(), worker_module.record, []

    def locked_twice(claim: Claim, outcome: Outcome, store: Store, settings: Settings) -> None:
        tries.append(outcome.text)
        if len(tries) < 3:
            raise OperationalError("UPDATE secret", {}, Exception("database is locked"))
        really(claim, outcome, store, settings)
        stop.set()

    monkeypatch.setattr(worker_module, "record", locked_twice)
    Worker(store, Settings.from_env({"SITE_FORM_URL": site.url}), stop, ChoreList([])).run()
    assert tries == ["taken (HTTP 200)"] * 3
    assert state(store) == State.DELIVERED
    assert len(site.got) == 1
    assert "secret" not in caplog.text


def test_a_worker_that_is_told_to_end_does_not_wait_for_the_database(
    store: Store, site: Site, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Pauses()

    def locked(*arguments: object) -> None:
        stop.set()
        raise OperationalError("", {}, Exception("database is locked"))

    monkeypatch.setattr(worker_module, "record", locked)
    Worker(store, Settings.from_env({"SITE_FORM_URL": site.url}), stop, ChoreList([])).run()
    # Whoever comes next decides what became of it.
    assert state(store) == State.SENDING


def test_a_database_that_is_away_is_waited_for(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop, tries = Pauses(), []

    def away(*arguments: object) -> None:
        tries.append(len(stop.waited))
        if len(tries) == 3:
            stop.set()
        raise OperationalError("SELECT secret", {}, Exception("no such host db.example"))

    monkeypatch.setattr(worker_module, "deliver_one", away)
    Worker(store, Settings.from_env({}), stop, ChoreList([])).run()
    assert tries == [0, 1, 2]
    assert "the outbox can't be worked on: OperationalError" in caplog.text
    assert "db.example" not in caplog.text


class Pauses(threading.Event):
    """An event whose waiting is over at once: tests don't sleep."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout)
        return self.is_set()
