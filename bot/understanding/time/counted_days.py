"""Days that are counted from another event: "neulasta the day after chemo nov 3"."""

from __future__ import annotations

from datetime import date

from bot.understanding.events.told import Told
from bot.understanding.statements.scene import Scene
from bot.understanding.time.calendar import add_days
from bot.understanding.time.date_grammar import grammar


def count_from_another(scene: Scene, told: list[Told], topic: str | None) -> None:
    """Read "neulasta the day after chemo nov 3": counted from the day of what is named next."""
    message = scene.found.message
    rules = grammar(message.language.code)
    for match in rules.patterns["days_after"].finditer(message.norm):
        start, end = message.span_of(match)
        base = [item for item in told if any(end <= name.start <= end + 1 for name in item.names)]
        if not base or not isinstance(base[0].last, tuple) or scene.clause_of(start).asks:
            continue
        named = [item for item in told if any(0 <= start - name.end <= 3 for name in item.names)]
        if not named and topic and topic != base[0].event and start <= 2:
            named = [Told(topic, "yes", start)]
            told.extend(named)
        if named and named[0].had == "yes" and named[0].last is None:
            days = int(match["n"] or 1) * (7 if rules.units[match["unit"]] == "week" else 1)
            named[0].last = (add_days(base[0].last[0], days), add_days(base[0].last[1], days))


def cut_at(told: list[Told], today: date) -> None:
    """Let no day lie after today: a stretch is cut there, a day counted beyond it is not known."""
    for item in told:
        if isinstance(item.last, tuple) and item.last[1] > today:
            item.last = (item.last[0], today) if item.last[0] <= today else None
