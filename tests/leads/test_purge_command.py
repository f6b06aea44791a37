"""``prescreen purge``, as somebody at the site runs it."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.leads.screenings import save_screening
from bot.settings import get_settings
from tests.leads.rasa_table import senders, tell


def test_a_dry_run_says_what_would_go_and_deletes_nothing(
    tracker: sqlite3.Connection, screening: dict[str, Any]
) -> None:
    for name in ("one", "two"):
        tell(tracker, name, "words", hours_ago=25)
    save_screening("one", screening)
    result = CliRunner().invoke(app, ["purge", "--dry-run"])
    assert result.exit_code == 0
    assert result.stdout == (
        "This would be deleted:\n  2 conversations silent for a day\n  1 screening of such a conversation\n"
    )
    assert senders(tracker) == {"one", "two"}
    result = CliRunner().invoke(app, ["purge"])
    assert result.exit_code == 0
    assert result.stdout.startswith("Deleted:\n  2 conversations silent for a day\n")
    assert senders(tracker) == set()
    assert CliRunner().invoke(app, ["purge"]).stdout == "Nothing was to be deleted.\n"
    assert CliRunner().invoke(app, ["purge", "--dry-run"]).stdout == "Nothing is to be deleted.\n"


def test_a_database_that_fails_is_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    (home / "tracker.db").write_bytes(b"this is no database" * 100)
    result = CliRunner().invoke(app, ["purge"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        "Not everything could be deleted; it stays until the next purge (conversations: DatabaseError).\n"
    )
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{home / 'tracker.db'}")
    get_settings.cache_clear()
    result = CliRunner().invoke(app, ["purge", "--dry-run"])
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_a_setting_that_is_wrong_is_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEAD_DAYS", "0")
    get_settings.cache_clear()
    result = CliRunner().invoke(app, ["purge"])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "LEAD_DAYS" in result.stderr


def test_free_space_that_was_not_cleaned_is_told(
    tracker: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.leads.sweeping.MOST_BYTES", 0)
    tell(tracker, "one", "words", hours_ago=25)
    result = CliRunner().invoke(app, ["purge"])
    assert result.exit_code == 0
    assert "free space" in result.stderr
