"""Not more often than a registry allows: a pause between requests, by a clock that can be replaced."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import override

from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry

from bot.registry.errors import TooManyRequests

SECONDS_BETWEEN = 1.2
"""The registry allows about 50 requests a minute."""
LONGEST_WAIT = 120.0
"""Seconds that we wait when we are asked to; who asks for longer gets no further request."""


class Pace:
    """Keeps the pause between requests. ``now`` and ``sleep`` are in seconds."""

    def __init__(
        self,
        seconds: float = SECONDS_BETWEEN,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.seconds = seconds
        self.sleep = sleep
        self._now = now
        self._last: float | None = None

    def keep(self) -> None:
        """Wait until the next request may go out."""
        if self._last is not None:
            left = self._last + self.seconds - self._now()
            if left > 0:
                self.sleep(left)
        self._last = self._now()

    def again(self, asked: float | None, backoff: float) -> None:
        """Wait before a repeated request: as long as the registry asks, otherwise a growing while.

        Raises TooManyRequests where it asks for more than LONGEST_WAIT.
        """
        if asked is not None and asked > LONGEST_WAIT:
            raise TooManyRequests(f"the registry asks to wait {asked:.0f} seconds; try again later")
        self.sleep(max(asked if asked is not None else backoff, self.seconds))
        self._last = self._now()


class PacedRetry(Retry):
    """Repeats as urllib3 does, but waits by our clock."""

    pace: Pace

    @classmethod
    def by(cls, pace: Pace, attempts: int) -> PacedRetry:
        """Up to ``attempts`` requests in all: after connection errors, 429 and a failing server."""
        retry = cls(
            total=attempts - 1,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods=("GET",),
            backoff_factor=pace.seconds,
            raise_on_status=False,
        )
        retry.pace = pace
        return retry

    @override
    def new(self, **kw: object) -> PacedRetry:
        retry = super().new(**kw)
        retry.pace = self.pace
        return retry

    @override
    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        asked = self.get_retry_after(response) if response is not None else None
        self.pace.again(asked, self.get_backoff_time())
