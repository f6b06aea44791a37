"""What counts back from today mean: "3 weeks ago", "for a month", "day 40 post"."""

from __future__ import annotations

import math
import re
from datetime import date

from bot.understanding.time.calendar import (
    Interval,
    add_days,
    add_months,
    week_of,
)
from bot.understanding.time.date_grammar import Grammar

Value = tuple[str, Interval | None] | None
_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30.44, "year": 365.25}
_BOUNDS = ("at_most", "at_least")
_YEAR_SLACK = 30
_SLACK = {"day": 0, "week": 1, "fortnight": 2, "month": 7, "year": _YEAR_SLACK}
_MANY = 10
_NEXT_WORD = 12
FUTURE: Value = ("future", None)


class CountReader:
    """Reads matches as (role, interval); None where the match is no time after all."""

    def __init__(self, today: date, rules: Grammar, age_months: tuple[int, int] | None) -> None:
        """Keep the day it is, the names, and the patient's age where known."""
        self.today, self.rules, self.age = today, rules, age_months

    def expects_time(self, found: re.Match[str]) -> bool:
        """Whether an unclear name stands where a time is expected: "it ended sat.", "last chemo was may"."""
        return self.after_expecting(found) and self.ends_here(found)

    def ends_here(self, found: re.Match[str]) -> bool:
        """Whether nothing follows, or a mark, or "and"."""
        after = found.string[found.end() : found.end() + _NEXT_WORD].split(" ", 2)
        return len(after) < 2 or after[1] in self.rules.words["ends"]

    def after_expecting(self, found: re.Match[str]) -> bool:
        """Whether the word before makes one expect a time ("ended", "was")."""
        before = found.string[max(found.start() - _NEXT_WORD, 0) : found.start()].rsplit(" ", 2)
        return len(before) > 1 and before[-2] in self.rules.words["time_expected"]

    def _amount(self, found: re.Match[str]) -> tuple[float, float, str]:
        groups = found.groupdict()
        count = groups.get("count")
        unit = self.rules.units[found["unit"]]
        if count is None:  # "week ago"
            low = high = 1.0
        elif count in self.rules.counts:
            low, high = self.rules.counts[count]
        else:
            numbers = [float(part) for part in count.split(" ") if part[0].isdigit() and "/" not in part]
            low, high = min(numbers), max(numbers)
            if found["and_half"]:
                low, high = low + 0.5, high + 0.5
        if groups.get("half"):
            low, high = low + 0.5, high + 0.5
        if unit == "fortnight":
            low, high, unit = low * 2, high * 2, "week"
        return low, high, unit

    def _nearness(self, found: re.Match[str]) -> str | None:
        """Give how near a count is to what it says ("at_most", "loose"); None where no word tells."""
        about = (found["about"] or "").strip()
        meanings = self.rules.meanings["nearness"]
        if not about or about in meanings:
            return meanings.get(about)
        # "Maybe less than".
        bounds = (meaning for words, meaning in meanings.items() if about.endswith(words))
        return next((meaning for meaning in bounds if meaning in _BOUNDS), "loose")

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
            more = int(self.rules.counts.get(groups["count2"], (0.0, 0.0))[0] or groups["count2"])
            extra = round(more * _DAYS[self.rules.units[groups["unit2"]]])
        latest, earliest = self._back(low, unit, extra)[0], self._back(high, unit, extra)[1]
        exact = self._named_day(groups, earliest, latest) if unit in ("day", "week") else None
        if exact:
            return exact
        slack = {"day": 0, "week": 1 if high <= 2 else 2, "month": 7, "year": _YEAR_SLACK}[unit]
        if unit == "year" and groups.get("count2"):
            slack = 7
        nearness = self._nearness(found)
        if nearness == "at_most":
            return add_days(earliest, 0), self.today
        if nearness == "at_least":
            return add_days(earliest, -(self.today - earliest).days), latest
        loose = any(groups.get(name) for name in ("orso", "orso2")) or self._vague(groups.get("count"))
        if nearness == "loose" or loose:
            early_slack = max(round((self.today - earliest).days / 3), slack if unit != "day" else 0)
            late_slack = max(round((self.today - latest).days / 3), slack if unit != "day" else 0)
            return add_days(earliest, -early_slack), min(add_days(latest, late_slack), self.today)
        return add_days(earliest, -slack), min(add_days(latest, slack), self.today)

    def _vague(self, count: str | None) -> bool:
        """Whether a word in the count says that it is not exact ("3ish", "two, maybe three")."""
        return count is not None and not self.rules.words["vague_count"].isdisjoint(count.split(" "))

    def _named_day(self, groups: dict[str, str | None], earliest: date, latest: date) -> Interval | None:
        """Read "3 weeks ago today", "a week ago yesterday" and "two weeks ago monday" to the day.

        The Monday of "two weeks ago Monday" lies within three days of that day, or as many weeks before the
        last one.
        """
        if groups.get("off_day"):
            off = {"yesterday": -1, "to_come": 1}[self.rules.meaning("near_day", groups["off_day"]) or ""]
            return add_days(earliest, off), add_days(latest, off)
        if groups.get("on_day") and self.rules.meaning("near_day", groups["on_day"]) == "today":
            return earliest, latest
        name = groups.get("on_weekday")
        if not name:
            return None
        weekday = self.rules.weekdays[name]
        weeks = (self.today - latest).days // 7
        latest_such = add_days(self.today, -((self.today.weekday() - weekday) % 7 or 7) - 7 * weeks)
        nearest = add_days(latest, (weekday - latest.weekday() + 3) % 7 - 3)
        return min(latest_such, nearest), min(max(latest_such, nearest), self.today)

    def units_ago(self, found: re.Match[str]) -> Value:
        """Read "years ago": two at least, ten at most."""
        unit = self.rules.units[found["unit"]]
        return "past", (self._back(_MANY, unit)[1], self._back(2, unit)[0])

    def shifted(self, base: Interval, found: re.Match[str]) -> Interval:
        """Give the days that lie a count before or after `base` ("2 weeks before", "the friday after")."""
        after = self.rules.meaning("side", found["side"]) == "after"
        whole = found["whole"]
        if whole in self.rules.weekdays:
            more = 7 * (max(self.rules.nth_of.get(found["nth_whole"], 1), 1) - 1)
            weekday = self.rules.weekdays[whole]
            if after:
                day = add_days(base[1], ((weekday - base[1].weekday()) % 7 or 7) + more)
            else:
                day = add_days(base[0], -((base[0].weekday() - weekday) % 7 or 7) - more)
            return day, day
        if whole:
            return self._beside_whole(base, self.rules.meaning("beside_whole", whole) or "day", after)
        low, high, unit = self._amount(found)
        slack = {"day": 0, "week": 1 if high <= 2 else 2, "month": 7, "year": _YEAR_SLACK}[unit]
        near, far = (math.floor(low * _DAYS[unit]), math.ceil(high * _DAYS[unit]))
        if self._nearness(found) not in (None, "exact"):
            slack = max(slack, round(far / 3))
        if after:
            return add_days(base[0], near - slack), add_days(base[1], far + slack)
        return add_days(base[0], -far - slack), add_days(base[1], -near + slack)

    @staticmethod
    def _beside_whole(base: Interval, whole: str, after: bool) -> Interval:
        """Give the day, weekend, month or week beside it: of a week the 7 days, or the calendar's week."""
        if whole == "week":
            if after:
                return add_days(base[1], 1), add_days(week_of(base[1])[1], 7)
            return add_days(week_of(base[0])[0], -7), add_days(base[0], -1)
        if whole == "weekend":
            if after:
                saturday = add_days(base[1], (5 - base[1].weekday()) % 7 or 7)
            else:
                saturday = add_days(base[0], -((base[0].weekday() - 5) % 7 or 7))
            return saturday, add_days(saturday, 1)
        if whole == "month":
            return (
                (add_days(base[1], 1), add_months(base[1], 1))
                if after
                else (add_months(base[0], -1), add_days(base[0], -1))
            )
        return (add_days(base[1], 1),) * 2 if after else (add_days(base[0], -1),) * 2

    def ago(self, found: re.Match[str]) -> Value:
        """Read "3 weeks ago"."""
        return "past", self._ago(found)

    def ago_before(self, found: re.Match[str]) -> Value:
        """Read "before 3 weeks" and "since 3 weeks", for "3 weeks ago"."""
        return "past", self._ago(found)

    def ago_one(self, found: re.Match[str]) -> Value:
        """Read "week ago", as some write it."""
        return "past", self._ago(found)

    def ago_one_or_more(self, found: re.Match[str]) -> Value:
        """Read "a week or two ago", "a month or so ago"."""
        unit = self.rules.units[found["unit"]]
        if not found["n"].isdigit():
            latest = self._back(1, unit)[0]
            slack = max(round((self.today - latest).days / 3), _SLACK[unit])
            return "past", (add_days(latest, -slack), add_days(latest, slack))
        earliest, latest = self._back(float(found["n"]), unit)[1], self._back(1, unit)[0]
        return "past", (add_days(earliest, -_SLACK[unit]), min(add_days(latest, _SLACK[unit]), self.today))

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
        """Read "day 40 post"; where nothing follows ("day +40 today"), it counts from what was named."""
        day = add_days(self.today, -int(found["n"]))
        return "post" if found.groupdict().get("of") else "past", (day, day)

    def window(self, found: re.Match[str]) -> Value:
        """Read "in the last 2 weeks"."""
        _low, high, unit = self._amount(found)
        return "window", (self._back(high, unit)[1], self.today)

    def window_of_one(self, found: re.Match[str]) -> Value:
        """Read "within the last month": from a month ago to today."""
        return "window", (self._back(1, self.rules.units[found["what"]])[1], self.today)

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
