"""What comes again each year: months, seasons and feasts, in the year that is told or the most recent one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from bot.understanding.time.calendar import Interval, add_months, season, week_of, whole_month
from bot.understanding.time.date_counts import FUTURE, Value
from bot.understanding.time.date_stretches import StretchReader
from bot.understanding.time.feasts import feast, feast_day, readings_of

_Days = Callable[[int], Interval | None]


class YearReader(StretchReader):
    """Reads matches as (role, interval); None where the match is no time after all."""

    def year_of(self, found: re.Match[str]) -> int | None:
        """Give the year that is told: "2025", "last year", "the year before last"."""
        groups = found.groupdict()
        if groups.get("year"):
            return int(groups["year"])
        if groups.get("yy"):
            return 2000 + int(groups["yy"])
        if groups.get("short"):
            return 2000 + int(groups["short"])
        if groups.get("ywhich"):
            return self.today.year - (self._which(groups["ywhich"]) != "this")
        return self.today.year - 2 if groups.get("ytwice") else None

    def _occurrence(self, found: re.Match[str], days_of: _Days, ended: bool = False) -> Interval | None:
        """Give the days in the year that is told, or the most recent ones (with `ended`, that are over)."""
        year = self.year_of(found)
        if year is not None:
            return days_of(year)
        if found.groupdict().get("yago"):
            return self._nearest_to_count(found, days_of)
        twice = bool(found.groupdict().get("twice"))
        days = self._most_recent(days_of, ended or twice)
        return days_of(days[0].year - 1) if days and twice else days

    def _most_recent(self, days_of: _Days, ended: bool = False) -> Interval | None:
        for year in range(self.today.year, self.today.year - 3, -1):
            days = days_of(year)
            if days and days[0] <= self.today and not (ended and days[1] >= self.today):
                return days
        return None

    def _nearest_to_count(self, found: re.Match[str], days_of: _Days) -> Interval | None:
        """Read "june two years ago": the June that lies nearest to that day."""
        count, unit = found["yago"], self.rules.units[found["yunit"]]
        number = int(self.rules.counts[count][0]) if count in self.rules.counts else int(count)
        day = add_months(self.today, -number * (12 if unit == "year" else 1))
        near = [days for year in (-1, 0, 1) if (days := days_of(day.year + year)) and days[0] <= self.today]
        return min(near, key=lambda days: abs((days[0] - day).days), default=None)

    def month(self, found: re.Match[str]) -> Value:
        """Read "in june", "early may 2025", "last march", "the second monday of june"."""
        groups = found.groupdict()
        name, lead = found["month"], groups.get("lead")
        alone = found.end() - found.start() == len(found.string)
        led = lead is not None and lead not in self.rules.words["idle_before_month"]
        told = led or alone or groups.get("part") or groups.get("row") or groups.get("yago")
        told = told or self.expects_time(found) or self._second_of_two(found, lead)
        if name in self.rules.unclear and not (told or self.year_of(found)):
            return None
        month, which = self.rules.months[name], self._which(lead)
        if which == "next":
            return FUTURE
        days = self._occurrence(
            found,
            lambda year: whole_month(year, month),
            ended=which == "last" and month == self.today.month,
        )
        return self.part_of(days, found) if days else None

    def _second_of_two(self, found: re.Match[str], lead: str | None) -> bool:
        """Whether an unclear name follows another month and nothing comes after ("between march and may")."""
        before = found.string[: found.start()].rsplit(" ", 2)
        return (
            lead in self.rules.words["idle_before_month"]
            and len(before) > 1
            and before[-2] in self.rules.months
            and self.ends_here(found)
        )

    def season(self, found: re.Match[str]) -> Value:
        """Read "last spring", "over the summer", "winter 2024"."""
        groups = found.groupdict()
        name, lead = self.rules.seasons[found["season"]], groups.get("lead")
        led = lead is not None and lead not in self.rules.words["idle_before_season"]
        year = self.year_of(found)
        told = led or year is not None or groups.get("part") or groups.get("row") or groups.get("yago")
        if found["season"] in self.rules.unclear and not (told or self.expects_time(found)):
            return None
        which = self._which(lead)
        if which == "next":
            return FUTURE
        if year is not None and name == "winter":
            return "past", (season(name, year - 1)[0], season(name, year)[1])
        days = self._occurrence(found, lambda one: season(name, one), ended=which == "last")
        return self.part_of(days, found) if days else None

    def season_back(self, name: str, count: int) -> Interval:
        """Give the season that many back ("two summers ago"); one that runs does not count."""
        latest = self._most_recent(lambda year: season(name, year), ended=True)
        return season(name, (latest or (self.today, self.today))[0].year - count + 1)

    def feast(self, found: re.Match[str]) -> Value:
        """Read "over easter", "last christmas", "thanksgiving week"."""
        groups = found.groupdict()
        lead, name = groups.get("which"), self.rules.feasts[found["feast"]]
        which = self._which(lead)
        if which == "next":
            return FUTURE
        told = lead or groups.get("yago") or self.year_of(found)
        if found["feast"] in self.rules.unclear and not told:
            return None
        over = lead in self.rules.words["over_feast"]
        # mypy can't tell the type of a lambda that keeps its loop's value in a default.
        readings = [
            self._occurrence(found, lambda year, one=one: feast(one, year, over))  # type: ignore[misc]
            for one in readings_of(name)
        ]
        days = max((one for one in readings if one), default=None)
        if days and groups.get("whole_week"):
            own_day = feast_day(readings_of(name)[0], days[1].year) or days[0]
            return "past", week_of(own_day)
        return ("past", days) if days else None

    def beside_feast(self, found: re.Match[str]) -> Value:
        """Read "a week before thanksgiving": the most recent such day, counted from the feast's own day."""
        name, year = self.rules.feasts[found["feast"]], self.year_of(found)
        last = self._which(found["which"]) == "last"
        years = [year] if year is not None else range(self.today.year + 1, self.today.year - 2, -1)
        shifted: list[tuple[date, Interval]] = []
        for candidate in years:
            for one in readings_of(name):
                day = feast_day(one, candidate)
                if day:
                    shifted.append((day, self.shifted((day, day), found)))
        past = [days for day, days in shifted if days[0] <= self.today and not (last and day > self.today)]
        if past:
            return "past", max(past)
        return ("future_date", None) if shifted else None

    def year(self, found: re.Match[str]) -> Value:
        """Read "2024", "early 2025"."""
        year = self.year_of(found) or self.today.year
        if year > self.today.year:
            return "future_date", None
        return self.part_of((date(year, 1, 1), date(year, 12, 31)), found)
