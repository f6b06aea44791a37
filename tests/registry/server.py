"""A registry on this machine that behaves as the OpenAPI description of API v2 says, and fails as told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


class FakeRegistry(ThreadingHTTPServer):
    """Serves ``studies`` by number; ``failures`` are what the next requests get instead of an answer.

    A failure is a status, a status with headers, "drop" (the connection closes without an answer), "break"
    (within the body) or "nonsense" (an answer that is no JSON).
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.studies: dict[str, dict[str, Any]] = {}
        self.failures: list[Any] = []
        self.asked: list[str] = []
        self.page_size: int | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api/v2"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    server: FakeRegistry

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        address = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        if self.server.failures:
            failure = self.server.failures.pop(0)
            if failure is not None:
                self._fail(failure)
                return
        found = re.fullmatch(r"/api/v2/studies/(\w+)", address.path)
        if found:
            self._study(found[1])
        elif address.path == "/api/v2/studies":
            self._page(query)
        else:
            self._send(404, "No such path", "text/plain")

    def _fail(self, failure: Any) -> None:
        if failure == "drop":
            self.connection.close()
        elif failure == "break":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"studies": [')
            self.wfile.flush()
            self.connection.close()
        elif failure == "nonsense":
            self._send(200, "<html>", "application/json")
        else:
            status, headers = failure if isinstance(failure, tuple) else (failure, {})
            self._send(status, "Not now", "text/plain", headers)

    def _study(self, number: str) -> None:
        if not re.fullmatch(r"NCT\d{8}", number):
            self._send(400, f"Invalid NCT number {number}", "text/plain")
        elif number not in self.server.studies:
            self._send(404, f"NCT number {number} not found", "text/plain")
        else:
            self._json(self.server.studies[number])

    def _page(self, query: dict[str, str]) -> None:
        numbers = re.split(r"[|,]", query.get("filter.ids", ""))
        if not all(re.fullmatch(r"NCT\d{8}", number) for number in numbers):
            self._send(400, "filter.ids holds what is no NCT number", "text/plain")
            return
        size = self.server.page_size or int(query.get("pageSize", "10"))
        begin = int(query.get("pageToken", "0"))
        there = [self.server.studies[number] for number in numbers if number in self.server.studies]
        page: dict[str, Any] = {"studies": there[begin : begin + size]}
        if begin + size < len(there):
            page["nextPageToken"] = str(begin + size)
        self._json(page)

    def _json(self, told: object) -> None:
        self._send(200, json.dumps(told), "application/json")

    def _send(self, status: int, body: str, kind: str, headers: dict[str, str] | None = None) -> None:
        raw = body.encode()
        self.send_response(status)
        for name, value in (
            {"Content-Type": kind, "Content-Length": str(len(raw))} | (headers or {})
        ).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)


@contextmanager
def running() -> Iterator[FakeRegistry]:
    """A registry that serves until the block ends."""
    server = FakeRegistry()
    # The pause is how soon the server notices that it is told to stop.
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
