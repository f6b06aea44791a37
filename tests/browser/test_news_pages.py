"""Signing up for mails in a real browser, from the form to the stop, with scripts on and off."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.leads import erasure, keys
from bot.leads.database import Store, open_store
from bot.leads.news.telling import tell_days
from bot.leads.outbox.queue import deliver_due
from bot.leads.screenings import save_screening
from bot.settings import Settings, get_settings
from bot.web.app import create_app
from tests.leads.mail_server import MailServer, body
from tests.web.serving import serving

from .lines import SCREENING

NOT_YET = SCREENING | {
    "verdict": "not_yet",
    "until": "2026-12-13",
    "facts": {"respondent": "parent", "diagnosis": {"id": "rhabdomyosarcoma"}},
}
EMAIL = "a.rather.long.name.for.a.mailbox@some.hospital.example"


class Place(NamedTuple):
    """A running site: its address, the page of a visitor, the mail server, and what the worker goes by."""

    base: str
    page: Page
    mails: MailServer
    store: Store
    session: str
    settings: dict[str, str]

    def worker(self, **variables: str) -> Settings:
        return Settings.from_env(self.settings | variables)

    def link(self, words: str) -> str:
        """The link in the last mail that goes there."""
        found = re.search(rf"{re.escape(self.base)}/news/{words}/\S+", body(self.mails.mail()))
        assert found is not None
        self.mails.got.clear()
        return found[0]


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    started = MailServer()
    started.start()
    yield started
    started.stop()


@pytest.fixture(params=[(360, 740, True), (1280, 860, False)], ids=["phone", "desktop without scripts"])
def place(
    browser: Browser,
    mail_server: MailServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Place]:
    variables = {
        "PRESCREEN_HOME": str(tmp_path),
        "PRESCREEN_TODAY": "2026-11-22",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mail_server.port),
        "SMTP_SECURITY": "none",
        "MAIL_FROM": "chat@hospital.example",
        "PUBLIC_URL": "https://chat.hospital.example",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    caches = (get_settings, open_store, keys._keys_of_this_process, erasure._tracker)
    for cache in caches:
        cache.cache_clear()
    app = create_app(get_settings())
    session_id = app.state.sessions.new_id()
    save_screening(session_id, NOT_YET)
    width, height, scripts = request.param
    with serving(app) as port:
        base = f"http://127.0.0.1:{port}"
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts
        )
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        token = app.state.sessions.token(session_id)
        yield Place(base, page, mail_server, open_store(), token, variables | {"PUBLIC_URL": base})
        assert not [url for url in asked if not url.startswith(base) or token in url or EMAIL in url]
        context.close()
    for cache in caches:
        cache.cache_clear()


def open_form(place: Place, **fields: str) -> None:
    """As the page after the verdict opens it: one button that posts the session."""
    given = {"session": place.session, **fields}
    hidden = "".join(f'<input type="hidden" name="{name}" value="{given[name]}">' for name in given)
    form = f'<form method="post" action="{place.base}/news">{hidden}<button>Mails</button></form>'
    place.page.set_content(form)
    place.page.get_by_role("button", name="Mails").click()


def in_view(page: Page) -> None:
    """Nothing reaches over the side of the window."""
    wide: Any = page.locator("html").evaluate("page => page.scrollWidth - page.clientWidth")
    assert wide <= 0


def look(page: Page, name: str, tmp_path: Path) -> None:
    in_view(page)
    page.screenshot(path=str(tmp_path / f"{name}.png"), full_page=True)


def test_signing_up_saying_yes_being_told_and_stopping(place: Place, tmp_path: Path) -> None:
    page = place.page
    open_form(place)
    expect(page.get_by_role("heading", name="Get a mail from us")).to_be_visible()
    expect(page.get_by_text("Please do not stop, skip or delay")).to_be_visible()
    look(page, "form", tmp_path)
    page.get_by_label("Your e-mail").fill("no address")
    page.get_by_role("button", name="Send me a mail to confirm").click()
    for said in ("does not look like an e-mail", "tick at least one", "if you tick this box"):
        expect(page.get_by_text(said)).to_be_visible()
    look(page, "mistakes", tmp_path)
    page.get_by_label("Your e-mail").fill(EMAIL)
    page.get_by_label("Write to me when December 13, 2026 comes.").check()
    page.get_by_label("Yes, you may keep this address").check()
    page.get_by_role("button", name="Send me a mail to confirm").click()
    expect(page.get_by_role("heading", name="Please look at your mail")).to_be_visible()
    look(page, "sent", tmp_path)
    assert deliver_due(place.store, place.worker()) == 1
    page.goto(place.link("confirm"))
    look(page, "confirm", tmp_path)
    page.get_by_role("button", name="Yes, write to me").click()
    expect(page.get_by_text("We write when December 13, 2026 comes.")).to_be_visible()
    look(page, "confirmed", tmp_path)
    assert tell_days(place.store, place.worker(PRESCREEN_TODAY="2026-12-13")) == 1
    with place.store.session() as session:
        # It would wait for the morning where these tests run at night.
        session.connection().exec_driver_sql("UPDATE deliveries SET next_attempt = created")
    assert deliver_due(place.store, place.worker()) == 1
    assert "December 13, 2026" in body(place.mails.mail())
    page.goto(place.link("stop"))
    look(page, "stop", tmp_path)
    page.get_by_role("button", name="Yes, stop and erase").click()
    expect(page.get_by_role("heading", name="You get no more mails")).to_be_visible()
    look(page, "stopped", tmp_path)
    with place.store.session() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM signups").scalar() == 0


def test_whoever_came_from_the_plain_pages_finds_back(place: Place) -> None:
    open_form(place, plain="yes")
    back = place.page.locator("form[action='/plain']")
    expect(back.get_by_role("button", name="Back to the questions")).to_be_visible()
    assert html.unescape(back.locator("[name=session]").get_attribute("value") or "") == place.session
