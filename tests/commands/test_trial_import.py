"""`prescreen trial import` writes trial files that `prescreen trial check` accepts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.commands.trial import importing
from bot.registry.api import Found
from bot.registry.errors import RegistryUnreachable
from bot.registry.formats import record_of
from criteria.loading import load_trial, trial_names
from tests.registry.studies import api_study, flat_study


@pytest.fixture
def records(tmp_path: Path) -> Path:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "one.json").write_text(json.dumps(api_study()), encoding="utf-8")
    (folder / "more.jsonl").write_text(json.dumps(flat_study()) + "\n", encoding="utf-8")
    return folder


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["trial", "import", *map(str, arguments)])
    return result.exit_code, result.output


def test_a_folder_in_both_formats(records: Path, tmp_path: Path) -> None:
    into = tmp_path / "trials"
    code, output = run(records, "--into", into)
    assert code == 0
    assert output.splitlines() == [
        "NCT90000002: 7 criteria, 5 drafted",
        "NCT90000001: 6 criteria, 4 drafted",
    ]
    assert trial_names(into) == ["NCT90000001", "NCT90000002"]
    assert [load_trial(name, into).id for name in trial_names(into)] == trial_names(into)
    assert [path.name for path in into.iterdir() if path.suffix != ".yml"] == []


def test_a_file_that_is_there_is_not_written_over(records: Path, tmp_path: Path) -> None:
    into = tmp_path / "trials"
    into.mkdir()
    (into / "NCT90000001.yml").write_text("mine", encoding="utf-8")
    code, output = run(records, "--into", into)
    assert code == 1
    assert "NCT90000001.yml is there already" in output
    assert (into / "NCT90000001.yml").read_text(encoding="utf-8") == "mine"
    assert (into / "NCT90000002.yml").exists()
    code, _ = run(records, "--into", into, "--force")
    assert code == 0
    assert load_trial("NCT90000001", into).id == "NCT90000001"


def test_only_some_of_a_file(records: Path, tmp_path: Path) -> None:
    code, _ = run(records, "--into", tmp_path / "trials", "--only", "nct90000002")
    assert code == 0
    assert trial_names(tmp_path / "trials") == ["NCT90000002"]


def test_what_is_no_record_is_told(tmp_path: Path) -> None:
    code, output = run(tmp_path / "nothing.json")
    assert code == 1
    assert "nothing.json" in output


def test_a_number_is_asked_of_the_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class OneStudy:
        def find(self, numbers: list[str]) -> Found:
            assert numbers == ["NCT90000001", "NCT90000009"]
            return Found({"NCT90000001": record_of(api_study())}, {"NCT90000009": "there is none"})

    monkeypatch.setattr(importing, "Registry", lambda address: OneStudy())
    code, output = run("NCT90000001", "NCT90000009", "--into", tmp_path)
    assert code == 1
    assert "NCT90000009: there is none" in output
    assert trial_names(tmp_path) == ["NCT90000001"]


def test_a_registry_that_cannot_be_reached_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def find(self, numbers: list[str]) -> Found:
            raise RegistryUnreachable("the registry cannot be reached")

    monkeypatch.setattr(importing, "Registry", lambda address: Away())
    code, output = run("NCT90000001", "--into", tmp_path)
    assert (code, trial_names(tmp_path)) == (1, [])
    assert "cannot be reached" in output
