"""Every way in which a turn can break off in the canary test, with the family's words in the middle of it."""

from __future__ import annotations

import json
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from bot.supervisor.children import Child
from tests.servers.canary_family import STORY, Family
from tests.servers.canary_outside import answering, kill, request_waits, serving
from tests.servers.conftest import wait_for

if TYPE_CHECKING:
    from bot.supervisor import Stack

# An action server whose step fails as a mistake of ours would: with the family's words in the error, first
# inside the action's own net, then outside it.
BROKEN_ACTIONS = """
import actions.interview as ours
from actions.__main__ import main

run, calls = ours.ActionInterview.run, []

async def broken_step(self, tracker):
    raise ValueError("cannot read " + str(tracker.latest_message))

async def broken_run(self, dispatcher, tracker, domain):
    calls.append(1)
    if len(calls) == 1:
        return await run(self, dispatcher, tracker, domain)
    raise RuntimeError("cannot read " + str(tracker.latest_message))

ours.ActionInterview._step = broken_step
ours.ActionInterview.run = broken_run
main()
"""

BAD_ANSWERS: list[Callable[[str], tuple[int, bytes]]] = [
    lambda words: (200, words.encode()),
    lambda words: (500, json.dumps({"error": words}).encode()),
    lambda words: (200, json.dumps([{"custom": {"messages": [{"text": [words]}], "state": words}}]).encode()),
    lambda words: (200, json.dumps([{"recipient_id": words, "text": words}]).encode()),
]

BAD_ACTIONS: list[Callable[[str], tuple[int, bytes]]] = [
    lambda words: (200, words.encode()),
    lambda words: (400, json.dumps({"error": words, "action_name": "action_interview"}).encode()),
    lambda words: (200, json.dumps({"events": words, "responses": [{"custom": words}]}).encode()),
]


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def child(stack: Stack, name: str) -> Child:
    return next(each for each in stack.children if each.name == name)


def how_started(each: Child) -> tuple[list[str], dict[str, str]]:
    """The command and the environment of a running child."""
    folder = Path(f"/proc/{each.process.pid}")
    command = (folder / "cmdline").read_text().rstrip("\0").split("\0")
    variables = (folder / "environ").read_text().rstrip("\0").split("\0")
    return command, dict(one.split("=", 1) for one in variables if "=" in one)


class Replacing:
    """Puts other processes in the place of dead ones. Made while all live: later none tells how it began."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._started = {each.name: how_started(each) for each in stack.children}

    def start(self, name: str, script: str | None = None) -> None:
        """Start the child once more as it was started, or with a script of the test's in its place."""
        old = child(self._stack, name)
        old.reap()
        command, env = self._started[name]
        if script is not None:
            command = [command[0], "-c", script, *command[3:]]
        new = Child(name, command, env, old.log, self._stack.keeper)
        self._stack.children[self._stack.children.index(old)] = new


def healthy(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False, timeout=5).status_code < 500
    except httpx.HTTPError:
        return False


@contextmanager
def in_the_middle_of_a_turn(stack: Stack, family: Family, words: str) -> Iterator[Future[int]]:
    """Inside the block a message has come as far as the action server, which does not read it yet."""
    action = child(stack, "action server")
    action.signal_group(signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        status = pool.submit(family.try_to_say, words)
        wait_for("the turn to reach the action", lambda: request_waits(port_of(stack.actions_url)))
        yield status
        if not action.is_dead():
            action.signal_group(signal.SIGCONT)


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Hold a database as another program would."""
    with closing(sqlite3.connect(database, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")


def crash_each_process(stack: Stack, family: Family) -> None:
    """Action server, Rasa and web process die in the middle of a turn each; the worker dies, too."""
    replacing = Replacing(stack)
    actions, rasa = port_of(stack.actions_url), port_of(stack.rasa_url)
    with in_the_middle_of_a_turn(stack, family, STORY[2]) as status:
        kill(child(stack, "action server").process.pid)
        assert status.result(60) == 503
    replacing.start("action server", BROKEN_ACTIONS)
    wait_for("the broken action server", lambda: healthy(stack.actions_health))
    assert [family.try_to_say(STORY[3]) for _ in range(2)] == [503, 503]
    said = child(stack, "action server").log.read_text()
    assert "a step of the interview failed: ValueError" in said
    assert "RuntimeError" in said
    kill(child(stack, "action server").process.pid)
    child(stack, "action server").reap()
    with serving(answering(BAD_ACTIONS), actions):
        assert [family.try_to_say(STORY[3]) for _ in BAD_ACTIONS] == [503] * len(BAD_ACTIONS)
    replacing.start("action server")
    wait_for("the action server", lambda: healthy(stack.actions_health))

    with in_the_middle_of_a_turn(stack, family, STORY[4]) as status:
        kill(child(stack, "Rasa").process.pid)
        assert status.result(60) == 503
    child(stack, "Rasa").reap()
    with serving(answering(BAD_ANSWERS), rasa):
        assert [family.try_to_say(STORY[5]) for _ in BAD_ANSWERS] == [503] * len(BAD_ANSWERS)

    asked, over = threading.Event(), threading.Event()

    def hang(words: str) -> tuple[int, bytes]:
        asked.set()
        over.wait(60)
        return 500, b""

    with serving(answering([hang]), rasa), ThreadPoolExecutor(1) as pool:
        status = pool.submit(family.try_to_say, STORY[5])
        assert asked.wait(60)
        kill(child(stack, "web").process.pid)
        assert status.result(60) == 0
        over.set()
    kill(child(stack, "worker").process.pid)
