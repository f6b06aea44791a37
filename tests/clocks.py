"""Setting the machine's clock, as the program reads it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo

import pytest


@contextmanager
def clock_set(by: timedelta) -> Iterator[None]:
    """Inside the block every clock of the program shows this much more, or less."""
    real_time = time.time

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.fromtimestamp(real_time(), UTC).astimezone(tz) + by

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.leads.clock.datetime", Shifted)
        patch.setattr(time, "time", lambda: real_time() + by.total_seconds())
        yield
