"""What stretches of days mean: weeks, weekends, months and years, parts of them, and days of the week."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from datetime import date, timedelta

from bot.understanding.time.calendar import Interval, add_days, add_months, nth_weekday, week_of, whole_month
from bot.understanding.time.date_counts import FUTURE, CountReader, Value

_FEW_DAYS = 5
_MOST_MONTHS_BACK = 13
_FEWEST_OF_A_WEEK = 4


class StretchReader(CountReader, ABC):
    """Reads matches as (role, interval); None where the match is no time after all."""

    def _which(self, word: str | None) -> str | None:
        """Give which one a word names ("last", "next", "this"), where it says so."""
        return self.rules.meaning("which", word)

    def weekday(self, found: re.Match[str]) -> Value:
        """Read "last tuesday", "on friday": the most recent one before today."""
        if found.string[: found.start()].endswith(self.rules.nth_before_weekday):
            return None
        bare = found["which"] is None and len(found.string) > len(found[0])
        if bare and found["day"] in self.rules.unclear and not self.expects_time(found):
            return None
        if self._which(found["which"]) == "next":
            return FUTURE
        day = self._latest_weekday(self.rules.weekdays[found["day"]])
        return "past", (day, day)

    def weeks_and_weekday(self, found: re.Match[str]) -> Value:
        """Read "a week last tuesday": that many weeks before the most recent one."""
        weeks = int(found["n"]) if found["n"].isdigit() else 1
        day = add_days(self._latest_weekday(self.rules.weekdays[found["day"]]), -7 * weeks)
        return "past", (day, day)

    def _latest_weekday(self, weekday: int) -> date:
        return self.today - timedelta(days=(self.today.weekday() - weekday) % 7 or 7)

    def weekday_number(self, found: re.Match[str]) -> Value:
        """Read "friday the 13th": the most recent such day; None where there was none for a year."""
        groups = found.groupdict()
        digits = groups.get("dom") or groups.get("dom2")
        number = int(digits) if digits else self.rules.ordinals[groups["nth"]]
        weekday = self.rules.weekdays[found["day"]]
        for back in range(_MOST_MONTHS_BACK):
            month = add_months(self.today.replace(day=1), -back)
            day = add_days(month, number - 1)
            such = 1 <= number <= 31 and day.month == month.month and day.weekday() == weekday
            if such and day <= self.today:
                return "past", (day, day)
        return None

    def weekdays_ago(self, found: re.Match[str]) -> Value:
        """Read "3 fridays ago", "two weekends ago", "a couple of summers ago"."""
        low, high = self.rules.counts.get(found["n"]) or (float(found["n"]), float(found["n"]))
        earliest, latest = (
            self._row_back(found, max(round(count), 1))[at] for at, count in ((0, high), (1, low))
        )
        return "past", (earliest, latest)

    def _row_back(self, found: re.Match[str], count: int) -> Interval:
        if found["day"]:
            day = self._latest_weekday(self.rules.weekdays[found["day"]]) - timedelta(days=7 * (count - 1))
            return day, day
        if found["what"]:
            return self._stretch("weekend", count)
        return self.season_back(self.rules.seasons[found["season"]], count)

    @abstractmethod
    def season_back(self, name: str, count: int) -> Interval:
        """Give the season that many back: seasons lie across years, which ``YearReader`` knows."""

    def weekday_week(self, found: re.Match[str]) -> Value:
        """Read "tuesday last week"."""
        if found["week"] or self._which(found["which"]) == "before_last":
            return self.week_weekday(found)
        return None

    def week_weekday(self, found: re.Match[str]) -> Value:
        """Read "last week tuesday"."""
        which = self._which(found["which"])
        if which is None or which == "next":
            return FUTURE
        weeks = {"this": 0, "last": 1, "before_last": 2}[which]
        day = week_of(self.today)[0] + timedelta(days=self.rules.weekdays[found["day"]] - 7 * weeks)
        return ("past", (day, day)) if day <= self.today else FUTURE

    def before_last(self, found: re.Match[str]) -> Value:
        """Read "the week before last"."""
        return "past", self._stretch(self.rules.meanings["stretch"][found["what"]], 2)

    def before_yesterday(self, _found: re.Match[str]) -> Value:
        """Read "the day before yesterday"."""
        day = self.today - timedelta(days=2)
        return "past", (day, day)

    def named(self, found: re.Match[str]) -> Value:
        """Read "last week", "this month", "earlier this year", "the beginning of the year"."""
        lead = found.groupdict().get("which")
        which, what = self._which(lead), self.rules.meaning("stretch", found["what"])
        if which == "next":
            return FUTURE
        if what is None:  # a part of a day
            if which in ("last", "this", "this_past"):
                night = self.rules.meaning("day_part", found["what"]) == "night"
                day = self.today - timedelta(days=night or which == "last")
                return "past", (day, day)
            return None
        if which == "over":
            if found.groupdict().get("part") or found.groupdict().get("row"):
                return self._of_present(found, what)
            return ("past", self._stretch("weekend", 0)) if what == "weekend" else None
        if lead is None:
            return self._of_present(found, what)
        now = which in ("this", "present") or (which == "this_past" and what == "weekend")
        return self.part_of(self._stretch(what, 0 if now else 1), found)

    def _of_present(self, found: re.Match[str], what: str) -> Value:
        """Read "the beginning of the month": of the present one."""
        return self.part_of(self._stretch(what, 0), found)

    def new_or_old(self, found: re.Match[str]) -> Value:
        """Read "yesterday", "today", "the other day", "the other week"."""
        which = self.rules.meaning("near_day", found["word"])
        if which == "to_come":
            return FUTURE
        if which == "lately":
            return "past", (self.today - timedelta(days=7), self.today - timedelta(days=1))
        if which == "some_weeks":
            return "past", (self.today - timedelta(days=28), self.today - timedelta(days=7))
        day = self.today - timedelta(days=which == "yesterday")
        return "past", (day, day)

    def this_time(self, found: re.Match[str]) -> Value:
        """Read "this time last year", "this week last year"."""
        year_ago = add_months(self.today, -12)
        what = found.groupdict().get("what")
        if what is None:
            return "past", (add_days(year_ago, -14), add_days(year_ago, 14))
        return "past", week_of(year_ago) if what == "week" else whole_month(year_ago.year, year_ago.month)

    def _stretch(self, what: str, back: int) -> Interval:
        """Give the week, weekend, month or year that lies `back` before this one; 0 is the present one."""
        today = self.today
        if what == "week":
            first = week_of(today)[0] - timedelta(days=7 * back)
            return first, first + timedelta(days=6)
        if what == "weekend":
            saturday = week_of(today)[0] + timedelta(days=5)
            if saturday > today:
                saturday -= timedelta(days=7)
                back = max(back - 1, 0)
            saturday -= timedelta(days=7 * back)
            return saturday, saturday + timedelta(days=1)
        if what == "month":
            month = add_months(today.replace(day=1), -back)
            return whole_month(month.year, month.month)
        return date(today.year - back, 1, 1), date(today.year - back, 12, 31)

    def part_of(self, whole: Interval, found: re.Match[str]) -> Value:
        """Cut to what is told of it: "early", "the first week of"; None where it has no such part."""
        groups = found.groupdict()
        if groups.get("row"):
            nth = self.rules.nth_of[groups["nth_part"]]
            cut = self._of_row(whole, nth, groups["row"])
            if cut and nth == 0 and cut[0] > self.today >= whole[0]:
                cut = whole  # "the last week of november" in November: of those that were
            return ("past", cut) if cut else None
        return "past", self._third(whole, groups.get("part"))

    def _third(self, whole: Interval, word: str | None) -> Interval:
        """Cut to the third or half that "early", "mid" or "late" names."""
        part = self.rules.meaning("part_of", word)
        if part is None:
            return whole
        days = (whole[1] - whole[0]).days + 1
        first_cut, second_cut = whole[0] + timedelta(days=days // 3), whole[0] + timedelta(days=2 * days // 3)
        half = whole[0] + timedelta(days=days // 2)
        return {
            "early": (whole[0], first_cut),
            "first_half": (whole[0], half),
            "second_half": (half, whole[1]),
            "late": (second_cut, whole[1]),
        }.get(part, (first_cut, second_cut))

    def _of_row(self, whole: Interval, nth: int, unit: str) -> Interval | None:
        """Give the nth day, week, weekend or weekday within a stretch; nth 0 is its last.

        The last week begins on a Monday: the one in which the stretch ends, or the one before where few of
        its days are left.
        """
        row = self.rules.meaning("row", unit)
        if row in ("week", "two_weeks"):
            days = 7 if row == "week" else 14
            if nth == 0:
                return self._last_weeks(whole, days), whole[1]
            first = add_days(whole[0], days * (nth - 1))
            return (first, min(add_days(first, days - 1), whole[1])) if first <= whole[1] else None
        if row in ("day", "few_days"):
            few = _FEW_DAYS if row == "few_days" else 1
            if nth == 0:
                return add_days(whole[1], 1 - few), whole[1]
            first = add_days(whole[0], nth - 1)
            return first, add_days(first, few - 1)
        if row == "weekend":
            saturday = self._nth_within(whole, 5, nth)
            return (saturday, add_days(saturday, 1)) if saturday else None
        day = self._nth_within(whole, self.rules.weekdays[unit], nth)
        return (day, day) if day else None

    @staticmethod
    def _last_weeks(whole: Interval, days: int) -> date:
        """Give the Monday on which the last week, or the last two, of a stretch begin."""
        monday = week_of(whole[1])[0]
        if (whole[1] - monday).days + 1 < _FEWEST_OF_A_WEEK:
            monday = add_days(monday, -7)
        return add_days(monday, 7 - days)

    @staticmethod
    def _nth_within(whole: Interval, weekday: int, nth: int) -> date | None:
        if nth == 0:
            return nth_weekday(whole[1].year, whole[1].month, weekday, 0)
        first = add_days(whole[0], (weekday - whole[0].weekday()) % 7 + 7 * (nth - 1))
        return first if first <= whole[1] else None
