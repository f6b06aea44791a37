"""Answers that always take the same time, so that none tells by its time what was found."""

import asyncio
from collections.abc import Callable


async def in_even_time[Result](work: Callable[[], Result], seconds: float) -> Result:
    """Do the work in a thread; its result comes after so many seconds, or later where it took longer."""
    done, _ = await asyncio.gather(asyncio.to_thread(work), asyncio.sleep(seconds))
    return done
