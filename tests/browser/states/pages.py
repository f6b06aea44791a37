"""States of the pages around the chat: start page, trial, privacy notice, errors, a family's own page."""

from collections.abc import Iterator

from playwright.sync_api import expect
from sqlalchemy import select

from bot.leads.keys import unseal
from bot.leads.models import Delivery, Lead
from bot.leads.outbox.kinds import Kind

from ..stage_leads import leads
from ..visit import Visit


def pages(visit: Visit) -> Iterator[str]:
    """What a newcomer may look at."""
    for name, path in {"home": "/", "trial": "/trial/NCT06848582", "privacy": "/privacy"}.items():
        visit.open(path)
        yield name
    visit.open("/", bare=True)
    yield "home-bare"


def errors(visit: Visit) -> Iterator[str]:
    """A page that is not there, one asked for too often, and a server that can't."""
    visit.open("/nothing-here")
    yield "error-not-found"
    visit.open("/status")
    # A reference may be asked for six times a minute; all at once, since each answer takes its time.
    visit.page.evaluate(
        """() => Promise.all([...Array(6)].map(() => fetch("/status/code",
            { method: "POST", body: new URLSearchParams({ reference: "ACDE-FGHJ", code: "1" }) })))"""
    )
    visit.post("/status", reference="ACDE-FGHJ")
    expect(visit.page.get_by_text("a bit fast for us")).to_be_visible()
    yield "error-too-many"
    with visit.table_missing("status_codes"):
        visit.post("/status", reference="ACDE-FGHK")
        yield "error-unavailable"


def status(visit: Visit) -> Iterator[str]:
    """From the reference to a message that is taken back."""
    with visit.stage.store() as store:
        reference = leads(store)["possible"]
    visit.open("/status")
    yield "status"
    visit.page.get_by_label("Your reference").fill(reference)
    with visit.page.expect_navigation():
        visit.page.get_by_role("button").first.click()
    yield "status-code"
    code = _mailed_code(visit, reference)
    box = visit.page.get_by_role("textbox")
    box.fill("1")
    with visit.page.expect_navigation():
        box.press("Enter")
    expect(visit.page.get_by_role("alert")).to_be_visible()
    yield "status-wrong-code"
    box.fill(code)
    with visit.page.expect_navigation():
        box.press("Enter")
    expect(visit.page.get_by_text(reference)).to_be_visible()
    yield "status-received"
    with visit.page.expect_navigation():
        visit.page.get_by_role("button").click()
    yield "status-take-back"
    with visit.table_missing("notes"), visit.page.expect_navigation():
        visit.page.get_by_role("button").first.click()
    expect(visit.page.get_by_role("alert")).to_be_visible()
    yield "status-not-taken-back"
    with visit.page.expect_navigation():
        visit.page.get_by_role("button").first.click()
    yield "status-taken-back"
    visit.post("/status/see", token="too-old")
    yield "status-too-late"
    visit.open("/status", bare=True)
    yield "status-no-mail"


def _mailed_code(visit: Visit, reference: str) -> str:
    with visit.stage.store() as store, store.session() as session:
        mail = session.scalars(
            select(Delivery).join(Lead).where(Delivery.kind == Kind.CODE, Lead.reference == reference)
        ).one()
        return str(unseal(mail.payload_sealed or "")["code"])
