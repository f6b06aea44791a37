"""The processes that the program is made of: the only place that says how each is started."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from bot.supervisor.places import rasa_python


@dataclass(frozen=True)
class Process:
    """One process. ``log`` is its file under `logs`; ``grace`` its seconds to end by itself when told to."""

    name: str
    command: tuple[str, ...]
    log: str
    grace: float = 6.0


def processes(model: Path | str, rasa_port: str, actions_port: str) -> list[Process]:
    """All processes, in the order in which they are started. The `Procfile` names the same ones.

    Raises `StackError` where Rasa's environment is missing.
    """
    python, rasa = sys.executable, str(rasa_python())
    return [
        Process(
            "Rasa",
            (rasa, "-m", "bot.rasa_server", "--model", str(model), "--port", rasa_port),
            "rasa.log",
        ),
        Process("action server", (python, "-m", "actions", "--port", actions_port), "actions.log"),
        Process("web", (python, "-m", "bot.web"), "web.log"),
        # It ends after the message in hand: cut off in its middle, a mail would be one that was maybe sent.
        Process("worker", (python, "-m", "bot.leads.outbox"), "worker.log", grace=30.0),
    ]
