"""The web application with a fake Rasa, in a home of its own."""

import asyncio
import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.leads import erasure, keys
from bot.leads.database import open_store
from bot.leads.intake import Contact, store_lead
from bot.leads.screenings import save_screening
from bot.leads.users import add_user
from bot.settings import Settings, get_settings
from bot.web.app import create_app
from bot.web.sessions import FamilySessions
from tests.interview.verdict_families import screening_of
from tests.web.after_ways import NOTE, hold_off, open_hub, press

_CACHES = (get_settings, open_store, keys._keys_of_this_process, erasure._tracker)


class FakeRasa:
    """Stands in for Rasa's REST channel: notes what it gets, answers what it is told to."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], httpx.Response] = self.turn
        self.extra: dict[str, Any] = {}
        self.up = True

    def turn(self, asked: dict[str, Any]) -> httpx.Response:
        message = {
            "text": "How old is your child?",
            "kind": "question",
            "asks": "age",
            "choices": [],
            "multiple": False,
        }
        custom = {
            "messages": [message],
            "state": {"phase": "interview", "asks": "age", "verdict": None},
            "erase": False,
        } | self.extra
        return httpx.Response(200, json=[{"recipient_id": asked["sender"], "custom": custom}])

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("refused", request=request)
        if request.method == "GET":
            return httpx.Response(200, text="Hello from Rasa: 3.6.21")
        self.got.append(json.loads(request.content))
        return self.answer(self.got[-1])


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("PRESCREEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIALS", "NCT06848582")
    for cache in _CACHES:
        cache.cache_clear()
    yield tmp_path / "home"
    for cache in _CACHES:
        cache.cache_clear()


@pytest.fixture
def open_web(
    home: Path, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., TestClient]]:
    """Makes a client; keyword arguments are variables of the environment."""
    clients: list[TestClient] = []

    def make(address: str = "127.0.0.1", **variables: str) -> TestClient:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        get_settings.cache_clear()
        app = create_app(get_settings(), httpx.MockTransport(rasa))
        client = TestClient(
            app, raise_server_exceptions=False, client=(address, 50000), follow_redirects=False
        )
        client.__enter__()
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def web(open_web: Callable[..., TestClient]) -> TestClient:
    return open_web()


@pytest.fixture
def session(web: TestClient) -> str:
    """The token of a chat that has been opened."""
    return str(
        web.post("/api/chat", json={"session": None, "message": "", "language": "en"}).json()["session"]
    )


@pytest.fixture
def session_id(session: str, home: Path) -> str:
    return FamilySessions(get_settings().session_key()).read(session)


@pytest.fixture
def screening() -> dict[str, Any]:
    return {
        "trial": "NCT06848582",
        "trial_version": "1",
        "text_version": "abc",
        "language": "en",
        "today": "2026-11-22",
        "facts": {"respondent": "parent", "age": {"months": [84, 95]}, "heart_problem": "not_sure"},
        "verdict": "possible",
        "until": None,
        "findings": {
            "I2": {"finding": "met", "until": None, "reason": "age: 7 years", "text": "the age"},
            "E2": {
                "finding": "unknown",
                "until": None,
                "reason": "heart problem: not sure",
                "text": "the heart",
            },
        },
        "respondent": "parent",
    }


@pytest.fixture
def screened(session: str, session_id: str, screening: dict[str, Any]) -> str:
    """The token of a chat that has come to a verdict."""
    save_screening(session_id, screening)
    return session


PASSWORD = "correct horse battery"


class Inbox:
    """Somebody logged in to the inbox: opens pages and presses their buttons."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    @staticmethod
    def token(page: httpx.Response) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert found is not None
        return html.unescape(found.group(1))

    def log_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        fields = {"csrf": self.token(self.client.get("/inbox/login")), "name": name, "password": password}
        return self.client.post("/inbox/login", data=fields)

    def get(self, path: str = "") -> httpx.Response:
        return self.client.get(f"/inbox{path}")

    def read(self, path: str = "") -> str:
        """The words of a page."""
        page = self.get(path)
        assert page.status_code == 200, page.status_code
        return html.unescape(page.text)

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Sends a form with the token of this session."""
        return self.client.post(f"/inbox{path}", data={"csrf": self.token(self.get("")), **fields})


@pytest.fixture
def open_inbox(web: TestClient) -> Callable[..., Inbox]:
    """Logs somebody in, from a browser of her own."""

    def make(name: str = "ana", role: str = "coordinator") -> Inbox:
        add_user(name, PASSWORD, role=role)
        inbox = Inbox(TestClient(web.app, raise_server_exceptions=False, follow_redirects=False))
        assert inbox.log_in(name).status_code == 303
        return inbox

    return make


@pytest.fixture
def inbox(open_inbox: Callable[..., Inbox]) -> Inbox:
    """A coordinator's inbox."""
    return open_inbox()


@pytest.fixture
def reference(web: TestClient, screening: dict[str, Any]) -> str:
    """The reference of a lead."""
    contact = Contact("Ana", "Li", "ana@mail.com", "+86 138 0013 8000", country="CN", relation="parent")
    return store_lead("s1", "form-1", screening, contact, []).reference


@pytest.fixture
def family(web: TestClient, session: str, session_id: str) -> str:
    """The session of a family with a likely match and notes."""
    hold_off(web)
    save_screening(session_id, screening_of("likely"))
    press(web, open_hub(web, session), "/after/notes", notes=NOTE)
    return session


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that answers waited so that all take the same time; nobody really waits."""
    noted: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        noted.append(seconds)
        await sleep(0)

    monkeypatch.setattr("bot.web.evenly.asyncio.sleep", note)
    return noted
