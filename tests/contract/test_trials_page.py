"""The page of all trials is that of the trial files; `make trials` writes it anew."""

from __future__ import annotations

from pathlib import Path

from bot.script.catalogue import trials_page
from bot.texts import load_texts
from criteria import load_trial, trial_names

ROOT = Path(__file__).parents[2]


def test_the_page_of_the_trials_is_current() -> None:
    kept = (ROOT / "docs" / "trials.md").read_text(encoding="utf-8")
    assert kept == trials_page([load_trial(name) for name in trial_names()], load_texts("en"))
