"""`prescreen trial check` reads every trial file as the program does."""

from __future__ import annotations

from typer.testing import CliRunner

from bot.cli import app


def test_the_project_s_own_trials_can_be_used() -> None:
    assert CliRunner().invoke(app, ["trial", "check"]).exit_code == 0


def test_a_trial_that_is_not_there_is_told() -> None:
    result = CliRunner().invoke(app, ["trial", "check", "NCT00000000"])
    assert result.exit_code == 1
    assert "no trial 'NCT00000000'" in result.output
