"""The inbox in a real browser, on a phone and on a desk, with scripts turned off."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.intake import Consent, Contact, store_lead
from bot.leads.keys import _keys_of_this_process
from bot.leads.models import Lead
from bot.leads.states import change_state
from bot.leads.users import add_user
from bot.settings import get_settings
from criteria import load_trial

PASSWORD = "correct horse battery"
CONTACT = Contact(
    first_name="Mei",
    last_name="Li-Anderson-Featherstonehaugh",
    email="a.rather.long.name.for.a.mailbox@some.hospital.example",
    phone="+86 138 0013 8000",
    language="Chinese, English",
    relation="parent",
    country="CN",
    best_time="after 5 pm, not on Friday",
)


@pytest.fixture
def store(home: Path, site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The web process's database and keys."""
    monkeypatch.setenv("PRESCREEN_HOME", str(home))
    for cache in (get_settings, _keys_of_this_process):
        cache.cache_clear()
    opened = Store(f"sqlite:///{home / 'prescreen.db'}")
    yield opened
    opened.close()
    for cache in (get_settings, _keys_of_this_process):
        cache.cache_clear()


@pytest.fixture
def send(store: Store) -> Callable[..., str]:
    """Stores a lead whose findings are all there are, and gives its reference."""

    def make(hours: float = 0, **marks: Any) -> str:
        kinds = ("unknown", "met", "not_yet", "for_the_team", "not_met")
        findings = {
            criterion.id: {
                "finding": kinds[number % 5],
                "until": "2026-12-03" if kinds[number % 5] == "not_yet" else None,
                "reason": "last chemotherapy: 30 Oct to 3 Nov 2026",
                "text": "",
            }
            for number, criterion in enumerate(load_trial("NCT06848582").criteria)
        }
        screening = {
            "trial": "NCT06848582",
            "verdict": "not_yet",
            "until": "2026-12-03",
            "today": "2026-11-22",
            "facts": {"respondent": "parent", "age": {"months": [84, 95]}, "radiation": {"had": "no"}},
            "findings": findings,
        }
        consents = [Consent("send", "0123456789ab", "Yes, send my answers to the study team.", now())]
        name = f"inbox-{now().timestamp()}"
        reference = store_lead(name, name, screening, CONTACT, consents, store).reference
        with store.session() as session:
            lead = session.scalars(select(Lead).where(Lead.reference == reference)).one()
            lead.created = lead.state_changed = now() - timedelta(hours=hours)
            # All have one contact: only those are shown as the same that a test marks so.
            lead.email_mark = lead.phone_mark = None
            for mark, value in marks.items():
                setattr(lead, mark, value)
        return reference

    return make


@pytest.fixture(params=[(360, 740), (1280, 860)], ids=["phone", "desktop"])
def desk(browser: Browser, site: str, store: Store, request: pytest.FixtureRequest) -> Iterator[Page]:
    """An administrator's browser without JavaScript, at the log-in."""
    add_user("anna", PASSWORD, store, role="administrator")
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, base_url=site, java_script_enabled=False
    )
    page = context.new_page()
    strangers: list[str] = []
    page.on("request", lambda asked: strangers.append(asked.url) if not asked.url.startswith(site) else None)
    page.goto("/inbox")
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()
    yield page
    context.close()
    assert strangers == []


