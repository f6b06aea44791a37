"""Families that fill in the contact form and press send until they are told that it was sent."""

import html
import itertools
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.leads.database import Store
from bot.leads.screenings import save_screening
from bot.settings import Settings
from bot.web.sessions import FamilySessions

SCREENING: dict[str, Any] = {
    "trial": "NCT06848582", "trial_version": "1", "text_version": "abc", "language": "en",
    "today": "2026-11-22",
    "facts": {"respondent": "parent", "age": {"months": [84, 95]}, "heart_problem": "not_sure"},
    "verdict": "possible", "until": None, "respondent": "parent",
    "findings": {
        "I2": {"finding": "met", "until": None, "reason": "age: 7 years", "text": "the age"},
        "E2": {"finding": "unknown", "until": None, "reason": "heart problem: not sure", "text": "the heart"},
    },
}  # fmt: skip
# What she reads when her message is kept: nothing else shows a reference in this place.
_SENT = re.compile(r"\b([A-Z0-9]{4}-[A-Z0-9]{4})\b")
_PRESSES_TWICE = 20
_GIVES_UP_SECONDS = 180.0


@dataclass
class Told:
    """What the families were told."""

    references: dict[int, str] = field(default_factory=dict)
    """Of each family that was told "sent": the reference she read."""
    broken: int = 0
    """Requests that got no answer, because the web process was killed."""
    refused: int = 0
    """Requests that were answered with a 5xx: try again."""
    wrong: list[str] = field(default_factory=list)
    """What must never happen: a second reference for the same form, an answer that nobody can act on."""


class Families:
    """So many families, several at a time; ``told`` may be read while they are at it.

    Each waits until ``may_come`` says so of her number.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        url: str,
        leads: int,
        at_once: int,
        may_come: Callable[[int], bool],
    ) -> None:
        self.told = Told()
        self.leads = leads
        self._may_come = may_come
        self._sessions = FamilySessions(settings.session_key())
        self._store = store
        self._url = url
        self._next = itertools.count()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._come, daemon=True) for _ in range(at_once)]

    def start(self) -> None:
        """Let them come."""
        for thread in self._threads:
            thread.start()

    @property
    def done(self) -> bool:
        """Whether every family was told, or something went wrong that ended it."""
        return not any(thread.is_alive() for thread in self._threads)

    def _come(self) -> None:
        pause = threading.Event()
        with httpx.Client(base_url=self._url, timeout=10.0, trust_env=False) as http:
            while (number := next(self._next)) < self.leads and not self.told.wrong:
                while not self._may_come(number) and not self.told.wrong:
                    pause.wait(0.05)
                try:
                    self._one(number, http)
                except Exception as error:
                    self._wrong(f"family {number}: {type(error).__name__}: {error}")

    def _one(self, number: int, http: httpx.Client) -> None:
        session_id = secrets.token_urlsafe(12)
        self._patiently(lambda: save_screening(session_id, SCREENING, self._store))
        filled = {
            "first_name": "Ana", "last_name": "Li", "email": f"family{number}@mail.com",
            "phone": "+86 138 0013 8000", "consent_send": "yes", "consent_call": "yes",
        }  # fmt: skip
        form = _hidden(self._post(http, "/contact", {"session": self._sessions.token(session_id)}))
        last = _hidden(self._post(http, "/contact/check", form | filled))
        reference = self._reference(self._post(http, "/contact/send", last))
        with self._lock:
            self.told.references[number] = reference
        if (
            number % _PRESSES_TWICE == 0
            and self._reference(self._post(http, "/contact/send", last)) != reference
        ):
            self._wrong(f"family {number}: a second press gave a second reference")

    def _post(self, http: httpx.Client, path: str, fields: dict[str, str]) -> str:
        """The page that answers at last; the same fields are sent again until it does."""
        end = time.monotonic() + _GIVES_UP_SECONDS
        while time.monotonic() < end:
            try:
                answer = http.post(path, data=fields)
            except httpx.TransportError:
                with self._lock:
                    self.told.broken += 1
                continue
            if answer.status_code == 200:
                return answer.text
            if answer.status_code < 500:
                raise RuntimeError(f"{path} answered {answer.status_code}")
            with self._lock:
                self.told.refused += 1
        raise RuntimeError(f"{path} gave no answer in {_GIVES_UP_SECONDS:.0f} s")

    def _patiently(self, do: Callable[[], None]) -> None:
        end = time.monotonic() + _GIVES_UP_SECONDS
        while True:
            try:
                return do()
            except Exception:
                if time.monotonic() > end:
                    raise

    def _reference(self, page: str) -> str:
        found = set(_SENT.findall(page))
        if len(found) != 1:
            raise RuntimeError("a page that should say sent holds no reference")
        return str(found.pop())

    def _wrong(self, what: str) -> None:
        with self._lock:
            self.told.wrong.append(what)


def _hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page's last form, as a browser would send them."""
    written = re.findall(r"<form.*?</form>", page, re.DOTALL)[-1]
    tags = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', written)
    return {name: html.unescape(value) for name, value in tags}
