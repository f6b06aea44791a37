"""Starting, watching and stopping the program: Rasa, the action server, the web process and the worker.

    stack = start_stack(home=Path("var"), port=8080, env={"PRESCREEN_TODAY": "2026-11-22"})
    ...                      # stack.url answers
    stack.stop()

Everything that can go wrong raises `StackError`, whose text is one sentence for the person at the terminal.
"""

from bot.supervisor.model import ensure_model
from bot.supervisor.places import ROOT, StackError, rasa_python
from bot.supervisor.stack import Stack, running_url, start_stack

__all__ = ["ROOT", "Stack", "StackError", "ensure_model", "rasa_python", "running_url", "start_stack"]
