"""The program's own code with quicker clocks, so that days of trying again pass in minutes.

Only processes that the kill test starts do this, and nothing of the program can ask for it: no setting and no
variable leads here. What is shortened is how long a claim holds, how long a site is waited for, and the
pauses between tries; what is done and in which order stays as it is.
"""

from datetime import timedelta
from functools import partial
from types import ModuleType

from bot.leads.outbox import calling, claims, schedule
from bot.leads.outbox.chores import CHORES, Chore, ChoreList

POLL_SECONDS = 0.02
# Longer than everything a sender may take, as in the program.
CLAIM = timedelta(seconds=2)
LIMITS = partial(calling.Limits, connect=0.5, read=0.3, whole=1.0)
FIRST_PAUSE = timedelta(seconds=0.05)
LONGEST_PAUSE = timedelta(seconds=1)


def quicken() -> None:
    """Shorten the outbox's times in this process and in those that it forks."""
    _replace(claims, "CLAIM", CLAIM)
    _replace(calling, "Limits", LIMITS)
    _replace(schedule, "FIRST_PAUSE", FIRST_PAUSE)
    _replace(schedule, "LONGEST_PAUSE", LONGEST_PAUSE)


def quick_chores(last: Chore) -> ChoreList:
    """The worker's own chores, and one more; what came every few seconds comes several times a second."""
    return ChoreList([*(Chore(one.name, one.every / 20, one.do) for one in CHORES), last])


def _replace(module: ModuleType, name: str, value: object) -> None:
    if not hasattr(module, name):
        raise AttributeError(f"{module.__name__} has no {name} any more: the kill test must follow")
    setattr(module, name, value)
