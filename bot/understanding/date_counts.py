"""What counts back from today mean: "3 weeks ago", "for a month", "day 40 post"."""

from __future__ import annotations

import math
import re
from datetime import date

from bot.understanding.calendar import (
    Interval,
    add_days,
    add_months,
    week_of,
)
from bot.understanding.date_grammar import Grammar

Value = tuple[str, Interval | None] | None
_VAGUE = {"couple": (2.0, 2.0), "few": (3.0, 5.0), "several": (3.0, 7.0), "some": (2.0, 6.0)}
_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30.44, "year": 365.25}
_YEAR_SLACK = 30
_MANY = 10
FUTURE: Value = ("future", None)


class CountReader:
    """Reads matches as (role, interval); None where the match is no time after all."""

    def __init__(self, today: date, rules: Grammar, age_months: tuple[int, int] | None) -> None:
        """Keep the day it is, the names, and the patient's age where known."""
        self.today, self.rules, self.age = today, rules, age_months

    def _amount(self, found: re.Match[str]) -> tuple[float, float, str]:
        text = found["count"].split(" ")
        unit = self.rules.units[found["unit"]]
        word = text[1] if text[0] == "a" and len(text) > 1 else text[0]
        if word in _VAGUE:
            low, high = _VAGUE[word]
        elif word == "half":
            low = high = 0.5
        elif word in ("a", "an"):
            low = high = 1.0
        else:
            numbers = [float(part) for part in text if part[0].isdigit() and "/" not in part]
            low, high = min(numbers), max(numbers)
            if "half" in text or "1/2" in text:
                low, high = low + 0.5, high + 0.5
        if found["half"]:
            low, high = low + 0.5, high + 0.5
        if unit == "fortnight":
            low, high, unit = low * 2, high * 2, "week"
        return low, high, unit

    def _back(self, count: float, unit: str, extra_days: int = 0) -> tuple[date, date]:
        """Give the latest and earliest day that a count back may be, before any slack (two where
        a half splits)."""
        whole = math.floor(count)
        if unit in ("month", "year"):
            months = count * 12 if unit == "year" else count
            part = months - math.floor(months)
            day = add_days(add_months(self.today, -math.floor(months)), -round(part * 30) - extra_days)
            return day, day
        days = count * 7 if unit == "week" else float(whole if count == whole else count)
        return (
            add_days(self.today, -math.floor(days) - extra_days),
            add_days(self.today, -math.ceil(days) - extra_days),
        )

    def _ago(self, found: re.Match[str]) -> Interval:
        low, high, unit = self._amount(found)
        groups = found.groupdict()
        extra = 0
        if groups.get("count2"):
            extra = round(int(groups["count2"]) * _DAYS[self.rules.units[groups["unit2"]]])
        latest, earliest = self._back(low, unit, extra)[0], self._back(high, unit, extra)[1]
        slack = {"day": 0, "week": 1 if high <= 2 else 2, "month": 7, "year": _YEAR_SLACK}[unit]
        if unit == "year" and groups.get("count2"):
            slack = 7
        about = (groups.get("about") or "").strip()
        if about.endswith(("under", "less than", "not even", "barely")):
            return add_days(earliest, 0), self.today
        if about.endswith(("over", "more than", "at least")):
            return add_days(earliest, -(self.today - earliest).days), latest
        if (about and about != "exactly") or groups.get("orso") or groups.get("orso2"):
            early_slack = max(round((self.today - earliest).days / 3), slack if unit != "day" else 0)
            late_slack = max(round((self.today - latest).days / 3), slack if unit != "day" else 0)
            return add_days(earliest, -early_slack), min(add_days(latest, late_slack), self.today)
        return add_days(earliest, -slack), min(add_days(latest, slack), self.today)

    def units_ago(self, found: re.Match[str]) -> Value:
        """Read "years ago": two at least, ten at most."""
        unit = found["unit"].removesuffix("s")
        return "past", (self._back(_MANY, unit)[1], self._back(2, unit)[0])

    def shifted(self, base: Interval, found: re.Match[str]) -> Interval:
        """Give the days that lie a count before or after `base` ("2 weeks before")."""
        if found["whole"] == "week":  # the 7 days beside it, or the calendar's week
            if found["side"] == "after":
                return add_days(base[1], 1), add_days(week_of(base[1])[1], 7)
            return add_days(week_of(base[0])[0], -7), add_days(base[0], -1)
        low, high, unit = (1.0, 1.0, "day") if found["whole"] else self._amount(found)
        slack = {"day": 0, "week": 1 if high <= 2 else 2, "month": 7, "year": _YEAR_SLACK}[unit]
        near, far = (math.floor(low * _DAYS[unit]), math.ceil(high * _DAYS[unit]))
        if (found["about"] or "").strip() not in ("", "exactly", "just"):
            slack = max(slack, round(far / 3))
        if found["side"] == "after":
            return add_days(base[0], near - slack), add_days(base[1], far + slack)
        return add_days(base[0], -far - slack), add_days(base[1], -near + slack)

    def ago(self, found: re.Match[str]) -> Value:
        """Read "3 weeks ago"."""
        return "past", self._ago(found)

    def post(self, found: re.Match[str]) -> Value:
        """Read "6 weeks since"."""
        return "post", self._ago(found)

    def lapse(self, found: re.Match[str]) -> Value:
        """Read "for 3 weeks"."""
        return "lapse", self._ago(found)

    def lapse_in(self, found: re.Match[str]) -> Value:
        """Read "in 3 weeks"."""
        return "in", self._ago(found)

    def post_day(self, found: re.Match[str]) -> Value:
        """Read "day 40 post"."""
        day = add_days(self.today, -int(found["n"]))
        return "post", (day, day)

    def window(self, found: re.Match[str]) -> Value:
        """Read "in the last 2 weeks"."""
        _low, high, unit = self._amount(found)
        return "window", (self._back(high, unit)[1], self.today)

    def window_of_one(self, found: re.Match[str]) -> Value:
        """Read "within the last month": from a month ago to today."""
        return "window", (self._back(1, found["what"])[1], self.today)

    def from_now(self, _found: re.Match[str]) -> Value:
        """Read "2 weeks from now"."""
        return FUTURE

    def when_aged(self, found: re.Match[str]) -> Value:
        """Read "when he was 5", from the patient's age."""
        if self.age is None:
            return None
        years = int(found["n"])
        born_from = add_days(add_months(self.today, -(self.age[1] + 1)), 1)
        born_to = add_months(self.today, -self.age[0])
        earliest = add_months(born_from, years * 12)
        latest = add_days(add_months(born_to, years * 12 + 12), -1)
        if earliest > self.today:
            return "future_date", None
        return "past", (earliest, min(latest, self.today))
