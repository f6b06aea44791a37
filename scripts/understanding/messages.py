"""The evaluation set: messages, each with the facts that a careful reader would write down."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.commands.understand import askable
from criteria import FactError, check_facts

Facts = dict[str, Any]

EVALUATION = Path(__file__).parents[2] / "tests" / "understanding" / "evaluation"
TODAY = date(2026, 11, 22)
"""The day on which every message of the set was written."""


class BadMessage(ValueError):
    """A line of the set that cannot be used; the text says which and why."""


@dataclass(frozen=True)
class Message:
    """One message: the question it answers, if any, and what it tells."""

    id: str
    text: str
    asked: str | None
    facts: Facts
    voice: str


def read_messages(paths: Iterable[Path]) -> list[Message]:
    """Read JSON lines of {id, asked?, text, facts}. Raises BadMessage for a line that is no such thing,
    or whose facts the vocabulary does not know."""
    messages = [message for path in paths for message in _read(path)]
    seen: set[str] = set()
    for message in messages:
        if message.id in seen:
            raise BadMessage(f"{message.id}: there are two messages of this id")
        seen.add(message.id)
    return messages


def _read(path: Path) -> list[Message]:
    messages = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{path.name}, line {number}"
        try:
            row = json.loads(line)
            asked = row.get("asked")
            message = Message(row["id"], row["text"], asked, row["facts"], path.stem)
            check_facts(message.facts, TODAY)
        except (ValueError, KeyError, TypeError, AttributeError, FactError) as error:
            raise BadMessage(f"{where}: {error}") from None
        if asked is not None and asked not in askable():
            raise BadMessage(f"{where}: nobody asks {asked!r}")
        messages.append(message)
    return messages
