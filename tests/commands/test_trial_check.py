"""`prescreen trial check`: what it prints, and when it is content."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import get_settings
from tests.criteria.checking.trials import AGE, trial_file

SITE = "age_limit_months: 228\nsites: [{country: Nowhere}]\n"
Check = Callable[..., Result]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Check]:
    """Runs the command over the trial files of an empty folder of its own."""
    monkeypatch.setenv("TRIALS_FOLDER", str(tmp_path))
    get_settings.cache_clear()
    yield lambda *options: CliRunner().invoke(app, ["trial", "check", *options])
    get_settings.cache_clear()


def test_the_first_trial_has_nothing_but_what_it_names() -> None:
    assert CliRunner().invoke(app, ["trial", "check", "--known-ok", "NCT06848582"]).exit_code == 0
    result = CliRunner().invoke(app, ["trial", "check", "NCT06848582"])
    assert result.exit_code == 1
    assert "NCT06848582.yml, line" in result.output
    assert "0 to put right" in result.output


def test_a_trial_without_a_fault_is_told_so(check: Check, tmp_path: Path) -> None:
    trial_file(tmp_path, AGE, SITE)
    result = check()
    assert (result.exit_code, result.output) == (
        0,
        "1 trial file: 0 to put right, 0 to settle with the site, 0 of these known.\n",
    )


def test_a_trial_that_is_not_there_is_told(check: Check) -> None:
    result = check("NCT00000000")
    assert result.exit_code == 1
    assert "no trial 'NCT00000000'" in result.output


def test_json_has_file_and_line_of_everything(check: Check, tmp_path: Path) -> None:
    trial_file(tmp_path, AGE, SITE.replace("228", "216"))
    result = check("--format", "json", "--known-ok")
    assert result.exit_code == 1
    (found,) = json.loads(result.output)
    assert (found["file"], found["line"], found["severity"]) == ("NCT00000001.yml", 11, "error")
    assert found["criteria"] == ["I1"]


def test_what_the_unclear_list_names_counts_unless_it_may_be_known(check: Check, tmp_path: Path) -> None:
    trial_file(tmp_path, AGE, SITE + "unclear: [I1 is not clear]\n")
    assert check().exit_code == 1
    assert check("--known-ok").exit_code == 0
    assert "known: named under unclear" in check("--known-ok").output


def test_records_of_today_are_compared(check: Check, tmp_path: Path) -> None:
    trial_file(tmp_path, AGE, SITE)
    records = tmp_path / "records.json"
    records.write_text(json.dumps({"NCT00000001": "1. Age ≤ 18 years."}), encoding="utf-8")
    assert check("--records", str(records)).exit_code == 0
    records.write_text(json.dumps({"NCT00000001": "1. Age ≤ 12 years."}), encoding="utf-8")
    result = check("--records", str(records))
    assert result.exit_code == 1
    assert "these words do not stand in the registry's text today" in result.output


def test_a_page_is_checked_for_the_one_trial_it_is_of(check: Check, tmp_path: Path) -> None:
    trial_file(tmp_path, AGE, SITE)
    page = tmp_path / "page.txt"
    page.write_text("Age ≤ 18 years.\nCall {{PHONE}}.\n", encoding="utf-8")
    result = check("NCT00000001", "--source", str(page))
    assert result.exit_code == 1
    assert "page.txt, line 2: to settle: the template mark {{PHONE}}" in result.output


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("gone.json", None, "cannot be read"), ("bad.json", "{", "no JSON"), ("list.json", "[1]", "one object")],
)
def test_a_file_that_can_not_be_read_is_told(
    check: Check, tmp_path: Path, name: str, content: str | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    result = check("--records", str(tmp_path / name))
    assert result.exit_code == 2
    assert said in result.output
