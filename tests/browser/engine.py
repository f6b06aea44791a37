"""The real interview behind Rasa's REST channel, without Rasa: what families meet, with nothing to train.

Messages reach our action as they do from Rasa, with an intent nobody recognised: the interview's own
understanding has to do. `python -m tests.browser.engine` listens on the port of loopback that PORT names.
"""

import asyncio
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.interview import LANGUAGE_SLOT, MEMORY_SLOT, ActionInterview
from bot.settings import get_settings
from criteria import FACT_NAMES


class Engine(ThreadingHTTPServer):
    """Holds the slots of every conversation, as Rasa's tracker store does."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Channel)
        self._slots: dict[str, dict[str, Any]] = {}

    def turn(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        """One message of a family, and what Rasa's channel would answer."""
        sender = asked["sender"]
        slots = self._slots.setdefault(sender, dict.fromkeys([*FACT_NAMES, MEMORY_SLOT, LANGUAGE_SLOT]))
        latest = {"text": asked["message"], "metadata": asked.get("metadata") or {}}
        tracker = Tracker(sender, dict(slots), latest, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        for event in asyncio.run(ActionInterview().run(dispatcher, tracker, {})):
            slots[event["name"]] = event["value"]
        return [{"recipient_id": sender, "custom": said["custom"]} for said in dispatcher.messages]


class _Channel(BaseHTTPRequestHandler):
    server: Engine

    def do_GET(self) -> None:
        """What the health check asks."""
        self._send(b"Hello from Rasa: 3.6.21")

    def do_POST(self) -> None:
        """One turn."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._send(json.dumps(self.server.turn(asked)).encode())

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: nothing of a conversation is printed."""


if __name__ == "__main__":
    with Engine(get_settings().port) as engine:
        print(f"Engine running on http://127.0.0.1:{engine.server_port}", flush=True)
        engine.serve_forever()
