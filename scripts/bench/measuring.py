"""Time and memory: what is counted, and how it is summed up."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from .programs import BenchError, Measured, TurnFailed

#: How many families write at once.
LEVELS = (1, 4, 16)
#: A program may fail a turn now and then, which is told; beyond this many at one level something is broken.
MOST_FAILURES = 3
START_SECONDS = 240.0
_TURN_SECONDS = 60.0


@dataclass(frozen=True)
class Size:
    """How long a run is: rounds, and in each how many conversations a family has at each of `LEVELS`."""

    rounds: int
    conversations: dict[int, int]


FULL = Size(3, {1: 6, 4: 2, 16: 1})
QUICK = Size(1, {1: 2, 4: 1, 16: 1})


@dataclass
class Load:
    """What was measured with one number of families: each turn's seconds, and the seconds of all rounds.

    A turn that failed is counted in `failed` and nowhere else.
    """

    turns: list[float] = field(default_factory=list)
    seconds: float = 0.0
    failed: int = 0

    def percentile(self, share: float) -> float:
        """The smallest turn, in milliseconds, that at least this share of the turns do not exceed."""
        ordered = sorted(self.turns)
        return 1000 * ordered[max(0, -(-round(share * 100) * len(ordered) // 100) - 1)]

    def as_json(self) -> dict[str, Any]:
        """All that is told of it."""
        return {
            "turns": len(self.turns),
            "failed_turns": self.failed,
            "turns_per_second": round(len(self.turns) / self.seconds, 2),
            "p50_ms": round(self.percentile(0.5), 1),
            "p95_ms": round(self.percentile(0.95), 1),
        }


@dataclass
class Result:
    """Everything measured of one program. `memory` is by part, in bytes; empty where it can't be read."""

    training_seconds: float = 0.0
    start_seconds: float = 0.0
    memory: dict[str, int] = field(default_factory=dict)
    loads: dict[int, Load] = field(default_factory=lambda: {level: Load() for level in LEVELS})

    def as_json(self) -> dict[str, Any]:
        """All that is told of it."""
        return {
            "training_seconds": round(self.training_seconds, 1),
            "start_seconds": round(self.start_seconds, 1),
            "memory_rss_mb": {part: round(size / 1e6, 1) for part, size in self.memory.items()},
            "memory_rss_total_mb": round(sum(self.memory.values()) / 1e6, 1) if self.memory else None,
            "families": {str(level): load.as_json() for level, load in self.loads.items()},
        }


def new_client() -> httpx.AsyncClient:
    """The one kind of client for both programs; proxies of the environment are not asked."""
    # Both servers close a connection that was idle for 5 seconds, so that one nearly as old may break in use.
    most = max(LEVELS)
    limits = httpx.Limits(max_connections=most, max_keepalive_connections=most, keepalive_expiry=2.0)
    return httpx.AsyncClient(trust_env=False, timeout=_TURN_SECONDS, limits=limits)


async def first_turn(program: Measured) -> None:
    """Return when the program has answered one turn; tries four times a second."""
    end = time.monotonic() + START_SECONDS
    async with new_client() as client:
        while time.monotonic() < end:
            program.check()
            try:
                await program.turn(client, None, 0)
                return
            except httpx.TransportError:
                await asyncio.sleep(0.25)
    raise BenchError(f"No answer from {program.title} within {START_SECONDS:.0f} seconds of its start.")


async def converse(
    program: Measured, families: int, conversations: int, load: Load, told: Callable[[], None]
) -> None:
    """Let so many families talk at once, each through so many whole conversations, and add to `load`.

    `told` is called after each turn. After a turn that failed the family goes on with its next conversation.
    Raises `BenchError` when too many fail.
    """

    async def family(client: httpx.AsyncClient) -> None:
        for _ in range(conversations):
            session: str | None = None
            for number in range(len(program.script)):
                begun = time.perf_counter()
                try:
                    session = await program.turn(client, session, number)
                except TurnFailed:
                    load.failed += 1
                    if load.failed > MOST_FAILURES:
                        raise
                    break
                load.turns.append(time.perf_counter() - begun)
                told()

    try:
        async with new_client() as client:
            begun = time.perf_counter()
            await asyncio.gather(*(family(client) for _ in range(families)))
            load.seconds += time.perf_counter() - begun
    except httpx.TransportError as error:
        program.check()
        raise BenchError(f"A turn of {program.title} got no answer ({type(error).__name__}).") from None


def memory(program: Measured) -> dict[str, int]:
    """Resident memory of each part in bytes, as the sum over its processes; empty without /proc.

    RSS, not PSS: PSS shares the pages of Rasa's libraries out among all who have them loaded, and here both
    programs run, beside whatever else the machine does.
    """
    page = os.sysconf("SC_PAGE_SIZE")
    found = {}
    for part, numbers in program.processes().items():
        size = 0
        for number in numbers:
            try:
                size += int(Path(f"/proc/{number}/statm").read_text().split()[1]) * page
            except OSError:
                continue
        if size:
            found[part] = size
    return found
