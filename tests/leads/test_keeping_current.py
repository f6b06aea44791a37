"""The worker's daily look at the registry: only where enabled, beside its sending, and never fatal."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.leads.keeping_current import sync, sync_in_background
from bot.leads.outbox.chores import CHORES
from bot.registry.api import Found
from bot.registry.errors import RegistryUnreachable
from bot.settings import Settings
from criteria import load_trial
from criteria.loading import TRIALS

TRIAL = "NCT06848582"


class Away:
    """A registry that does not answer; ``asked`` is set once it was asked, and it waits for ``go``."""

    def __init__(self) -> None:
        self.asked, self.go = threading.Event(), threading.Event()

    def find(self, numbers: Sequence[str]) -> Found:
        self.asked.set()
        self.go.wait(30)
        raise RegistryUnreachable("no answer came")


def settings(folder: Path, **variables: str) -> Settings:
    shutil.copy(TRIALS / f"{TRIAL}.yml", folder)
    return Settings.from_env({"PRESCREEN_HOME": str(folder), "TRIALS_FOLDER": str(folder)} | variables)


def test_nobody_looks_unless_the_site_has_said_so(tmp_path: Path) -> None:
    away = Away()
    assert not sync_in_background(settings(tmp_path), lambda _: away)
    assert not away.asked.is_set()


def test_the_worker_does_not_wait_and_no_second_look_starts_meanwhile(tmp_path: Path) -> None:
    away, enabled = Away(), settings(tmp_path, TRIALS_SYNC="1")
    assert sync_in_background(enabled, lambda _: away)
    assert away.asked.wait(30)
    assert not sync_in_background(enabled, lambda _: away)
    away.go.set()
    for thread in threading.enumerate():
        if thread.name == "trials-sync":
            thread.join(30)
    assert sync_in_background(enabled, lambda _: away)


def test_a_registry_that_is_away_is_said_and_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away, enabled = Away(), settings(tmp_path, TRIALS_SYNC="1")
    away.go.set()
    before = (tmp_path / f"{TRIAL}.yml").read_bytes()
    with caplog.at_level(logging.ERROR):
        assert sync(enabled, away) == []
    assert "no answer came" in caplog.text
    assert (tmp_path / f"{TRIAL}.yml").read_bytes() == before
    assert load_trial(TRIAL, tmp_path).study.status == "recruiting"


def test_it_is_among_the_chores_once_a_day() -> None:
    (chore,) = [chore for chore in CHORES if "registry" in chore.name]
    assert chore.every == 24 * 3600
