"""What is still open for one trial: the plain computation, one trial at a time.

``criteria.matching`` computes the same for thousands of trials at once; this is what it must agree with.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from criteria.assess import Assessment
from criteria.judging import Facts
from criteria.trial import Trial

_NONE: frozenset[str] = frozenset()


def needed_paths(trial: Trial, assessment: Assessment, facts: Facts, today: date) -> frozenset[str]:
    """The fact paths that could still change the trial's verdict or its date.

    ``assessment`` is what ``assess`` makes of the same facts on the same day.
    """
    if assessment.verdict == "not_likely":
        return _NONE
    asked = [finding for finding in assessment.findings.values() if finding.finding != "for_the_team"]
    against = _NONE.union(*_still_against(trial, assessment, facts, today))
    settled_open = any(
        finding.finding == "unknown" and not finding.against and not finding.towards for finding in asked
    )
    if assessment.verdict == "not_yet" or settled_open:
        # A likely match is out of reach, so that what only leads there need not be asked.
        return against
    return against.union(*(finding.towards for finding in asked))


def support_paths(assessment: Assessment) -> frozenset[str]:
    """The fact paths that a *not likely* or *not yet* rests on; empty for the other verdicts."""
    ruling = {"not_likely": "not_met", "not_yet": "not_yet"}.get(assessment.verdict)
    return _NONE.union(*(f.support for f in assessment.findings.values() if f.finding == ruling))


def _still_against(
    trial: Trial, assessment: Assessment, facts: Facts, today: date
) -> Iterator[frozenset[str]]:
    """For each criterion the untold facts that could still worsen the verdict or move its date.

    Once the verdict is *not yet*, another *not yet* matters only if its day could lie
    later than the one known, and nothing that happened can end its washout later than if
    it had happened today. Only a *not met* always matters.
    """
    for criterion in trial.criteria:
        against, rule = assessment.findings[criterion.id].against, criterion.rule
        if against and rule is not None and assessment.verdict == "not_yet":
            may_rule_out = any(case.when.judge(facts, today).truth is None for case in rule.not_met)
            latest = max((day for case in rule.not_yet for day in case.when.latest_ends(today)), default=None)
            known = assessment.until
            if not may_rule_out and (latest is None or (known is not None and latest <= known)):
                continue
        yield against
