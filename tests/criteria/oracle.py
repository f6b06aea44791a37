"""A second, independent reading of NCT06848582: plain code, one function a criterion.

It knows nothing of the trial file or the engine. Tests compare the two finding by finding, so that
a slip in either one shows. It takes facts as ``check_facts`` returns them.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

MET, NOT_MET, NOT_YET, UNKNOWN, FOR_THE_TEAM = "met", "not_met", "not_yet", "unknown", "for_the_team"
IDS = (*(f"I{number}" for number in range(1, 14)), *(f"E{number}" for number in range(1, 26)))

SOFT_TISSUE_SARCOMAS = {
    "rhabdomyosarcoma",
    "synovial_sarcoma",
    "mpnst",
    "infantile_fibrosarcoma",
    "undifferentiated_sarcoma",
    "alveolar_soft_part_sarcoma",
    "epithelioid_sarcoma",
    "clear_cell_sarcoma_soft_tissue",
    "desmoplastic_small_round_cell_tumor",
    "liposarcoma",
    "leiomyosarcoma",
    "angiosarcoma",
    "soft_tissue_sarcoma",
}


@dataclass(frozen=True)
class Part:
    """What one part of a criterion comes to.

    ``until`` is the day on which it would certainly be met, told with a *not yet* and kept for an *unknown*.
    """

    finding: str
    until: date | None = None


@dataclass(frozen=True)
class Event:
    """An event fact, with what was not told filled in as not sure."""

    had: str
    last: Any
    kind: str


Answers = Mapping[str, Any]
End = Callable[[date], date]


def event(facts: Answers, name: str) -> Event:
    told = facts.get(name, "not_sure")
    if told == "not_sure":
        told = {"had": "not_sure"}
    last = told.get("last", "not_sure")
    if isinstance(last, list):
        last = (date.fromisoformat(last[0]), date.fromisoformat(last[1]))
    return Event(told["had"], last, told.get("kind", "not_sure"))


def answer(facts: Answers, name: str) -> str:
    return str(facts.get(name, "not_sure"))


def months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def days(number: int) -> End:
    return lambda day: day + timedelta(days=number)


def months(number: int) -> End:
    return lambda day: months_after(day, number)


def since(last: Any, end: End, today: date) -> Part:
    """Whether the washout that ``end`` counts from the last day is over."""
    if last == "ongoing":
        return Part(NOT_YET)
    if last == "not_sure":
        return Part(UNKNOWN)
    earliest, latest = last
    if end(latest) <= today:
        return Part(MET)
    return Part(NOT_YET if end(earliest) > today else UNKNOWN, end(latest))


def washout(one: Event, end: End, today: date) -> Part:
    if one.had == "no":
        return Part(MET)
    if one.had != "yes":
        return Part(UNKNOWN)
    return since(one.last, end, today)


def either_limit(last: Any, shorter: End, longer: End, today: date) -> Part:
    """A washout whose limit is one of two: sure only inside the shorter and after the longer."""
    certain = since(last, longer, today)
    if certain.finding == MET or since(last, shorter, today).finding == NOT_YET:
        return certain
    return Part(UNKNOWN, certain.until)


def together(*parts: Part) -> Part:
    """One part not met decides, else one not yet, else one unknown.

    The day is the one on which all would be met; where some part has none, the latest of the *not yet* parts.
    """
    found = {part.finding for part in parts}
    if NOT_MET in found:
        return Part(NOT_MET)
    open_parts = [part for part in parts if part.finding != MET]
    if any(part.until is None for part in open_parts):
        open_parts = [part for part in open_parts if part.finding == NOT_YET]
    until = max((part.until for part in open_parts if part.until), default=None)
    return Part(NOT_YET if NOT_YET in found else UNKNOWN if UNKNOWN in found else MET, until)


def some_is(facts: Answers, name: str, finding: str) -> Part:
    """A yes-or-no fact: ``no`` is met, ``yes`` is the finding given."""
    return Part({"no": MET, "yes": finding}.get(answer(facts, name), UNKNOWN))


def i2(facts: Answers, today: date) -> Part:
    age = facts.get("age", "not_sure")
    if age == "not_sure":
        return Part(UNKNOWN)
    least, most = age["months"]
    if least >= 19 * 12:
        return Part(NOT_MET)
    return Part(MET if most < 19 * 12 else UNKNOWN)


def i3(facts: Answers, today: date) -> Part:
    activity, age = facts.get("activity", "not_sure"), facts.get("age", "not_sure")
    if activity == "not_sure" or age == "not_sure" or age["months"][0] < 12:
        return Part(UNKNOWN)
    least, most = activity["score"]
    if least >= 50:
        return Part(MET)
    return Part(NOT_YET if most <= 30 else UNKNOWN)


def i4_diagnosis(facts: Answers) -> str:
    told = facts.get("diagnosis", "not_sure")
    if told == "not_sure":
        return UNKNOWN
    kind, place = told["id"], told.get("arises_in", "not_sure")
    if kind == "not_sure":
        return UNKNOWN
    if kind in SOFT_TISSUE_SARCOMAS:
        return MET
    if kind in ("ewing_sarcoma", "sarcoma"):
        return {"soft_tissue": MET, "bone": NOT_MET}.get(place, UNKNOWN)
    if kind == "malignant_rhabdoid_tumor":
        return {"soft_tissue": MET, "bone": NOT_MET, "kidney": NOT_MET, "brain": NOT_MET}.get(place, UNKNOWN)
    if kind == "osteosarcoma":
        return NOT_MET if place == "bone" else UNKNOWN
    return NOT_MET


def i4_course(facts: Answers) -> str:
    told = facts.get("disease_course", "not_sure")
    if told == "not_sure":
        return UNKNOWN
    if {"relapsed", "refractory", "high_risk"} & set(told):
        return MET
    return NOT_MET if "standard_risk" in told else UNKNOWN


def i4_treatment(facts: Answers) -> str:
    had = []
    for name in ("surgery", "chemotherapy", "radiation", "stem_cell_transplant"):
        one = event(facts, name)
        treated = one.had
        if name == "surgery" and treated == "yes":
            treated = {"major": "yes", "minor": "no"}.get(one.kind, "not_sure")
        had.append(treated)
    if "yes" in had:
        return MET
    if set(had) == {"no"}:
        return NOT_YET
    # A nitrosourea is chemotherapy too.
    return MET if event(facts, "nitrosourea").had == "yes" else UNKNOWN


def i4(facts: Answers, today: date) -> Part:
    diagnosis, course, treatment = i4_diagnosis(facts), i4_course(facts), i4_treatment(facts)
    if NOT_MET in (diagnosis, course):
        return Part(NOT_MET)
    if diagnosis == UNKNOWN:
        return Part(UNKNOWN)
    return together(Part(course), Part(treatment))


def i7(facts: Answers, today: date) -> Part:
    chemotherapy, nitrosourea = event(facts, "chemotherapy"), event(facts, "nitrosourea")
    any_kind = washout(chemotherapy, days(21), today)
    long_ago = washout(chemotherapy, days(42), today)
    own_day = washout(nitrosourea, days(42), today)
    # A nitrosourea is chemotherapy, so its last day is no later than the last chemotherapy's.
    ends = [end for end in (own_day.until, long_ago.until) if end and end > today]
    if nitrosourea.had == "no" or own_day.finding == MET:
        second = Part(MET)
    elif own_day.finding == NOT_YET:
        # Where the two answers contradict each other, the nitrosourea's own day counts.
        told_together = own_day.until and long_ago.until and nitrosourea.last[0] <= chemotherapy.last[1]
        second = Part(NOT_YET, min(ends) if told_together else own_day.until)
    else:
        second = Part(MET if long_ago.finding == MET else UNKNOWN, min(ends, default=None))
    if chemotherapy.kind == "mild" and any_kind.finding == NOT_YET:
        any_kind = Part(UNKNOWN, any_kind.until)
    return together(any_kind, second)


def i8(facts: Answers, today: date) -> Part:
    medicines = ("other_cancer_medicine", "trial_drug")
    return together(*(washout(event(facts, name), days(28), today) for name in medicines))


def i9(facts: Answers, today: date) -> Part:
    one = event(facts, "growth_factor")
    if one.had != "yes" or one.kind == "long_acting":
        return washout(one, days(14), today)
    if one.kind == "short_acting":
        return washout(one, days(3), today)
    return either_limit(one.last, days(3), days(14), today)


def i10(facts: Answers, today: date) -> Part:
    one = event(facts, "radiation")
    if one.had != "yes" or one.kind in ("large_area", "mibg"):
        return washout(one, days(42), today)
    if one.kind == "small_area":
        return washout(one, days(14), today)
    return either_limit(one.last, days(14), days(42), today)


def i11(facts: Answers, today: date) -> Part:
    one = event(facts, "stem_cell_transplant")
    if one.had == "no":
        return Part(MET)
    if one.had != "yes":
        return Part(UNKNOWN)
    told = facts.get("gvhd")
    gvhd = {"yes": NOT_YET, "no": MET, None: MET if one.kind == "own" else UNKNOWN}.get(told, UNKNOWN)
    settled = one.kind == "own" and answer(facts, "whole_body_irradiation") == "no"
    return together(since(one.last, days(56), today), Part(gvhd), Part(MET if settled else UNKNOWN))


def e1(facts: Answers, today: date) -> Part:
    told = facts.get("brain_tumour_spread", "not_sure")
    if told == "not_sure":
        return Part(UNKNOWN)
    had, symptoms = told.get("had", "not_sure"), told.get("symptoms_now", "not_sure")
    if had == "no":
        return Part(MET)
    if had != "yes":
        return Part(UNKNOWN)
    if symptoms == "yes":
        return Part(NOT_YET)
    free_since = told.get("symptom_free_since", "not_sure")
    if symptoms == "no" and told.get("treated") == "yes" and free_since != "not_sure":
        earliest, latest = (date.fromisoformat(day) for day in free_since)
        if months_after(earliest, 2) > today:
            return Part(NOT_YET, months_after(latest, 2))
    return Part(UNKNOWN)


def e6(facts: Answers, today: date) -> Part:
    platelets = Part(MET if facts.get("low_platelets", "no") == "no" else UNKNOWN)
    return together(some_is(facts, "bleeding_disorder", NOT_MET), platelets)


def e8(facts: Answers, today: date) -> Part:
    parts = []
    for name in ("surgery", "other_surgery", "injury"):
        one = event(facts, name)
        part = washout(one, days(28), today)
        counts = one.kind != "by_tumour" if name == "injury" else one.kind == "major"
        if one.had == "yes" and one.kind == "minor":
            part = Part(MET)
        elif part.finding == NOT_YET and not counts:
            part = Part(UNKNOWN, part.until)
        parts.append(part)
    return together(*parts)


def infection(facts: Answers, today: date) -> Part:
    one = event(facts, "infection")
    if one.had == "no":
        return Part(MET)
    if one.had != "yes" or one.last == "not_sure":
        return Part(UNKNOWN)
    if one.last == "ongoing":
        return Part(UNKNOWN if one.kind == "fungal" else NOT_YET)
    return Part(MET)


def e24(facts: Answers, today: date) -> Part:
    organ, cells = event(facts, "organ_transplant"), event(facts, "stem_cell_transplant")
    first = Part(MET if organ.had == "no" else UNKNOWN)
    if organ.had == "yes" and organ.kind == "organ":
        first = Part(NOT_MET)
    own = cells.had == "yes" and cells.kind == "own"
    return together(first, Part(MET if cells.had == "no" or own else UNKNOWN))


def over(name: str, end: End) -> Callable[[Answers, date], Part]:
    return lambda facts, today: washout(event(facts, name), end, today)


def some(name: str, finding: str) -> Callable[[Answers, date], Part]:
    return lambda facts, today: some_is(facts, name, finding)


ASKED: dict[str, Callable[[Answers, date], Part]] = {
    "I2": i2,
    "I3": i3,
    "I4": i4,
    "I7": i7,
    "I8": i8,
    "I9": i9,
    "I10": i10,
    "I11": i11,
    "E1": e1,
    "E2": some("heart_problem", UNKNOWN),
    "E3": some("lung_disease", NOT_MET),
    "E4": some("blood_thinners", UNKNOWN),
    "E5": over("blood_clot", months(12)),
    "E6": e6,
    "E7": some("wound_not_healing", NOT_YET),
    "E8": e8,
    "E9": some("gut_trouble", NOT_YET),
    "E10": over("abdominal_hole", months(6)),
    "E13": infection,
    "E15": over("trial_drug", days(28)),
    "E16": over("steroids", days(14)),
    "E17": over("autoimmune_treatment", months(24)),
    "E19": infection,
    "E20": over("live_vaccine", months(1)),
    "E21": some("other_cancer", UNKNOWN),
    "E24": e24,
}


def findings(facts: Answers, today: date) -> dict[str, Part]:
    """Every criterion's finding, in the trial's order."""
    found = {}
    for name in IDS:
        part = ASKED[name](facts, today) if name in ASKED else Part(FOR_THE_TEAM)
        found[name] = Part(part.finding, part.until if part.finding == NOT_YET else None)
    return found


def verdict(found: Mapping[str, Part]) -> tuple[str, date | None]:
    """The trial's verdict and the latest known day of a *not yet*."""
    told = {part.finding for part in found.values()}
    if NOT_MET in told:
        return "not_likely", None
    if NOT_YET in told:
        return "not_yet", max((part.until for part in found.values() if part.until), default=None)
    return ("possible" if UNKNOWN in told else "likely"), None
