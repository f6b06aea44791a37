"""What one place in the text says of an event."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.understanding.time.calendar import Interval
from bot.understanding.vocabulary import Mention

ONE_DAY_EVENTS = frozenset(
    {
        "surgery",
        "other_surgery",
        "live_vaccine",
        "injury",
        "blood_clot",
        "organ_transplant",
        "stem_cell_transplant",
        "abdominal_hole",
    }
)


@dataclass
class Told:
    """What one place in the text says of an event."""

    event: str
    had: str
    at: int
    last: Interval | str | None = None
    kind: str | None = None
    names: list[Mention] = field(default_factory=list)
    dated_at: int = -1
