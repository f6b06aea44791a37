"""Real processes: Rasa alone beside an action server of the test's, and the whole program."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.supervisor import ROOT, ensure_model, rasa_python
from bot.supervisor.checks import free_port
from bot.supervisor.children import Child, Keeper, stop_all

ANSWER = {"messages": [{"text": "How old?"}], "state": {"phase": "interview"}, "erase": False}


def wait_for(what: str, happened: Callable[[], object], seconds: float = 60.0) -> None:
    """Return once it happened; fails the test where it doesn't."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while not happened():
        assert time.monotonic() < end, f"waited {seconds:.0f} s for: {what}"
        pause.wait(0.05)


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model, made only if there is none for the files as they are."""
    home = Path(os.environ.get("PRESCREEN_HOME") or ROOT / "var").resolve()
    return ensure_model(home / "models", home / "logs" / "train.log")


@dataclass
class ActionServer:
    """An action server whose next answers a test decides: (status, body)."""

    url: str
    good: tuple[int, bytes]
    next: list[tuple[int, bytes]] = field(default_factory=list)


@pytest.fixture(scope="session")
def action_server() -> Iterator[ActionServer]:
    answers = ActionServer("", (200, json.dumps({"events": [], "responses": [{"custom": ANSWER}]}).encode()))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            status, body = answers.next.pop(0) if answers.next else answers.good
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    answers.url = f"http://127.0.0.1:{server.server_port}/webhook"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield answers
    server.shutdown()
    server.server_close()


@dataclass
class RasaServer:
    """Rasa as `bot.rasa_server` starts it, with all that it wrote to its log."""

    url: str
    database: Path
    child: Child

    def say(self, text: Any, sender: str = "family-1") -> httpx.Response:
        body = {"sender": sender, "message": text, "metadata": {"language": "en"}}
        return httpx.post(f"{self.url}/webhooks/rest/webhook", json=body, timeout=30, trust_env=False)

    def log(self) -> str:
        return self.child.log.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def rasa(
    model: Path, action_server: ActionServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RasaServer]:
    folder = tmp_path_factory.mktemp("rasa")
    port = free_port()
    database = folder / "tracker.db"
    # The most talkative level: what is not said here is never said.
    env = os.environ | {
        "ACTIONS_URL": action_server.url,
        "TRACKER_DATABASE_URL": f"sqlite:///{database}?timeout=1",
        "LOG_LEVEL": "DEBUG",
        "LOG_LEVEL_LIBRARIES": "DEBUG",
    }
    command = [str(rasa_python()), "-m", "bot.rasa_server", "--model", str(model), "--port", str(port)]
    keeper = Keeper()
    server = RasaServer(
        f"http://127.0.0.1:{port}", database, Child("Rasa", command, env, folder / "rasa.log", keeper)
    )

    def up() -> bool:
        assert not server.child.is_dead(), server.log()
        try:
            return httpx.get(server.url, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    try:
        wait_for("Rasa", up, 120)
        yield server
    finally:
        stop_all([server.child])
        keeper.dismiss()


@dataclass
class Program:
    """The whole program, started as a person would start it."""

    process: subprocess.Popen[str]
    home: Path
    port: int
    out: Path
    err: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def wait_until_ready(self) -> None:
        def ready() -> bool:
            assert self.process.poll() is None, self.err.read_text()
            return self.url in self.out.read_text()

        wait_for("the address", ready, 120)

    def members(self) -> dict[int, str]:
        """Every process of this program and its command, known by its home in the environment."""
        mark = f"PRESCREEN_HOME={self.home}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def member(self, command: str) -> int:
        return next(pid for pid, line in self.members().items() if command in line)


@pytest.fixture
def program(model: Path, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Starts the program in a home of the test's; whatever is left of it at the end is stopped."""
    started: list[Program] = []

    def start(home: Path = tmp_path / "home", port: int = 0, **env: str) -> Program:
        (home / "models").mkdir(parents=True, exist_ok=True)
        if not (home / "models" / model.name).exists():
            shutil.copy(model, home / "models")
        port = port or free_port()
        number = len(started)
        out, err = tmp_path / f"out-{number}.txt", tmp_path / f"err-{number}.txt"
        with out.open("w") as stdout, err.open("w") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-c", "import sys; from bot.commands.run import run; sys.exit(run())"],
                cwd=ROOT,
                env=os.environ | {"PRESCREEN_HOME": str(home), "PORT": str(port), **env},
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                text=True,
            )
        begun = Program(process, home, port, out, err)
        started.append(begun)
        return begun

    yield start
    for begun in started:
        if begun.process.poll() is None:
            begun.process.terminate()
            begun.process.wait(30)
