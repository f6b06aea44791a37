"""Whether any facts make conditions true: the search against what every condition says itself."""

from __future__ import annotations

import pytest
import yaml

from criteria.checking.possible import possible
from criteria.judging import Condition
from criteria.loading import load_trial, read_condition
from criteria.place import Place


def condition(text: str) -> Condition:
    return read_condition(Place(yaml.compose(text, Loader=yaml.SafeLoader), "test"))


@pytest.mark.parametrize(
    "texts",
    [
        ["{fact: age.months, at_most: 227}"],
        ["{fact: age.months, at_least: 12}", "{fact: age.months, at_most: 12}"],
        ["{within: {fact: surgery, days: 28}}", "{not: {within: {fact: surgery, days: 14}}}"],
        ["{fact: gvhd, is: 'yes'}", "{fact: stem_cell_transplant.kind, is: donor}"],
        ["{fact: disease_course, includes: relapsed}", "{fact: disease_course, includes: high_risk}"],
        ["{not: {fact: diagnosis.id, in: [leukemia, lymphoma]}}"],
        ["{ongoing: infection}", "{not: {fact: infection.kind, is: fungal}}"],
        ["{fact: low_platelets, is: 'no', if_not_told: 'no'}"],
        ["{within: {fact: brain_tumour_spread.symptom_free_since, months: 2}}"],
        ["{fact: respondent, is: patient}"],
    ],
)
def test_what_some_facts_make_true_is_found(texts: list[str]) -> None:
    assert possible([condition(text) for text in texts]) is True


@pytest.mark.parametrize(
    "texts",
    [
        ["{fact: age.months, at_least: 228}", "{fact: age.months, at_most: 227}"],
        ["{within: {fact: surgery, days: 14}}", "{not: {within: {fact: surgery, days: 28}}}"],
        ["{within: {fact: surgery, days: 14}}", "{fact: surgery.had, is: 'no'}"],
        ["{all: [{fact: heart_problem, is: 'yes'}, {fact: heart_problem, is: 'no'}]}"],
        ["{ongoing: infection}", "{not: {within: {fact: infection, days: 1}}}"],
        ["{fact: diagnosis.id, is: sarcoma}", "{fact: diagnosis.id, is: leukemia}"],
        ["{fact: organ_transplant.kind, is: organ}", "{fact: organ_transplant.kind, is: tissue}"],
        ["{within: {fact: blood_clot, months: 6}}", "{not: {within: {fact: blood_clot, years: 1}}}"],
    ],
)
def test_what_no_facts_make_true_is_found(texts: list[str]) -> None:
    assert possible([condition(text) for text in texts]) is False


def test_all_criteria_of_the_first_trial_can_be_met_together() -> None:
    rules = [one.rule for one in load_trial("NCT06848582").criteria if one.rule is not None]
    assert possible([rule.met.when for rule in rules]) is True


def test_a_search_that_is_too_long_claims_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("criteria.checking.possible.MOST_STEPS", 2)
    apart = [condition("{fact: age.months, at_least: 228}"), condition("{fact: age.months, at_most: 227}")]
    assert possible(apart) is None
