"""A hospital's page on another origin, as friendly or as hostile as a test writes it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Page

LAUNCHER = "Chat about a study"
OpenHost = Callable[..., Page]


def line(site: str, **attributes: str) -> str:
    """The one line that a hospital adds."""
    told = {"data_language": "en"} | attributes
    words = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in told.items())
    return f'<script src="{site}/widget.js"{words} async></script>'


def page_with(head: str = "", body: str = "", attributes: str = "") -> str:
    """A hospital's page."""
    return (
        f"<!doctype html><html lang=en {attributes}><head><title>Hospital</title>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        f"{head}</head><body><h1>Our hospital</h1><a href='/a'>One link</a>{body}</body></html>"
    )


class HostPage(ThreadingHTTPServer):
    """Serves ``html`` under every path, with ``policy`` as its Content-Security-Policy."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.html = ""
        self.policy = ""

    @property
    def origin(self) -> str:
        """Its origin, which the chat may be framed by."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def other_origin(self) -> str:
        """The same page under a name that the chat may not be framed by."""
        return f"http://localhost:{self.server_port}"


class _Page(BaseHTTPRequestHandler):
    server: HostPage

    def do_GET(self) -> None:
        body = self.server.html.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.server.policy:
            self.send_header("Content-Security-Policy", self.server.policy)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Tests are quiet."""


@contextmanager
def host_page() -> Iterator[HostPage]:
    """A running server of such a page."""
    server = HostPage()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()
