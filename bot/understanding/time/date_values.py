"""What each expression of time means, as days. One method for each pattern of `date_grammar`."""

from __future__ import annotations

import re
from datetime import date

from bot.understanding.time.calendar import Interval, add_months, make_day, whole_month
from bot.understanding.time.date_counts import Value
from bot.understanding.time.date_years import YearReader


class Reader(YearReader):
    """Reads matches as (role, interval); None where the match is no time after all."""

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

    def bare_day_of_month(self, found: re.Match[str]) -> Value:
        """Read "it was the 4th"; elsewhere "the 4th" may be a round or a floor."""
        return self.day_of_month(found) if self.after_expecting(found) else None

    def dashed_day(self, found: re.Match[str]) -> Value:
        """Read "it ended 10-30"; elsewhere that is "10 to 30"."""
        return self.slash_day(found) if self.after_expecting(found) else None

    def dotted_day(self, found: re.Match[str]) -> Value:
        """Read "on 30.10.", the day first."""
        a, b = int(found["a"]), int(found["b"])
        return self._day(b, a, None) if 1 <= a <= 31 and 1 <= b <= 12 else None

    def month_slash_year(self, found: re.Match[str]) -> Value:
        """Read 10/2026."""
        month = int(found["month"])
        return (
            ("past", whole_month(int(found["year"]), month)) if 1 <= month <= 12 else ("no_such_date", None)
        )

    def day_month(self, found: re.Match[str]) -> Value:
        """Read "2 nov 2025" and "the 2nd of november"."""
        return self._dated(found, self.rules.months[found["month"]], int(found["day"]))

    def nth_of_month(self, found: re.Match[str]) -> Value:
        """Read "the first of october" and "october the twenty third"."""
        day = self.rules.ordinals[found["nth"] or found["nth2"]]
        return self._dated(found, self.rules.months[found["month"]], day)

    def _day_number(self, found: re.Match[str]) -> int:
        groups = found.groupdict()
        digits = groups.get("day") or groups.get("day2")
        return int(digits) if digits else self.rules.ordinals[groups["nth"]]

    def _dated(self, found: re.Match[str], month: int, day: int) -> Value:
        """Give that day of the year that is told, or the most recent such day."""
        year = self.year_of(found)
        if year is None and found.groupdict().get("yago"):
            days = self._nearest_to_count(found, lambda one: _one_day(make_day(one, month, day)))
            return ("past", days) if days else ("no_such_date", None)
        return self._day(month, day, year)

    def month_day(self, found: re.Match[str]) -> Value:
        """Read "november 2nd", "nov 2 to 5"."""
        return self._one_or_two_days(found)

    def days_of_month(self, found: re.Match[str]) -> Value:
        """Read "2 to 5 november", "from the 2nd to the 5th of november"."""
        return self._one_or_two_days(found)

    def _one_or_two_days(self, found: re.Match[str]) -> Value:
        month = self.rules.months[found["month"]]
        first = self._dated(found, month, int(found["day"]))
        if found.groupdict().get("day2"):
            second = self._dated(found, month, int(found["day2"]))
            if first and second and first[1] and second[1] and first[1][0] <= second[1][1]:
                if self.rules.meaning("introduction", found["lead"]) == "from":
                    return second  # "from the 2nd to the 5th": the last day is told
                return "past", (first[1][0], second[1][1])
        return first

    def of_month(self, found: re.Match[str]) -> Value:
        """Read "the 4th of last month"."""
        back = found["which"] not in self.rules.words["this_month"]
        day = add_months(self.today, -1) if back else self.today
        return self._day(day.month, self._day_number(found), day.year)

    def day_of_month(self, found: re.Match[str]) -> Value:
        """Read "on the 4th": the most recent one."""
        for back in range(0, 13):
            month = add_months(self.today.replace(day=1), -back)
            exact = make_day(month.year, month.month, self._day_number(found))
            if exact and exact <= self.today:
                return "past", (exact, exact)
        return "no_such_date", None


def _one_day(day: date | None) -> Interval | None:
    return (day, day) if day else None
