"""Finds the patient's age, as completed months today; other people's ages and ages of long ago are left
alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.understanding.ages.age_alone import Age
from bot.understanding.ages.age_numbers import OLDEST, Months, phrases, quantities
from bot.understanding.ages.age_places import Reading
from bot.understanding.ages.birthdays import age_from_birthday, birthday_told
from bot.understanding.ages.births import bare_birth, births, ordinal_birthdays
from bot.understanding.people.whose import about_another
from bot.understanding.statements.scene import Scene

_MARKS = frozenset(".,;!?()—\n")
# A message with more numbers than this tells of doses and counts; the age came long before.
_MOST_NUMBERS = 60
_WRITERS_REACH = 3
_OWN_REACH = 4
_ILLNESS_REACH = 5
_OLDEST_UNTOLD_WRITER = 30


def find_age(scene: Scene, today: date, asked: str | None, told_patient: bool) -> Months | None:
    """Give the patient's age: the last one told where a correction stands, else the first.

    `asked` is the question that the message answers; `told_patient` says that the writer told to be the
    patient.
    """
    message = scene.found.message

    def counts(at: int) -> bool:
        return not about_another(scene, scene.clause_of(at), at + 1)

    reading = Reading(scene, today, asked, scene.patient_writes, counts)
    found = [age for quantity in quantities(message)[:_MOST_NUMBERS] if (age := reading.judge(quantity))]
    found = [age for age in found if 0 <= age.months[0] <= age.months[1] <= OLDEST]
    found = [age for age in found if not _of_the_writer(scene, age, told_patient)]
    for start, end, months in (
        *births(scene, today, counts),
        *ordinal_birthdays(scene, today, counts),
    ):
        found.append(Age(start, end, months, by_day=True))
    found = _by_birthday(scene, today, sorted(found, key=lambda age: age.start))
    if not found and asked == "age":
        return bare_birth(scene, today)
    return _chosen(scene, found, asked, told_patient)


def _of_the_writer(scene: Scene, age: Age, told_patient: bool) -> bool:
    """Whether it is the age of a writer who is not, or not surely, the patient ("I'm 41, my son is 6")."""
    words, language = scene.words, scene.language
    before = words[max(age.start - _WRITERS_REACH, 0) : age.start]
    writer, only_says = language.words("ages", "i"), language.words("ages", "i_say")
    own = [at for at, word in enumerate(before) if word in writer]
    if not own or not only_says.isdisjoint(before[own[-1] + 1 :]):
        return False
    if not language.words("ages", "the_child").isdisjoint(before):
        return False
    if not scene.patient_writes:
        return True
    grown = age.months[0] > _OLDEST_UNTOLD_WRITER * 12
    return grown and (not told_patient or _names_a_child(scene))


def _names_a_child(scene: Scene) -> bool:
    """Whether "my lil man" or another child of the writer is named."""
    words, language = scene.words, scene.language
    own, between = language.words("ages", "own"), language.words("ages", "before_a_noun")
    for at, word in enumerate(words):
        if word in own:
            noun = at + 1
            while noun < len(words) and words[noun] in between:
                noun += 1
            if phrases(language, "nouns").starting(words, noun)[0]:
                return True
    return False


def _by_birthday(scene: Scene, today: date, found: list[Age]) -> list[Age]:
    """Make plain years more exact where a birthday of these days is told beside them."""
    if not found:
        return found
    past, coming = birthday_told(scene, today)
    out = []
    for age in found:
        months = None
        if age.whole_year and past:
            months = age_from_birthday(age.months[0], past, today)
        elif coming and (age.whole_year or age.turning):  # also "her birthday is ..., she'll be 6"
            months = age_from_birthday(age.months[1] + 1, coming, today)
        out.append(replace(age, months=months) if months else age)
    return out


def _chosen(scene: Scene, found: list[Age], asked: str | None, told_patient: bool) -> Months | None:
    if not found:
        return None
    strong = [age for age in found if age.rank == 2]
    told = strong or [age for age in found if age.rank == 1] or found
    if not strong and asked != "age" and not (told_patient or _speaks_of_a_child(scene, told)):
        return None  # a number alone, where nobody is spoken of
    first = next((age for age in told if not _of_a_healthy_child(scene, age)), told[0])
    later = [age for age in found if age.start > first.start]
    chosen = first
    for age in later:
        if _agree(chosen, age):
            continue
        if _tells_of_two(scene, chosen, age):
            chosen = age
            continue
        if age.corrects or ((age.rank == 2 or not strong) and _corrected(scene, chosen, age)):
            chosen = age
        elif not strong and asked != "age":
            return None
    return _narrowed(chosen, found)


def _speaks_of_a_child(scene: Scene, told: list[Age]) -> bool:
    """Whether the message speaks of an illness or a child at all, or the number of more than itself."""
    words, language = scene.words, scene.language
    if scene.found.mentions or scene.patient_named or not told[0].whole_year:
        return True
    return not (language.words("ages", "the_child") | language.words("ages", "school")).isdisjoint(words)


def _of_a_healthy_child(scene: Scene, age: Age) -> bool:
    """Whether the child of this age is said to be well ("my 6 year old is fine, my 8 year old has ...")."""
    clause = scene.clause_of(age.start)
    return not scene.language.words("ages", "healthy").isdisjoint(scene.words[age.end : clause.end])


def _tells_of_two(scene: Scene, one: Age, other: Age) -> bool:
    """Whether two children of the family are told of, and the illness of the second: "my oldest is 12, my
    youngest, 6, has ..."."""
    words, own = scene.words, scene.language.words("ages", "own")
    if any(own.isdisjoint(words[max(age.start - _OWN_REACH, 0) : age.start]) for age in (one, other)):
        return False
    ill = [mention.start for mention in scene.found.mentions if mention.kind == "diagnoses"]
    clause_end = other.end + _ILLNESS_REACH
    return not any(at < other.start for at in ill) and any(other.end <= at <= clause_end for at in ill)


def _agree(one: Age, other: Age) -> bool:
    return one.months[0] <= other.months[1] and other.months[0] <= one.months[1]


def _corrected(scene: Scene, one: Age, other: Age) -> bool:
    """Whether words between two ages take back the first."""
    if any(one.start < start < other.start for start, _ in scene.found.cue("correction")):
        return True
    words, table = scene.words, phrases(scene.language, "qualifiers")
    takes_back = scene.language.words("ages", "takes_back")
    for at in range(one.end, other.start):
        meaning, end = table.starting(words, at)
        if meaning == "correcting" and end - at > 1:
            return True
        if words[at] in takes_back and (at + 1 == other.start or words[at + 1] in _MARKS):
            return True
    return False


def _narrowed(chosen: Age, found: list[Age]) -> Months:
    """Take the closest telling of the same age ("he's 13, turned 13 last week", "17, almost 18"), and of
    a plain number of years only what a birthday leaves of it ("he is 10 and will be 11 in May")."""
    low, high = chosen.months
    same = [
        age.months
        for age in found
        if (age.months[0] == age.months[1] or age.rank == 1) and low <= age.months[0] <= age.months[1] <= high
    ]
    closest = min(same, key=lambda months: months[1] - months[0], default=None)
    if closest or not (chosen.whole_year or chosen.by_day):
        return closest or chosen.months
    for age in found:
        told = age.rank and (age.by_day or (age.whole_year and chosen.by_day))
        if told and low <= age.months[1] and age.months[0] <= high:
            low, high = max(low, age.months[0]), min(high, age.months[1])
    return low, high
