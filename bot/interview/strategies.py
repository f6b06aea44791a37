"""Other ways to choose the next question, to compare the planner with.

None of them is used in a conversation: they jump between topics, and two of them ask a family for her
treatments before they know the illness.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from math import log2
from typing import Any

from bot.interview.model import Facts
from bot.interview.planner import choose, wanted
from bot.interview.priors import Priors, answers
from bot.interview.questions import Question
from criteria.conditions import Group, Not
from criteria.judging import Condition
from criteria.matching import Matcher, Standings
from criteria.trial import Rule

Strategy = Callable[[Sequence[Question], Facts, Standings], Question]
"""Chooses among the questions that are needed and make sense; there is at least one."""

State = tuple[Any, ...]


def planned(matcher: Matcher, today: date, priors: Priors) -> Strategy:
    """The planner itself."""

    def strategy(candidates: Sequence[Question], facts: Facts, standings: Standings) -> Question:
        question = choose(candidates, facts, standings, matcher, today, priors)
        assert question is not None
        return question

    return strategy


def fixed(candidates: Sequence[Question], facts: Facts, standings: Standings) -> Question:
    """The first in the order of QUESTIONS: the interview for one trial."""
    return candidates[0]


def at_random(seed: str) -> Strategy:
    """Any of them."""
    chance = random.Random(seed)
    return lambda candidates, facts, standings: chance.choice(candidates)


def most_even(matcher: Matcher, today: date, priors: Priors, most_trials: int = 150) -> Strategy:
    """The question whose answers split the open trials most evenly, the rule of DQueST (JAMIA 2019).

    It knows nothing of how likely an answer is: each counts the same. A question splits the trials into those
    that its answer settles and those that stay open; the nearer to halves, the more is learned of which.
    """

    def strategy(candidates: Sequence[Question], facts: Facts, standings: Standings) -> Question:
        open_ = standings.open()
        sample = open_[:: -(-len(open_) // most_trials) or 1]

        def evenness(question: Question) -> float:
            possible = answers(question, facts, today, priors)
            after = matcher.stand_on_each([answer.facts for answer in possible], today, sample, facts)
            settled = 1 - sum(later.open_count() for later in after) / (len(after) * len(sample))
            return entropy(settled)

        return max(candidates, key=evenness)

    return strategy


def entropy(share: float) -> float:
    """The entropy of a choice of two, in bits; it is greatest, 1, for halves."""
    return -sum(part * log2(part) for part in (share, 1 - share) if 0 < part < 1)


class TooManyStates(Exception):
    """The question set is too large to look at every order of asking."""


def _leaves(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, Not):
        yield from _leaves(condition.part)
    elif isinstance(condition, Group):
        for part in condition.parts:
            yield from _leaves(part)
    else:
        yield condition


class AllOrders:
    """Exact numbers for few questions: every answer to every question, weighed with how likely it is.

    Raises TooManyStates beyond ``most_states`` sets of facts.
    """

    def __init__(self, matcher: Matcher, today: date, priors: Priors, most_states: int = 20_000) -> None:
        self.matcher, self.today, self.priors, self.most_states = matcher, today, priors, most_states
        self._least: dict[State, float] = {}
        self._rules = [[c.rule for c in trial.criteria if c.rule is not None] for trial in matcher.trials]

    def least(self, facts: Facts) -> float:
        """The least expected number of questions until nothing is needed: no way of choosing has fewer."""
        state = self._state(facts)
        if state not in self._least:
            self._count(self._least)
            candidates = self._candidates(facts)
            self._least[state] = min(
                (1 + self._after(one, facts, self.least) for one in candidates), default=0.0
            )
        return self._least[state]

    def expected(self, strategy: Strategy, facts: Facts) -> float:
        """The expected number of questions that a strategy without chance in it asks."""
        known: dict[State, float] = {}

        def value(told: Facts) -> float:
            state = self._state(told)
            if state not in known:
                self._count(known)
                candidates = self._candidates(told)
                known[state] = 0.0
                if candidates:
                    chosen = strategy(candidates, told, self.matcher.stand(told, self.today))
                    known[state] = 1 + self._after(chosen, told, value)
            return known[state]

        return value(facts)

    def expected_at_random(self, facts: Facts) -> float:
        """The expected number of questions where each next one is as likely as the others."""
        known: dict[State, float] = {}

        def value(told: Facts) -> float:
            state = self._state(told)
            if state not in known:
                self._count(known)
                ways = [1 + self._after(one, told, value) for one in self._candidates(told)]
                known[state] = sum(ways) / len(ways) if ways else 0.0
            return known[state]

        return value(facts)

    def _state(self, facts: Facts) -> State:
        """What of the facts can still matter: sets of facts that are alike in this have the same future.

        For the rules of open trials that are not met for good, what each leaf of their conditions says today
        and when it will turn, and which of the facts that they look at were told at all.
        """
        open_ = self.matcher.stand(facts, self.today).open()
        rules = {id(rule): rule for at in open_ for rule in self._rules[at]}.values()
        leaves = {
            leaf
            for rule in rules
            if not self._is_met_for_good(rule, facts)
            for when in rule.conditions()
            for leaf in _leaves(when)
        }
        names = {path.partition(".")[0] for leaf in leaves for path in leaf.paths()}
        said = []
        for leaf in leaves:
            judged = leaf.judge(facts, self.today)
            turning = frozenset(day for day in leaf.turning_days(facts) if day > self.today)
            said.append((leaf, judged.truth, judged.missing, turning))
        told = {
            (name, tuple(sorted(value)) if isinstance(value := facts[name], dict) else "")
            for name in names & facts.keys()
        }
        # How far back an operation without a day may lie hangs on the age.
        age = repr(facts.get("age")) if "surgery" in names else ""
        return frozenset(said), frozenset(told), age

    def _is_met_for_good(self, rule: Rule, facts: Facts) -> bool:
        """Whether nothing more that is told can change it: nothing in it stands in for what was not told."""
        whens = [case.when for case in (*rule.not_met, *rule.not_yet)]
        return (
            rule.met.when.judge(facts, self.today).truth is True
            and all(when.judge(facts, self.today).truth is False for when in whens)
            and not any(
                getattr(leaf, "if_not_told", None) for when in rule.conditions() for leaf in _leaves(when)
            )
        )

    def _candidates(self, facts: Facts) -> list[Question]:
        return wanted(self.matcher.stand(facts, self.today).needed(), facts)

    def _after(self, question: Question, facts: Facts, value: Callable[[Facts], float]) -> float:
        possible = answers(question, facts, self.today, self.priors)
        return sum(answer.share * value(answer.facts) for answer in possible)

    def _count(self, known: dict[State, float]) -> None:
        if len(known) >= self.most_states:
            raise TooManyStates
