"""Contradictions, bounds, facts nobody can answer: each defect made on purpose, and found on its line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.interview.questions import QUESTIONS, RECENT_DAYS
from bot.trialfiles.checking import check_trial
from criteria.checking.bounds import bounds
from criteria.checking.contradictions import contradictions
from criteria.checking.reachable import reachable
from criteria.checking.trial_file import read_trial_file
from criteria.loading import TRIALS, trial_names
from tests.criteria.checking.trials import AGE, criterion, trial_file

NO_TRANSPLANT = """
met: {when: {fact: stem_cell_transplant.had, is: "no"}, reason: None.}
not_met:
  - {when: {fact: stem_cell_transplant.had, is: "yes"}, reason: One., family: This study is not for you.}
"""
TRANSPLANT = """
met: {when: {fact: stem_cell_transplant.had, is: "yes"}, reason: One.}
not_met:
  - {when: {fact: stem_cell_transplant.had, is: "no"}, reason: None., family: This study is not for you.}
"""
OLDER = """
met: {when: {fact: age.months, at_least: 240}, reason: Old enough.}
not_met:
  - {when: {fact: age.months, at_most: 239}, reason: Too young., family: This study is for grown-ups.}
"""
IN_NEITHER = """
met: {when: {all: [{fact: heart_problem, is: "yes"}, {fact: heart_problem, is: "no"}]}, reason: Never.}
"""
SHADOWED = """
met: {when: {fact: gut_trouble, is: "no"}, reason: None.}
not_met:
  - {when: {fact: gut_trouble, is: "yes"}, reason: Some., family: This study is not for you.}
not_yet:
  - {when: {fact: gut_trouble, is: "yes"}, reason: Some., family: It may end.}
"""
SWALLOWED = """
met: {when: {fact: age.months, at_most: 100}, reason: Young.}
not_met:
  - {when: {fact: age.months, at_most: 300}, reason: Too young., family: This study is not for you.}
"""
DONOR_OPEN = """
met: {when: {fact: stem_cell_transplant.kind, is: own}, reason: Own cells.}
unknown:
  - {when: {fact: stem_cell_transplant.kind, is: donor}, reason: Not settled.}
"""
DONOR_OPEN_TOO = """
met: {when: {fact: stem_cell_transplant.had, is: "no"}, reason: None.}
unknown:
  - {when: {fact: stem_cell_transplant.kind, is: donor}, reason: Not settled.}
"""


def line_of(path: Path, words: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


@pytest.mark.parametrize(
    ("first", "second", "said", "about"),
    [
        (("I2", TRANSPLANT), ("E1", NO_TRANSPLANT), "where I2 is met, E1 is not", ("I2", "E1")),
        (("I2", OLDER), ("E1", NO_TRANSPLANT), "where I1 is met, I2 is not", ("I1", "I2")),
        (("I2", IN_NEITHER), ("E1", NO_TRANSPLANT), "this case of met can never be true", ("I2",)),
        (("I2", SHADOWED), ("E1", NO_TRANSPLANT), "this case of not_yet is never reached", ("I2",)),
        (("I2", SWALLOWED), ("E1", NO_TRANSPLANT), "no answers can meet it", ("I2",)),
        (
            ("I2", DONOR_OPEN),
            ("E1", DONOR_OPEN_TOO),
            "both leave stem_cell_transplant.kind donor",
            ("I2", "E1"),
        ),
    ],
)
def test_rules_that_can_not_hold_are_found(
    tmp_path: Path, first: tuple[str, str], second: tuple[str, str], said: str, about: tuple[str, ...]
) -> None:
    criteria = AGE + criterion(first[0], "One.", first[1]) + criterion(second[0], "Another.", second[1])
    found = [one for one in contradictions(trial_file(tmp_path, criteria)) if said in one.text]
    assert [one.criteria for one in found] == [about]
    assert found[0].line > line_of(tmp_path / "NCT00000001.yml", f"id: {about[-1]}")


def test_the_first_trial_has_no_rule_that_can_not_hold() -> None:
    file = read_trial_file(TRIALS / "NCT06848582.yml")
    assert [one for one in contradictions(file) if one.severity == "error"] == []
    assert list(bounds(file)) == []
    assert list(reachable(file, QUESTIONS, RECENT_DAYS)) == []


def test_criteria_that_only_together_can_not_be_met(tmp_path: Path) -> None:
    def either(id_: str, one: str, other: str) -> str:
        return criterion(
            id_,
            "Words.",
            f"met: {{when: {{any: [{one}, {other}]}}, reason: Fits.}}",
        )

    heart, no_heart = '{fact: heart_problem, is: "yes"}', '{fact: heart_problem, is: "no"}'
    lung, no_lung = '{fact: lung_disease, is: "yes"}', '{fact: lung_disease, is: "no"}'
    criteria = (
        either("I1", heart, lung)
        + either("I2", heart, no_lung)
        + either("I3", no_heart, lung)
        + either("I4", no_heart, no_lung)
    )
    assert [one.text for one in contradictions(trial_file(tmp_path, criteria))] == [
        "no answers can meet all criteria together"
    ]


def age_rule(met: str, not_met: str) -> str:
    return f"""
met: {{when: {{fact: age.months, {met}}}, reason: Fits.}}
not_met:
  - {{when: {{fact: age.months, {not_met}}}, reason: No., family: This study is not for that age.}}
