"""The CTML export: in form, never too narrow, and open about what it lacks."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from bot.exchange import ctml, oncotree
from bot.exchange.deciding import all_diagnoses, counting
from criteria import Trial, assess, check_facts
from criteria.conditions import Includes, Not, OneOf
from criteria.facts import DIAGNOSIS_IDS, ORIGINS
from criteria.trial import Case, Rule
from tests.exchange.trials import ALL, BARE, DRAFT, PLACED, TRIAL, TRIALS, changed

SCHEMA = jsonschema_rs.validator_for(
    json.loads(Path(ctml.__file__).with_name("ctml.schema.json").read_text(encoding="utf-8"))
)
TODAY = date(2026, 11, 22)


def limits(trial: Trial) -> list[dict[str, Any]]:
    return ctml.match(trial)[0]["and"]  # type: ignore[no-any-return]


def bounds(trial: Trial) -> list[str]:
    return [one["clinical"]["age_numerical"] for one in limits(trial) if "age_numerical" in str(one)]


@pytest.mark.parametrize("trial", ALL.values(), ids=list(ALL))
def test_every_trial_is_in_form_and_comes_back_from_yaml(trial: Trial) -> None:
    told = yaml.safe_load(ctml.as_ctml(trial))
    assert told == ctml.ctml(trial)
    assert list(SCHEMA.iter_errors(told)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"protocol_no": ""},
        {"status": "recruiting"},
        {"treatment_list": {}},
        {"sponsor_list": {"sponsor": []}},
        {"eligible": True},
    ],
)
def test_what_is_out_of_form_is_found(wrong: dict[str, Any]) -> None:
    assert list(SCHEMA.iter_errors(ctml.ctml(TRIAL) | wrong))


@pytest.mark.parametrize(
    "clinical",
    [
        {},
        {"age_numerical": "19"},
        {"age_numerical": "<19 years"},
        {"gender": "female"},
        {"disease_status": "Recurrent"},
    ],
)
def test_a_limit_out_of_form_is_found(clinical: dict[str, Any]) -> None:
    told = ctml.ctml(TRIAL)
    told["treatment_list"]["step"][0]["arm"][0]["match"] = [{"and": [{"clinical": clinical}]}]
    assert list(SCHEMA.iter_errors(told))


def test_the_first_month_that_is_too_old_is_the_limit() -> None:
    assert bounds(TRIAL) == ["<19"]


def test_months_are_read_as_matchminer_reads_them() -> None:
    for months in range(1200):
        # Whole years, and a part of a year that is rounded to whole months.
        years, _, part = ctml._years(months).partition(".")
        assert int(years) * 12 + round(float(f"0.{part or 0}") * 12) == months


def test_a_draft_becomes_no_limit_and_is_named() -> None:
    assert "age_numerical" not in str(ctml.match(DRAFT))
    assert any(line.startswith("I2 (draft)") for line in ctml.not_expressed(DRAFT))


@pytest.mark.parametrize("trial", TRIALS, ids=[trial.id for trial in TRIALS])
def test_every_criterion_is_expressed_or_named(trial: Trial) -> None:
    named = {line.partition(" ")[0] for line in ctml.not_expressed(trial)}
    for criterion in trial.criteria:
        whole = any(
            criterion.rule is not None and criterion.rule.paths() <= thing
            for thing in ctml.expressed(criterion)
        )
        assert (criterion.id in named) == (not whole or criterion not in counting(trial))
    written = ctml.as_ctml(trial)
    assert all(criterion.id in written for criterion in trial.criteria if criterion.rule is None)


@pytest.mark.parametrize("trial", TRIALS, ids=[trial.id for trial in TRIALS])
def test_no_diagnosis_that_may_meet_the_trial_is_left_out(trial: Trial) -> None:
    if not ctml.match(trial):
        return
    listed = [one for one in limits(trial) if "or" in one]
    names = {one["clinical"]["oncotree_primary_diagnosis"] for group in listed for one in group["or"]}
    against = {
        one["clinical"]["oncotree_primary_diagnosis"]
        for one in limits(trial)
        if "clinical" in one and "oncotree_primary_diagnosis" in one["clinical"]
    }
    for name, origin in all_diagnoses():
        facts = check_facts({"diagnosis": {"id": name, "arises_in": origin}}, TODAY)
        if name == "not_cancer" or assess(trial, facts, TODAY).verdict in ("not_likely", "not_yet"):
            continue
        for tree_name in oncotree.names(name, origin):
            assert f"!{tree_name}" not in against
            if oncotree.means(name) and listed:
                assert tree_name in names


def test_a_diagnosis_under_a_wider_name_is_shut_out_by_name() -> None:
    assert {"clinical": {"oncotree_primary_diagnosis": "!Desmoid/Aggressive Fibromatosis"}} in limits(TRIAL)
    assert "Neuroblastoma" not in str(limits(TRIAL))


def test_where_a_fitting_diagnosis_has_no_certain_name_only_the_others_are_shut_out() -> None:
    out = OneOf("diagnosis.id", frozenset({"neuroblastoma"}))
    trial = changed("I4", rule=Rule(Case(Not(out), "yes"), not_met=(Case(out, "no", "no"),)))
    assert {"clinical": {"oncotree_primary_diagnosis": "!Neuroblastoma"}} in limits(trial)
    assert not any("or" in one for one in limits(trial))
    assert any("other cancer" in line for line in ctml.not_expressed(trial))


def test_the_state_of_the_disease_is_told_where_it_is_all_that_is_asked() -> None:
    back = Includes("disease_course", "relapsed")
    trial = changed("I4", rule=Rule(Case(back, "yes"), not_met=(Case(Not(back), "no", "no"),)))
    assert {"clinical": {"disease_status": ["Recurrent"]}} in limits(trial)
    assert not any(line.startswith("I4") for line in ctml.not_expressed(trial))


def test_a_criterion_for_one_sex_is_told() -> None:
    boys = OneOf("sex", frozenset({"male"}))
    trial = changed("I4", rule=Rule(Case(Not(boys), "yes"), not_met=(Case(boys, "no", "no"),)))
    assert {"clinical": {"gender": "Female"}} in limits(trial)
    assert not any(line.startswith("I4") for line in ctml.not_expressed(trial))


def test_sites_sex_and_status_are_told_where_they_are_known() -> None:
    sites = ctml.ctml(PLACED)["site_list"]["site"]
    assert sites == [
        {"site_name": "Hospital of Houston", "site_status": "Open to Accrual"},
        {"site_name": "China", "site_status": "Closed to Accrual"},
    ]
    assert "site_list" not in ctml.ctml(TRIAL)
    assert {"clinical": {"gender": "Female"}} in limits(BARE)
    assert "status" not in ctml.ctml(BARE)
    assert any("new patients" in line for line in ctml.not_expressed(BARE))


def test_a_trial_without_limits_has_no_match() -> None:
    assert "match" not in str(ctml.ctml(replace(TRIAL, criteria=TRIAL.criteria[:1])))


def test_the_head_says_whose_schema_and_names_they_are_and_that_nobody_reviewed_it() -> None:
    head = " ".join(line[1:].strip() for line in ctml.as_ctml(TRIAL).splitlines() if line.startswith("#"))
    for said in (
        "JSON Schema of this project",
        "CC BY 4.0",
        "Reviewed by: nobody yet",
        "the study team decides",
    ):
        assert said in head


def test_the_names_belong_to_diagnoses_of_the_program() -> None:
    for name in DIAGNOSIS_IDS:
        for origin in ORIGINS:
            assert set(oncotree.names(name, origin)) <= set(oncotree.pairs().values())
    assert set(oncotree._file()["diagnoses"]) <= set(DIAGNOSIS_IDS)
    assert oncotree.names("other_cancer") == ()
