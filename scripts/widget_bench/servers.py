"""Everything the browser talks to, all of it on loopback: host pages, mock back ends, our web process.

All of it is compressed alike, as a proxy in front of a real site would do.
"""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from scripts.bench.programs import BenchError

ROOT = Path(__file__).parents[2]
GREETING = "Hello. I am a computer program. How old is your child?"
LINE = "He is 7 years old"
REPLY = "Thank you. Which treatments did your child have so far?"

_START_SECONDS = 240.0
# Smaller answers don't get smaller.
_SMALLEST = 300
_PACKED = ("text/", "application/json", "application/javascript", "image/svg")

Answer = tuple[int, str, bytes]
Handle = Callable[[str, str, bytes], Answer]


class Front(ThreadingHTTPServer):
    """A server on a free port of loopback; `handle(method, path, body)` says status, type and body."""

    daemon_threads = True

    def __init__(self, handle: Handle | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.handle: Handle = handle or (lambda method, path, body: (404, "text/plain", b""))
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self.shutdown()
        self.server_close()

    def extra_headers(self, path: str) -> dict[str, str]:
        """Headers beside type and length."""
        return {}


class _Handler(BaseHTTPRequestHandler):
    server: Front
    protocol_version = "HTTP/1.1"

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, kind, answer = self.server.handle(self.command, self.path, body)
        packed = len(answer) > _SMALLEST and kind.startswith(_PACKED)
        packed = packed and "gzip" in self.headers.get("Accept-Encoding", "")
        self.send_response(status)
        for name, value in self.server.extra_headers(self.path).items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        if packed:
            answer = gzip.compress(answer, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = _any

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


class Proxy(Front):
    """Our web process behind a proxy that compresses; headers such as the policy are handed on."""

    def __init__(self, upstream: str) -> None:
        self._client = httpx.Client(base_url=upstream, trust_env=False, timeout=60)
        self._seen: dict[str, dict[str, str]] = {}
        super().__init__(self._pass_on)

    def _pass_on(self, method: str, path: str, body: bytes) -> Answer:
        headers = {"Content-Type": "application/json"} if body else {}
        got = self._client.request(method, path, content=body or None, headers=headers)
        own = ("content-type", "content-length", "content-encoding", "connection", "date", "server")
        self._seen[path] = {name: value for name, value in got.headers.items() if name not in own}
        return got.status_code, got.headers.get("content-type", "text/plain"), got.content

    def extra_headers(self, path: str) -> dict[str, str]:
        """What the web process said."""
        return self._seen.get(path, {})

    def close(self) -> None:
        """Stop answering."""
        super().close()
        self._client.close()


def page(body: str) -> bytes:
    """A hospital's page as small as it can be, the same around every widget."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>A hospital</title></head>'
        f"<body><main><h1>A hospital</h1><p>Studies for children.</p>{body}</main></body></html>"
    ).encode()


def rasa(method: str, path: str, body: bytes) -> Answer:
    """Rasa's REST channel: greets, and answers every line alike."""
    if method == "GET":
        return 200, "text/plain", b"Hello from Rasa: 3.6.21"
    asked = json.loads(body)
    first = asked["message"] == "hello"
    message: dict[str, Any] = {
        "text": GREETING if first else REPLY,
        "kind": "question",
        "asks": None,
        "choices": [],
        "multiple": False,
    }
    state: dict[str, Any] = {
        "phase": "interview",
        "asks": None,
        "verdict": None,
        "turn": 0 if first else 1,
        "left": 9,
        "answers": [],
    }
    custom = {"messages": [message], "state": state, "erase": False}
    return 200, "application/json", json.dumps([{"recipient_id": asked["sender"], "custom": custom}]).encode()


def deep_chat(script: bytes) -> Handle:
    """The host page and back end of deep-chat, as its documentation's "Connect" shows them."""
    intro = json.dumps({"text": GREETING}).replace('"', "&quot;")
    shown = page(
        '<script type="module" src="/deepChat.bundle.js"></script>'
        f'<deep-chat connect="{{&quot;url&quot;:&quot;/chat&quot;}}" introMessage="{intro}"></deep-chat>'
    )

    def handle(method: str, path: str, body: bytes) -> Answer:
        if method == "POST":
            return 200, "application/json", json.dumps({"text": REPLY}).encode()
        if path == "/deepChat.bundle.js":
            return 200, "text/javascript", script
        return (200, "text/html; charset=utf-8", shown) if path == "/" else (404, "text/plain", b"")

    return handle


class DirectLine:
    """The host page and a Direct Line 3.0 back end for Web Chat, its stream over a web socket."""

    def __init__(self, script: bytes) -> None:
        self._script = script
        self._streams: list[ServerConnection] = []
        self._count = 0
        self._server: Server = serve(self._stream, "127.0.0.1", 0)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        #: Where its web socket listens.
        self.stream_url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"
        self._page = page(
            '<div id="webchat" style="height: 500px"></div><script src="/webchat.js"></script><script>'
            "window.WebChat.renderWebChat({ directLine: window.WebChat.createDirectLine({ token: 'demo',"
            " domain: location.origin + '/v3/directline' }), userID: 'family' },"
            " document.getElementById('webchat'));</script>"
        )

    def handle(self, method: str, path: str, body: bytes) -> Answer:
        """One request of the browser."""
        if path == "/":
            return 200, "text/html; charset=utf-8", self._page
        if path == "/webchat.js":
            return 200, "text/javascript", self._script
        if method == "POST" and path == "/v3/directline/conversations":
            return 201, "application/json", self._conversation()
        if method == "POST" and path.endswith("/activities"):
            return 200, "application/json", self._take_in(json.loads(body))
        return 404, "text/plain", b""

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()

    def _conversation(self) -> bytes:
        told = {"conversationId": "one", "token": "demo", "expires_in": 3600, "streamUrl": self.stream_url}
        return json.dumps(told).encode()

    def _take_in(self, activity: dict[str, Any]) -> bytes:
        if activity["type"] == "message":
            self._send({**activity, "id": self._next()})
            self._send(self._said(REPLY))
        return json.dumps({"id": self._next()}).encode()

    def _stream(self, stream: ServerConnection) -> None:
        self._streams.append(stream)
        self._send(self._said(GREETING))
        try:
            for _ in stream:
                continue
        except ConnectionClosed:
            return
        finally:
            self._streams.remove(stream)

    def _send(self, activity: dict[str, Any]) -> None:
        # Only the newest page is still looked at.
        self._streams[-1].send(json.dumps({"activities": [activity], "watermark": str(self._count)}))

    def _said(self, text: str) -> dict[str, Any]:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        who = {"id": "bot", "role": "bot"}
        return {"type": "message", "id": self._next(), "from": who, "text": text, "timestamp": moment}

    def _next(self) -> str:
        self._count += 1
        return f"one|{self._count:07d}"


@contextmanager
def our_web(home: Path, rasa_url: str, host_page: str) -> Iterator[str]:
    """The address of our real web process, which pages of `host_page` may embed.

    Raises `BenchError` where it does not start.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ours = (
        "SITE_",
        "PRESCREEN_",
        "OIDC_",
        "SMTP_",
        "DATABASE_URL",
        "TRACKER_DATABASE_URL",
        "PUBLIC_URL",
        "PRODUCTION",
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "PRESCREEN_HOME": str(home),
        "RASA_URL": rasa_url,
        "FRAME_ANCESTORS": f"'self' {host_page}",
        "CHAT_PER_MINUTE": "0",
        "ADDRESS_PER_MINUTE": "0",
    }
    log = home.with_suffix(".log")
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.web"], cwd=ROOT, env=environment, stdout=told, stderr=told
        )
        try:
            _wait_for(process, url, log)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            httpx.get(f"{url}/widget.js", trust_env=False, timeout=5).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.2)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]
    raise BenchError("The web process did not start. " + " ".join(lines))
