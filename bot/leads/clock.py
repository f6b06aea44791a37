"""The clock of the lead store."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, in UTC. It is the real one even where PRESCREEN_TODAY fixes the day of the answers."""
    return datetime.now(UTC)
