"""Families that write one message every ten seconds, and how long each of them waits for her answer."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx

from scripts.bench.programs import TurnFailed

from .processor import Shares, Spent, shares, spent
from .programs import UnderLoad

#: Seconds from one message of a family to her next.
PAUSE = 10.0
#: What is still called held: 95 of 100 answers within this many seconds, and not one message unanswered.
MOST_SECONDS = 1.0
#: Nobody waits longer than this for an answer; it counts as failed.
TURN_SECONDS = 60.0
#: How long a crowd that was too large may take to be served before the next one comes.
DRAIN_SECONDS = 90.0


@dataclass
class Level:
    """What was measured with one number of families. `seconds` holds the waiting time of each answer."""

    families: int
    seconds: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    lasted: float = 0.0
    shares: Shares | None = None

    def percentile(self, share: float) -> float:
        """The shortest waiting time that at least this share of the answers do not exceed."""
        ordered = sorted(self.seconds)
        return ordered[max(0, -(-round(share * 100) * len(ordered) // 100) - 1)] if ordered else TURN_SECONDS

    @property
    def held(self) -> bool:
        """Whether this many families are served as they should be."""
        return bool(self.seconds) and not self.failed and self.percentile(0.95) < MOST_SECONDS

    @property
    def messages_per_second(self) -> float:
        """How many messages were answered in a second."""
        return len(self.seconds) / self.lasted if self.lasted else 0.0


class Crowd:
    """A number of families that talk with a program at once; it grows and shrinks between levels."""

    def __init__(self, program: UnderLoad, client: httpx.AsyncClient, seed: int) -> None:
        self._program = program
        self._client = client
        self._random = random.Random(seed)
        self._numbers = itertools.count()
        self._leaving: list[asyncio.Event] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: dict[int, float] = {}
        self._level: Level | None = None

    async def measure(self, families: int, seconds: float) -> Level:
        """Let so many families write, and measure once each of them has come in.

        Raises `BenchError` or `StackError` when the program died.
        """
        self._resize(families)
        await self._settle()
        level = Level(families)
        before, begun = self._spent(), time.perf_counter()
        self._level = level
        await self._sleep(seconds)
        self._level = None
        level.lasted, level.shares = time.perf_counter() - begun, shares(before, self._spent())
        # Whoever is still waiting has waited at least this long: leaving her out would make it look better.
        moment = time.perf_counter()
        late = [moment - due for due in self._waiting.values() if moment - due > MOST_SECONDS]
        level.seconds += late
        return level

    async def leave(self) -> None:
        """All families go; nobody's message stays unanswered."""
        self._resize(0)
        await asyncio.wait_for(asyncio.gather(*self._tasks, return_exceptions=True), TURN_SECONDS + PAUSE)

    async def break_off(self) -> None:
        """Whoever is still there goes at once, whether she was answered or not."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _resize(self, families: int) -> None:
        while len(self._leaving) > families:
            self._leaving.pop().set()
        while len(self._leaving) < families:
            leaving = asyncio.Event()
            self._leaving.append(leaving)
            task = asyncio.create_task(self._family(leaving))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _settle(self) -> None:
        """One message of each family first, and none left over from a crowd that was too large."""
        await self._sleep(PAUSE)
        end = time.perf_counter() + DRAIN_SECONDS
        while time.perf_counter() < end:
            oldest = min(self._waiting.values(), default=time.perf_counter())
            if time.perf_counter() - oldest < MOST_SECONDS:
                return
            await self._sleep(0.5)

    async def _sleep(self, seconds: float) -> None:
        """Wait, and look after the program meanwhile."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._program.check()
            await asyncio.sleep(min(left, 1.0))

    async def _family(self, leaving: asyncio.Event) -> None:
        """One visit after the other. A message is due every ten seconds, or when the last one is answered.

        Waiting counts from the moment when the message was due: a client too busy to send it hides nothing.
        """
        number = next(self._numbers)
        due = time.perf_counter() + self._random.uniform(0, PAUSE)
        visit = self._program.visit(self._client, number)
        while not leaving.is_set():
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self._waiting[id(leaving)] = due
            try:
                await anext(visit)
            except StopAsyncIteration:
                visit = self._program.visit(self._client, next(self._numbers))
                continue
            except (TurnFailed, httpx.HTTPError) as error:
                if self._level is not None:
                    self._level.failed[str(error) or type(error).__name__] += 1
                visit = self._program.visit(self._client, next(self._numbers))
            else:
                if self._level is not None:
                    self._level.seconds.append(time.perf_counter() - due)
            finally:
                del self._waiting[id(leaving)]
            due = max(due + PAUSE, time.perf_counter())

    def _spent(self) -> Spent | None:
        return spent(set().union(*self._program.processes().values()), os.getpid())


def new_client() -> httpx.AsyncClient:
    """A client without a limit of its own on how many families write at once."""
    # Both servers close a connection that was idle for 5 seconds; one nearly as old may break in use.
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=2.0)
    return httpx.AsyncClient(trust_env=False, timeout=TURN_SECONDS, limits=limits)


def next_level(levels: list[Level], first: int, most: int, finest: float) -> int | None:
    """How many families to try next: twice as many until it is too many, then halfway between.

    None when the border is known to within the share `finest` of it, or `most` is held.
    """
    good = max((level.families for level in levels if level.held), default=0)
    bad = min((level.families for level in levels if not level.held), default=None)
    if bad is None:
        return None if good >= most else min(most, max(first, 2 * good))
    if bad - good <= max(2, finest * bad):
        return None
    return (good + bad) // 2
