"""Strict loading of trial files, and a second trial that needs no code."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from criteria import TrialError, assess, check_facts, load_trial, trial_names
from criteria.loading import read_trial
from criteria.study import Step, Study

TODAY = date(2026, 11, 22)
SECOND_TRIAL = """\
id: NCT00000001
version: "1"
official_title: A Made-up Study of Relapsed Neuroblastoma
title: A made-up study
summary: It does not exist.
phase: II
sponsor: Nobody
source: {name: a test, date: 2026-11-22}
read_by: project
reviewed_by: null
unclear: [nothing]
criteria:
  - id: I1
    source: Neuroblastoma, relapsed, 1 to 21 years of age.
    family: the kind of tumor
    rule:
      met:
        when:
          all:
            - {fact: diagnosis.id, is: neuroblastoma}
            - {fact: disease_course, includes: relapsed}
            - {fact: age.months, at_least: 12, at_most: 263}
        reason: It fits.
      not_met:
        - when: {not: {fact: diagnosis.id, is: neuroblastoma}}
          reason: Another diagnosis.
          family: This study is for another cancer.
  - id: E1
    source: Radiation within 6 weeks.
    family: when the last radiation was
    rule:
      met:
        when: {not: {within: {fact: radiation, days: 42}}}
        reason: Long enough ago.
      not_yet:
        - when: {within: {fact: radiation, days: 42}}
          reason: Less than 42 days ago.
          family: The study asks for 6 weeks.
  - id: E2
    source: Judgement of the investigator.
    family: "{whose} health"
    sensitive: true
    why_not_asked: The study team decides.
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "NCT00000001.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_second_trial_needs_no_code(tmp_path: Path) -> None:
    trial = read_trial(write(tmp_path, SECOND_TRIAL))
    told = {
        "age": {"months": [60, 71]},
        "diagnosis": {"id": "neuroblastoma"},
        "disease_course": ["relapsed"],
        "radiation": {"had": "yes", "last": ["2026-10-12", "2026-10-12"]},
    }
    near = assess(trial, check_facts(told, TODAY), TODAY)
    assert (near.verdict, near.until) == ("not_yet", date(2026, 11, 23))
    assert {name: found.finding for name, found in near.findings.items()} == {
        "I1": "met",
        "E1": "not_yet",
        "E2": "for_the_team",
    }
    assert assess(trial, check_facts(told, TODAY), date(2026, 11, 23)).verdict == "likely"
    other = check_facts({**told, "diagnosis": {"id": "leukemia"}}, TODAY)
    assert assess(trial, other, TODAY).verdict == "not_likely"


STUDY = """\
study:
  registry: a registry
  status: recruiting
  sex: female
  open_label: false
  enrollment: 12
  who: [Girls from 1 year on.]
  steps:
    - {title: A test, text: It comes first.}
unclear: [nothing]
"""


def test_a_file_may_tell_nothing_of_the_study(tmp_path: Path) -> None:
    trial = read_trial(write(tmp_path, SECOND_TRIAL))
    assert trial.study == Study()
    assert list(trial.study.texts()) == []


def test_what_a_file_tells_of_the_study_is_read(tmp_path: Path) -> None:
    study = read_trial(write(tmp_path, SECOND_TRIAL.replace("unclear: [nothing]\n", STUDY))).study
    assert (study.registry, study.status, study.sex) == ("a registry", "recruiting", "female")
    assert (study.open_label, study.enrollment, study.payment) == (False, 12, None)
    assert study.steps == (Step("A test", "It comes first."),)
    assert dict(study.texts()) == {
        "study.who.0": "Girls from 1 year on.",
        "study.steps.0.title": "A test",
        "study.steps.0.text": "It comes first.",
    }


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  sex: female\n", "  gender: female\n", "unknown key 'gender'; allowed here: registry, status"),
        ("status: recruiting", "status: open", "unknown value 'open'; allowed here: not_yet_recruiting"),
        ("sex: female", "sex: girls", "unknown value 'girls'; allowed here: all, female, male"),
        ("enrollment: 12", "enrollment: some", "expected a whole number"),
        ("who: [Girls from 1 year on.]", "who: []", "expected a list with at least one item"),
        (", text: It comes first.", "", "missing: text"),
    ],
)
def test_what_is_wrong_about_the_study_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in STUDY
    told = SECOND_TRIAL.replace("unclear: [nothing]\n", STUDY.replace(old, new))
    with pytest.raises(TrialError) as caught:
        read_trial(write(tmp_path, told))
    assert str(caught.value).startswith("NCT00000001.yml, line ")
    assert words in str(caught.value)


