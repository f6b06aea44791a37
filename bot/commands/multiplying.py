"""Made-up trials: the trial files multiplied with other limits, for measuring and simulating with many.

Each is one of the trial files with ages, scores, washouts and diagnoses of its own and some of its criteria
left out, all from a seed. They are no real trials, and no family ever hears of one.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from criteria import Criterion, Trial
from criteria.conditions import Between, Group, Not, OneOf, Washout, Within
from criteria.facts import BRAIN, DIAGNOSIS_IDS, EVENTS
from criteria.judging import Condition
from criteria.trial import Case, Rule

AGE_YEARS = range(-12, 13)
"""By how many years an age limit is moved."""
SCORE_STEPS = (-20, -10, 0, 0, 10, 20)
"""By how much a limit of activity is moved."""
WASHOUT_FACTORS = (0.25, 0.5, 0.5, 2 / 3, 0.75, 1, 1, 1, 1.5, 2, 3, 4)
"""By how much a washout is made longer or shorter."""
LEFT_OUT_SHARE = 0.2
"""How many of the criteria a made-up trial does without."""

_CANCERS = tuple(name for name in DIAGNOSIS_IDS if name != "not_cancer")


class _Limits:
    """One made-up trial's limits. All limits on one fact move together, so that its cases go on fitting."""

    def __init__(self, chance: random.Random) -> None:
        self.years = 12 * chance.choice(AGE_YEARS)
        self.score = chance.choice(SCORE_STEPS)
        self.factors = {path: chance.choice(WASHOUT_FACTORS) for path in (*EVENTS, BRAIN)}
        others = list(_CANCERS)
        chance.shuffle(others)
        self.cancers = dict(zip(_CANCERS, others, strict=True))

    def of(self, condition: Condition) -> Condition:
        """The condition with these limits."""
        match condition:
            case Not():
                return Not(self.of(condition.part))
            case Group():
                return type(condition)(tuple(self.of(part) for part in condition.parts))
            case Between():
                step = {"age.months": self.years, "activity.score": self.score}.get(condition.path, 0)
                low, high = (self._moved(end, step) for end in (condition.at_least, condition.at_most))
                return Between(condition.path, low, high)
            case Within():
                factor = self.factors[condition.path.partition(".")[0]]
                return Within(condition.path, _scaled(condition.washout, factor), condition.if_not_told)
            case OneOf(path="diagnosis.id"):
                values = frozenset(self.cancers.get(value, value) for value in condition.values)
                return OneOf(condition.path, values, condition.if_not_told)
        return condition

    @staticmethod
    def _moved(limit: int | None, step: int) -> int | None:
        # Moving both limits of a rule by the same step keeps them side by side, below zero too.
        return None if limit is None else limit + step


def _scaled(washout: Washout, factor: float) -> Washout:
    days, months, years = washout.days, washout.months, washout.years
    return Washout(
        days=max(1, round(days * factor)) if days else 0,
        months=max(1, round((months + 12 * years) * factor)) if months or years else 0,
    )


def _varied(rule: Rule, limits: _Limits) -> Rule:
    def cases(group: tuple[Case, ...]) -> tuple[Case, ...]:
        return tuple(Case(limits.of(case.when), case.reason, case.family) for case in group)

    (met,) = cases((rule.met,))
    return Rule(met, cases(rule.not_met), cases(rule.not_yet), cases(rule.unknown))


def _criterion(criterion: Criterion, limits: _Limits) -> Criterion:
    if criterion.rule is None:
        return criterion
    return replace(criterion, rule=_varied(criterion.rule, limits))


def multiplied(trials: Sequence[Trial], count: int, seed: int) -> list[Trial]:
    """So many made-up trials out of these, in turn; the same seed makes the same.

    Raises ValueError where there is nothing to multiply.
    """
    if not trials:
        raise ValueError("no trial to multiply")
    made = []
    for number in range(count):
        trial, chance = trials[number % len(trials)], random.Random(f"{seed}-{number}")
        vary = partial(_criterion, limits=_Limits(chance))
        kept = [criterion for criterion in trial.criteria if chance.random() >= LEFT_OUT_SHARE]
        made.append(replace(trial, id=f"MADE{number:05d}", criteria=tuple(map(vary, kept))))
    return made
