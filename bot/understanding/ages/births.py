"""Ages told by the day of birth, or by which birthday it was: "born in March 2019", "her 7th birthday"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.understanding.ages.age_numbers import Months, phrases
from bot.understanding.ages.birthdays import age_from_birthday, age_of, birthday_told, next_occurrence
from bot.understanding.statements.scene import Scene
from bot.understanding.time.date_grammar import grammar
from bot.understanding.time.dates import DateSpan

_BIRTHDAY_REACH = 5
_BORN_REACH = 7
_MOST_BEFORE_BORN = 4


def births(scene: Scene, today: date, counts: Callable[[int], bool]) -> list[tuple[int, int, Months]]:
    """Find the ages that a day of birth tells, as (first word, past the last, months)."""
    words, language = scene.words, scene.language
    then, birthday = language.words("ages", "born_then"), language.words("ages", "birthday")
    born = phrases(language, "born")
    starts = {when.start: when for when in scene.dates if when.role == "past" and when.interval}
    found: list[tuple[int, int, Months]] = []
    at = 0
    while at < len(words):
        name, end = born.starting(words, at)
        when = _day_of_birth(scene, at, end, starts) if name else starts.get(at)
        if when is None or when.interval is None:
            at = max(end, at + 1)
            continue
        sure = (name and words[at] not in birthday) or _tells_a_year(when, words)
        told = name or (when.end < len(words) and words[when.end] in then)
        months = age_of(when.interval, today) if sure and told and counts(at) else None
        if months:
            found.append((at, when.end, months))
        at = max(end, when.end if months else at + 1, at + 1)
    return found


def _day_of_birth(scene: Scene, at: int, end: int, starts: dict[int, DateSpan]) -> DateSpan | None:
    """Give the day beside "born", words `at` to `end`: after or before it ("May 2nd is when I was born")."""
    words, language = scene.words, scene.language
    skipped = language.words("ages", "after_born")
    stop = end
    while stop < len(words) and stop - end < _BORN_REACH and stop not in starts:
        if words[stop] not in skipped and not _counts_weeks(
            words, stop, language.words("ages", "weeks_before")
        ):
            break
        stop += 1
    after = starts.get(stop) or starts.get(end)
    if after:
        return after
    before = language.words("ages", "before_born")
    first = at
    while first and at - first <= _MOST_BEFORE_BORN and words[first - 1] in before:
        first -= 1
    if first == at:
        return None
    return next((when for when in starts.values() if when.end == first and _tells_a_year(when, words)), None)


def _counts_weeks(words: list[str], at: int, weeks: frozenset[str]) -> bool:
    """Whether it is the number of the weeks before birth ("born at 28 weeks in May 2020")."""
    return words[at].isdigit() and at + 1 < len(words) and words[at + 1] in weeks


def _tells_a_year(when: DateSpan, words: list[str]) -> bool:
    """Whether a day is told with its year, as a day of birth is."""
    said = words[when.start : when.end]
    return any(
        (word.isdigit() and len(word) == 4)
        or word.count("/") == 2
        or word.count(".") == 2
        or word.count("-") == 2
        for word in said
    ) or any("/" in word and len(word.split("/")[-1]) == 4 for word in said)


def bare_birth(scene: Scene, today: date) -> Months | None:
    """Read a day with its year, which answers "how old?", as the day of birth."""
    for when in scene.dates:
        if when.role != "past" or when.interval is None or not _tells_a_year(when, scene.words):
            continue
        return age_of(when.interval, today)
    return None


def ordinal_birthdays(
    scene: Scene, today: date, counts: Callable[[int], bool]
) -> list[tuple[int, int, Months]]:
    """Find the ages that a counted birthday tells: "her 7th birthday was last week", "his fifth birthday is
    in March"."""
    words, language = scene.words, scene.language
    names = language.words("ages", "birthday")
    rules = grammar(language.code)
    found: list[tuple[int, int, Months]] = []
    for at in range(1, len(words)):
        if words[at] not in names or not counts(at - 1):
            continue
        digits = language.pattern("ages", "ordinal").fullmatch(words[at - 1])
        number = int(digits["n"]) if digits else rules.ordinals.get(words[at - 1])
        if number:
            months = _counted_birthday(scene, at, number * 12, today)
            if months:
                found.append((at - 1, at + 1, months))
    return found


def _counted_birthday(scene: Scene, at: int, months: int, today: date) -> Months | None:
    language, words = scene.language, scene.words
    past, coming = birthday_told(scene, today)
    lead = words[max(at - _BIRTHDAY_REACH, 0) : at]
    ahead = not language.words("ages", "is_now").isdisjoint(words[at + 1 : at + 2])
    ahead = ahead or not language.words("ages", "will_have_birthday").isdisjoint(lead)
    if past or (coming and ahead):
        return age_from_birthday(months, past or coming or (today, today), today)
    named = next((when for when in scene.dates if at < when.start <= at + _BIRTHDAY_REACH), None)
    if named and named.role == "past" and named.interval:
        day = next_occurrence(named, scene, today) if ahead else named.interval
        return age_from_birthday(months, day, today) if day else None
    if coming:
        return age_from_birthday(months, coming, today)
    return (months, months + 1) if not language.words("ages", "birthday_just").isdisjoint(lead) else None
