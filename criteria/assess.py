"""Facts + trial + today -> a finding for each criterion, and a verdict.

The reading behind it (five findings, four verdicts) stands in docs/criteria.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from criteria.conditions import grown_on
from criteria.facts import NOT_SURE
from criteria.judging import Facts, Judgement
from criteria.trial import Case, Criterion, Rule, Trial
from criteria.wording import told_in_words

FindingKind = Literal["met", "not_met", "not_yet", "unknown", "for_the_team"]
Verdict = Literal["likely", "possible", "not_yet", "not_likely"]


@dataclass(frozen=True)
class Finding:
    """What the facts say of one criterion.

    until    the day from which a *not yet* may be over; None where no day is known
    reason   for staff, always filled
    family   sentences for the family; empty where she hears nothing
    against  fact paths that were not told and might still bring a *not met* or *not yet*,
             or move its date
    towards  fact paths that were not told and that only a *met* still waits for
    support  fact paths that a *not met* or *not yet* rests on
    """

    finding: FindingKind
    until: date | None
    reason: str
    family: tuple[str, ...] = ()
    against: frozenset[str] = frozenset()
    towards: frozenset[str] = frozenset()
    support: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Assessment:
    """A trial's verdict with all its findings, in the trial's order."""

    verdict: Verdict
    until: date | None
    findings: Mapping[str, Finding]


def assess(trial: Trial, facts: Facts, today: date) -> Assessment:
    """The trial's verdict on checked facts (see ``criteria.check_facts``)."""
    findings = {criterion.id: find(criterion, facts, today) for criterion in trial.criteria}
    kinds = {finding.finding for finding in findings.values()}
    verdict: Verdict
    until = None
    if "not_met" in kinds:
        verdict = "not_likely"
    elif "not_yet" in kinds:
        verdict = "not_yet"
        until = max((f.until for f in findings.values() if f.until is not None), default=None)
    elif "unknown" in kinds:
        verdict = "possible"
    else:
        verdict = "likely"
    return Assessment(verdict, until, findings)


def find(criterion: Criterion, facts: Facts, today: date) -> Finding:
    """The finding of one criterion."""
    rule = criterion.rule
    if rule is None:
        reason = criterion.why_not_asked or "Left to the study team."
        if criterion.waiting:
            # The source asks for something that nobody may be held to yet: so nothing is certain.
            return Finding("unknown", None, reason, (criterion.family,))
        return Finding("for_the_team", None, reason, (criterion.family,))
    judged = {
        group: [(case, case.when.judge(facts, today)) for case in cases]
        for group, cases in (("not_met", rule.not_met), ("not_yet", rule.not_yet), ("met", (rule.met,)))
    }
    not_met = _true(judged["not_met"])
    if not_met:
        return Finding("not_met", None, _reason(not_met, facts), _family(not_met), support=_support(not_met))
    not_yet = _true(judged["not_yet"])
    if not_yet:
        return Finding(
            "not_yet",
            _until(rule, not_yet, facts, today),
            _reason(not_yet, facts),
            _family(not_yet),
            against=_missing(judged["not_met"] + judged["not_yet"]),
            support=_support(not_yet),
        )
    met = _true(judged["met"])
    if met:
        return Finding("met", None, _reason(met, facts))
    against = _missing(judged["not_met"] + judged["not_yet"])
    towards = _missing(judged["met"])
    reason = _why_unknown(rule, facts, today, against | towards)
    return Finding("unknown", None, reason, (criterion.family,), against, towards - against)


Judged = list[tuple[Case, Judgement]]


def _true(judged: Judged) -> Judged:
    return [(case, judgement) for case, judgement in judged if judgement.truth]


def _missing(judged: Judged) -> frozenset[str]:
    return frozenset().union(*(judgement.missing for _, judgement in judged))


def _support(judged: Judged) -> frozenset[str]:
    return frozenset().union(*(judgement.support for _, judgement in judged))


def _family(judged: Judged) -> tuple[str, ...]:
    return tuple(dict.fromkeys(case.family for case, _ in judged if case.family))


def _reason(judged: Judged, facts: Facts) -> str:
    reasons = " ".join(dict.fromkeys(case.reason for case, _ in judged))
    return _with_facts(reasons, _support(judged), facts)


def _with_facts(reason: str, paths: Iterable[str], facts: Facts) -> str:
    names = sorted({path.partition(".")[0] for path in paths})
    told = [told_in_words(name, facts[name]) for name in names if name in facts]
    return f"{reason} (Told: {'; '.join(told)}.)" if told else reason


def _until(rule: Rule, not_yet: Judged, facts: Facts, today: date) -> date | None:
    """The day to tell the family.

    It is the first day on which the criterion would be met if nothing else happened:
    where a kind is not sure, that is the end of the longer limit. Where no day alone
    would do it (something else is open too), it is the end of the washouts running now. Who is too young
    waits for the birthday.
    """
    turning = frozenset().union(*(condition.turning_days(facts) for condition in rule.conditions()))
    for day in sorted(day for day in turning if day > today):
        others = (case.when.judge(facts, day).truth for case in (*rule.not_met, *rule.not_yet))
        if rule.met.when.judge(facts, day).truth and not any(others):
            return day
    ends = frozenset().union(*(judgement.ends for _, judgement in not_yet))
    grown = (grown_on(case.when, facts, today) for case, _ in not_yet)
    return max([*ends, *(day for day in grown if day is not None)], default=None)


def _why_unknown(rule: Rule, facts: Facts, today: date, missing: frozenset[str]) -> str:
    explained = _true([(case, case.when.judge(facts, today)) for case in rule.unknown])
    if explained:
        return _reason(explained, facts)
    names = sorted({path.partition(".")[0] for path in rule.paths()})
    not_told = sorted(path.replace("_", " ") for path in missing)
    not_sure = [name.replace("_", " ") for name in names if _has_not_sure(facts.get(name))]
    parts = []
    if not_told:
        parts.append(f"Not told: {', '.join(not_told)}.")
    if not_sure:
        parts.append(f"The family is not sure: {', '.join(not_sure)}.")
    return _with_facts(" ".join(parts) or "What was told is too vague to decide.", names, facts)


def _has_not_sure(value: Any) -> bool:
    return value == NOT_SURE or (isinstance(value, Mapping) and NOT_SURE in value.values())
