"""The worker: a process that sends what is due and does the chores, until it is told to stop.

Several may run at once, on SQLite as on PostgreSQL. It holds nothing in memory that a crash could lose.
"""

import logging
import signal
import threading

from sqlalchemy.exc import InterfaceError, OperationalError

from bot.leads.database import Store
from bot.leads.outbox.chores import ChoreList
from bot.leads.outbox.claims import Claim
from bot.leads.outbox.outcome import Outcome
from bot.leads.outbox.queue import deliver_one
from bot.leads.outbox.results import record
from bot.settings import Settings

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
_DATABASE_AWAY_SECONDS = 2.0


class Worker:
    """One worker's work. ``stop`` ends it after the message in hand; it may be set from any thread."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        stop: threading.Event,
        chores: ChoreList | None = None,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._store = store
        self._settings = settings
        self._stop = stop
        self._chores = chores or ChoreList()
        self._poll_seconds = poll_seconds

    def run(self) -> None:
        """Work until stopped. A database that is away is waited for."""
        while not self._stop.is_set():
            self._chores.do_due(self._store, self._settings)
            pause = self._poll_seconds
            try:
                if deliver_one(self._store, self._settings, self._write_down) is not None:
                    continue
            except Exception as error:
                log.error("the outbox can't be worked on: %s", type(error).__name__)
                pause = max(pause, _DATABASE_AWAY_SECONDS)
            self._stop.wait(pause)

    def _write_down(self, claim: Claim, outcome: Outcome, store: Store, settings: Settings) -> None:
        """Write an outcome down even if the database is locked or its disk is full for a while.

        Forgotten, a message that arrived would be sent again, or a person would have to look for it.
        """
        while True:
            try:
                record(claim, outcome, store, settings)
                return
            except (OperationalError, InterfaceError) as error:
                log.error("delivery %s: not written down yet: %s", claim.delivery_id, type(error).__name__)
                if self._stop.is_set():
                    return
                self._stop.wait(_DATABASE_AWAY_SECONDS)


def stop_on_signals(stop: threading.Event) -> None:
    """Set ``stop`` when SIGTERM or SIGINT comes. Call it before other threads are started.

    A thread waits for the signals. A handler would run in the middle of whatever the main thread does, and
    an event that is waited for and set in one thread can lock that thread up.
    """
    numbers = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, numbers)

    def wait() -> None:
        signal.sigwait(numbers)
        stop.set()

    threading.Thread(target=wait, name="signals", daemon=True).start()
