"""A family at the keyboard, for tests: says lines, keeps what the interview keeps."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from bot.interview import Incoming, Reply, SiteInfo, World, respond
from bot.texts import load_texts
from criteria import load_trial
from criteria.matching import Matcher

TODAY = date(2026, 11, 22)
WORLD = World(
    TODAY,
    Matcher((load_trial("NCT06848582"),)),
    SiteInfo(
        "Test clinic",
        phone="555 0100",
        emergency_number="911",
        crisis_line="the crisis line at 988",
        privacy_url="/privacy",
    ),
    load_texts("en"),
)
TO_THE_VERDICT = ("none", "none", "as_usual")
"""Nothing in the last weeks, no other health problem, active as usual."""


class Family:
    """Leads a conversation; ``reply`` is the last turn's, ``screening`` what was last kept for the form."""

    def __init__(self, *lines: str, world: World = WORLD) -> None:
        self.world = world
        self.heard: list[dict[str, Any]] = []
        self.screening: dict[str, Any] | None = None
        self.reply: Reply = respond(Incoming("hello", opening=True), {}, None, world)
        self._keep()
        self.say(*lines)

    def say(self, *lines: str, intent: str | None = None, confidence: float = 0.0) -> Family:
        """Says lines one after the other; what was kept goes through JSON, as it does in Rasa."""
        for line in lines:
            facts, memory = json.loads(json.dumps([self.reply.facts, self.reply.memory]))
            incoming = Incoming(line, intent=intent, confidence=confidence)
            self.reply = respond(incoming, facts, memory, self.world)
            self._keep()
        return self

    def _keep(self) -> None:
        self.heard += self.reply.messages
        self.screening = self.reply.screening or self.screening

    @property
    def asks(self) -> str | None:
        """What the chat waits for."""
        asks: str | None = self.reply.state["asks"]
        return asks

    @property
    def phase(self) -> str:
        """The phase as the API shows it."""
        return str(self.reply.state["phase"])

    @property
    def text(self) -> str:
        """All that the last turn said."""
        return "\n".join(message["text"] for message in self.reply.messages)

    @property
    def verdict(self) -> str | None:
        """The verdict last told."""
        told = self.reply.state["verdict"]
        return told["verdict"] if told else None

    def questions(self) -> list[str]:
        """What was asked so far, in order."""
        return [message["asks"] for message in self.heard if message["kind"] == "question"]


def likely_family() -> Family:
    """A family that has just been told of a likely match."""
    family = Family("parent", "7", "rhabdomyosarcoma", "relapsed", "surgery, chemotherapy", "2026-06-01")
    return family.say(*TO_THE_VERDICT)
