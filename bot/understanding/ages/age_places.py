"""Where a number stands, and whether that makes it the patient's age: "she is 7", "my son 12", "15 now"."""

from __future__ import annotations

from dataclasses import replace

from bot.understanding.ages.age_alone import FRESH_DAYS, Age, Alone, an_age
from bot.understanding.ages.age_numbers import Quantity
from bot.understanding.ages.age_surroundings import MARKS
from bot.understanding.ages.birthdays import age_from_birthday, coming_day, past_day

_OLDEST_BY_LETTER = 30
_OLDEST_BY_MONTHS = 24
_YOUNGEST_BY_LETTER = 5
_SUBJECT_REACH = 4
_CRY = frozenset("?!")
_CRY_LENGTH = 2
_OF_THE_WRITER = ("is", "turned", "just_turned", "turning", "soon")


class Reading(Alone):
    """Judges the numbers of one message."""

    def judge(self, quantity: Quantity) -> Age | None:
        """Give the age that a number tells, or None where it tells none."""
        if quantity.start in self.taken:
            return None
        near, said, at = self.qualified(quantity.start)
        if "negated" in said or not self._may_follow_letter(quantity, at):
            return None
        kind, first = self.ends("leads", at)
        if near == "almost" and self._goes_on_to(quantity, at):
            return None if "heading" in said else replace(self.told(quantity, near), rank=1)
        age = self._by_lead(kind, first, quantity, near, "now" in said)
        if age is None and kind in ("", "of", "has", "is"):
            age = self._by_neighbours(quantity, at, near, said)
        if age is None:
            return None
        of_them = self.counts(quantity.start) or self._of_some_child(first if kind else at)
        if not of_them and not (kind in _OF_THE_WRITER and self._of_patient_who_writes(first)):
            return None
        claimed = kind == "is" and self.ends("claims", self.subject_start(first))[0]
        return replace(
            age,
            corrects=not said.isdisjoint(("correcting", "hedging")),
            rank=0 if claimed else age.rank,
        )

    def _goes_on_to(self, quantity: Quantity, at: int) -> bool:
        """Whether the age before is told again by the next birthday ("17, almost 18")."""
        at -= self.marked(at - 1)
        before = self.words[at - 1 : at]
        return bool(before) and before[0].isdigit() and int(before[0]) + 1 == quantity.number

    def _of_some_child(self, at: int) -> bool:
        """Whether "a boy", who may be anybody, is the one asked for: "we have a boy, 11", "a girl of 3"."""
        at -= self.words[at - 1 : at] == [","]
        some, first = self.ends("some_child", at)
        return bool(some) and (self.marked(first - 1) or self.is_in("has_a_child", first - 1))

    def _of_patient_who_writes(self, at: int) -> bool:
        """Whether "I am" says it, and the writer is the patient, whoever else is named before."""
        at = self.qualified(at)[2]
        return self.writes and self.is_in("i", at - 1) and not self.ends("subordinators", at - 1)[0]

    def _may_follow_letter(self, quantity: Quantity, at: int) -> bool:
        """Whether the number is no part of a code ("T2", "NF1", "M1")."""
        if at == 0 or quantity.old or at != quantity.start:
            return True
        if self.is_in("sex_letters", at - 1) and self.scene.found.message.tokens[at - 1].raw.isupper():
            return quantity.number >= _YOUNGEST_BY_LETTER
        word = self.words[at - 1]
        return len(word) > 1 or not word.isalpha() or self.is_in("not_codes", at - 1)

    def _by_lead(self, kind: str, first: int, quantity: Quantity, near: str, now: bool) -> Age | None:
        """Judge a number that "is", "turned", "will be", "aged" ... stand before."""
        if kind in ("turned", "just_turned", "was", "turning", "soon"):
            return self._by_birthday(kind, first, quantity, near)
        if kind == "is":
            return self._of_subject(first, quantity, near)
        if not self.may_end(quantity):
            return None
        if kind == "aged":
            told = now or not self.is_long_ago(first)
        elif kind == "of":
            child = bool(self.ends("nouns", first)[0]) and not self.words[first - 1].isdigit()
            child = child and not self.is_in("ranked", first - 1)
            told = child or self.ends("leads", first)[0] == "is"
        elif kind == "has":
            told = quantity.unit == "years" and self.subject_is_the_patient(first, quantity)
        else:
            told = now and quantity.unit not in ("weeks", "days") and self.marked(first - 1)
        return self.told(quantity, near) if told else None

    def _of_subject(self, first: int, quantity: Quantity, near: str) -> Age | None:
        """Judge "she is 7", "he's 8 next week"."""
        if not self.subject_is_the_patient(first, quantity):
            return None
        coming, end = self.comes(quantity)
        if coming:
            return self.will_turn(quantity, coming, end)
        return self.told(quantity, near) if self.may_end(quantity) else None

    def _by_birthday(self, kind: str, first: int, quantity: Quantity, near: str) -> Age | None:
        """Judge "turned 5", "will be 10 next week", "was 4 on the 9th"."""
        if quantity.unit in ("weeks", "days") or self.counts_something(quantity) or self.has_no_age(first):
            return None
        if self.ends("subordinators", self.subject_start(first))[0]:
            return None
        months = int(quantity.number) * (1 if quantity.unit == "months" else 12) + (quantity.extra or 0)
        if kind in ("turning", "soon"):
            return self._will_be(kind, first, quantity, months, near)
        day = past_day(self.scene, first, quantity.end)
        if kind == "was":
            fresh = day is not None and (self.today - day[0]).days <= FRESH_DAYS
            return an_age(quantity, age_from_birthday(months, day, self.today)) if day and fresh else None
        if near:
            return self.told(quantity, near)
        if day is not None:
            return an_age(quantity, age_from_birthday(months, day, self.today))
        if quantity.unit == "months":
            return None
        if kind == "just_turned":
            return an_age(quantity, (months, months + 1))
        return replace(an_age(quantity, (months, months + 11)), whole_year=True)

    def _will_be(self, kind: str, first: int, quantity: Quantity, months: int, near: str) -> Age:
        """Judge "will be 10", with or without its day."""
        coming, end = coming_day(self.scene, quantity.end, self.today)
        if coming is None:  # "tomorrow he turns 5"
            coming, stop = coming_day(self.scene, self.scene.clause_of(first).start, self.today)
            coming = coming if stop == self.subject_start(first) else None
        if coming is not None:
            return self.will_turn(quantity, coming, max(end, quantity.end))
        if kind == "soon" or near == "almost":
            return an_age(quantity, (max(months - 3, 0), max(months - 1, 0)))
        return replace(an_age(quantity, (max(months - 12, 0), max(months - 1, 0))), turning=True)

    def _by_neighbours(self, quantity: Quantity, at: int, near: str, said: set[str]) -> Age | None:
        """Judge a number by "years old", by the child's word or a sex beside it, or as standing alone."""
        if self._cried_out(quantity, at):
            return replace(self.told(quantity, near), rank=1)
        if self.is_long_ago(at):
            return None
        if quantity.old and not self._old_of_the_patient(quantity, at):
            return None
        told = quantity.old or self._beside_sex(quantity, at)
        if not told and self.may_end(quantity):
            own_stretch = bool(quantity.unit) and self.is_in("own", at - 1)
            told = own_stretch or self.beside_noun(at) or self.just_found(at) or self._he_alone(quantity, at)
            told = told and not (quantity.bare and self.is_one_of_two(quantity.end))
        if not told:
            return None if self.counts_something(quantity) else self.alone(quantity, at, near, said)
        coming, end = self.comes(quantity)
        return self.will_turn(quantity, coming, end) if coming else self.told(quantity, near)

    def _cried_out(self, quantity: Quantity, at: int) -> bool:
        """Whether disbelief cries out the age of today: "liposarcoma?? at 7??", "sarcoma, at 5?!"."""
        if not self.is_in("at", at - 1) or quantity.unit not in ("", "years", "months"):
            return False
        end = quantity.end
        cry = self.words[end : end + 2]
        if len(cry) < _CRY_LENGTH or not _CRY.issuperset(cry):
            return False
        at -= 1 + self.is_in("at", at - 2)
        while at and self.words[at - 1] in _CRY:
            at -= 1
        asks = self.scene.language.words("ages", "asks_of_anyone")
        if not asks.isdisjoint(self.words[self.scene.clause_of(at - 1).sentence_start : at]):
            return False
        return any(self.mention_ends.get(place) == "diagnoses" for place in range(at, max(at - 2, 0), -1))

    def _he_alone(self, quantity: Quantity, at: int) -> bool:
        """Whether only a verb is left out: "they took the leg off in march he 15"."""
        return self.is_in("he_or_she", at - 1) and (self.marked(quantity.end) or quantity.unit == "years")

    def _old_of_the_patient(self, quantity: Quantity, at: int) -> bool:
        """Whether "7 years old" tells of the patient, and today."""
        end = quantity.end
        if self.starts("age_of_then", end)[0] or self.starts("other_bearers", end)[0]:
            return False
        own = any(self.is_in("own", place) for place in range(max(at - _SUBJECT_REACH, 0), at))
        if self.is_in("siblings", end):
            return own and not self.scene.patient_named
        return own or at == 0 or not self.asks(quantity.start)

    def _beside_sex(self, quantity: Quantity, at: int) -> bool:
        """Whether a sex stands beside the number, as in a chart ("16F", "6 years boy", "F/14")."""
        end = quantity.end + (self.words[quantity.end : quantity.end + 1] == ["/"])
        if self.is_in("sex_words", end) and self._fits_sex(quantity, end):
            return bool(quantity.unit) or self._opens(at)
        if quantity.unit and self.is_in("sex_nouns", end):
            return not self.asks(quantity.start)
        before = at - 1 - (at > 1 and self.words[at - 1] in ("/", ","))
        if not self.is_in("sex_words", before) or not self._fits_sex(quantity, before):
            return False
        return self.marked(before - 1) and self.may_end(quantity)

    def _opens(self, at: int) -> bool:
        """Whether nothing, a mark, a small word or the child's word stands before, and no code ("T2N1M0")."""
        if at == 0 or self.words[at - 1] in MARKS or self.words[at - 1] in (":", "/"):
            return True
        if self.mention_ends.get(at) == "diagnoses" or self.ends("nouns", at)[0]:
            return True
        return self.is_in("before_a_sex", at - 1)

    def _fits_sex(self, quantity: Quantity, at: int) -> bool:
        """Whether a letter beside the number is a sex, and no month ("16m"), metre or scale of degrees."""
        if quantity.unit or not self.is_in("sex_letters", at):
            return True
        if quantity.number > _OLDEST_BY_LETTER or self.is_in("counters", quantity.start - 1):
            return False
        if not self.is_in("sex_m", at) or self.scene.found.message.tokens[at].raw.isupper():
            return True
        if self.is_in("here", at + 1):
            return True
        first_person = self.writes and not self.scene.language.words("ages", "i").isdisjoint(self.words)
        return quantity.number > _OLDEST_BY_MONTHS or first_person
