"""A number that stands on its own between marks: "Rhabdo. 5. Last chemo ...", "15 now", "17 in two weeks"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.understanding.ages.age_numbers import Months, Quantity, in_months
from bot.understanding.ages.age_surroundings import Surroundings
from bot.understanding.ages.birthdays import age_from_birthday, coming_day, day_at

FRESH_DAYS = 35
_OLDEST_BARE = 25
# The questions that a bare number does not answer: beside their answers it can only be an age.
_NOT_OF_NUMBERS = (None, "respondent", "diagnosis", "disease_course")


@dataclass(frozen=True, slots=True)
class Age:
    """An age told of the patient: words `start` to `end`, the months, and how surely it is today's age.

    rank: 2 told as an age, 1 a number on its own, 0 what somebody claims or once said.
    corrects: the words before it say that it puts right what was said.
    whole_year: a plain number of years, which a birthday makes more exact.
    turning: the age of a birthday to come, on an unknown day.
    by_day: reckoned from a day of birth or a birthday whose days are told.
    """

    start: int
    end: int
    months: Months
    rank: int = 2
    corrects: bool = False
    whole_year: bool = False
    turning: bool = False
    by_day: bool = False


def an_age(quantity: Quantity, months: Months | None) -> Age:
    """Give an age at the words of its number; one that cannot be is left out later."""
    return Age(quantity.start, quantity.end, months or (-1, -1))


class Alone(Surroundings):
    """Judges numbers that stand on their own, and gives the ages that numbers mean."""

    def alone(self, quantity: Quantity, at: int, near: str, said: set[str]) -> Age | None:
        """Judge a number that stands between marks, where nothing else can be meant."""
        asked, corrects = self.asked == "age", "correcting" in said
        if not asked and (not self._may_be_meant(quantity) or (corrects and self._follows_a_count(quantity))):
            return None
        if not self.stands_first(quantity, at) and not corrects:
            return self._after_the_illness(quantity, at, near)
        if quantity.bare and self.is_one_of_two(quantity.end):
            return None
        coming, end = self.comes(quantity)
        if coming:
            return replace(self.will_turn(quantity, coming, end), rank=1)
        sure = asked or corrects or near == "almost" or self._reads_as_an_age(quantity)
        sure = sure or self._since(quantity) is not None
        told = sure and self.may_end(quantity)
        last = self.stands_last(quantity.end) and (asked or not self.of_a_treatment(quantity, at))
        return replace(self.told(quantity, near), rank=1) if told or last else None

    def _follows_a_count(self, quantity: Quantity) -> bool:
        """Whether the number before it counted something: "28 times, correction 25"."""
        before = [at for at in range(quantity.start) if self.words[at].isdigit()]
        return bool(before) and self.is_in("counted", before[-1] + 1)

    def _may_be_meant(self, quantity: Quantity) -> bool:
        """Whether a number that nobody asked for may be an age: not beside questions that numbers answer."""
        if quantity.unit in ("weeks", "days") or quantity.number > _OLDEST_BARE:
            return False
        return self.asked in _NOT_OF_NUMBERS or (self.asked == "activity" and quantity.unit == "years")

    def _after_the_illness(self, quantity: Quantity, at: int, near: str) -> Age | None:
        """Judge "sarcoma 10y", which ends the message."""
        short = self.is_in("short_years", quantity.end - 1) and self.mention_ends.get(at) == "diagnoses"
        return (
            replace(self.told(quantity, near), rank=1) if short and quantity.end == len(self.words) else None
        )

    def is_one_of_two(self, end: int) -> bool:
        """Whether another number is joined to this one ("two kids, 9 and 6")."""
        following = self.words[end + 1 : end + 2]
        return (
            self.is_in("joins", end) and bool(following) and following[0].isdigit() and self.marked(end + 2)
        )

    def _reads_as_an_age(self, quantity: Quantity) -> bool:
        """Whether a number with its unit opens what is told of the child ("5 years 4 months and ...", "18 mo
        rhabdo")."""
        if quantity.unit == "years" and quantity.extra:
            return True
        if quantity.bare:
            return self.is_in("here", quantity.end)
        end = quantity.end
        while quantity.start == 0 and self.is_in("has_it", end):
            end += 1
        return self.mention_starts.get(end, ("", 0))[0] == "diagnoses"

    def told(self, quantity: Quantity, near: str) -> Age:
        """Give the age of a plain number, by what stands before it."""
        plain = not near and quantity.to is None and quantity.extra is None and not quantity.loose
        whole = plain and quantity.unit in ("", "years") and quantity.number % 1 == 0
        since = self._since(quantity) if whole else None
        if since:
            return an_age(quantity, age_from_birthday(int(quantity.number) * 12, since, self.today))
        age = an_age(quantity, in_months(quantity, near))
        return replace(age, whole_year=whole, turning=near == "almost")

    def _since(self, quantity: Quantity) -> tuple[date, date] | None:
        """Give the days since when the child is that old, if these were lately ("10 since last tuesday")."""
        when = day_at(self.scene, quantity.end)
        if when is None or when.start != quantity.end or when.intro != "since" or when.interval is None:
            return None
        return when.interval if (self.today - when.interval[0]).days <= FRESH_DAYS else None

    def will_turn(self, quantity: Quantity, birthday: tuple[date, date], end: int) -> Age:
        """Give the age before a birthday to come."""
        months = int(quantity.number) * (1 if quantity.unit == "months" else 12)
        reckoned = age_from_birthday(months, birthday, self.today) or (-1, -1)
        return Age(quantity.start, end, reckoned, by_day=True)

    def comes(self, quantity: Quantity) -> tuple[tuple[date, date] | None, int]:
        """Give the birthday to come that ends the words after a number ("7 next week."), not one that begins
        something else ("7 in march he ...")."""
        end = quantity.end
        if quantity.unit not in ("", "years") or quantity.extra is not None or self.marked(end):
            return None, end
        coming, end = coming_day(self.scene, end, self.today)
        if coming and quantity.old and coming[0] <= self.today:  # "7 years old today" may be any 7
            return None, end
        return (coming, end) if self.marked(end) or self.marked(end - 1) else (None, end)
