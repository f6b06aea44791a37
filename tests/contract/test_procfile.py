"""The Procfile names the processes that the supervisor starts, with the same options."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from bot.supervisor.processes import processes

ROOT = Path(__file__).parents[2]


@pytest.fixture
def rasa_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa's environment need not be there for reading how it would be started."""
    python = tmp_path / "python"
    python.touch()
    monkeypatch.setenv("PRESCREEN_RASA_PYTHON", str(python))


def in_the_procfile() -> dict[str, list[str]]:
    text = (ROOT / "Procfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    named = [re.fullmatch(r"([a-z]+): (.+)", line) for line in lines]
    return {found[1]: shlex.split(found[2]) for found in named if found is not None}


@pytest.mark.usefixtures("rasa_environment")
def test_the_procfile_and_the_supervisor_agree() -> None:
    started = processes("$RASA_MODEL", "$RASA_PORT", "$ACTIONS_PORT")
    # Only the Python is another one: each environment's own.
    assert {Path(process.log).stem: list(process.command[1:]) for process in started} == {
        name: command[1:] for name, command in in_the_procfile().items()
    }


def test_each_process_runs_in_its_own_environment() -> None:
    assert {name: command[0] for name, command in in_the_procfile().items()} == {
        "rasa": ".venv-rasa/bin/python",
        "actions": ".venv/bin/python",
        "web": ".venv/bin/python",
        "worker": ".venv/bin/python",
    }
