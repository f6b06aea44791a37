"""Many trials at once: exactly what the plain computation says of each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.multiplying import multiplied
from criteria import Trial, assess, check_facts, load_trial
from criteria.conditions import Between, Every, Not, OneOf
from criteria.facts import FACT_NAMES
from criteria.judging import Condition, Facts, Judgement
from criteria.matching import VERDICTS, Matcher, Standings
from criteria.standing import needed_paths, support_paths
from criteria.trial import Case as BasedOn
from criteria.trial import Criterion, Rule
from tests.criteria.made_up import catalogues
from tests.criteria.strategies import FITTING, cases, told

TRIAL = load_trial("NCT06848582")
TODAY = date(2026, 11, 22)
MADE_UP = multiplied([TRIAL], 30, seed=3)
ALL_WAYS = [Matcher(MADE_UP, few=few) for few in (0, 4, 100)]
Case = tuple[date, dict[str, Any]]
some = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def agree(standings: Standings, trials: list[Trial], facts: Facts, today: date) -> None:
    """Raises AssertionError where the standings are not what each trial alone comes to."""
    counts: dict[str, int] = {}
    open_: list[int] = []
    support: dict[str, frozenset[str]] = {"not_likely": frozenset(), "not_yet": frozenset()}
    narrow = dict(support)
    for place, trial in enumerate(trials):
        plain = assess(trial, facts, today)
        needed = needed_paths(trial, plain, facts, today)
        until = standings.untils[place]
        assert VERDICTS[standings.verdicts[place]] == plain.verdict
        assert (None if np.isnat(until) else until.astype(date)) == plain.until
        assert standings.needed_by(place) == needed
        counts |= {path: counts.get(path, 0) + 1 for path in needed}
        open_ += [place] if needed else []
        if plain.verdict in support:
            rests = support_paths(plain)
            support[plain.verdict] |= rests
            alone = len({path.partition(".")[0] for path in rests}) == 1
            narrow[plain.verdict] |= rests if alone else rests - {"age.months"}
    assert standings.needed() == counts
    assert list(standings.open()) == [int(standings.trials[place]) for place in open_]
    assert standings.open_count() == len(open_)
    assert standings.support() == support
    assert standings.support(lesser=("age.months",)) == narrow


@pytest.mark.parametrize("matcher", ALL_WAYS, ids=["in columns", "mixed", "one by one"])
@some
@given(case=cases())
def test_made_up_trials_stand_as_each_alone(matcher: Matcher, case: Case) -> None:
    today, facts = case[0], check_facts(case[1], case[0])
    agree(matcher.stand(facts, today), MADE_UP, facts, today)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(trials=catalogues(), case=cases(), few=st.sampled_from((0, 0, 2, 100)))
def test_any_rules_stand_as_each_alone(trials: list[Trial], case: Case, few: int) -> None:
    today, facts = case[0], check_facts(case[1], case[0])
    agree(Matcher(trials, few=few).stand(facts, today), trials, facts, today)


@some
@given(data=st.data(), kept=st.sampled_from((0, 20_000, 2**26)))
def test_families_may_take_turns_and_days_may_pass(data: st.DataObject, kept: int) -> None:
    matcher = Matcher(MADE_UP, cache_bytes=kept)
    for _ in range(4):
        today = data.draw(st.sampled_from((TODAY, date(2027, 3, 1))))
        facts = check_facts(data.draw(told(TODAY)), TODAY)
        for name in data.draw(st.permutations(sorted(facts)))[:3]:
            less = {other: value for other, value in facts.items() if other != name}
            few = np.array(data.draw(st.lists(st.integers(0, 29), unique=True, max_size=4)), np.int64)
            agree(matcher.stand(less, today, few), [MADE_UP[number] for number in few], less, today)
        agree(matcher.stand(facts, today), MADE_UP, facts, today)


def test_one_trial_is_told_whole() -> None:
    facts = check_facts(
        {"age": {"months": [84, 95]}, "chemotherapy": {"had": "yes", "last": "ongoing"}}, TODAY
    )
    whole = ALL_WAYS[0].stand(facts, TODAY).trial(7)
    assert whole.trial is MADE_UP[7]
    assert whole.assessment == assess(MADE_UP[7], facts, TODAY)
    assert whole.needed == needed_paths(MADE_UP[7], whole.assessment, facts, TODAY)


@some
@given(data=st.data(), matcher=st.sampled_from(ALL_WAYS))
def test_several_sets_of_facts_at_once_for_few_or_for_many_of_the_trials(
    data: st.DataObject, matcher: Matcher
) -> None:
    base = check_facts(data.draw(told(TODAY)), TODAY)
    many: list[Facts] = [base, {}]
    for _ in range(2):
        more = check_facts(data.draw(told(TODAY)), TODAY)
        names = data.draw(st.lists(st.sampled_from(sorted(more)), max_size=3)) if more else []
        many.append({**base, **{name: more[name] for name in names}})
    most = data.draw(st.sampled_from((0, 2, 30)))
    among = np.array(data.draw(st.permutations(range(30)))[:most], np.int64)
    for facts, standings in zip(many, matcher.stand_on_each(many, TODAY, among, base), strict=True):
        agree(standings, [MADE_UP[number] for number in among], facts, TODAY)


def test_a_catalogue_may_be_empty_and_a_trial_without_criteria() -> None:
    agree(Matcher([]).stand({}, TODAY), [], {}, TODAY)
    bare = replace(TRIAL, criteria=())
    agree(Matcher([bare, TRIAL]).stand({}, TODAY), [bare, TRIAL], {}, TODAY)


def test_a_rule_is_kept_once_however_many_trials_have_it_and_whatever_its_words() -> None:
    first = TRIAL.criteria[1]
    assert first.rule is not None
    other_words = replace(
        first, rule=replace(first.rule, met=replace(first.rule.met, reason="In other words."))
    )
    renamed = replace(TRIAL, criteria=tuple(other_words if one == first else one for one in TRIAL.criteria))
    assert Matcher([TRIAL, renamed, TRIAL]).rule_count == Matcher([TRIAL]).rule_count


def test_a_kind_of_condition_that_has_no_columns_is_judged_one_by_one() -> None:
    @dataclass(frozen=True)
    class Named(Condition):
        path: str

        def judge(self, facts: Facts, today: date) -> Judgement:
            if self.path not in facts:
                return Judgement(None, missing=frozenset({self.path}))
            return Judgement(today.year > 2000, support=frozenset({self.path}))

        def paths(self) -> frozenset[str]:
            return frozenset({self.path})

    rules = []
    for name in ("gvhd", "age", "activity"):
        base = TRIAL.criteria[1]
        assert base.rule is not None
        when = Every((Named(name), Not(OneOf("heart_problem", frozenset({"yes"})))))
        rules.append(replace(base, rule=replace(base.rule, met=replace(base.rule.met, when=when))))
    trials = [replace(TRIAL, criteria=(rule,)) for rule in rules]
    for facts in ({}, {"gvhd": "no"}, {"heart_problem": "no", "age": {"months": [3, 3]}}):
        agree(Matcher(trials, few=0).stand(facts, TODAY), trials, facts, TODAY)


def test_what_is_kept_stays_within_its_bounds() -> None:
    matcher = Matcher(MADE_UP, cache_bytes=30_000)
    for months in range(0, 240, 3):
        matcher.stand({"age": {"months": [months, months]}}, TODAY)
    assert matcher.kept_bytes <= 30_000


def test_threads_do_not_mix_families_up() -> None:
    matcher = ALL_WAYS[1]
    families = [check_facts(FITTING, TODAY) | {"age": {"months": [at, at]}} for at in range(0, 320, 4)]
    alone = [Matcher(MADE_UP).stand(facts, TODAY).verdicts for facts in families]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda facts: matcher.stand(facts, TODAY).verdicts, families * 3))
    for verdicts, expected in zip(together, alone * 3, strict=True):
        assert list(verdicts) == list(expected)


def test_an_error_of_one_family_does_not_reach_the_next() -> None:
    matcher = Matcher([TRIAL])
    with pytest.raises(TypeError):
        matcher.stand({"age": {"months": 7}}, TODAY)
    agree(matcher.stand({"age": {"months": [7, 7]}}, TODAY), [TRIAL], {"age": {"months": [7, 7]}}, TODAY)


def test_no_fact_of_the_vocabulary_is_beyond_the_bits() -> None:
    assert set(ALL_WAYS[0].stand({}, TODAY).needed()) <= {*ALL_WAYS[0].paths.names}
    assert {path.partition(".")[0] for path in ALL_WAYS[0].paths.names} <= {*FACT_NAMES}


def for_those_from(limit: int) -> Trial:
    """A trial that asks for nothing but an age in months."""
    too_young = BasedOn(Between("age.months", at_most=limit - 1), "Too young.", "It may change.")
    rule = Rule(BasedOn(Between("age.months", at_least=limit), "Old enough."), not_yet=(too_young,))
    return replace(TRIAL, id=f"NCT{limit:08}", criteria=(Criterion("I1", "Source.", "the age", rule),))


@pytest.mark.parametrize("months", [[0, 0], [23, 35], [100, 111], [300, 311]])
def test_who_is_too_young_waits_for_the_birthday_in_columns_too(months: list[int]) -> None:
    trials = [for_those_from(limit) for limit in range(12, 240, 12)]
    facts = {"age": {"months": months}}
    agree(Matcher(trials, few=0).stand(facts, TODAY), trials, facts, TODAY)
    dated = [assess(trial, facts, TODAY).until is not None for trial in trials]
    assert any(dated) == (months[1] < 228)
