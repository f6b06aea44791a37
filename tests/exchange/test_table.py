"""The table of criteria: one row each, and nothing in it that a spreadsheet computes."""

from __future__ import annotations

import csv
import io

import pytest

from bot.exchange.table import COLUMNS, criteria_as_csv
from bot.spreadsheets import as_csv
from bot.texts import load_texts
from bot.trialfiles.rules import in_words
from criteria import Trial
from tests.exchange.trials import ALL, CHANGED, DRAFT, REVIEWED, TRIAL, changed

TEXTS = load_texts("en")


def rows(trial: Trial) -> list[dict[str, str]]:
    text = criteria_as_csv(trial, TEXTS, in_words).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def row(trial: Trial, criterion_id: str) -> dict[str, str]:
    return next(row for row in rows(trial) if row["id"] == criterion_id)


@pytest.mark.parametrize("trial", ALL.values(), ids=list(ALL))
def test_every_criterion_is_a_row_in_the_trial_s_order(trial: Trial) -> None:
    told = rows(trial)
    assert [one["id"] for one in told] == [criterion.id for criterion in trial.criteria]
    assert all(tuple(one) == COLUMNS for one in told)
    assert all(bool(one["rule"]) == (one["asked"] == "yes") == bool(one["facts"]) for one in told)


@pytest.mark.parametrize("trial", ALL.values(), ids=list(ALL))
def test_no_cell_or_line_of_one_begins_like_a_formula(trial: Trial) -> None:
    for one in rows(trial):
        for cell in one.values():
            assert not any(line.strip()[:1] in tuple("=+-@") for line in cell.splitlines() if line.strip())


def test_a_rule_is_told_in_words() -> None:
    assert row(TRIAL, "I2")["rule"] == (
        "Not met, when\n  Age of the patient, in months: 228 or more\n"
        "Met, when\n  Age of the patient, in months: 227 or less"
    )
    assert " or " in row(TRIAL, "I4")["rule"]
    assert row(TRIAL, "E3")["kind"] == "exclusion"
    assert row(TRIAL, "I2")["facts"] == "age.months"


def test_states() -> None:
    assert row(TRIAL, "I1")["state"] == "for the team"
    assert row(TRIAL, "I2")["state"] == "asked"
    assert row(DRAFT, "I2")["state"] == "draft"
    assert row(CHANGED, "I2")["state"] == "changed"
    assert row(REVIEWED, "I2")["state"] == "reviewed"


def test_a_formula_in_a_source_is_disarmed() -> None:
    assert row(changed("I2", source="=1+1", note="a;@SUM(A1)"), "I2")["source"] == "'=1+1"
    assert row(changed("I2", source="=1+1", note="a;@SUM(A1)"), "I2")["note"] == "a;'@SUM(A1)"


def test_cells_that_are_not_told_are_empty() -> None:
    assert as_csv(("a", "b"), [{"b": "1"}]) == b'\xef\xbb\xbf"a","b"\r\n"","1"\r\n'