def line_of(text: str) -> int:
    return SECOND_TRIAL[: SECOND_TRIAL.index(text)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("phase: II", "phaze: II", "unknown key 'phaze'; allowed here: id, version"),
        ("phase: II", "version: '2'", "the key 'version' stands twice"),
        ("reviewed_by: null", "reviewed_by: ''", "expected a text"),
        ("summary: It does not exist.", "summary: null", "expected a text"),
        ("summary: It does not exist.", "summary:", "expected a text"),
        ("id: NCT00000001", "id: NCT00000002", "unknown value 'NCT00000002'; allowed here: NCT00000001"),
        ("source: {name: a test, date: 2026-11-22}", "source: {name: a test, date: soon}", "YYYY-MM-DD"),
        ("unclear: [nothing]", "unclear: []", "expected a list with at least one item"),
        ("  - id: E1", "  - id: I1", "the criterion I1 stands twice"),
        ("    why_not_asked: The study team decides.", "    note: nothing", "either a rule or why_not_asked"),
        ("    sensitive: true", "    sensitive: maybe", "unknown value 'maybe'; allowed here: true, false"),
        (
            "is: neuroblastoma}\n            - {fact: dis",
            "is: flu}\n            - {fact: dis",
            "unknown value 'flu'",
        ),
        ("includes: relapsed", "includes: cured", "unknown value 'cured'; allowed here: newly_diagnosed"),
        ("includes: relapsed", "is: relapsed", "disease_course is tested by includes, not by is"),
        ("at_least: 12, at_most: 263", "is: 12", "age.months is tested by at_least or at_most"),
        ("at_least: 12,", "at_least: young,", "expected a whole number"),
        ("at_least: 12,", "at_least: -1,", "expected a whole number"),
        ("{fact: age.months,", "{fact: age.years,", "unknown value 'age.years'; allowed here:"),
        ("          all:", "          both:", "unknown condition 'both'; allowed: all, any, not, within"),
        ("          all:\n", "          all: []\n          more:\n", "unknown key 'more'"),
        ("          reason: Another diagnosis.\n", "", "missing: reason"),
        ("          family: The study asks for 6 weeks.\n", "", "missing: family"),
        ("when: {within: {fact: radiation, days: 42}}", "when: radiation", "expected a condition: all, any"),
        ("when: {within: {fact: radiation, days: 42}}", "when: {within: {fact: radiation}}", "one of days"),
        (
            "when: {within: {fact: radiation, days: 42}}",
            "when: {within: {fact: radiation, days: 42, months: 1}}",
            "one of days, months, years",
        ),
        (
            "when: {within: {fact: radiation, days: 42}}",
            "when: {within: {fact: gvhd, days: 4}}",
            "value 'gvhd'",
        ),
        (
            "when: {within: {fact: radiation, days: 42}}",
            "when: {fact: radiation.kind, is: own}",
            "unknown value 'own'; allowed here: small_area",
        ),
        ("when: {within: {fact: radiation, days: 42}}", "when: {ongoing: gvhd}", "unknown value 'gvhd'"),
    ],
)
def test_an_error_names_file_line_and_what_is_allowed(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in SECOND_TRIAL
    with pytest.raises(TrialError) as caught:
        read_trial(write(tmp_path, SECOND_TRIAL.replace(old, new, 1)))
    message = str(caught.value)
    assert message.startswith("NCT00000001.yml, line "), message
    assert words in message


def test_the_line_is_the_right_one(tmp_path: Path) -> None:
    with pytest.raises(TrialError) as caught:
        read_trial(write(tmp_path, SECOND_TRIAL.replace("is: neuroblastoma", "is: flu", 1)))
    assert f"line {line_of('is: neuroblastoma')}:" in str(caught.value)


@pytest.mark.parametrize("text", ["", "a: [", "- 1"])
def test_what_is_no_trial_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(TrialError, match="NCT00000001"):
        read_trial(write(tmp_path, text))


def test_an_unknown_trial_names_the_known_ones() -> None:
    with pytest.raises(TrialError, match=f"no trial 'NCT1'; there are: {', '.join(trial_names())}"):
        load_trial("NCT1")
    with pytest.raises(TrialError):
        load_trial("../trials/NCT06848582")
