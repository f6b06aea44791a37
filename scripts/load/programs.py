"""What is put under load: this program on one of its databases, and Rasa's own starter bot."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

import httpx

from bot.commands.families import Family
from bot.commands.simulate import interview, simulation_world
from bot.interview.plan import MOST_QUESTIONS
from bot.supervisor import ROOT, ensure_model
from scripts.bench.programs import BenchError, Prescreen, TurnFailed
from scripts.bench.starter_bot import StarterBot
from scripts.postgres import Postgres

from .site import Site

#: Whether the answers arrived is checked against an interview without servers, for so many at most.
MOST_CHECKED = 400

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
_REFERENCE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


class UnderLoad(Protocol):
    """A program under load. `visit` is one family's whole visit."""

    title: str

    def prepare(self) -> None:
        """Make and train what is needed. Raises `BenchError` or `StackError`."""

    def start(self) -> None:
        """Start its processes; they need not answer yet when this returns."""

    def check(self) -> None:
        """Raise `BenchError` or `StackError` when a process has ended."""

    def stop(self) -> None:
        """Stop all its processes; may be called at any time, and twice."""

    def processes(self) -> dict[str, set[int]]:
        """Its running processes by their part."""

    async def first_turn(self, client: httpx.AsyncClient) -> None:
        """Have one message answered. Raises httpx's `TransportError` where nobody answers yet."""

    def visit(self, client: httpx.AsyncClient, number: int) -> AsyncIterator[None]:
        """One family's visit: each step sends one message and reads the whole answer.

        Raises `TurnFailed` for any answer but a proper one, and httpx's `TransportError`.
        """

    def told(self) -> dict[str, str]:
        """After the load: what else was counted, by name."""


