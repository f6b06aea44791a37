"""Hypothesis strategies for facts of every kind, crowded around the limits of the criteria."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from criteria.facts import (
    BRAIN,
    COURSES,
    DIAGNOSIS_IDS,
    EVENTS,
    NOT_SURE,
    ONGOING,
    ORIGINS,
    RESPONDENTS,
    SEXES,
    YES_NO_FACTS,
    kinds_that_may_be_unsure,
)

_LIMITS_IN_DAYS = (0, 3, 14, 21, 28, 31, 42, 56, 61, 181, 184, 365, 366, 730, 731)
_YES_NO = st.sampled_from(("yes", "no", NOT_SURE))

days_ago = st.one_of(
    st.builds(lambda limit, off: max(0, limit + off), st.sampled_from(_LIMITS_IN_DAYS), st.integers(-2, 2)),
    st.integers(0, 1000),
)
todays = st.one_of(
    st.just(date(2026, 11, 22)),
    st.dates(date(2024, 1, 1), date(2029, 12, 31)),
    st.sampled_from((date(2028, 2, 29), date(2027, 2, 28), date(2027, 3, 31), date(2028, 1, 31))),
)


def intervals(today: date) -> st.SearchStrategy[list[str]]:
    """Days at or before today, from a single one to years wide."""
    lengths = st.one_of(st.just(0), st.integers(0, 3), st.integers(0, 60), st.integers(0, 800))
    return st.builds(
        lambda ago, length: [
            (today - timedelta(days=ago + length)).isoformat(),
            (today - timedelta(days=ago)).isoformat(),
        ],
        days_ago,
        lengths,
    )


def _ranges(least: int, most: int, near: tuple[int, ...], step: int = 1) -> st.SearchStrategy[list[int]]:
    ends = st.one_of(
        st.sampled_from([step * off + end for end in near for off in (-1, 0, 1)]),
        st.integers(least // step, most // step).map(lambda value: value * step),
    ).filter(lambda value: least <= value <= most)
    return st.one_of(ends.map(lambda end: [end, end]), st.tuples(ends, ends).map(sorted))


def _event(name: str, today: date) -> st.SearchStrategy[Any]:
    optional: dict[str, st.SearchStrategy[Any]] = {
        "last": st.one_of(intervals(today), intervals(today), st.sampled_from((ONGOING, NOT_SURE)))
    }
    if EVENTS[name]:
        unsure = (NOT_SURE,) if kinds_that_may_be_unsure(name) else ()
        optional["kind"] = st.sampled_from((*EVENTS[name], *unsure))
    return st.fixed_dictionaries({"had": st.sampled_from(("yes", "yes", "no", NOT_SURE))}, optional=optional)


def values(name: str, today: date) -> st.SearchStrategy[Any]:
    """Everything that a fact may hold, ``not_sure`` included."""
    if name in EVENTS:
        return st.one_of(_event(name, today), _event(name, today), st.sampled_from((NOT_SURE, {"had": "no"})))
    if name in YES_NO_FACTS:
        return _YES_NO
    special: dict[str, st.SearchStrategy[Any]] = {
        "respondent": st.sampled_from((*RESPONDENTS, NOT_SURE)),
        "sex": st.sampled_from((*SEXES, NOT_SURE)),
        "home": st.sampled_from(
            (
                {"country": "CA"},
                {"country": "US", "region": "Texas"},
                {
                    "country": "US",
                    "region": "Texas",
                    "city": "Houston",
                    "latitude": 29.76,
                    "longitude": -95.36,
                },
            )
        ),
        "age": _ranges(0, 400, (12, 192, 228)).map(lambda pair: {"months": pair}),
        "activity": _ranges(0, 100, (30, 40, 50), step=10).map(lambda pair: {"score": pair}),
        "diagnosis": st.fixed_dictionaries(
            {"id": st.sampled_from((*DIAGNOSIS_IDS, NOT_SURE))},
            optional={"arises_in": st.sampled_from((*ORIGINS, NOT_SURE))},
        ),
        "disease_course": st.lists(st.sampled_from(COURSES), unique=True, max_size=4),
        BRAIN: st.fixed_dictionaries(
            {},
            optional={
                "had": st.sampled_from(("yes", "yes", "no", NOT_SURE)),
                "symptoms_now": _YES_NO,
                "treated": _YES_NO,
                "symptom_free_since": st.one_of(intervals(today), intervals(today), st.just(NOT_SURE)),
            },
        ),
    }
    return st.one_of(special[name], special[name], st.just(NOT_SURE))


FITTING: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "cast" / "NCT06848582.yml").read_text(encoding="utf-8")
)["fitting"]
"""A child whom every asked criterion fits; tests change one or two answers."""


@st.composite
def told(draw: st.DrawFn, today: date) -> dict[str, Any]:
    """Facts as a family may have told them: a few odd answers among fitting ones, or anything at all.

    Wholly random facts nearly always rule a child out somehow, which would leave the milder
    verdicts untested; so half of the sets start from a child who fits.
    """
    names = sorted(FITTING)
    if draw(st.booleans()):
        facts: dict[str, Any] = dict(FITTING)
        changed = draw(st.lists(st.sampled_from(names), unique=True, min_size=0, max_size=4))
    else:
        facts = {}
        changed = draw(st.lists(st.sampled_from(names), unique=True, min_size=0, max_size=len(names)))
    for name in changed:
        facts[name] = draw(values(name, today))
    for name in draw(st.lists(st.sampled_from(names), unique=True, max_size=2)):
        facts.pop(name, None)
    return facts


@st.composite
def cases(draw: st.DrawFn) -> tuple[date, dict[str, Any]]:
    """A today and facts told on it."""
    today = draw(todays)
    return today, draw(told(today))
