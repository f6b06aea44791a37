"""Chromium, and the web process in front of a Rasa that a test writes the lines for."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.leads.database import Store
from bot.leads.screenings import save_screening

from .chromium import CHROMIUM, OPEN_ROOTS, QUIET
from .hosts import HostPage, OpenHost, host_page
from .lines import OFFER, SCREENING, TREATMENTS, VERDICT, message, turn
from .walking import findings, stage

__all__ = ["findings", "stage"]

ROOT = Path(__file__).resolve().parents[2]
Script = Callable[[str, str], dict[str, Any] | None]
expect.set_options(timeout=15_000)


class ScriptedRasa(ThreadingHTTPServer):
    """Rasa's REST channel, answering with what ``script(sender, message)`` says; None is an empty answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Channel)
        self.script: Script = lambda sender, message: None
        self.heard: list[str] = []
        self.pressed: list[dict[str, Any]] = []
        self.hold = threading.Event()
        self.hold.set()


class _Channel(BaseHTTPRequestHandler):
    server: ScriptedRasa

    def do_GET(self) -> None:
        self._send(b"Hello from Rasa: 3.6.21")

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append(asked["message"])
        self.server.pressed.append(asked["metadata"])
        custom = self.server.script(asked["sender"], asked["message"])
        self.server.hold.wait(20)
        self._send(
            json.dumps([{"recipient_id": asked["sender"], "custom": custom}] if custom else []).encode()
        )

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Tests are quiet."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        missing = f"Chromium is not at {CHROMIUM}; set CHROMIUM to where it is"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def channel() -> Iterator[ScriptedRasa]:
    server = ScriptedRasa()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def rasa(channel: ScriptedRasa) -> Iterator[ScriptedRasa]:
    """The scripted Rasa, fresh for each test."""
    channel.heard.clear()
    channel.pressed.clear()
    channel.hold.set()
    yield channel
    channel.hold.set()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def hospital() -> Iterator[HostPage]:
    """The server of a hospital's own page, which may frame the chat."""
    with host_page() as server:
        yield server


@pytest.fixture(scope="session")
def site(channel: ScriptedRasa, home: Path, hospital: HostPage) -> Iterator[str]:
    """The address of a running web process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("SITE_", "PRESCREEN_"))
    }
    environment |= {
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "PRESCREEN_HOME": str(home),
        "RASA_URL": f"http://127.0.0.1:{channel.server_port}",
        "CHAT_PER_MINUTE": "0",
        "FRAME_ANCESTORS": f"'self' {hospital.origin}",
        "SITE_EMERGENCY_NUMBER": "911",
        "SITE_PHONE": "+1 202 555 0100",
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.web"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    log: list[str] = []
    for line in process.stderr:
        log.append(line)
        if "Uvicorn running on" in line:
            break
    else:
        pytest.fail("the web process did not start: " + "".join(log))
    drain = threading.Thread(target=lambda: log.extend(process.stderr or ()), daemon=True)
    drain.start()
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)
    drain.join(5)


@pytest.fixture(params=[(360, 740), (1280, 860)], ids=["phone", "desktop"])
def page(browser: Browser, site: str, rasa: ScriptedRasa, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh visitor. A test fails on any error in the page's own scripts and on any blocked file."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=site)
    context.add_init_script(OPEN_ROOTS)
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda said: problems.append(said.text) if "Content Security" in said.text else None)
    opened.on("request", lambda asked: problems.append(asked.url) if not asked.url.startswith(site) else None)
    yield opened
    context.close()
    assert problems == []


@pytest.fixture
def interview(rasa: ScriptedRasa, home: Path) -> ScriptedRasa:
    """A short interview: greeting, treatments, verdict."""

    def script(sender: str, said: str) -> dict[str, Any]:
        if said == "hello":
            parent = [{"title": "I am a parent", "payload": "parent"}]
            return turn(
                message("I am a computer program. See /privacy", "info"),
                message("Who is writing?", choices=parent),
            )
        if said == "parent":
            return turn(message("Which treatments?", choices=TREATMENTS, multiple=True))
        if said == "help":
            return turn(
                message("This sounds like an emergency. Please call 911 now.", "info"), phase="emergency"
            )
        if said == "stop":
            return turn(message("All is erased.", "info"), phase="closed", erase=True)
        store = Store(f"sqlite:///{home / 'prescreen.db'}")
        save_screening(sender, SCREENING, store)
        store.close()
        return turn(
            message("This trial may be a match.", "verdict"),
            message("You can write to the team.", "offer", OFFER),
            phase="offer",
            verdict=VERDICT,
        )

    rasa.script = script
    return rasa


@pytest.fixture(params=[(360, 740), (1280, 860)], ids=["phone", "desktop"])
def open_host(
    browser: Browser,
    interview: ScriptedRasa,
    hospital: HostPage,
    site: str,
    request: pytest.FixtureRequest,
) -> Iterator[OpenHost]:
    """Opens a hospital's page; ``closed`` leaves the widget's shadow root as it is for everybody."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    problems: list[str] = []

    def make(html: str, policy: str = "", closed: bool = False, origin: str | None = None) -> Page:
        if not closed:
            context.add_init_script(OPEN_ROOTS)
        hospital.html, hospital.policy = html, policy
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.goto(origin or hospital.origin)
        return page

    yield make
    context.close()
    hospital.policy = ""
    assert [said for said in problems if "frame-ancestors" not in said and "favicon" not in said] == []
