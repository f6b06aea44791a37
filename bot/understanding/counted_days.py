"""Days that are counted from another event: "neulasta the day after chemo nov 3"."""

from __future__ import annotations

import re

from bot.understanding.calendar import add_days
from bot.understanding.event_dates import Told
from bot.understanding.scene import Scene

_DAYS_AFTER = re.compile(
    r"(?<![^ ])(?:(?P<n>\d{1,2}) )?(?P<unit>day|week)s? after(?: (?:his|her|the|last|my))*(?![^ ])"
)


def count_from_another(scene: Scene, told: list[Told], topic: str | None) -> None:
    """Read "neulasta the day after chemo nov 3": counted from the day of what is named next."""
    for match in _DAYS_AFTER.finditer(scene.found.message.norm):
        start, end = scene.found.message.span_of(match)
        base = [item for item in told if any(end <= name.start <= end + 1 for name in item.names)]
        if not base or not isinstance(base[0].last, tuple) or scene.clause_of(start).asks:
            continue
        named = [item for item in told if any(0 <= start - name.end <= 3 for name in item.names)]
        if not named and topic and topic != base[0].event and start <= 2:
            named = [Told(topic, "yes", start)]
            told.extend(named)
        if named and named[0].had == "yes" and named[0].last is None:
            days = int(match["n"] or 1) * (7 if match["unit"] == "week" else 1)
            named[0].last = (add_days(base[0].last[0], days), add_days(base[0].last[1], days))
