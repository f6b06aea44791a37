"""What came of one try to send a message."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from bot.leads.news.reading import SignedUp
from bot.leads.reading import LeadCard
from bot.settings import Settings


class Fate(Enum):
    """What may be done after a try."""

    TAKEN = "taken"
    """Whom it is for has it."""
    AGAIN = "again"
    """It was certainly not taken in, and may be another time."""
    PERSON = "person"
    """It was certainly not taken in, and never will be without somebody's help."""
    UNKNOWN = "unknown"
    """It may have been taken in or not: no answer came."""


@dataclass(frozen=True)
class Outcome:
    """How one try ended. ``text`` is for staff and never holds contact details."""

    fate: Fate
    text: str
    status: int | None = None
    retry_after: timedelta | None = None


@dataclass(frozen=True)
class Job:
    """One message to send: its constant id, the lead it is about, and what it alone says."""

    delivery_id: int
    kind: str
    webhook_id: str
    card: LeadCard
    payload: dict[str, Any]


@dataclass(frozen=True)
class NewsJob:
    """One mail to send to somebody who signed up: its constant id, who that is, and what it alone says."""

    delivery_id: int
    kind: str
    webhook_id: str
    signup: SignedUp
    payload: dict[str, Any]


Sender = Callable[[Job, Settings], Outcome]
"""Sends one message about a lead. It raises nothing: whatever happens is an outcome."""
