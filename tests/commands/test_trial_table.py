"""`prescreen trial table` prints all trials, or those that are named."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app
from criteria import trial_names


def test_all_trials_are_printed() -> None:
    result = CliRunner().invoke(app, ["trial", "table"])
    assert result.exit_code == 0
    assert [line[3:] for line in result.output.splitlines() if line.startswith("## ")] == trial_names()


def test_one_trial_goes_into_a_file(tmp_path: Path) -> None:
    file = tmp_path / "trials.md"
    result = CliRunner().invoke(app, ["trial", "table", "NCT06848582", "--output", str(file)])
    assert (result.exit_code, result.output) == (0, "")
    assert file.read_text(encoding="utf-8").count("\n## ") == 1


def test_a_trial_or_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["trial", "table", "NCT00000000"])
    assert result.exit_code == 2
    assert "no trial 'NCT00000000'" in result.output
    result = CliRunner().invoke(app, ["trial", "table", "--output", str(tmp_path / "none" / "trials.md")])
    assert result.exit_code == 2
