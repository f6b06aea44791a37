"""The set-up script: each thing that can be missing is told in one sentence that says what to do."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, with its log in a folder of the test's."""
    spec = importlib.util.spec_from_file_location("setup_script", ROOT / "scripts" / "setup.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "LOG", tmp_path / "logs" / "setup.log")
    return module


def command(folder: Path, name: str, script: str) -> Path:
    """A small shell command."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_a_missing_python_is_told_with_what_to_do(setup: ModuleType, tmp_path: Path) -> None:
    uv = command(tmp_path, "uv", "exit 1")
    with pytest.raises(setup.SetupError) as told:
        setup.find_python(((2, 6),), uv, "PYTHON_RASA")
    text = str(told.value)
    assert "\n" not in text
    assert "Python 2.6 was not found" in text
    assert "PYTHON_RASA" in text


def test_uv_brings_a_python_that_the_machine_lacks(setup: ModuleType, tmp_path: Path) -> None:
    uv = command(tmp_path, "uv", f'[ "$2" = find ] && echo {sys.executable}; exit 0')
    assert setup.find_python(((2, 6),), uv, "PYTHON_RASA") == Path(sys.executable)


def test_a_shim_without_its_python_is_passed_over(setup: ModuleType, tmp_path: Path) -> None:
    shim = command(tmp_path, "python3.10", "echo 'command not found' >&2; exit 127")
    assert setup.version_of(shim) is None
    assert setup.version_of(sys.executable) == sys.version_info[:2]


def test_a_named_python_of_the_wrong_version_is_refused(
    setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_RASA", sys.executable)
    with pytest.raises(setup.SetupError, match=r"is not a Python 2\.6 that runs"):
        setup.find_python(((2, 6),), tmp_path / "uv", "PYTHON_RASA")


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("error: failed to fetch; dns error", "check the network connection"),
        ("Hash mismatch for rasa", "not the one that was pinned"),
        ("No space left on device", "the disk is full"),
        ("something else", "look into the log"),
    ],
)
def test_a_failing_step_is_one_sentence_and_a_log(
    setup: ModuleType, tmp_path: Path, said: str, advice: str
) -> None:
    failing = command(tmp_path, "pip", f"echo '{said}'; exit 2")
    with pytest.raises(setup.SetupError, match=advice) as told:
        setup.run([failing], "Installing Rasa's environment")
    assert "\n" not in str(told.value)
    assert said in setup.LOG.read_text()


def test_an_unfinished_environment_is_built_anew(setup: ModuleType, tmp_path: Path) -> None:
    stamp = {"from": "digest"}
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    assert not setup.is_built(tmp_path, stamp)
    setup.finish(tmp_path, stamp)
    assert setup.is_built(tmp_path, stamp)
    assert not setup.is_built(tmp_path, {"from": "another digest"})
