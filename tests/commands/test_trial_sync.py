"""`prescreen trial sync` tells what changed, and ends with 1 where it could not look."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.commands.trial import syncing
from bot.registry.api import Found
from bot.registry.drafting import draft
from bot.registry.errors import RegistryUnreachable
from bot.registry.formats import record_of
from criteria.loading import read_trial
from tests.registry.studies import api_study


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "trials"
    folder.mkdir()
    drafted = draft(record_of(api_study()), date(2026, 12, 1))
    (folder / f"{drafted.id}.yml").write_text(drafted.text, encoding="utf-8")
    return folder


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["trial", "sync", *map(str, arguments)])
    return result.exit_code, result.output


def test_a_file_of_records_in_place_of_the_registry(folder: Path, tmp_path: Path) -> None:
    records = tmp_path / "records.json"
    records.write_text(json.dumps(api_study(status="COMPLETED")), encoding="utf-8")
    assert run("--from", records, "--folder", folder) == (
        0,
        "NCT90000001: status: recruiting -> completed\n",
    )
    assert read_trial(folder / "NCT90000001.yml").study.status == "completed"
    assert run("--from", records, "--folder", folder) == (0, "Nothing has changed.\n")


def test_a_study_that_the_source_lacks_ends_with_1(folder: Path, tmp_path: Path) -> None:
    records = tmp_path / "records.json"
    records.write_text(json.dumps(api_study("NCT90000005")), encoding="utf-8")
    code, output = run("NCT90000001", "--from", records, "--folder", folder)
    assert (code, output) == (1, "NCT90000001: the file does not hold it\n")


def test_a_registry_that_cannot_be_reached_ends_with_1(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def find(self, numbers: list[str]) -> Found:
            raise RegistryUnreachable("the registry cannot be reached")

    monkeypatch.setattr(syncing, "Registry", lambda address: Away())
    code, output = run("--folder", folder)
    assert (code, output) == (1, "the registry cannot be reached\n")
