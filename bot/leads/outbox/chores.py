"""What the worker does beside sending, and how often: one line for each chore."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.leads.database import Store
from bot.leads.keeping_current import sync_in_background
from bot.leads.news.ending import drop_over
from bot.leads.news.telling import tell_days, tell_studies, tell_the_end
from bot.leads.outbox.claims import cancel_unwanted, recover_expired
from bot.leads.promise import escalate_untouched
from bot.leads.retention import purge
from bot.settings import Settings

log = logging.getLogger(__name__)

SECONDS, MINUTES, HOURS = 1.0, 60.0, 3600.0


@dataclass(frozen=True)
class Chore:
    """Something to be done again and again. Several workers may do it at once."""

    name: str
    every: float
    """Seconds from one time to the next."""
    do: Callable[[Store, Settings], object]


CHORES = (
    Chore("take over what a dead process left", 10 * SECONDS, recover_expired),
    Chore("cancel what families took back", 10 * SECONDS, lambda store, settings: cancel_unwanted(store)),
    Chore("call for help where nobody calls", 1 * MINUTES, escalate_untouched),
    Chore("tell who waits for a day that it has come", 1 * MINUTES, tell_days),
    Chore("tell who waits for a study that one opened", 1 * MINUTES, tell_studies),
    Chore("tell whose time is over that no more mails come", 1 * MINUTES, tell_the_end),
    Chore("delete sign-ups that are over", 1 * MINUTES, drop_over),
    Chore("look at the trial registry", 24 * HOURS, lambda store, settings: sync_in_background(settings)),
    Chore(
        "delete what is over",
        1 * HOURS,
        lambda store, settings: purge(store, settings, tracker_url=settings.tracker_database_url),
    ),
)


@dataclass
class ChoreList:
    """The chores of one process: all are due at its start, and each again when its time has passed."""

    chores: Sequence[Chore] = CHORES
    # A clock that nobody sets: an hour that jumps must not make an hourly chore wait for two.
    clock: Callable[[], float] = time.monotonic
    _due: dict[str, float] = field(default_factory=dict)

    def do_due(self, store: Store, settings: Settings) -> None:
        """Do what is due. A chore that fails is said in the log, and stops none of the others."""
        for chore in self.chores:
            if self.clock() < self._due.get(chore.name, float("-inf")):
                continue
            try:
                chore.do(store, settings)
            except Exception as error:
                # The type alone: an error's words may hold what a family told.
                log.error("%s failed: %s", chore.name, type(error).__name__)
            self._due[chore.name] = self.clock() + chore.every
