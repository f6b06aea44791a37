"""Hypothesis strategies for made-up trials: any rules whatever, several of one form with other limits."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from criteria import Criterion, Trial, load_trial
from criteria.conditions import Between, Every, Group, Includes, Not, OneOf, Ongoing, Some, Washout, Within
from criteria.facts import BRAIN, COURSES, EVENTS
from criteria.judging import Condition, fact_paths
from criteria.loading import values_of
from criteria.trial import Case, Rule

BASE = load_trial("NCT06848582")
_KINDS = fact_paths() | {"heart_problem": "values", "gvhd": "values"}
_VALUE_PATHS = sorted(path for path, kind in _KINDS.items() if kind == "values")
# Few facts, so that several rules look at the same ones.
_EVENTS = ("chemotherapy", "radiation", "stem_cell_transplant", "infection")

washouts = st.one_of(
    st.builds(Washout, days=st.sampled_from((1, 3, 14, 21, 28, 42, 56, 400))),
    st.builds(Washout, months=st.sampled_from((1, 6, 12))),
    st.builds(Washout, years=st.sampled_from((1, 2))),
)


@st.composite
def _one_of(draw: st.DrawFn) -> OneOf:
    path = draw(st.sampled_from(_VALUE_PATHS))
    values = st.sampled_from(values_of(path))
    return OneOf(path, draw(st.frozensets(values, min_size=1, max_size=4)), draw(st.none() | values))


def _between(path: str, limits: st.SearchStrategy[int]) -> st.SearchStrategy[Between]:
    return st.builds(Between, st.just(path), st.none() | limits, st.none() | limits)


leaves: st.SearchStrategy[Condition] = st.one_of(
    _one_of(),
    st.builds(Includes, st.just("disease_course"), st.sampled_from(COURSES)),
    _between("age.months", st.sampled_from((11, 12, 191, 192, 227, 228))),
    _between("activity.score", st.sampled_from((30, 40, 50))),
    st.builds(
        Within,
        st.sampled_from((*_EVENTS, f"{BRAIN}.symptom_free_since")),
        washouts,
        st.sampled_from((None, "no")),
    ),
    st.builds(Ongoing, st.sampled_from(sorted(EVENTS))),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda parts: st.one_of(
        parts.map(Not),
        st.lists(parts, min_size=1, max_size=3).map(lambda found: Every(tuple(found))),
        st.lists(parts, min_size=1, max_size=3).map(lambda found: Some(tuple(found))),
    ),
    max_leaves=5,
)
_cases = conditions.map(lambda when: Case(when, "Why.", "A sentence."))
rules = st.builds(
    Rule,
    _cases,
    *(st.lists(_cases, max_size=most).map(tuple) for most in (1, 2, 1)),
)


@st.composite
def _with_other_limits(draw: st.DrawFn, condition: Condition) -> Condition:
    """A condition of the same form."""
    match condition:
        case Not():
            return Not(draw(_with_other_limits(condition.part)))
        case Group():
            return replace(condition, parts=tuple(draw(_with_other_limits(part)) for part in condition.parts))
        case Within():
            return replace(condition, washout=draw(washouts))
        case Between():
            limits = st.none() | st.sampled_from((11, 12, 30, 40, 50, 191, 192, 227, 228))
            return Between(condition.path, draw(limits), draw(limits))
        case Includes():
            return Includes(condition.path, draw(st.sampled_from(COURSES)))
        case OneOf():
            values = st.sampled_from(values_of(condition.path))
            return replace(condition, values=draw(st.frozensets(values, min_size=1, max_size=4)))
    return condition


@st.composite
def _alike(draw: st.DrawFn, rule: Rule) -> Rule:
    def cases(group: tuple[Case, ...]) -> tuple[Case, ...]:
        return tuple(replace(case, when=draw(_with_other_limits(case.when))) for case in group)

    (met,) = cases((rule.met,))
    return Rule(met, cases(rule.not_met), cases(rule.not_yet), cases(rule.unknown))


@st.composite
def catalogues(draw: st.DrawFn) -> list[Trial]:
    """Some trials whose rules are partly the same, partly of one form with other limits."""
    pool: list[Rule] = []
    for rule in draw(st.lists(rules, min_size=1, max_size=3)):
        pool += [rule, *(draw(_alike(rule)) for _ in range(draw(st.integers(0, 4))))]
    left = Criterion("L", "Source.", "a family's words", None, why_not_asked="Left.")
    trials = []
    for number in range(draw(st.integers(1, 6))):
        chosen = draw(st.lists(st.sampled_from(range(len(pool))), max_size=4))
        criteria = [Criterion(f"I{at}", "Source.", "words", pool[which]) for at, which in enumerate(chosen)]
        others = [left, replace(left, id="W", waiting=True)]
        criteria += draw(st.lists(st.sampled_from(others), unique_by=lambda one: one.id, max_size=2))
        trials.append(replace(BASE, id=f"MADE{number}", criteria=tuple(criteria)))
    return trials
