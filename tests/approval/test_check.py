"""APPROVED_SCRIPT: a program whose texts differ does not start, and says which."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.approval import check
from bot.approval.check import refusals
from bot.approval.content import Content, content, fingerprint
from bot.approval.keeping import comment, keep
from bot.approval.offered import offered_trials
from bot.approval.sections import table
from bot.commands.run import checked_settings
from bot.settings import Settings, SettingsError
from bot.supervisor import StackError
from criteria.loading import TRIALS

TRIAL = "NCT06848582"
NOW = content(TRIAL)
PROCESSES = [("bot.web",), ("actions", "--port", "0"), ("bot.leads.outbox",)]
"""The Procfile's, Rasa's aside: it shows no text of ours."""


def approved_before(**words: str) -> Content:
    """A content that differs from the program's in these English texts."""
    return tuple(entry._replace(text=words.get(entry.key.replace(".", "_"), entry.text)) for entry in NOW)


def settings(home: Path, **told: str) -> Settings:
    return Settings.from_env({"PRESCREEN_HOME": str(home), **told})


def test_without_the_setting_nothing_is_compared(tmp_path: Path) -> None:
    assert refusals(settings(tmp_path)) == []


def test_a_trial_whose_script_was_not_approved_is_not_offered(tmp_path: Path) -> None:
    folder = tmp_path / "trials"
    folder.mkdir()
    text = (TRIALS / f"{TRIAL}.yml").read_text(encoding="utf-8")
    (folder / f"{TRIAL}.yml").write_text(text, encoding="utf-8")
    (folder / "NCT00000001.yml").write_text(text.replace(TRIAL, "NCT00000001"), encoding="utf-8")
    both = settings(tmp_path, TRIALS_FOLDER=str(folder))
    assert [trial.id for trial in offered_trials(both)] == ["NCT00000001", TRIAL]
    one = settings(tmp_path, TRIALS_FOLDER=str(folder), APPROVED_SCRIPT=fingerprint(NOW))
    assert refusals(one) == []
    assert [trial.id for trial in offered_trials(one)] == [TRIAL]


def test_the_same_texts_may_start_and_are_kept_for_later(tmp_path: Path) -> None:
    assert refusals(settings(tmp_path, APPROVED_SCRIPT=fingerprint(NOW).upper())) == []
    assert (tmp_path / "scripts" / f"{fingerprint(NOW)}.json").exists()


def test_a_script_that_was_printed_or_started_here_before_names_what_differs(tmp_path: Path) -> None:
    old = approved_before(questions_age_ask="How old is she?", emergency_still="Call.")
    keep(old, tmp_path)
    [said] = refusals(settings(tmp_path, APPROVED_SCRIPT=fingerprint(old)))
    assert "en:emergency.still (changed), en:questions.age.ask (changed)." in said
    assert fingerprint(NOW) in said


def test_the_approved_file_names_what_differs_where_nothing_is_kept(tmp_path: Path) -> None:
    old = NOW[1:]
    file = tmp_path / "approved.md"
    file.write_text(comment(old), encoding="utf-8")
    told = settings(tmp_path, APPROVED_SCRIPT=fingerprint(old), APPROVED_SCRIPT_FILE=str(file))
    [said] = refusals(told)
    assert f"these texts differ: {NOW[0].name} (added)." in said


def test_only_the_first_dozen_is_named(tmp_path: Path) -> None:
    keep(NOW[20:], tmp_path)
    [said] = refusals(settings(tmp_path, APPROVED_SCRIPT=fingerprint(NOW[20:])))
    assert said.count("(added)") == 12
    assert "and 8 more." in said


def test_a_hash_that_nobody_knows_asks_for_the_file(tmp_path: Path) -> None:
    [said] = refusals(settings(tmp_path, APPROVED_SCRIPT="0" * 64))
    assert "APPROVED_SCRIPT_FILE" in said


def test_a_file_of_another_script_is_no_help_and_said_so(tmp_path: Path) -> None:
    file = tmp_path / "other.md"
    file.write_text(comment(NOW[5:]), encoding="utf-8")
    told = settings(tmp_path, APPROVED_SCRIPT="0" * 64, APPROVED_SCRIPT_FILE=str(file))
    assert "holds another script" in refusals(told)[0]


def test_a_text_without_a_place_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "content", lambda trial, folder: table().place("quite.new"))
    [said] = refusals(settings(tmp_path, APPROVED_SCRIPT="0" * 64))
    assert said.startswith("APPROVED_SCRIPT can't be compared")
    assert "'quite.new'" in said


@pytest.mark.parametrize("value", ["yes", "0" * 63, "g" * 64, f"{'0' * 64} "[:-2]])
def test_what_is_no_hash_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="APPROVED_SCRIPT"):
        Settings.from_env({"APPROVED_SCRIPT": value})


def test_the_file_alone_is_refused() -> None:
    with pytest.raises(SettingsError, match="APPROVED_SCRIPT_FILE needs APPROVED_SCRIPT"):
        Settings.from_env({"APPROVED_SCRIPT_FILE": "script.md"})


def test_prescreen_run_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESCREEN_HOME", str(tmp_path))
    monkeypatch.setenv("APPROVED_SCRIPT", "0" * 64)
    with pytest.raises(StackError, match="APPROVED_SCRIPT"):
        checked_settings()


@pytest.mark.parametrize("command", PROCESSES, ids=[command[0] for command in PROCESSES])
def test_each_process_that_shows_texts_refuses_by_itself(tmp_path: Path, command: tuple[str, ...]) -> None:
    keep(approved_before(keep_treatment="Talk with the doctor."), tmp_path)
    old = fingerprint(approved_before(keep_treatment="Talk with the doctor."))
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        env=os.environ | {"PRESCREEN_HOME": str(tmp_path), "APPROVED_SCRIPT": old},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert ended.returncode == 2
    assert ended.stderr.strip().splitlines()[-1].endswith("these texts differ: en:keep_treatment (changed).")
