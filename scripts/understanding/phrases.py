"""How many expressions of time by other people are understood: duckling's English test phrases.

The phrases are not part of this project (see `DATA`); each comes with what duckling finds on 12 February
2013. Those that a family could use of the last day of a treatment are put into the sentences of `CARRIERS`
and read as any message; the rest are left out, each under one of `REASONS` (both in `phrase_rules`).

What is expected. Duckling's answer as days, first to last. Duckling takes what has no year, month or week of
its own ("March 3", "Friday", "the 24th") as the next one, a family as the last one (facts.md, Dates): then
its answer is moved back by its own cycle until it has begun. A phrase with its own year ("April 14, 2015")
means the same on every day: where it lies ahead of duckling's day, it is read 40 days after its end instead.

What is right. In every carrier the days we find contain the expected ones (cut at the day of reading), and
reach beyond them by no more than facts.md allows: a count of weeks 2 days, of months 7, of years 31; parts of
a month 1 day, of a year 32 (a third of it, where duckling takes a quarter); seasons 31 (duckling goes by the
sun, facts.md by the month); feasts 3 ("over Easter"); all else none. Three readings differ by facts.md, and
are judged so:
  - "the last 2 weeks" runs back from today, where duckling counts whole weeks before this one: ours must end
    today and begin at most one unit from where duckling's begins;
  - from one day to another: the last days alone are right, too, since a last day is asked for;
  - a duration is read as "... ago", and the centre of our days must lie within 2 days of that count.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from bot.understanding import understand

from .phrase_rules import Phrase, select

DATA = Path(__file__).parents[3] / "shared" / "data" / "time"
CARRIERS = ("his last chemo was {}", "chemo ended {}")


@dataclass
class Report:
    """What came of it: how many phrases were selected and right, the others with what was read instead, and
    how many were left out for each reason."""

    selected: int = 0
    right: int = 0
    failures: list[tuple[Phrase, object]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """The share of the selected phrases that are read rightly."""
        return self.right / self.selected if self.selected else 0.0


def report(folder: Path = DATA) -> Report:
    """Read all phrases of the folder. Raises OSError where it cannot be read."""
    result = Report()
    for chosen in select(folder):
        if isinstance(chosen, str):
            result.left_out[chosen] += 1
            continue
        result.selected += 1
        read = [_last(carrier.format(chosen.text), chosen.today) for carrier in _carriers(chosen)]
        wrong = [found for found in read if not is_right(chosen, found)]
        if wrong:
            result.failures.append((chosen, wrong[0]))
        else:
            result.right += 1
    return result


def _carriers(phrase: Phrase) -> tuple[str, ...]:
    return ("chemo ended {} ago",) if phrase.rule == "duration" else CARRIERS


def _last(text: str, today: date) -> tuple[date, date] | None:
    told = understand(text, today).facts.get("chemotherapy")
    last = told.get("last") if isinstance(told, dict) else None
    if not isinstance(last, list):
        return None
    return date.fromisoformat(last[0]), date.fromisoformat(last[1])


def is_right(phrase: Phrase, found: tuple[date, date] | None) -> bool:
    """Judge what was found by the rules above."""
    if found is None:
        return False
    first, last = phrase.days[0], min(phrase.days[1], phrase.today)
    slack = timedelta(days=phrase.slack)
    if phrase.rule == "duration":
        return abs((found[0] - first) + (found[1] - first)) <= timedelta(days=2 * phrase.slack)
    if phrase.rule == "window":
        return found[1] == phrase.today and abs(found[0] - first) <= slack
    if phrase.rule == "range" and found[1] == last and found[0] >= first:
        return True
    return first - slack <= found[0] <= first and last <= found[1] <= last + slack
