"""Which trials families hear of while the program runs and trial files change beneath it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.approval.offered import OfferedTrials, catalogue, offered_trials
from bot.settings import Settings
from criteria import TrialError
from criteria.loading import TRIALS

TRIAL = "NCT06848582"


def replace_file(path: Path, text: str) -> None:
    """As imports, reviews and syncs do it: a new file takes the old one's place."""
    draft = path.with_suffix(".draft")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)
    # Two changes within one tick of the file system's clock would look like one.
    later = path.parent.stat().st_mtime_ns + 1_000_000
    os.utime(path, ns=(later, later))
    os.utime(path.parent, ns=(later, later))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "trials"
    folder.mkdir()
    replace_file(folder / f"{TRIAL}.yml", (TRIALS / f"{TRIAL}.yml").read_text(encoding="utf-8"))
    return Settings.from_env({"PRESCREEN_HOME": str(tmp_path), "TRIALS_FOLDER": str(folder)})


def test_the_same_trials_are_given_as_long_as_nothing_changes(settings: Settings) -> None:
    assert offered_trials(settings) is offered_trials(settings)
    assert dict(OfferedTrials(settings)) == {TRIAL: offered_trials(settings)[0]}


def test_a_trial_that_closes_is_no_longer_offered(settings: Settings) -> None:
    trials = OfferedTrials(settings)
    assert list(trials) == [TRIAL]
    path = settings.trials_folder / f"{TRIAL}.yml"
    replace_file(path, path.read_text(encoding="utf-8").replace("status: recruiting", "status: completed"))
    assert list(trials) == []
    assert TRIAL in catalogue(settings)


def test_a_trial_that_is_brought_in_is_offered_without_a_restart(settings: Settings) -> None:
    text = (settings.trials_folder / f"{TRIAL}.yml").read_text(encoding="utf-8")
    assert len(offered_trials(settings)) == 1
    replace_file(settings.trials_folder / "NCT00000002.yml", text.replace(TRIAL, "NCT00000002"))
    assert [trial.id for trial in offered_trials(settings)] == ["NCT00000002", TRIAL]


def test_a_file_that_breaks_leaves_the_trials_from_before(settings: Settings) -> None:
    before = offered_trials(settings)
    replace_file(settings.trials_folder / "NCT00000002.yml", "id: NCT00000002")
    assert offered_trials(settings) == before


def test_a_file_that_is_broken_from_the_start_is_an_error(settings: Settings) -> None:
    replace_file(settings.trials_folder / "NCT00000002.yml", "id: NCT00000002")
    with pytest.raises(TrialError, match="NCT00000002"):
        catalogue(settings)
