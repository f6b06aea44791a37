"""A trial as the program holds it: its plain description and its criteria as data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from criteria.judging import Condition
from criteria.sites import TrialSite
from criteria.study import Study

NOT_ACCEPTED = "Nobody of the site has accepted this reading yet."


@dataclass(frozen=True)
class Case:
    """One way to arrive at a finding.

    when    the condition that must be true
    reason  for staff: why this is the finding
    family  for the family: the same in plain words; None where she hears nothing of it
    """

    when: Condition
    reason: str
    family: str | None = None


@dataclass(frozen=True)
class Rule:
    """How facts become a finding: the first group with a true case decides, in this order.

    ``unknown`` cases only explain; what no case decides is unknown in any case.
    """

    met: Case
    not_met: tuple[Case, ...] = ()
    not_yet: tuple[Case, ...] = ()
    unknown: tuple[Case, ...] = ()

    def conditions(self) -> tuple[Condition, ...]:
        """All conditions of the rule."""
        return tuple(case.when for case in (self.met, *self.not_met, *self.not_yet, *self.unknown))

    def paths(self) -> frozenset[str]:
        """Every fact path that the rule looks at."""
        return self._paths

    @cached_property
    def _paths(self) -> frozenset[str]:
        # Asked for at every finding, and always the same.
        return frozenset().union(*(condition.paths() for condition in self.conditions()))


@dataclass(frozen=True)
class Draft:
    """A rule that a program read out of the source, and that nobody has accepted yet.

    words   the source's words that the rule was read from
    reader  the name and version of the program
    """

    words: str
    reader: str


@dataclass(frozen=True)
class Review:
    """Who of the site accepted a criterion as it stands, and when."""

    by: str
    on: date


@dataclass(frozen=True)
class Criterion:
    """One criterion of a trial.

    id           I1, I2, ... for inclusion, E1, E2, ... for exclusion, as the source numbers them
    source       the source's own words: for coordinators and the ethics board, a quotation
    family       what the study team will check about it, in plain words
    fits         what to name to the family among what fits; None for what goes without saying
    rule         None where no family is asked
    why_not_asked  why it is left to the study team, where it has no rule
    sensitive    the source's words wound: a family never sees other words than ``family``
    note         for staff: what the source leaves open and how it is read
    part         the heading under which the source has it, where a trial has several lists of criteria
    draft        set where a program read it and nobody accepted it: it never rules anybody out
    reviewed     who of the site accepted it
    changed      the source's words have changed since it was read
    waiting      it has a rule that does not count until somebody accepts it; set by ``Trial.in_use`` alone
    """

    id: str
    source: str
    family: str
    rule: Rule | None
    fits: str | None = None
    why_not_asked: str | None = None
    sensitive: bool = False
    note: str | None = None
    part: str | None = None
    draft: Draft | None = None
    reviewed: Review | None = None
    changed: bool = False
    waiting: bool = False

    @property
    def asked(self) -> bool:
        """Whether families are asked about it at all."""
        return self.rule is not None


@dataclass(frozen=True)
class Source:
    """Where the criteria were read: a quotation needs its origin."""

    name: str
    address: str | None
    date: date


@dataclass(frozen=True)
class Trial:
    """One trial: what families may read of it, what staff must know, and its criteria.

    text_hash   a fingerprint of the registry's eligibility text as it was read; None where it was not kept
    conditions  the illnesses that the registry names, in its words
    sites       where it takes place; empty where that is not known
    """

    id: str
    version: str
    official_title: str
    title: str
    summary: str
    phase: str
    phase_note: str | None
    sponsor: str
    source: Source
    read_by: str
    reviewed_by: str | None
    age_limit_months: int | None
    unclear: tuple[str, ...]
    study: Study
    criteria: tuple[Criterion, ...] = field(repr=False)
    text_hash: str | None = None
    conditions: tuple[str, ...] = ()
    sites: tuple[TrialSite, ...] = field(default=(), repr=False)

    def counts(self, criterion: Criterion, allow_unreviewed: bool) -> bool:
        """Whether a criterion may rule anybody out.

        A draft never does, nor one whose source has changed. What the project read itself counts only with
        ``allow_unreviewed``; what a person of the site accepted always counts.
        """
        if criterion.draft is not None or criterion.changed:
            return False
        return allow_unreviewed or criterion.reviewed is not None or self.reviewed_by is not None

    def in_use(self, allow_unreviewed: bool) -> Trial:
        """The trial as families may be held to it: rules that don't count yet are left to the study team."""
        criteria = tuple(
            criterion
            if criterion.rule is None or self.counts(criterion, allow_unreviewed)
            else replace(criterion, rule=None, waiting=True, why_not_asked=NOT_ACCEPTED)
            for criterion in self.criteria
        )
        return self if criteria == self.criteria else replace(self, criteria=criteria)

    @property
    def offered(self) -> bool:
        """Whether families may hear of it: it takes new patients, and some criterion can be judged.

        Where nothing is known of the status, it is taken to recruit.
        """
        open_now = self.study.status in (None, "recruiting")
        return open_now and any(criterion.rule is not None for criterion in self.criteria)

    def criterion(self, criterion_id: str) -> Criterion:
        """The criterion with this id; KeyError where the trial has none."""
        for criterion in self.criteria:
            if criterion.id == criterion_id:
                return criterion
        raise KeyError(f"{self.id} has no criterion {criterion_id}")

    def paths(self) -> frozenset[str]:
        """Every fact path that some criterion looks at."""
        return frozenset().union(*(c.rule.paths() for c in self.criteria if c.rule is not None))
