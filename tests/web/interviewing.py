"""The real interview in place of Rasa, so that a whole way can be walked without servers.

Only what language understanding makes of a message (its intent) is missing: each is taken as it stands.
"""

import json
from typing import Any

import httpx

from bot.interview import Incoming, respond
from bot.leads.screenings import discard_screening, save_screening
from tests.interview.family import WORLD


class InterviewingRasa:
    """Rasa's REST channel with the interview behind it; keeps each sender's facts and memory, as slots do."""

    def __init__(self) -> None:
        self.up = True
        self.got: list[dict[str, Any]] = []
        self.slots: dict[str, Any] = {}

    def facts(self) -> dict[str, Any]:
        """What the one family of the test has told."""
        (kept,) = self.slots.values()
        return dict(kept[0])

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("refused", request=request)
        if request.method == "GET":
            return httpx.Response(200, text="Hello from Rasa: 3.6.21")
        asked = json.loads(request.content)
        self.got.append(asked)
        custom = self._turn(asked["sender"], asked["message"], asked["metadata"])
        return httpx.Response(200, json=[{"recipient_id": asked["sender"], "custom": custom}])

    def _turn(self, sender: str, text: str, metadata: dict[str, Any]) -> dict[str, Any]:
        facts, memory = json.loads(json.dumps(self.slots.get(sender, [{}, None])))
        reply = respond(Incoming(text, **metadata), facts, memory, WORLD)
        self.slots[sender] = [reply.facts, reply.memory]
        if reply.screening is not None:
            save_screening(sender, reply.screening)
        elif reply.superseded:
            discard_screening(sender)
        return {"messages": reply.messages, "state": reply.state, "erase": reply.erase}
