"""Where things lie, and the one error that the supervisor raises."""

from __future__ import annotations

import os
from pathlib import Path

#: The repository: Rasa's files lie in it, and every child runs in it.
ROOT = Path(__file__).resolve().parents[2]


class StackError(Exception):
    """The program could not start or go on; the text is one sentence saying what happened and what to do."""


def rasa_python() -> Path:
    """The Python of Rasa's own environment (`PRESCREEN_RASA_PYTHON` names another one)."""
    named = os.environ.get("PRESCREEN_RASA_PYTHON")
    python = Path(named) if named else ROOT / ".venv-rasa" / "bin" / "python"
    if not python.exists():
        raise StackError(f"Rasa's environment is missing ({python}). Run `make setup` first.")
    return python


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner can read, since conversations and keys lie in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The set-up, or somebody by hand, may have made it before with other rights.
        folder.chmod(0o700)
    except OSError as error:
        raise StackError(
            f"The folder {folder} cannot be made ({error.strerror}). Set PRESCREEN_HOME."
        ) from None
    return folder
