"""Readings as plain JSON objects: the form in which they are compared with labels that people wrote."""

from __future__ import annotations

from bot.registry.reading import read_criterion
from bot.registry.reading.model import Reading


def labels_of(kind: str | None, words: str, part: str | None = None) -> list[dict[str, object]]:
    """What is read out of a criterion, each as {"topic": ..., and what the topic needs}."""
    return [label(reading) for reading in read_criterion(kind, words, part)]


def label(reading: Reading) -> dict[str, object]:
    """One reading as a JSON object."""
    return {
        "topic": reading.topic,
        **{
            name: list(value) if isinstance(value, tuple) else value
            for name, value in reading.parameters.items()
        },
    }
