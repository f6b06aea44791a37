"""The whole program: four processes that start, live and stop together."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from bot.leads.database import url_for_rasa
from bot.supervisor import checks
from bot.supervisor.children import Child, Keeper, stop_all
from bot.supervisor.model import ensure_model
from bot.supervisor.places import StackError, private_folder
from bot.supervisor.processes import processes

READY_SECONDS = 240.0
#: The chat's own checks after the start: how often, and how many failures in a row mean that it is dead.
#: Generous, because a locked tracker database holds Rasa up for seconds without being dead.
HEALTH_EVERY = 10.0
HEALTH_FAILURES = 3


class _PortLost(Exception):
    """Another program took a private port between our choosing it and our using it."""


@dataclass
class Stack:
    """A running program. `url` is its address; `stop` takes everything down and may be called twice."""

    url: str
    rasa_url: str
    actions_url: str
    home: Path
    children: list[Child]
    keeper: Keeper
    lock: IO[str]
    _stopped: bool = field(default=False, init=False)

    @property
    def actions_health(self) -> str:
        """Where the action server says that it is well."""
        return self.actions_url.removesuffix("/webhook") + "/health"

    def stop(self) -> None:
        """Stop all processes, grandchildren included."""
        if self._stopped:
            return
        self._stopped = True
        stop_all(self.children)
        self.keeper.dismiss()
        self.lock.truncate(0)
        self.lock.close()

    def check(self) -> None:
        """Raise a `StackError` when a process has ended."""
        for child in self.children:
            if child.is_dead():
                raise StackError(
                    f"The {child.name} process ended unexpectedly, so all was stopped; see {child.log}."
                )
        if self.keeper.process.poll() is not None:
            raise StackError("The helper that guards the processes ended unexpectedly, so all was stopped.")

    def watch(self) -> None:
        """Wait for ever; raises a `StackError` when a process has ended or no longer answers."""
        pause = threading.Event()
        addresses = {"Rasa": self.rasa_url, "action server": self.actions_health, "web": self.url}
        failures = dict.fromkeys(addresses, 0)
        next_check = time.monotonic() + HEALTH_EVERY
        while True:
            pause.wait(0.3)
            self.check()
            if time.monotonic() < next_check:
                continue
            next_check = time.monotonic() + HEALTH_EVERY
            for name, address in addresses.items():
                failures[name] = 0 if checks.answers(address) else failures[name] + 1
                if failures[name] >= HEALTH_FAILURES:
                    raise StackError(f"The {name} process no longer answers, so all was stopped.")


def start_stack(
    home: Path,
    port: int = 0,
    env: Mapping[str, str] | None = None,
    *,
    models: Path | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Stack:
    """Start Rasa, the action server, the web process and the worker, and wait until the chat answers.

    `home` holds everything that they write; `port` 0 takes a free one; `env` is laid over the environment;
    `models` names another folder of trained models (so that tests share one); `say` gets a line of progress
    now and then. Raises `StackError`; nothing is left running then.
    """
    home = private_folder(home.resolve())
    logs = private_folder(home / "logs")
    settings = dict(os.environ) | dict(env or {})
    host = settings.get("HOST") or "127.0.0.1"
    port = port or checks.free_port()
    lock = _lock(home)
    try:
        checks.check_port_is_free(host, port)
        model = ensure_model(models or home / "models", logs / "train.log", say)
        say("Starting the chat (about a quarter of a minute) ...")
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else shown}:{port}/"
        for attempt in range(3):
            try:
                return _start(home, url, settings | {"HOST": host, "PORT": str(port)}, model, lock)
            except _PortLost:
                if attempt == 2:
                    raise StackError("No private port stayed free long enough; please start again.") from None
        raise AssertionError("unreachable")
    except BaseException:
        lock.close()
        raise


def _start(home: Path, url: str, settings: dict[str, str], model: Path, lock: IO[str]) -> Stack:
    """Start the processes once, on private ports that are free at this moment."""
    ports = {"Rasa": checks.free_port(), "action server": checks.free_port()}
    env = settings | {
        "PRESCREEN_HOME": str(home),
        "RASA_URL": f"http://127.0.0.1:{ports['Rasa']}",
        "ACTIONS_URL": f"http://127.0.0.1:{ports['action server']}/webhook",
        "TRACKER_DATABASE_URL": settings.get("TRACKER_DATABASE_URL") or f"sqlite:///{home / 'tracker.db'}",
        # By default the action server listens on every address of the machine.
        "SANIC_HOST": "127.0.0.1",
        "SANIC_WORKERS": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONUNBUFFERED": "1",
        # Answers are small: more threads only cost memory and quarrel over the cores.
        "OMP_NUM_THREADS": "1",
    }
    wanted = processes(model, str(ports["Rasa"]), str(ports["action server"]))
    rasa_env = env | {"TRACKER_DATABASE_URL": url_for_rasa(env["TRACKER_DATABASE_URL"])}
    keeper = Keeper()
    stack = Stack(url, env["RASA_URL"], env["ACTIONS_URL"], home, [], keeper, lock)
    try:
        # A Ctrl-C between a process's start and its entry in the list would leave it running, unknown to us.
        with _signals_deferred():
            for process in wanted:
                its_env = rasa_env if process.name == "Rasa" else env
                log = home / "logs" / process.log
                child = Child(process.name, process.command, its_env, log, keeper, process.grace)
                stack.children.append(child)
        _wait_until_ready(stack, env["TRACKER_DATABASE_URL"], ports)
        lock.write(json.dumps({"url": url, "pid": os.getpid()}))
        lock.flush()
        return stack
    except BaseException:
        # A second Ctrl-C must not leave half of it running.
        with _signals_held():
            stop_all(stack.children, grace=2.0)
            keeper.dismiss()
        raise


def _wait_until_ready(stack: Stack, tracker_database: str, ports: Mapping[str, int]) -> None:
    """Return when web, Rasa and action server answered, Rasa with a real turn."""
    end = time.monotonic() + READY_SECONDS
    pause = threading.Event()
    wrong: str | None = "it is still starting"
    failed_turns = 0
    while time.monotonic() < end:
        for child in stack.children:
            if child.is_dead():
                if child.name in ports and checks.port_answers(ports[child.name]):
                    raise _PortLost
                raise StackError(f"The {child.name} process could not start; see {child.log}.")
        if checks.port_answers(ports["Rasa"]) and checks.answers(stack.actions_health):
            wrong = checks.real_turn(stack.rasa_url, tracker_database)
            if wrong is None and checks.answers(stack.url):
                return
            failed_turns += wrong is not None
            if failed_turns >= 5:
                break
        pause.wait(0.25)
    wrong = wrong or "the web process is not up"
    raise StackError(f"The chat did not answer ({wrong}); see the logs in {stack.home / 'logs'}.")


def _lock(home: Path) -> IO[str]:
    """Hold the home for this process alone; the system lets go of it however the process ends."""
    # "a+": opened without emptying it, since another process's address may stand in it.
    lock = (home / "run.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        where = running_url(home)
        raise StackError(
            f"The program is already running in {home}{f' at {where}' if where else ''}; "
            "stop it first, or set PRESCREEN_HOME to another folder."
        ) from None
    lock.truncate(0)
    return lock


def running_url(home: Path) -> str | None:
    """The address of the program that runs in this home now, or None."""
    try:
        with (home / "run.lock").open("r") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return None
            except OSError:
                url: str = json.loads(lock.read())["url"]
                return url
    except (OSError, ValueError, KeyError):
        return None


@contextlib.contextmanager
def _signals_deferred() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM come after the block, not in its middle; only the main thread may do so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    # A function, not SIG_IGN, which the processes started meanwhile would inherit.
    before = {number: signal.signal(number, lambda got, _: came.append(got)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for got in came[:1]:
            os.kill(os.getpid(), got)


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Put off Ctrl-C and SIGTERM while stopping; only the main thread may do so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
