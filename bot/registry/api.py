"""The registry's live API (version 2): studies by their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from bot.registry.errors import (
    BadRequest,
    RecordError,
    RegistryFailed,
    RegistryUnreachable,
    TooManyRequests,
    UnknownStudy,
)
from bot.registry.formats import record_of
from bot.registry.pace import Pace, PacedRetry
from bot.registry.record import Record, checked_number

ADDRESS = "https://clinicaltrials.gov/api/v2"
TIMEOUT = (10.0, 30.0)
"""Seconds for the connection, and for each part of the answer."""
ATTEMPTS = 5
PAGE = 100
"""Studies asked for at once; longer lists of numbers make addresses that servers refuse."""


@dataclass
class Found:
    """What a source has of the studies that were asked for, by number; ``errors`` tells why one lacks."""

    records: dict[str, Record] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


class Registry:
    """Asks the registry, never faster than ``pace`` and never without a timeout.

    Every method raises a RegistryError of its own kind for each failure: UnknownStudy, BadRequest,
    TooManyRequests, RegistryUnreachable, RegistryFailed, RecordError.
    """

    def __init__(self, address: str = ADDRESS, pace: Pace | None = None, attempts: int = ATTEMPTS) -> None:
        self._address = address.rstrip("/")
        self._pace = pace or Pace()
        self._attempts = attempts
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "prescreen (trial import)"
        adapter = HTTPAdapter(max_retries=PacedRetry.by(self._pace, attempts))
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, adapter)

    def study(self, number: str) -> Record:
        """The study of this number."""
        number = checked_number(number)
        return record_of(self._ask(f"/studies/{number}", {}, number))

    def find(self, numbers: Sequence[str]) -> Found:
        """The studies of these numbers; ``errors`` tells what the registry lacks or sends unreadable."""
        wanted = list(dict.fromkeys(checked_number(number) for number in numbers))
        found = Found()
        for begin in range(0, len(wanted), PAGE):
            for told in self._pages(
                {"filter.ids": "|".join(wanted[begin : begin + PAGE]), "pageSize": str(PAGE)}
            ):
                self._keep(told, found)
        for number in wanted:
            if number not in found.records and number not in found.errors:
                found.errors[number] = f"the registry has no study {number}"
        return found

    def _keep(self, told: object, found: Found) -> None:
        try:
            record = record_of(told)
        except RecordError as error:
            number, _, why = str(error).partition(": ")
            found.errors[number] = why or number
        else:
            found.records[record.nct_id] = record

    def _pages(self, parameters: dict[str, str]) -> Iterator[object]:
        seen: set[str] = set()
        while True:
            page = self._ask("/studies", parameters, "the list of studies")
            studies, token = page.get("studies"), page.get("nextPageToken")
            if not isinstance(studies, list):
                raise RegistryFailed("the registry's page holds no list of studies")
            yield from studies
            if not token:
                return
            if token in seen:
                raise RegistryFailed("the registry sends the same page again and again")
            seen.add(token)
            parameters = parameters | {"pageToken": token}

    def _ask(self, path: str, parameters: dict[str, str], what: str) -> dict[str, Any]:
        answer = self._answer(path, parameters | {"format": "json"})
        if answer.status_code == 200:
            try:
                told = answer.json()
            except ValueError as error:
                raise RegistryFailed(f"the registry's answer for {what} is not JSON") from error
            if isinstance(told, dict):
                return told
            raise RegistryFailed(f"the registry's answer for {what} is no object")
        if answer.status_code == 404:
            raise UnknownStudy(f"the registry has no study {what}")
        if answer.status_code == 400:
            raise BadRequest(f"the registry refused to tell {what}: {answer.text.strip()[:200]}")
        if answer.status_code == 429:
            raise TooManyRequests("the registry still asks to wait; try again later")
        raise RegistryFailed(f"the registry answered {answer.status_code} for {what}")

    def _answer(self, path: str, parameters: dict[str, str]) -> requests.Response:
        for attempt in range(1, self._attempts + 1):
            self._pace.keep()
            try:
                return self._session.get(self._address + path, params=parameters, timeout=TIMEOUT)
            except requests.exceptions.ChunkedEncodingError as error:
                # The answer broke off within its body: the retries of the session only know whole answers.
                if attempt == self._attempts:
                    raise RegistryUnreachable("the registry's answer broke off each time") from error
                self._pace.again(None, self._pace.seconds * 2**attempt)
            except requests.RequestException as error:
                kind = type(error).__name__
                raise RegistryUnreachable(
                    f"the registry at {self._address} cannot be reached ({kind})"
                ) from error
        raise AssertionError("the last attempt returns or raises")