"""


@pytest.mark.parametrize(
    ("source", "rule", "more", "said"),
    [
        (
            "Age ≤ 18 years.",
            age_rule("at_least: 240, at_most: 12", "at_least: 228"),
            "",
            "240 is above at_most 12",
        ),
        (
            "Age ≤ 16 years.",
            age_rule("at_most: 227", "at_least: 228"),
            "",
            'says "≤ 16 years", the rule turns at 228',
        ),
        (
            "Age 2 to 18 years.",
            age_rule("at_most: 227", "at_least: 228"),
            "",
            "the rule has no such bound on age",
        ),
        ("Age 2 to 18 years.", "", "", "no rule asks for it"),
        ("Sarcoma.", age_rule("at_most: 227", "at_least: 228"), "", "and the source has no such limit"),
        (
            "Age ≤ 18 years.",
            age_rule("at_most: 227", "at_least: 228"),
            "age_limit_months: 216\n",
            "age_limit_months is 216, the rule of I1 rules out from 228 on",
        ),
        ("Age ≤ 18 years.", age_rule("at_most: 227", "at_least: 228"), "", "age_limit_months is missing"),
        (
            "Age ≤ 18 years.",
            age_rule("at_most: 227", "at_least: 228"),
            "age_limit_months: 228\nstudy: {not_for: [People who are 15 or older.]}\n",
            'it says "15 or older", the limit is 228',
        ),
        (
            "No surgery within 4 weeks.",
            "met: {when: {not: {within: {fact: surgery, days: 20}}}, reason: Fits.}",
            "",
            "the rule waits 20 days, and the source does not name that time",
        ),
        (
            "No surgery within 4 weeks, no biopsy within 1 week.",
            "met: {when: {not: {within: {fact: surgery, days: 28}}}, reason: Fits.}",
            "",
            'the source says "1 week", and no case of the rule waits so long',
        ),
        (
            "Lansky score of at least 60.",
            "met: {when: {fact: activity.score, at_least: 50}, reason: Fits.}",
            "",
            "the source says a score of 60, the rule asks for 50",
        ),
    ],
)
def test_bounds_that_do_not_hold_together(
    tmp_path: Path, source: str, rule: str, more: str, said: str
) -> None:
    found = list(bounds(trial_file(tmp_path, criterion("I1", source, rule), more)))
    assert [one for one in found if said in one.text], found


@pytest.mark.parametrize(
    ("id_", "source", "met", "not_met", "limit"),
    [
        ("I1", "Patients 1 to 21 years of age.", "at_least: 12, at_most: 263", "at_least: 264", 264),
        ("I1", "Age < 18 years.", "at_most: 215", "at_least: 216", 216),
        ("E1", "Patients older than 18 years.", "at_most: 227", "at_least: 228", 228),
        ("E1", "Children under the age of 1 year.", "at_least: 12", "at_most: 11", None),
    ],
)
def test_bounds_that_say_what_the_source_says(
    tmp_path: Path, id_: str, source: str, met: str, not_met: str, limit: int | None
) -> None:
    more = "" if limit is None else f"age_limit_months: {limit}\n"
    file = trial_file(tmp_path, criterion(id_, source, age_rule(met, not_met)), more)
    assert list(bounds(file)) == []


def test_a_fact_that_no_question_asks_for(tmp_path: Path) -> None:
    file = trial_file(
        tmp_path, AGE + criterion("E1", "A heart problem.", IN_NEITHER.replace("gvhd", "heart"))
    )
    without = [one for one in QUESTIONS if "heart_problem" not in one.fills]
    found = list(reachable(file, without, RECENT_DAYS))
    assert [(one.criteria, one.kind) for one in found] == [(("E1",), "no question")]
    assert list(reachable(file, QUESTIONS, RECENT_DAYS)) == []


def test_a_detail_that_no_question_asks_for(tmp_path: Path) -> None:
    file = trial_file(tmp_path, criterion("E1", "Kinds.", DONOR_OPEN))
    without = [
        replace(one, fills=one.fills - {"stem_cell_transplant.kind"}) if one.fills else one
        for one in QUESTIONS
    ]
    assert "stem_cell_transplant.kind" in next(reachable(file, without, RECENT_DAYS)).text


def test_a_follow_up_whose_question_is_never_put(tmp_path: Path) -> None:
    rule = 'met: {when: {fact: gvhd, is: "no"}, reason: None.}'
    alone = trial_file(tmp_path, criterion("I1", "No GvHD.", rule))
    assert [one.kind for one in reachable(alone, QUESTIONS, RECENT_DAYS)] == ["never asked"]
    asked = trial_file(tmp_path, criterion("I1", "No GvHD.", rule) + criterion("I2", "Own.", DONOR_OPEN))
    assert list(reachable(asked, QUESTIONS, RECENT_DAYS)) == []


def test_a_list_that_asks_about_fewer_days_than_the_rule_needs(tmp_path: Path) -> None:
    rule = "met: {when: {not: {within: {fact: live_vaccine, days: 90}}}, reason: None.}"
    found = list(reachable(trial_file(tmp_path, criterion("E1", "Vaccines.", rule)), QUESTIONS, RECENT_DAYS))
    assert [(one.kind, one.severity) for one in found] == [("asked too short", "error")]


@pytest.mark.parametrize("name", trial_names())
def test_the_project_s_own_trials_have_nothing_to_put_right(name: str) -> None:
    """What is left is for the site to settle."""
    found = check_trial(TRIALS / f"{name}.yml")
    assert [defect.text for defect in found if defect.severity == "error"] == []
