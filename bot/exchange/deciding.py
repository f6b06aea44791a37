"""What one fact alone decides in a trial, found out by trying its rules.

Other forms hold criteria as limits on one thing at a time: an age, a diagnosis, a yes or no. So each possible
value is told alone to the rules, and what comes out is what they say no to now (*not met* or *not yet*). What
only several facts together decide is not found here, and stands in no other form as a limit: a limit that is
too narrow would turn a child away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations, product
from typing import Any, Final

from criteria import Criterion, Trial, check_facts
from criteria.assess import find
from criteria.facts import (
    COURSES,
    DIAGNOSIS_IDS,
    EVENTS,
    OLDEST_MONTHS,
    ORIGINS,
    SEXES,
    YES_NO_FACTS,
)

_ANY_DAY: Final = date(2026, 1, 31)
"""No fact tried here has a day."""

AGE: Final = frozenset({"age.months"})
DIAGNOSIS: Final = frozenset({"diagnosis.id", "diagnosis.arises_in"})
COURSE: Final = frozenset({"disease_course"})
SEX: Final = frozenset({"sex"})


def counting(trial: Trial) -> tuple[Criterion, ...]:
    """The criteria whose rules may be handed on as limits: no drafts, and none whose source has changed."""
    return tuple(
        criterion for criterion in trial.criteria if criterion.rule and trial.counts(criterion, True)
    )


def paths(criterion: Criterion) -> frozenset[str]:
    """The fact paths that a criterion's rule looks at; none where it has no rule."""
    return criterion.rule.paths() if criterion.rule is not None else frozenset()


def says_no(criterion: Criterion, facts: Mapping[str, Any]) -> bool:
    """Whether the criterion is not met, or not yet, where only this was told."""
    found = find(criterion, check_facts(facts, _ANY_DAY), _ANY_DAY).finding
    return found in ("not_met", "not_yet")


def ages(criterion: Criterion) -> tuple[tuple[int, int | None], ...]:
    """The ages that the criterion lets in, as ranges of whole months; the last may have no end.

    Empty where it says nothing about the age alone.
    """
    if not paths(criterion) & AGE:
        return ()
    fit = [month for month in range(OLDEST_MONTHS + 1) if not says_no(criterion, _age(month))]
    if len(fit) > OLDEST_MONTHS:
        return ()
    inside = set(fit)
    starts = [month for month in fit if month - 1 not in inside]
    stops = [month if month < OLDEST_MONTHS else None for month in fit if month + 1 not in inside]
    return tuple(zip(starts, stops, strict=True))


def _age(month: int) -> dict[str, Any]:
    return {"age": {"months": [month, month]}}


def diagnoses_against(criterion: Criterion) -> frozenset[tuple[str, str]]:
    """The diagnoses that the criterion says no to, each with where it began."""
    if not paths(criterion) & DIAGNOSIS:
        return frozenset()
    return frozenset(
        (name, origin)
        for name, origin in all_diagnoses()
        if says_no(criterion, {"diagnosis": {"id": name, "arises_in": origin}})
    )


def all_diagnoses() -> Iterator[tuple[str, str]]:
    """Every diagnosis that can be told, with each place where it may have begun."""
    return product(DIAGNOSIS_IDS, ORIGINS)


def may_meet(criterion: Criterion, diagnosis: str, origin: str) -> bool:
    """Whether the criterion can still be met with this diagnosis, whatever else is told."""
    facts = check_facts({"diagnosis": {"id": diagnosis, "arises_in": origin}}, _ANY_DAY)
    return criterion.rule is not None and criterion.rule.met.when.judge(facts, _ANY_DAY).truth is not False


def courses(criterion: Criterion) -> frozenset[str]:
    """The courses of which the criterion asks for at least one, where that is all it asks; otherwise none."""
    if not paths(criterion) & COURSE:
        return frozenset()
    let_in = {
        told
        for size in range(len(COURSES) + 1)
        for told in combinations(COURSES, size)
        if not says_no(criterion, {"disease_course": list(told)})
    }
    if () in let_in:
        return frozenset()
    wanted = frozenset(course for course in COURSES if (course,) in let_in)
    every = (told for size in range(len(COURSES) + 1) for told in combinations(COURSES, size))
    return wanted if all((told in let_in) == bool(wanted & set(told)) for told in every) else frozenset()


def answers_against(criterion: Criterion) -> tuple[tuple[str, str], ...]:
    """Yes-or-no facts, the sex, and kinds of events, that the criterion says no to: each with the answer."""
    found = []
    for path in sorted(paths(criterion)):
        name, _, field = path.partition(".")
        if name in YES_NO_FACTS:
            found += [(path, answer) for answer in ("yes", "no") if says_no(criterion, {name: answer})]
        elif path == "sex":
            found += [(path, sex) for sex in SEXES if says_no(criterion, {name: sex})]
        elif name in EVENTS and field == "had":
            told = {answer: {name: {"had": answer}} for answer in ("yes", "no")}
            found += [(path, answer) for answer, facts in told.items() if says_no(criterion, facts)]
        elif name in EVENTS and field == "kind":
            kinds = {kind: {name: {"had": "yes", "kind": kind}} for kind in EVENTS[name]}
            found += [(path, kind) for kind, facts in kinds.items() if says_no(criterion, facts)]
    return tuple(found)
