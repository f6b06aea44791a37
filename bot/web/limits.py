"""Limits in memory: how often somebody may ask, and one turn per family at a time."""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address


class TooMany(Exception):
    """Asked too often; ``retry_after`` says in how many whole seconds to try again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many requests")
        self.retry_after = retry_after


class RateLimit:
    """A bucket of ``per_minute`` requests for each key that fills up evenly; 0 sets no limit.

    With ``minutes`` it takes so long to fill up: ``RateLimit(5, minutes=60)`` is five an hour. The keys used
    longest ago are dropped beyond ``most_keys``, so that memory stays bounded.
    """

    def __init__(
        self,
        per_minute: int,
        most_keys: int = 20_000,
        clock: Callable[[], float] = time.monotonic,
        *,
        minutes: int = 1,
    ) -> None:
        self._most = per_minute
        self._per_second = per_minute / (60 * minutes)
        self._most_keys = most_keys
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Count one request. Raises TooMany when the bucket is empty."""
        if not self._most:
            return
        now = self._clock()
        left, seen = self._buckets.pop(key, (float(self._most), now))
        left = min(float(self._most), left + (now - seen) * self._per_second)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        while len(self._buckets) > self._most_keys:
            self._buckets.popitem(last=False)
        if not allowed:
            raise TooMany(max(1, math.ceil((1 - left) / self._per_second)))


class WrongTries:
    """Counts wrong passwords for each name and address: after ``most`` of them this pair has to wait.

    Whoever guesses at a name from elsewhere shuts out nobody but himself.
    """

    def __init__(
        self,
        most: int = 5,
        wait_seconds: float = 15 * 60,
        most_keys: int = 20_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._wait_seconds = wait_seconds
        self._most_keys = most_keys
        self._clock = clock
        self._tries: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()

    def must_wait(self, name: str, address: str) -> bool:
        """Whether this pair had too many wrong tries and has not waited yet."""
        count, last = self._tries.get((name, address), (0, 0.0))
        if count and self._clock() - last >= self._wait_seconds:
            del self._tries[name, address]
            return False
        return count >= self._most

    def wrong(self, name: str, address: str) -> None:
        """Count one wrong try."""
        count, _ = self._tries.pop((name, address), (0, 0.0))
        self._tries[name, address] = (count + 1, self._clock())
        while len(self._tries) > self._most_keys:
            self._tries.popitem(last=False)

    def right(self, name: str, address: str) -> None:
        """The password was right: earlier wrong ones don't count any more."""
        self._tries.pop((name, address), None)


def limited_address(host: str | None) -> str | None:
    """The key to limit a caller by, or None where an address says nothing.

    The machine itself (the terminal, or a proxy that is not listed in TRUSTED_PROXIES) is no single
    family: limiting it would shut everybody out. An IPv6 household holds a whole /64.
    """
    if host is None:
        return None
    try:
        address = ip_address(host)
    except ValueError:
        return None
    if address.is_loopback:
        return None
    return str(address) if address.version == 4 else address.exploded[:19]


class TurnLocks:
    """One lock for each family; a few of her messages may wait for it, more are refused."""

    def __init__(self, most_waiting: int = 4) -> None:
        self._most_waiting = most_waiting
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def turn(self, session_id: str, *, always: bool = False) -> AsyncIterator[None]:
        """Hold the family's lock. Raises TooMany when too many messages wait already, unless ``always``."""
        lock, users = self._locks.get(session_id, (asyncio.Lock(), 0))
        if users > self._most_waiting and not always:
            raise TooMany(3)
        self._locks[session_id] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[session_id]
            if users == 1:
                del self._locks[session_id]
            else:
                self._locks[session_id] = (lock, users - 1)
