"""What each expression of time means, as days. One method for each pattern of `date_grammar`."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.understanding.calendar import (
    Interval,
    add_months,
    feast,
    feast_day,
    make_day,
    season,
    week_of,
    whole_month,
)
from bot.understanding.date_counts import FUTURE, CountReader, Value

_NTH = ("first ", "second ", "third ", "fourth ", "1st ", "2nd ", "3rd ", "4th ")


class Reader(CountReader):
    """Reads matches as (role, interval); None where the match is no time after all."""

    def _year(self, found: re.Match[str]) -> int | None:
        if found["year"]:
            return int(found["year"])
        if found["yy"]:
            return 2000 + int(found["yy"])
        if found["ywhich"]:
            return self.today.year - (found["ywhich"] == "last")
        return None

    def _day(self, month: int, day: int, year: int | None) -> Value:
        if year is not None:
            exact = make_day(year, month, day)
            return ("past", (exact, exact)) if exact else ("no_such_date", None)
        for back in range(0, 9):
            exact = make_day(self.today.year - back, month, day)
            if exact and exact <= self.today:
                return "past", (exact, exact)
        return "no_such_date", None

    def _either(self, readings: list[Value]) -> Value:
        """Join the possible readings of an ambiguous day into one interval."""
        real = [value[1] for value in readings if value and value[1]]
        if not real:
            return "no_such_date", None
        past = [interval for interval in real if interval[0] <= self.today]
        if not past:
            return "future_date", None
        # The month first, as in the United States, where the other order lies more than a year back.
        year_ago = add_months(self.today, -12)
        if len(real) == len(past) == 2 and past[0][0] >= year_ago > past[1][0]:
            return "past", past[0]
        return "past", (min(first for first, _ in past), max(last for _, last in past))

    def digits(self, found: re.Match[str]) -> Value:
        """Read 10/30/2026, 30.10.2026 and 2026-10-30; where day and month may be swapped, both."""
        a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
        if len(found["a"]) == 4:
            return self._day(b, c, a)
        if len(found["c"]) not in (2, 4) or len(found["a"]) > 2:
            return None
        year = c if len(found["c"]) == 4 else 2000 + c
        if found["sep"] == ".":
            return self._day(b, a, year) if b <= 12 else self._day(a, b, year)
        return self._either(
            [self._day(a, b, year), self._day(b, a, year)] if a != b else [self._day(a, b, year)]
        )

    def slash_day(self, found: re.Match[str]) -> Value:
        """Read 10/30; 1/2 and its like are halves."""
        a, b = int(found["a"]), int(found["b"])
        if (a, b) == (1, 2) or not a or not b or (a > 12 and b > 12):
            return None
        return self._either(
            [self._day(a, b, None), self._day(b, a, None)] if a != b else [self._day(a, b, None)]
        )

    def month_slash_year(self, found: re.Match[str]) -> Value:
        """Read 10/2026."""
        month = int(found["month"])
        return (
            ("past", whole_month(int(found["year"]), month)) if 1 <= month <= 12 else ("no_such_date", None)
        )

    def day_month(self, found: re.Match[str]) -> Value:
        """Read "2 nov 2025" and "the 2nd of november"."""
        year = 2000 + int(found["short"]) if found["short"] else self._year(found)
        return self._day(self.rules.months[found["month"]], int(found["day"]), year)

    def nth_of_month(self, found: re.Match[str]) -> Value:
        """Read "the first of october" and "october the twenty third"."""
        day = self.rules.ordinals[found["nth"] or found["nth2"]]
        return self._day(self.rules.months[found["month"]], day, self._year(found))

    def _day_number(self, found: re.Match[str]) -> int:
        return int(found["day"]) if found["day"] else self.rules.ordinals[found["nth"]]

    def month_day(self, found: re.Match[str]) -> Value:
        """Read "november 2nd", "nov 2 to 5"."""
        month, year = self.rules.months[found["month"]], self._year(found)
        first = self._day(month, int(found["day"]), year)
        if found["day2"]:
            second = self._day(month, int(found["day2"]), year)
            if first and second and first[1] and second[1] and first[1][0] <= second[1][1]:
                return "past", (first[1][0], second[1][1])
        return first

    def of_month(self, found: re.Match[str]) -> Value:
        """Read "the 4th of last month"."""
        day = add_months(self.today, -1) if found["which"] == "last" else self.today
        return self._day(day.month, self._day_number(found), day.year)

    def day_of_month(self, found: re.Match[str]) -> Value:
        """Read "on the 4th": the most recent one."""
        for back in range(0, 13):
            month = add_months(self.today.replace(day=1), -back)
            exact = make_day(month.year, month.month, self._day_number(found))
            if exact and exact <= self.today:
                return "past", (exact, exact)
        return "no_such_date", None

    def month(self, found: re.Match[str]) -> Value:
        """Read "in june", "early may 2025", "last march"."""
        name, lead = found["month"], found["lead"]
        year = self._year(found)
        alone = found.end() - found.start() == len(found.string)
        if name in self.rules.unclear and not (
            lead not in (None, "and", "or") or year or found["part"] or alone
        ):
            return None
        month = self.rules.months[name]
        if lead == "next":
            return FUTURE
        if year is None:
            year = self.today.year - (month > self.today.month)
            if lead == "last" and month == self.today.month:
                year -= 1
        return "past", self._part(whole_month(year, month), found["part"])

    def season(self, found: re.Match[str]) -> Value:
        """Read "last spring", "over the summer", "winter 2024"."""
        name, lead, year = self.rules.seasons[found["season"]], found["lead"], self._year(found)
        if found["season"] == "fall" and lead in (None, "the", "of") and year is None and not found["part"]:
            return None
        if lead == "next":
            return FUTURE
        if year is not None:
            if name == "winter":
                return "past", (season(name, year - 1)[0], season(name, year)[1])
            return "past", self._part(season(name, year), found["part"])
        year = self.today.year
        days = season(name, year)
        while days[0] > self.today or (lead == "last" and days[1] >= self.today):
            year -= 1
            days = season(name, year)
        return "past", self._part(days, found["part"])

    def feast(self, found: re.Match[str]) -> Value:
        """Read "over easter", "last christmas"."""
        if found["which"] == "next":
            return FUTURE
        name, year = self.rules.feasts[found["feast"]], self._year(found)
        if year is not None:
            return "past", feast(name, year)
        year = self.today.year
        while feast(name, year)[0] > self.today:
            year -= 1
        return "past", feast(name, year)

    def beside_feast(self, found: re.Match[str]) -> Value:
        """Read "a week before thanksgiving": the most recent such day, counted from the feast's own day."""
        name, year = self.rules.feasts[found["feast"]], self._year(found)
        years = [year] if year is not None else range(self.today.year + 1, self.today.year - 2, -1)
        for candidate in years:
            day = feast_day(name, candidate)
            shifted = self.shifted((day, day), found)
            if shifted[0] <= self.today and (found["which"] != "last" or day <= self.today):
                return "past", shifted
        return "future_date", None

    def year(self, found: re.Match[str]) -> Value:
        """Read "2024", "early 2025"."""
        year = int(found["year"])
        if year > self.today.year:
            return "future_date", None
        return "past", self._part((date(year, 1, 1), date(year, 12, 31)), found["part"])

    def weekday(self, found: re.Match[str]) -> Value:
        """Read "last tuesday", "on friday": the most recent one before today."""
        which = found["which"]
        if found.string[: found.start()].endswith(_NTH):
            return None
        if found["day"] in self.rules.unclear and which is None and len(found.string) > len(found[0]):
            return None
        if which in ("next", "this coming"):
            return FUTURE
        wanted = self.rules.weekdays[found["day"]]
        back = (self.today.weekday() - wanted) % 7 or 7
        day = self.today - timedelta(days=back)
        return "past", (day, day)

    def weekdays_ago(self, found: re.Match[str]) -> Value:
        """Read "3 fridays ago"."""
        latest = (self.today.weekday() - self.rules.weekdays[found["day"]]) % 7 or 7
        day = self.today - timedelta(days=latest + 7 * (max(int(found["n"] or 2), 1) - 1))
        return "past", (day, day)

    def weekday_week(self, found: re.Match[str]) -> Value:
        """Read "tuesday last week"."""
        if not found[0].endswith(("week", "before last")):
            return None
        return self.week_weekday(found)

    def week_weekday(self, found: re.Match[str]) -> Value:
        """Read "last week tuesday"."""
        if found["which"] == "next":
            return FUTURE
        weeks = {"this": 0, "last": 1, "before last": 2}[found["which"]]
        day = week_of(self.today)[0] + timedelta(days=self.rules.weekdays[found["day"]] - 7 * weeks)
        return ("past", (day, day)) if day <= self.today else FUTURE

    def before_last(self, found: re.Match[str]) -> Value:
        """Read "the week before last"."""
        return "past", self._stretch(found["what"], 2)

    def before_yesterday(self, _found: re.Match[str]) -> Value:
        """Read "the day before yesterday"."""
        day = self.today - timedelta(days=2)
        return "past", (day, day)

    def named(self, found: re.Match[str]) -> Value:
        """Read "last week", "this month", "earlier this year"."""
        which, what = found["which"], found["what"]
        if which in (
            "next",
            "the next",
            "this coming",
            "coming",
            "the coming",
            "the following",
            "later this",
        ):
            return FUTURE
        if what in ("night", "morning", "afternoon", "evening"):
            if which in ("last", "this", "this past"):
                day = self.today - timedelta(days=what == "night" or which == "last")
                return "past", (day, day)
            return None
        if which in ("over the", "at the"):
            return ("past", self._stretch("weekend", 0)) if what == "weekend" else None
        now = which in ("this", "current", "earlier this") or (which == "this past" and what == "weekend")
        return "past", self._part(self._stretch(what, 0 if now else 1), found["part"])

    def new_or_old(self, found: re.Match[str]) -> Value:
        """Read "yesterday", "today", "the other day"."""
        word = found["word"]
        if word in ("tomorrow", "the day after tomorrow"):
            return FUTURE
        if word == "the other day":
            return "past", (self.today - timedelta(days=7), self.today - timedelta(days=1))
        day = self.today - timedelta(days=word == "yesterday")
        return "past", (day, day)

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

    @staticmethod
    def _part(whole: Interval, part: str | None) -> Interval:
        """Cut to the third that "early", "mid" or "late" names."""
        if not part:
            return whole
        days = (whole[1] - whole[0]).days + 1
        first_cut, second_cut = whole[0] + timedelta(days=days // 3), whole[0] + timedelta(days=2 * days // 3)
        if part in ("early", "beginning of", "the beginning of", "start of"):
            return whole[0], first_cut
        if part == "first half of":
            return whole[0], whole[0] + timedelta(days=days // 2)
        if part in ("late", "end of", "the end of"):
            return second_cut, whole[1]
        return first_cut, second_cut
