"""A study site for the load: it takes every lead and notes its reference."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Site:
    """A server on a free loopback port that answers 204; `references` are those of the leads it got."""

    def __init__(self) -> None:
        self.references: set[str] = set()
        references = self.references

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                references.add(body["reference"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/leads"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop answering; may be called twice."""
        self._server.shutdown()
        self._server.server_close()