def nothing_is_cut(page: Page) -> None:
    """Neither the page nor a table scrolls sideways, and whatever is pressed is large enough for a finger."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    cut = page.evaluate(
        """[...document.querySelectorAll(".table-frame")].filter((it) => it.scrollWidth > it.clientWidth)
            .map((it) => it.innerText.slice(0, 80))"""
    )
    assert cut == []
    small = page.evaluate(
        """[...document.querySelectorAll("button, select, input:not([type=hidden]), summary, textarea")]
            .filter((it) => it.getClientRects().length && it.getBoundingClientRect().height < 43.5)
            .map((it) => it.outerHTML)"""
    )
    assert small == []


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def test_from_the_list_to_a_call(desk: Page, send: Callable[..., str]) -> None:
    reference = send(hours=30)
    desk.goto("/inbox")
    nothing_is_cut(desk)
    row = desk.get_by_role("row").filter(has=desk.get_by_role("link", name=reference))
    expect(row).to_contain_text("30 hours ago")
    expect(row).to_contain_text("Late, 24 h")
    row.get_by_role("link", name=reference).click()
    nothing_is_cut(desk)
    titles = desk.get_by_role("heading", level=2).all_inner_texts()
    assert titles[:2] == ["To be checked first", "Contact"]
    expect(desk.get_by_role("link", name="+86 138 0013 8000")).to_have_attribute("href", "tel:+8613800138000")

    section(desk, "What happened?").get_by_role("button", name="Called").click()
    expect(desk.get_by_role("status")).to_have_text("The state is changed.")
    expect(section(desk, "What happened?")).to_contain_text("“Called”")
    expect(desk.get_by_role("heading", level=1)).not_to_contain_text("Late")

    desk.get_by_label("New note").fill("Called at 17:10, nobody answered.\nAgain on Monday.")
    desk.get_by_role("button", name="Add note").click()
    expect(desk.get_by_role("status")).to_have_text("The note is stored.")
    expect(section(desk, "Notes")).to_contain_text("Again on Monday.")

    desk.get_by_label("Why is it closed?").select_option("No answer")
    desk.get_by_role("button", name="Close this message").click()
    expect(section(desk, "What happened?")).to_contain_text("No answer")
    for done in ("new to called", "added note", "called to closed (no_answer)"):
        expect(section(desk, "Who did what").first).to_contain_text(done)
    nothing_is_cut(desk)


def test_somebody_else_was_faster(desk: Page, send: Callable[..., str], store: Store) -> None:
    reference = send()
    desk.goto(f"/inbox/lead/{reference}")
    change_state(reference, "reached", "bob", store=store)
    section(desk, "What happened?").get_by_role("button", name="Called").click()
    expect(desk.get_by_role("alert")).to_contain_text("somebody else set the state to “Reached”")
    section(desk, "What happened?").get_by_role("button", name="Referred").click()
    expect(desk.get_by_role("status")).to_have_text("The state is changed.")


def test_filter_search_and_file(desk: Page, send: Callable[..., str]) -> None:
    mark = f"mark-{now().timestamp()}"
    references = [send(hours=50, email_mark=mark), send(email_mark=mark)]
    desk.goto("/inbox")
    desk.get_by_role("link", name="Untouched for 48 hours").click()
    expect(desk.get_by_label("Waiting too long")).to_have_value("escalated")
    expect(desk.get_by_role("rowheader").get_by_role("link", name=references[0])).to_have_count(1)
    desk.get_by_label("Waiting too long").select_option("Any")
    desk.get_by_label("Reference, or a part of it").fill(references[1].lower())
    desk.get_by_role("button", name="Show", exact=True).click()
    expect(desk.get_by_text("1 message", exact=True)).to_be_visible()
    expect(desk.get_by_role("rowheader")).to_contain_text(f"Same contact as {references[0]}")
    nothing_is_cut(desk)
    with desk.expect_download() as download:
        desk.get_by_role("button", name="Download as CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    written = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(written, newline="")))
    assert [(row["reference"], row["phone"]) for row in rows] == [(references[1], "tel:+86 138 0013 8000")]


def test_users_and_audit(desk: Page, store: Store) -> None:
    add_user("bob", PASSWORD, store)
    desk.get_by_role("link", name="Users").click()
    nothing_is_cut(desk)
    desk.get_by_role("button", name="Disable bob").click()
    expect(desk.get_by_role("status")).to_have_text("It is done.")
    desk.get_by_role("button", name="Disable anna").click()
    expect(desk.get_by_role("alert")).to_contain_text("anna is the last administrator")
    desk.get_by_role("link", name="Audit").click()
    expect(desk.get_by_role("row").filter(has_text="disabled user").first).to_contain_text("bob")
    nothing_is_cut(desk)


def test_every_field_has_a_name_and_the_keyboard_reaches_the_content(
    desk: Page, send: Callable[..., str]
) -> None:
    reference = send()
    for path in ("/inbox?state=new", f"/inbox/lead/{reference}", "/inbox/users", "/inbox/audit"):
        desk.goto(path)
        unnamed = desk.evaluate(
            """[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
                .filter((it) => !it.labels.length).map((it) => it.outerHTML)"""
        )
        assert unnamed == [], path
        heads = desk.evaluate(
            "[...document.querySelectorAll('thead th')].filter((it) => it.scope !== 'col').length"
        )
        assert heads == 0, path
        desk.keyboard.press("Tab")
        assert desk.evaluate("document.activeElement.textContent") == "To the content"
        expect(desk.get_by_role("link", name="To the content")).to_be_in_viewport()
        ids = desk.evaluate("[...document.querySelectorAll('[id]')].map((it) => it.id)")
        assert len(ids) == len(set(ids)), path
