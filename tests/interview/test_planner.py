"""The next question among many trials: humane first, then what settles most."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.commands.multiplying import multiplied
from bot.interview.planner import (
    BANDS,
    band_of,
    choose,
    expected_open,
    humane,
    load_bands,
    topic_of,
    wanted,
)
from bot.interview.priors import load_priors
from bot.interview.questions import BY_ID, QUESTIONS
from bot.interview.strategies import (
    AllOrders,
    TooManyStates,
    at_random,
    entropy,
    fixed,
    most_even,
    planned,
)
from criteria import Trial, load_trial
from criteria.conditions import OneOf
from criteria.matching import Matcher
from criteria.trial import Case, Criterion, Rule
from tests.interview.family import TODAY

TRIAL = load_trial("NCT06848582")
PRIORS = load_priors()
MANY = Matcher([TRIAL, *multiplied([TRIAL], 30, seed=2)])
MIDDLE: dict[str, Any] = {
    "respondent": "parent",
    "age": {"months": [84, 95]},
    "diagnosis": {"id": "rhabdomyosarcoma", "arises_in": "soft_tissue"},
    "disease_course": ["relapsed"],
}
TREATED: dict[str, Any] = {
    **MIDDLE,
    "surgery": {"had": "yes", "kind": "major"},
    "chemotherapy": {"had": "yes"},
    "radiation": {"had": "yes"},
    "stem_cell_transplant": {"had": "yes"},
    "other_cancer_medicine": {"had": "no"},
    "trial_drug": {"had": "no"},
}


def next_id(facts: dict[str, Any], matcher: Matcher = MANY) -> str | None:
    standings = matcher.stand(facts, TODAY)
    chosen = choose(wanted(standings.needed(), facts), facts, standings, matcher, TODAY, PRIORS)
    return chosen.id if chosen else None


def ids(names: list[str], facts: dict[str, Any]) -> list[str]:
    return [question.id for question in humane([BY_ID[name] for name in names], facts)]


def out_of(criterion_id: str, path: str, values: set[str]) -> Criterion:
    """A criterion that rules out who has one of the values."""
    has = OneOf(path, frozenset(values))
    case = Case(has, "Why.", "A sentence.")
    others = OneOf(path, frozenset({"no", "parent"}))
    return Criterion(criterion_id, "Source.", "words", Rule(Case(others, "Fine."), (case,)))


def trial_of(*criteria: Criterion) -> Trial:
    return replace(TRIAL, criteria=criteria)


def test_every_question_stands_in_one_band() -> None:
    assert {question.fact for question in QUESTIONS} - {"home"} == set(load_bands())


def test_a_name_stands_in_one_band_only(tmp_path: Path) -> None:
    twice = tmp_path / "bands.yml"
    twice.write_text("- {band: a, asks: [age]}\n- {band: b, asks: [age]}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="age stands in two bands"):
        load_bands(twice)


def test_the_bands_are_those_of_a_humane_talk() -> None:
    bands = [band["band"] for band in yaml.safe_load(BANDS.read_text(encoding="utf-8"))]
    assert bands == [
        *("who", "age", "diagnosis", "course", "treatments", "of late", "health", "activity", "sensitive")
    ]
    unknown = replace(BY_ID["activity"], id="shoe_size")
    assert band_of(unknown) == bands.index("activity")


def test_a_topic_is_what_a_follow_up_follows_in_the_end() -> None:
    topics = {question.id: topic_of(question) for question in QUESTIONS}
    assert topics["nitrosourea"] == topics["nitrosourea.last"] == "chemotherapy"
    assert topics["gvhd"] == topics["whole_body_irradiation"] == "stem_cell_transplant"
    assert topics["diagnosis.arises_in"] == "diagnosis"
    assert topics["low_platelets"] == "low_platelets"


def test_earlier_bands_come_first() -> None:
    assert ids(["activity", "health_history", "age", "treatments"], {}) == ["age"]
    assert ids(["respondent", "age"], {}) == ["respondent"]


def test_a_follow_up_comes_right_after_what_it_follows() -> None:
    facts = {"diagnosis": {"id": "ewing_sarcoma"}}
    assert ids(["diagnosis.arises_in", "disease_course"], facts) == ["diagnosis.arises_in"]


def test_a_topic_that_was_begun_is_ended_before_another() -> None:
    follow_ups = ["chemotherapy.last", "radiation.last", "radiation.kind"]
    assert ids(follow_ups, TREATED) == ["chemotherapy.last", "radiation.last"]
    begun = {**TREATED, "radiation": {"had": "yes", "last": "ongoing"}}
    assert ids(["chemotherapy.last", "radiation.kind"], begun) == ["radiation.kind"]
    chemo = {**TREATED, "chemotherapy": {"had": "yes", "last": "ongoing"}}
    assert ids(["nitrosourea", "radiation.last"], chemo) == ["nitrosourea"]


def test_the_list_of_a_band_comes_before_what_it_may_answer() -> None:
    assert ids(["recent_events", "surgery.last"], TREATED) == ["recent_events"]
    assert ids(["surgery.last"], TREATED) == ["surgery.last"]


def test_what_settles_more_trials_comes_first() -> None:
    of_kind = trial_of(out_of("A", "radiation.kind", {"small_area", "large_area", "mibg"}))
    of_cells = trial_of(out_of("A", "stem_cell_transplant.kind", {"own", "donor"}))
    names = ("radiation.kind", "stem_cell_transplant.kind")
    questions = [BY_ID[name] for name in names]
    for trials, first in (
        ([of_kind, of_kind, of_cells], names[0]),
        ([of_kind, of_cells, of_cells], names[1]),
    ):
        matcher = Matcher(trials)
        standings = matcher.stand(TREATED, TODAY)
        left = expected_open(questions, TREATED, standings, matcher, TODAY, PRIORS)
        chosen = choose(questions, TREATED, standings, matcher, TODAY, PRIORS)
        assert chosen == BY_ID[first]
        assert left[first] == min(left.values())
        assert 0 < left[first] < 2


def test_nothing_is_asked_when_nothing_is_needed() -> None:
    assert next_id({"respondent": "parent", "age": {"months": [1400, 1400]}}, Matcher([TRIAL])) is None


def test_among_equals_the_order_of_the_questions_decides() -> None:
    matcher = Matcher(
        [trial_of(out_of("A", "gvhd", {"yes"})), trial_of(out_of("B", "whole_body_irradiation", {"yes"}))]
    )
    facts = {"stem_cell_transplant": {"had": "yes", "kind": "donor"}}
    assert next_id(facts, matcher) == "whole_body_irradiation"


def test_a_talk_led_by_the_planner_never_goes_back_a_band() -> None:
    facts: dict[str, Any] = {"respondent": "parent"}
    told = {
        "age": {"months": [84, 95]},
        "diagnosis": {"id": "ewing_sarcoma"},
        "diagnosis.arises_in": {"id": "ewing_sarcoma", "arises_in": "soft_tissue"},
        "disease_course": ["relapsed"],
    }
    bands, asked = [], []
    while (name := next_id(facts)) is not None:
        assert name not in asked
        asked.append(name)
        bands.append(band_of(BY_ID[name]))
        question = BY_ID[name]
        if name in told:
            facts = {**facts, question.fact: told[name]}
        elif question.items:
            facts = {**facts, **dict.fromkeys(question.items, "not_sure")}
        else:
            facts = {**facts, question.fact: "not_sure"}
    assert bands == sorted(bands)
    assert "health_history" in asked


def test_all_ways_choose_among_the_candidates() -> None:
    standings = MANY.stand(MIDDLE, TODAY)
    candidates = wanted(standings.needed(), MIDDLE)
    assert len(candidates) > 2
    assert fixed(candidates, MIDDLE, standings) is candidates[0]
    one, other = at_random("a"), at_random("a")
    first = [one(candidates, MIDDLE, standings) for _ in range(8)]
    assert first == [other(candidates, MIDDLE, standings) for _ in range(8)]
    assert len(set(first)) > 1
    assert most_even(MANY, TODAY, PRIORS)(candidates, MIDDLE, standings) in candidates
    assert planned(MANY, TODAY, PRIORS)(candidates, MIDDLE, standings).id == "treatments"


def test_the_most_even_split_is_the_one_into_halves() -> None:
    assert entropy(0.5) == 1
    assert entropy(0.0) == entropy(1.0) == 0
    assert entropy(0.2) == pytest.approx(entropy(0.8))


def test_no_way_of_choosing_asks_less_than_the_least_possible() -> None:
    cut = replace(TRIAL, criteria=tuple(TRIAL.criterion(name) for name in ("I2", "E9", "I3")))
    matcher = Matcher([cut, *multiplied([cut], 1, seed=1)])
    orders = AllOrders(matcher, TODAY, PRIORS, 500)
    least = orders.least({})
    for strategy in (fixed, planned(matcher, TODAY, PRIORS), most_even(matcher, TODAY, PRIORS)):
        assert orders.expected(strategy, {}) >= least - 1e-9
    assert orders.expected_at_random({}) > least
    assert 1 < least < 4


def test_the_least_possible_is_what_can_be_reckoned_by_hand() -> None:
    matcher = Matcher([trial_of(out_of("A", "gvhd", {"yes"}), out_of("B", "respondent", {"patient"}))])
    facts = {"stem_cell_transplant": {"had": "yes", "kind": "donor"}}
    # GvHD first: it rules out in 0.95 / 2 of cases, the respondent in 0.95 / 3.
    assert AllOrders(matcher, TODAY, PRIORS).least(facts) == pytest.approx(1 + 1 - 0.95 / 2)
    assert AllOrders(matcher, TODAY, PRIORS).expected(fixed, facts) == pytest.approx(1 + 1 - 0.95 / 3)


def test_too_large_a_set_is_told_and_not_guessed() -> None:
    with pytest.raises(TooManyStates):
        AllOrders(MANY, TODAY, PRIORS, 20).least({})


def test_with_very_many_open_trials_follow_ups_come_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    of_cells = trial_of(out_of("A", "stem_cell_transplant.kind", {"own", "donor"}))
    of_kind = trial_of(out_of("A", "radiation.kind", {"small_area", "large_area", "mibg"}))
    matcher = Matcher([of_cells, of_cells, of_kind])
    assert next_id(TREATED, matcher) == "stem_cell_transplant.kind"
    monkeypatch.setattr("bot.interview.planner.MOST_WEIGHED", 2)
    assert next_id(TREATED, matcher) == "radiation.kind"