class Ours(Prescreen):
    """This program, with made-up families that answer differently, and a site that takes their leads."""

    def __init__(self, title: str, folder: Path, postgres: Postgres | None = None) -> None:
        super().__init__(folder)
        self._postgres = postgres
        databases = {}
        if postgres is not None:
            databases["DATABASE_URL"] = postgres.new_database()
            databases["TRACKER_DATABASE_URL"] = postgres.new_database()
        self.title = title
        self._models = ROOT / "var" / "models"
        self._site = Site()
        self.environment = {
            **Prescreen.environment,
            **databases,
            "SITE_FORM_URL": self._site.url,
            "SITE_FORM_KIND": "webhook",
            "SITE_WEBHOOK_SECRET": "",
            "SMTP_HOST": "",
            "SITE_MAIL": "",
            "SITE_ESCALATION_MAIL": "",
        }
        self._verdicts: dict[str, str] = {}
        self._references: list[str] = []

    def prepare(self) -> None:
        """The model of `make run`, trained only where there is none yet."""
        ensure_model(self._models, self._home / "logs" / "train.log")

    def stop(self) -> None:
        """Stop the program, then the site that it sends to."""
        super().stop()
        self._site.close()

    def processes(self) -> dict[str, set[int]]:
        """The program's own, and the database server's where it uses one."""
        found = super().processes()
        if self._postgres is not None:
            number = (self._postgres.folder / "data" / "postmaster.pid").read_text().split()[0]
            found["PostgreSQL"] = {int(number)}
        return found

    async def first_turn(self, client: httpx.AsyncClient) -> None:
        """See `UnderLoad`."""
        await self._say(client, None, "")

    async def visit(self, client: httpx.AsyncClient, number: int) -> AsyncIterator[None]:
        """The whole interview; whoever is offered the contact form fills it in and sends it."""
        family = Family(f"load-{number}", thorough=number % 100 == 99)
        turn = await self._say(client, None, "")
        yield
        for _ in range(MOST_QUESTIONS * 3):
            question = turn["messages"][-1]
            if question["kind"] != "question":
                break
            turn = await self._say(client, turn["session"], family.answer(question))
            yield
        state = turn["state"]
        reached = state["verdict"]["verdict"] if state["verdict"] else state["phase"]
        self._verdicts[family.seed] = reached
        if reached in ("likely", "possible", "not_yet"):
            async for _ in self._send_form(client, turn["session"], number):
                yield

    def told(self) -> dict[str, str]:
        """Interviews and leads: how many, and whether any was lost or came out otherwise."""
        world = simulation_world(self.environment["TRIALS"])
        checked = list(self._verdicts.items())[:MOST_CHECKED]
        other = sum(_expected(seed, world) != verdict for seed, verdict in checked)
        arrived = len(self._site.references & set(self._references))
        return {
            "whole interviews": str(len(self._verdicts)),
            "  verdicts checked, not as without load": f"{len(checked)}, {other}",
            "leads sent by families": str(len(self._references)),
            "  of them at the site when it ended": str(arrived),
        }

    async def _send_form(self, client: httpx.AsyncClient, session: str, number: int) -> AsyncIterator[None]:
        """Open the contact form, have it read back, send it: three steps."""
        page = await self._post(client, "contact", {"session": session})
        yield
        filled = {
            "first_name": f"Parent{number}",
            "last_name": "Load",
            "email": f"parent{number}@example.org",
            "phone": "+1 202 555 0143",
            "relation": "parent",
            "guardian_confirm": "yes",
            "consent_send": "yes",
            "consent_call": "yes",
        }
        page = await self._post(client, "contact/check", hidden_fields(page) | filled)
        yield
        page = await self._post(client, "contact/send", hidden_fields(page))
        reference = _REFERENCE.search(page)
        if reference is None:
            raise TurnFailed("The page after sending showed no reference.")
        self._references.append(reference.group())
        yield

    async def _say(self, client: httpx.AsyncClient, session: str | None, words: str) -> dict[str, Any]:
        body = {"session": session, "message": words, "language": "en"}
        response = await client.post(f"{self._running.url}api/chat", json=body)
        if response.status_code != 200:
            # Told apart, because a `late` answer is there for whoever sends the same message again.
            code = response.json()["error"]["code"]
            raise TurnFailed(f"A turn failed with status {response.status_code} ({code}).")
        answer: dict[str, Any] = response.json()
        return answer

    async def _post(self, client: httpx.AsyncClient, path: str, fields: dict[str, str]) -> str:
        response = await client.post(f"{self._running.url}{path}", data=fields)
        if response.status_code != 200:
            raise TurnFailed(f"The contact form failed with status {response.status_code}.")
        return response.text


class Starter(StarterBot):
    """Rasa's starter bot, with families that say its script from another line each."""

    def prepare(self) -> None:
        """Make the project and train it; it has no model yet."""
        self.make()
        self.train()

    async def first_turn(self, client: httpx.AsyncClient) -> None:
        """See `UnderLoad`."""
        await self.turn(client, None, 0)

    async def visit(self, client: httpx.AsyncClient, number: int) -> AsyncIterator[None]:
        """As many messages as the script has lines, each answered by the action."""
        session: str | None = None
        for step in range(len(self.script)):
            session = await self.turn(client, session, (number + step) % len(self.script))
            yield

    def told(self) -> dict[str, str]:
        """Nothing else: it has neither verdicts nor leads."""
        return {}


def hidden_fields(page: str) -> dict[str, str]:
    """The hidden fields of a page's last form, as a browser would send them."""
    form = page[page.rindex("<form") :] if "<form" in page else ""
    fields = {name: html.unescape(value) for name, value in _HIDDEN.findall(form)}
    if not fields:
        raise TurnFailed("The page held no form.")
    return fields


def _expected(seed: str, world: Any) -> str:
    thorough = int(seed.rpartition("-")[2]) % 100 == 99
    try:
        return interview(Family(seed, thorough), world).verdict
    except RuntimeError as error:
        raise BenchError(str(error)) from None
