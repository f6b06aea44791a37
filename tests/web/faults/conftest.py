"""A web process on SQLite or PostgreSQL that has little patience, and families about to press send."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.leads.reading import all_leads
from bot.leads.screenings import save_screening
from bot.settings import get_settings
from bot.web.sessions import FamilySessions
from tests.web.test_contact import FILLED, hidden

IMPATIENT_SQLITE = "?timeout=0.5"
IMPATIENT_POSTGRES = "&options=-c%20lock_timeout%3D500"

on_both = pytest.mark.parametrize("web", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def web(request: pytest.FixtureRequest, home: Path, open_web: Callable[..., TestClient]) -> TestClient:
    """On the database that the test names, with little patience."""
    kind = getattr(request, "param", "sqlite")
    if kind == "postgresql":
        url = request.getfixturevalue("postgres_url") + IMPATIENT_POSTGRES
    else:
        url = f"sqlite:///{home / 'prescreen.db'}{IMPATIENT_SQLITE}"
    return open_web(DATABASE_URL=url, CHAT_PER_MINUTE="0")


def filled_in(web: TestClient, screening: dict[str, Any]) -> dict[str, str]:
    """A new family that has filled in the form and read it back: what her "send" would post."""
    opened = web.post("/api/chat", json={"session": None, "message": "", "language": "en"})
    session = str(opened.json()["session"])
    save_screening(FamilySessions(get_settings().session_key()).read(session), screening)
    form = hidden(web.post("/contact", data={"session": session}))
    return hidden(web.post("/contact/check", data=form | FILLED))


@pytest.fixture
def family(web: TestClient, screening: dict[str, Any]) -> Callable[[], dict[str, str]]:
    return lambda: filled_in(web, screening)


def told_sent(page: httpx.Response) -> str | None:
    """The reference of a page that says it was sent, else None."""
    found = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", page.text)
    assert (page.status_code == 200) == (found is not None)
    return found.group() if found else None


def stored() -> dict[str, str]:
    """Each stored lead with the state of its delivery."""
    return {lead.reference: lead.delivery.state for lead in all_leads()}
