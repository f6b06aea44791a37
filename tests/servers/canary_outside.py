"""What stands around the program in the canary test: a site, a broken Rasa, and eyes on its processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A program that was killed hangs up; the test's output need not tell."""


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], port: int = 0) -> Iterator[int]:
    """A server on loopback for the length of the block; its port."""
    server = _Server(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Site:
    """The study site. ``next`` says how it meets its next calls; then it takes everything."""

    next: list[str] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    met: list[str] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """What a server is made of: it keeps each call's request line, headers and body."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                site.heads.append(self.raw_requestline + bytes(self.headers))
                site.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                how = site.next.pop(0) if site.next else "take"
                site.met.append(how)
                if how == "reset":
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.close_connection = True
                    self.connection.close()
                    return
                if how == "hang":
                    site.go_on.wait(60)
                # A site that repeats what it was sent must not get it into our logs.
                answer = site.bodies[-1] if how == "fail" else b""
                self.send_response(500 if how == "fail" else 200, "Zephyrine" if how == "fail" else "OK")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: object) -> None:
                """Says nothing."""

        return Handler


def answering(answers: list[Callable[[str], tuple[int, bytes]]]) -> type[BaseHTTPRequestHandler]:
    """A stand-in for Rasa or the action server: each answer is made from the message, the last one stays."""
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            words = asked.get("message") or asked["tracker"]["latest_message"]["text"]
            status, body = (left.pop(0) if len(left) > 1 else left[0])(words)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    return Handler


class Watch:
    """Collects the command line and environment of every process that works on a home, while it lives."""

    def __init__(self, home: Path) -> None:
        self._mark = f"PRESCREEN_HOME={home}".encode()
        self._over = threading.Event()
        self.seen: set[bytes] = set()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(0.5):
            for folder in Path("/proc").glob("[0-9]*"):
                try:
                    environment = (folder / "environ").read_bytes()
                    if self._mark in environment.split(b"\0"):
                        self.seen.add((folder / "cmdline").read_bytes() + b"\0" + environment)
                except OSError:
                    continue

    def end(self) -> bytes:
        """Stop looking; all that was seen."""
        self._over.set()
        self._thread.join()
        return b"\n".join(sorted(self.seen))


def request_waits(port: int) -> bool:
    """Whether a request that nobody has read yet lies at a listening or connected loopback port."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        here, unread = (int(fields[at].partition(":")[2], 16) for at in (1, 4))
        # 0A is a socket that listens: what it counts are connections, not bytes.
        if here == port and fields[3] != "0A" and unread:
            return True
    return False


def kill(pid: int) -> None:
    """As the system's memory guard does it: at once, without a word."""
    os.kill(pid, signal.SIGKILL)
