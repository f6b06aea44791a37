"""`prescreen script`: prints, compares, and says by its exit code whether something changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.approval.content import content, fingerprint
from bot.approval.keeping import comment
from bot.cli import app
from bot.settings import get_settings

TRIAL = "NCT06848582"
NOW = content(TRIAL)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRESCREEN_HOME", str(tmp_path / "home"))
    get_settings.cache_clear()
    yield tmp_path / "home"
    get_settings.cache_clear()


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["script", *words])


def test_markdown_comes_to_standard_output_and_is_kept(home: Path) -> None:
    done = run(TRIAL)
    assert done.exit_code == 0
    assert done.stdout.startswith("# Everything a family can be shown")
    assert (home / "scripts" / f"{fingerprint(NOW)}.json").exists()


@pytest.mark.parametrize(("form", "start"), [("html", b"<!doctype html>"), ("pdf", b"%PDF-"), ("json", b"{")])
def test_each_form_goes_into_a_file(tmp_path: Path, form: str, start: bytes) -> None:
    path = tmp_path / f"script.{form}"
    assert run(TRIAL, "--format", form, "--output", str(path)).exit_code == 0
    assert path.read_bytes().startswith(start)


def test_json_and_no_difference(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    run(TRIAL, "--format", "json", "--output", str(path))
    assert json.loads(path.read_text(encoding="utf-8"))["hash"] == fingerprint(NOW)
    done = run(TRIAL, "--diff", str(path))
    assert done.exit_code == 0
    assert done.stdout == f"Nothing differs. Hash: {fingerprint(NOW)}\n"


def test_a_difference_is_told_by_section_with_old_and_new_words(tmp_path: Path) -> None:
    old = [
        entry._replace(text="How old is she?") if entry.key == "questions.age.ask" else entry
        for entry in NOW
        if entry.key not in ("reply.thanks", "E20.rule.not_yet.0.family")
    ]
    old.append(old[0]._replace(key="gone.away", text="Bye."))
    path = tmp_path / "old.md"
    path.write_text(comment(old), encoding="utf-8")
    done = run(TRIAL, "--diff", str(path))
    assert done.exit_code == 1
    assert "2 added, 1 removed, 1 changed, 0 moved." in done.stdout
    assert "== The questions\n\nChanged: en:questions.age.ask\n" in done.stdout
    new = next(entry.text for entry in NOW if entry.key == "questions.age.ask")
    assert f"\n  old: How old is she?\n  new: {new}\n" in done.stdout
    assert "== What else the chat says\n\nAdded: en:reply.thanks\n  new: Thank you.\n" in done.stdout
    assert f"== The criteria, one by one\n\nAdded: {TRIAL}:E20.rule.not_yet.0.family\n" in done.stdout
    assert "== In no section now\n\nRemoved: en:gone.away\n  old: Bye.\n" in done.stdout


def test_another_order_is_told(tmp_path: Path) -> None:
    path = tmp_path / "old.md"
    path.write_text(comment([*NOW[1:], NOW[0]]), encoding="utf-8")
    done = run(TRIAL, "--diff", str(path))
    assert done.exit_code == 1
    assert f"Stands in another place: {NOW[0].name}" in done.stdout


@pytest.mark.parametrize(
    "words", [("NCT1",), (TRIAL, "--diff", "nothing.md"), (TRIAL, "--output", "/nowhere/x.md")]
)
def test_what_cannot_be_used_is_one_sentence_and_code_2(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr


def test_grades_are_a_table() -> None:
    done = run(TRIAL, "--grades")
    assert done.exit_code == 0
    assert "| Section | Texts | Sentences | Highest | Mean |" in done.stdout


def test_bad_settings_stop_no_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "none")
    get_settings.cache_clear()
    assert run(TRIAL, "--grades").exit_code == 0
    assert run(TRIAL, "--format", "json").exit_code == 0
