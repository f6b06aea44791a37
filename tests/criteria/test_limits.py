"""Every asked criterion on both sides of every limit: the cast of patients of each trial."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from criteria import assess, check_facts, load_trial, trial_names
from criteria.conditions import Washout
from tests.criteria.strategies import FITTING

TODAY = date(2026, 11, 22)
CASTS: dict[str, dict[str, Any]] = {
    name: yaml.safe_load((Path(__file__).parent / "cast" / f"{name}.yml").read_text(encoding="utf-8"))
    for name in trial_names()
}
TRIAL = load_trial("NCT06848582")
every_trial = pytest.mark.parametrize("trial", CASTS)


def facts_of(told: dict[str, Any], today: date = TODAY, fitting: dict[str, Any] = FITTING) -> dict[str, Any]:
    """The fitting child with these answers in place of hers."""
    facts = {name: value for name, value in (fitting | told).items() if value is not None}
    return check_facts({name: _dated(value, today) for name, value in facts.items()}, today)


def _dated(value: Any, today: date) -> Any:
    if not isinstance(value, dict) or "ago" not in value:
        return value
    ago = value["ago"]
    ends = ago if isinstance(ago, list) else [ago, ago]
    last = [(today - timedelta(days=end)).isoformat() for end in ends]
    return {key: part for key, part in value.items() if key != "ago"} | {"last": last}


@pytest.mark.parametrize(
    ("trial", "criterion", "patient"),
    [
        pytest.param(trial, criterion, patient, id=f"{trial} {criterion} {patient['who']}")
        for trial, cast in CASTS.items()
        for criterion, patients in cast["patients"].items()
        for patient in patients
    ],
)
def test_patient(trial: str, criterion: str, patient: dict[str, Any]) -> None:
    facts = facts_of(patient["told"], fitting=CASTS[trial]["fitting"])
    found = assess(load_trial(trial), facts, TODAY).findings[criterion]
    until = found.until.isoformat() if found.until else None
    assert (found.finding, until) == (patient["finding"], patient.get("until")), found.reason


@every_trial
def test_every_asked_criterion_has_a_cast(trial: str) -> None:
    asked = {criterion.id for criterion in load_trial(trial).criteria if criterion.asked}
    assert set(CASTS[trial]["patients"]) == asked


@every_trial
def test_every_cast_has_both_sides(trial: str) -> None:
    """A criterion that can rule out has a patient whom it does; it lets the fitting child pass."""
    for criterion in load_trial(trial).criteria:
        rule = criterion.rule
        if rule is None:
            continue
        found = {patient["finding"] for patient in CASTS[trial]["patients"][criterion.id]}
        wanted = {name for name in ("not_met", "not_yet") if getattr(rule, name)}
        assert wanted <= found, criterion.id


@every_trial
def test_the_fitting_child_meets_every_asked_criterion(trial: str) -> None:
    assessment = assess(load_trial(trial), facts_of({}, fitting=CASTS[trial]["fitting"]), TODAY)
    open_or_against = {
        name: found.reason
        for name, found in assessment.findings.items()
        if found.finding not in ("met", "for_the_team")
    }
    assert (assessment.verdict, open_or_against) == ("likely", {})


def test_the_fitting_child_is_a_likely_match_and_all_else_is_for_the_team() -> None:
    assessment = assess(TRIAL, facts_of({}), TODAY)
    assert (assessment.verdict, assessment.until) == ("likely", None)
    not_asked = {name for name, found in assessment.findings.items() if found.finding == "for_the_team"}
    assert not_asked == {"I1", "I5", "I6", "I12", "I13", "E11", "E12", "E14", "E18", "E22", "E23", "E25"}


def test_nothing_told_is_a_possible_match() -> None:
    assessment = assess(TRIAL, {}, TODAY)
    assert (assessment.verdict, assessment.until) == ("possible", None)
    assert {found.finding for found in assessment.findings.values()} == {"unknown", "for_the_team"}


@pytest.mark.parametrize(
    ("told", "verdict", "until"),
    [
        ({"lung_disease": "yes", "steroids": {"had": "yes", "ago": 1}}, "not_likely", None),
        (
            {"steroids": {"had": "yes", "ago": 1}, "blood_clot": {"had": "yes", "ago": 1}},
            "not_yet",
            "2027-11-21",
        ),
        ({"steroids": {"had": "yes", "last": "ongoing"}}, "not_yet", None),
        ({"steroids": {"had": "yes", "ago": 1}, "gut_trouble": "yes"}, "not_yet", "2026-12-05"),
        ({"steroids": {"had": "yes", "ago": 1}, "heart_problem": "yes"}, "not_yet", "2026-12-05"),
        ({"heart_problem": "yes"}, "possible", None),
    ],
)
def test_verdict(told: dict[str, Any], verdict: str, until: str | None) -> None:
    assessment = assess(TRIAL, facts_of(told), TODAY)
    assert assessment.verdict == verdict
    assert (assessment.until.isoformat() if assessment.until else None) == until


@pytest.mark.parametrize(
    ("washout", "day", "over"),
    [
        (Washout(days=21), "2026-11-22", "2026-12-13"),
        (Washout(days=1), "2028-02-28", "2028-02-29"),
        (Washout(months=1), "2027-01-31", "2027-02-28"),
        (Washout(months=1), "2028-01-31", "2028-02-29"),
        (Washout(months=1), "2026-12-31", "2027-01-31"),
        (Washout(months=2), "2026-12-30", "2027-02-28"),
        (Washout(months=6), "2026-08-31", "2027-02-28"),
        (Washout(months=12), "2028-02-29", "2029-02-28"),
        (Washout(years=2), "2028-02-29", "2030-02-28"),
        (Washout(years=2), "2026-03-01", "2028-03-01"),
    ],
)
def test_washouts_count_calendar_months(washout: Washout, day: str, over: str) -> None:
    assert washout.after(date.fromisoformat(day)) == date.fromisoformat(over)


@pytest.mark.parametrize(("today", "finding"), [("2027-02-27", "not_yet"), ("2027-02-28", "met")])
def test_a_month_from_the_31st_of_january_ends_with_february(today: str, finding: str) -> None:
    day = date.fromisoformat(today)
    facts = facts_of({"live_vaccine": {"had": "yes", "last": ["2027-01-31", "2027-01-31"]}}, day)
    assert assess(TRIAL, facts, day).findings["E20"].finding == finding
