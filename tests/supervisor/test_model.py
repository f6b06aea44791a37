"""Training: once for the same files, in one step, and a failure is one sentence."""

from pathlib import Path

import pytest

from bot.supervisor import StackError, ensure_model, model, rasa_python


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of the test's, and its own stand-in for Rasa's Python."""
    root = tmp_path / "repository"
    (root / "data" / "nlu").mkdir(parents=True)
    (root / "requirements").mkdir()
    for name in ("config.yml", "domain.yml", "requirements/rasa.txt", "data/nlu/all.yml"):
        (root / name).write_text(name)
    monkeypatch.setattr(model, "ROOT", root)
    return root


def rasa(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let "Rasa" be a shell script; $5 is the folder that it is to train into."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\necho called >> {folder}/calls\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("PRESCREEN_RASA_PYTHON", str(path))


def calls(folder: Path) -> int:
    return len((folder / "calls").read_text().splitlines()) if (folder / "calls").exists() else 0


def test_it_trains_once_for_the_same_files(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasa(tmp_path, monkeypatch, 'echo trained > "$5/model.tar.gz"')
    said: list[str] = []
    first = ensure_model(tmp_path / "models", tmp_path / "logs" / "train.log", said.append)
    assert first.read_text() == "trained\n"
    assert ensure_model(tmp_path / "models", tmp_path / "logs" / "train.log", said.append) == first
    assert calls(tmp_path) == 1
    assert len(said) == 1


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "requirements/rasa.txt", "data/nlu/all.yml"])
def test_it_trains_again_when_a_file_changes(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    rasa(tmp_path, monkeypatch, 'echo trained > "$5/model.tar.gz"')
    first = ensure_model(tmp_path / "models", tmp_path / "train.log")
    (files / name).write_text("changed")
    assert ensure_model(tmp_path / "models", tmp_path / "train.log") != first
    assert calls(tmp_path) == 2


@pytest.mark.parametrize("script", ["echo oh no; exit 1", "exit 0", 'echo half > "$5/model.tar.gz"; exit 1'])
def test_a_failed_training_is_one_sentence_and_leaves_no_model(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    rasa(tmp_path, monkeypatch, script)
    log = tmp_path / "logs" / "train.log"
    with pytest.raises(StackError) as told:
        ensure_model(tmp_path / "models", log)
    assert str(told.value) == f"Training the language model failed; what Rasa said is in {log}."
    assert log.exists()
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["training.lock"]


def test_only_the_newest_models_are_kept(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasa(tmp_path, monkeypatch, 'echo trained > "$5/model.tar.gz"')
    for number in range(4):
        (files / "domain.yml").write_text(str(number))
        last = ensure_model(tmp_path / "models", tmp_path / "train.log")
    kept = list((tmp_path / "models").glob("*.tar.gz"))
    assert len(kept) == model.KEPT_MODELS
    assert last in kept


def test_a_missing_environment_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESCREEN_RASA_PYTHON", str(tmp_path / "nothing"))
    with pytest.raises(StackError, match="Run `make setup` first"):
        rasa_python()
