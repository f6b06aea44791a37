"""What is measured: a program that can be trained, started, talked with and stopped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Protocol

import httpx

from bot.supervisor import Stack, ensure_model, start_stack
from bot.supervisor.children import Child


class BenchError(Exception):
    """The run cannot go on; the text is one sentence for the person at the terminal."""


class TurnFailed(BenchError):
    """A turn got another answer than it should have."""


class Measured(Protocol):
    """A program under measurement. `script` is what a family writes in one conversation, turn by turn."""

    title: str
    script: tuple[str, ...]

    def train(self) -> None:
        """Train its model anew. Raises `BenchError` or `StackError`."""

    def start(self) -> None:
        """Start its processes; they need not answer yet when this returns."""

    def check(self) -> None:
        """Raise `BenchError` or `StackError` when a process has ended."""

    def stop(self) -> None:
        """Stop all its processes; may be called at any time, and twice."""

    def processes(self) -> dict[str, set[int]]:
        """Its running processes by their part: the numbers of the process and of all that it started."""

    async def turn(self, client: httpx.AsyncClient, session: str | None, number: int) -> str:
        """Say line `number` of the script, in a new conversation where `session` is None.

        Returns the conversation's session. Raises `TurnFailed` for any answer but a proper one, and httpx's
        `TransportError` where nobody answers.
        """


def group_members(leaders: set[int]) -> set[int]:
    """All processes in the process groups of these leaders. Empty where the system has no /proc."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) in leaders:
                found.add(int(folder.name))
        except OSError:
            continue
    return found


def by_part(children: list[Child]) -> dict[str, set[int]]:
    """The processes of each child, grandchildren included."""
    return {child.name: group_members({child.process.pid}) for child in children}


class Prescreen:
    """This program as `make run` starts it: web process, Rasa, action server and their supervisor."""

    title = "this program"
    #: A mother who answers, asks, and corrects herself; it ends after the verdict. The first line opens.
    script: tuple[str, ...] = (
        "",
        "I'm his mom, he turned 7 in august",
        "what is a trial anyway?",
        "alveolar rhabdomyosarcoma",
        "it came back this summer",
        "why do you ask?",
        "surgery, chemotherapy and radiation",
        "chemo ended on june 3",
        "june 20, it was a small area to ease the pain",
        "is this thing safe for him?",
        "none of those",
        "none",
        "as_usual",
        "oh sorry he is 8 not 7",
        "who is going to see this?",
    )
    #: The script's dates belong to this day. Limits are off, and nothing of the caller's own site is used.
    environment = {  # noqa: RUF012 (read only)
        "PRESCREEN_TODAY": "2026-11-22",
        "CHAT_PER_MINUTE": "0",
        "ADDRESS_PER_MINUTE": "0",
        "HOST": "127.0.0.1",
        "TRIALS": "NCT06848582",
        "PRODUCTION": "",
        "DATABASE_URL": "",
        "TRACKER_DATABASE_URL": "",
        "SITE_FORM_URL": "",
        "LOG_LEVEL": "",
    }

    def __init__(self, folder: Path) -> None:
        self._home = folder / "prescreen"
        self._models = folder / "prescreen-models"
        self._stack: Stack | None = None

    def train(self) -> None:
        """Train into a new folder, so that no earlier model counts."""
        ensure_model(self._models, self._home / "logs" / "train.log")

    def start(self) -> None:
        """Start the stack; it returns when the chat answers."""
        self._stack = start_stack(self._home, 0, self.environment, models=self._models)

    def check(self) -> None:
        """See `Measured`."""
        self._running.check()

    def stop(self) -> None:
        """See `Measured`."""
        if self._stack is not None:
            self._stack.stop()

    def processes(self) -> dict[str, set[int]]:
        """The three servers, and the supervisor, which here is the bench itself, with its keeper."""
        keeper = self._running.keeper.process.pid
        return {**by_part(self._running.children), "supervisor": {os.getpid(), keeper}}

    async def turn(self, client: httpx.AsyncClient, session: str | None, number: int) -> str:
        """One POST to the public API, as the page sends it."""
        body = {"session": session, "message": self.script[number], "language": "en"}
        response = await client.post(f"{self._running.url}api/chat", json=body)
        if response.status_code != 200:
            raise TurnFailed(f"Turn {number + 1} of this program failed with status {response.status_code}.")
        answer: dict[str, Any] = response.json()
        if number == len(self.script) - 1 and not answer["state"]["verdict"]:
            raise BenchError("The conversation with this program ended without a verdict; its script is old.")
        return str(answer["session"])

    @property
    def _running(self) -> Stack:
        if self._stack is None:
            raise BenchError("This program has not been started.")
        return self._stack
