"""Every trial file of the project, and some made-up trials with what those may lack."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from criteria import Criterion, Trial, load_trial, trial_names
from criteria.sites import SiteContact, TrialSite
from criteria.trial import Draft, Review

TRIALS = [load_trial(name) for name in trial_names()]
TRIAL = load_trial("NCT06848582")


def changed(criterion_id: str, **fields: object) -> Trial:
    """The trial with one criterion changed."""
    criteria = tuple(
        replace(criterion, **fields) if criterion.id == criterion_id else criterion  # type: ignore[arg-type]
        for criterion in TRIAL.criteria
    )
    return replace(TRIAL, criteria=criteria)


def criterion(trial: Trial, criterion_id: str) -> Criterion:
    return trial.criterion(criterion_id)


DRAFT = changed("I2", draft=Draft("Age up to 18", "a reader"))
CHANGED = changed("I2", changed=True)
REVIEWED = changed("I2", reviewed=Review("A. Reviewer", date(2026, 11, 30)))
BARE = replace(
    TRIAL, study=replace(TRIAL.study, status=None, enrollment=None, sex="female"), conditions=("Sarcoma",)
)
PLACED = replace(
    TRIAL,
    sites=(
        TrialSite(
            "United States",
            "Hospital of Houston",
            "Houston",
            "Texas",
            29.7,
            -95.4,
            "recruiting",
            (SiteContact("Study line", "+1 555 0100", "study@example.org"),),
            ("en",),
            "https://example.org/form",
        ),
        TrialSite("China", status="completed"),
    ),
)
MADE_UP = {"draft": DRAFT, "changed": CHANGED, "reviewed": REVIEWED, "bare": BARE, "placed": PLACED}
ALL = {trial.id: trial for trial in TRIALS} | MADE_UP
