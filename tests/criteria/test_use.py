"""Which readings may rule anybody out, and which trials families may hear of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from criteria import Trial, assess, load_catalogue, load_trial
from criteria.trial import Draft, Review

TODAY = date(2026, 11, 22)
TRIAL = load_trial("NCT06848582")
TOO_OLD = {"age": {"months": [240, 251]}}
DRAFT = Draft("Age ≤ 18 years", "a reader, version 1")
REVIEW = Review("Somebody of the site", date(2026, 11, 1))


def with_age(**changes: object) -> Trial:
    """The trial with its age criterion changed."""
    criteria = tuple(replace(c, **changes) if c.id == "I2" else c for c in TRIAL.criteria)  # type: ignore[arg-type]
    return replace(TRIAL, criteria=criteria)


@pytest.mark.parametrize(
    ("changes", "allow_unreviewed", "finding"),
    [
        ({}, True, "not_met"),
        ({}, False, "unknown"),
        ({"reviewed": REVIEW}, False, "not_met"),
        ({"draft": DRAFT}, True, "unknown"),
        ({"draft": DRAFT, "reviewed": REVIEW}, True, "unknown"),
        ({"changed": True}, True, "unknown"),
        ({"changed": True, "reviewed": REVIEW}, False, "unknown"),
    ],
)
def test_only_what_was_accepted_rules_out(
    changes: dict[str, object], allow_unreviewed: bool, finding: str
) -> None:
    trial = with_age(**changes).in_use(allow_unreviewed)
    assessment = assess(trial, TOO_OLD, TODAY)
    assert assessment.findings["I2"].finding == finding
    assert (assessment.verdict == "not_likely") == (finding == "not_met")


def test_a_reviewer_of_the_whole_file_accepts_all_but_drafts_and_changes() -> None:
    reviewed = replace(with_age(draft=DRAFT), reviewed_by="Somebody of the site").in_use(False)
    assert reviewed.criterion("I2").waiting
    assert not reviewed.criterion("I4").waiting
    assert replace(TRIAL, reviewed_by="Somebody of the site").in_use(False).criteria == TRIAL.criteria


def test_what_waits_asks_nothing_and_keeps_a_match_from_being_certain() -> None:
    found = assess(with_age(draft=DRAFT).in_use(True), {}, TODAY).findings["I2"]
    assert (found.against, found.towards) == (frozenset(), frozenset())


def test_a_trial_without_an_accepted_criterion_is_not_offered() -> None:
    assert TRIAL.in_use(True).offered
    assert not TRIAL.in_use(False).offered
    assert not load_catalogue(["NCT06848582"], allow_unreviewed=False).offered().trials
    assert "NCT06848582" in load_catalogue(["NCT06848582"], allow_unreviewed=True).offered()


@pytest.mark.parametrize(
    ("status", "offered"),
    [("recruiting", True), (None, True), ("completed", False), ("suspended", False)],
)
def test_a_trial_that_takes_nobody_is_not_offered(status: str | None, offered: bool) -> None:
    assert replace(TRIAL, study=replace(TRIAL.study, status=status)).offered is offered
