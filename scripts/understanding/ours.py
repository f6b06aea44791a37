"""Ours: what `prescreen understand` gives, and how long it takes."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bot.understanding import understand

from .messages import TODAY, Facts, Message

TITLE = "this program"
LONGEST = 2000


def understand_ours(message: Message) -> Facts:
    """Give the facts as the command line does."""
    return understand(message.text, TODAY, message.asked).facts


def speed(messages: Sequence[Message], rounds: int = 5) -> tuple[float, float]:
    """Measure the median milliseconds of a message of the set, and of texts of the longest length.

    The long texts are the set's own messages, one after another up to the limit; each text is timed
    `rounds` times and its shortest time counts, since all that can be added is what else the machine does.
    """
    texts = [message.text for message in messages]
    joined = " ".join(texts)
    long_texts = [joined[at : at + LONGEST] for at in range(0, len(joined) - LONGEST, LONGEST)]
    return _median(texts, rounds), _median(long_texts, rounds)


def _median(texts: Sequence[str], rounds: int) -> float:
    shortest = []
    for text in texts:
        times = []
        for _ in range(rounds):
            begun = time.perf_counter()
            understand(text, TODAY)
            times.append(time.perf_counter() - begun)
        shortest.append(min(times))
    return 1000 * sorted(shortest)[len(shortest) // 2]
