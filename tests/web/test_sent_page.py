"""The pages around sending: when the site calls, and whether a copy goes by mail."""

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from bot.leads.clock import now
from bot.leads.database import open_store
from bot.leads.models import Lead
from bot.leads.screenings import save_screening
from bot.settings import get_settings
from bot.web.sessions import FamilySessions
from tests.web.test_contact import hidden, read_back

CALLS = {
    "SITE_NAME": "Example Hospital",
    "SITE_CALLBACK_DAYS": "2",
    "SITE_CALLBACK_WEEKDAYS": "mon,tue,wed,thu,fri,sat,sun",
    "SITE_CALLBACK_HOURS": "09:00-17:00",
    "SITE_TIMEZONE": "Asia/Shanghai",
}
MAIL = {"SMTP_HOST": "127.0.0.1", "MAIL_FROM": "chat@hospital.example"}


@pytest.fixture
def sent(open_web: Callable[..., TestClient], screening: dict[str, Any]) -> Callable[..., tuple[str, str]]:
    """Sends the form of a site with these settings: the page, and the page when it is opened once more."""

    def send(days_later: int = 0, **variables: str) -> tuple[str, str]:
        web = open_web(**variables)
        opened = web.post("/api/chat", json={"session": None, "message": "", "language": "en"})
        session = opened.json()["session"]
        save_screening(FamilySessions(get_settings().session_key()).read(session), screening)
        read = read_back(web, session)
        assert ("We will also send a copy of your answers" in read.text) == ("SMTP_HOST" in variables)
        first = web.post("/contact/send", data=hidden(read))
        assert first.status_code == 200
        with open_store().session() as transaction:
            transaction.execute(update(Lead).values(created=now() - timedelta(days=days_later)))
        again = web.post("/contact", data={"session": session})
        return html.unescape(first.text), html.unescape(again.text)

    return send


def test_call_is_announced(sent: Callable[..., tuple[str, str]]) -> None:
    for page in sent(**CALLS):
        assert "Example Hospital plans to call you by " in page
        assert "between 9:00 and 17:00 (time in Shanghai)." in page
        assert "has not told us" not in page


def test_call_that_was_announced_for_a_day_gone_by(sent: Callable[..., tuple[str, str]]) -> None:
    first, again = sent(days_later=9, **CALLS)
    assert "plans to call you by" in first
    assert "planned to call you by" in again
    assert "plans to call you by" not in again


def test_no_call_is_announced_where_nothing_is_set(sent: Callable[..., tuple[str, str]]) -> None:
    for page in sent(SITE_NAME="Example Hospital"):
        assert "The study team has not told us when they will call." in page


def test_demo_announces_no_call(sent: Callable[..., tuple[str, str]]) -> None:
    for page in sent(SITE_CALLBACK_DAYS="2"):
        assert page.count("This is a demo. No one will call you.") == 1
        assert "plans to call" not in page


def test_copy_is_told_of_where_it_goes(sent: Callable[..., tuple[str, str]]) -> None:
    for page in sent(**MAIL):
        assert "We also send a copy to the e-mail address in your form." in page
        assert "ana@mail.com" not in page


def test_no_copy_is_told_of_where_none_goes(sent: Callable[..., tuple[str, str]]) -> None:
    for page in sent():
        assert "No copy goes out by e-mail. Please keep your reference." in page
        assert "We also send a copy" not in page
