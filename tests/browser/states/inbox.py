"""States of the site's inbox."""

from collections.abc import Iterator

from playwright.sync_api import expect
from sqlalchemy import delete

from bot.leads.models import StaffUser
from bot.leads.states import change_state

from ..stage_leads import PASSWORD, leads, staff
from ..visit import Visit


def login(visit: Visit) -> Iterator[str]:
    """Before anybody works there, the log-in, a wrong password, and an inbox with nothing in it."""
    with visit.stage.store(bare=True) as store, store.session() as session:
        session.execute(delete(StaffUser))
    visit.open("/inbox/login", bare=True)
    yield "inbox-nobody-yet"
    with visit.stage.store(bare=True) as store:
        staff(store)
    visit.open("/inbox/login", bare=True)
    yield "inbox-login"
    _log_in(visit, "wrong")
    expect(visit.page.get_by_role("alert")).to_be_visible()
    yield "inbox-wrong-password"
    _log_in(visit, PASSWORD)
    expect(visit.page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()
    yield "inbox-empty"


def the_list(visit: Visit) -> Iterator[str]:
    """All messages, filtered, and none."""
    with visit.stage.store() as store:
        leads(store)
    _enter(visit)
    yield "inbox-list"
    visit.page.locator("summary").click()
    yield "inbox-filter"
    visit.open("/inbox?late=late")
    yield "inbox-filtered"
    visit.open("/inbox?reference=ZZZZ")
    yield "inbox-none-found"


def card(visit: Visit) -> Iterator[str]:
    """Cards of messages in each state, with what was done and what went wrong."""
    with visit.stage.store() as store:
        made = leads(store)
    _enter(visit)
    visit.open(f"/inbox/lead/{made['possible']}")
    yield "card-new"
    visit.page.get_by_role("button", name="Called", exact=True).click()
    expect(visit.page.get_by_role("status")).to_be_visible()
    yield "card-called"
    with visit.stage.store() as store:
        change_state(made["possible"], "reached", "bob", store=store)
    visit.page.get_by_role("button", name="Referred", exact=True).click()
    expect(visit.page.get_by_role("alert")).to_be_visible()
    yield "card-changed-meanwhile"
    visit.page.get_by_label("New note").fill("She would like to be called by Ms Ngo.")
    with visit.table_missing("notes"):
        visit.page.get_by_role("button", name="Add note").click()
        expect(visit.page.get_by_role("alert")).to_be_visible()
        yield "card-note-kept"
    for name in ("escalated", "closed", "withdrawn"):
        visit.open(f"/inbox/lead/{made[name]}")
        yield f"card-{name}"
    visit.open(f"/inbox/lead/{made['needs a person']}")
    for summary in visit.page.locator("summary").all():
        summary.click()
    yield "card-needs-a-person"
    visit.open("/inbox/lead/ZZZZ-ZZZZ")
    yield "inbox-refused"


def administration(visit: Visit) -> Iterator[str]:
    """What administrators see beside the leads."""
    with visit.stage.store() as store:
        leads(store)
    _enter(visit)
    for name in ("users", "audit", "counts", "trials"):
        visit.open(f"/inbox/{name}")
        yield f"inbox-{name}"
    visit.open("/inbox/trials/NCT05642455")
    yield "inbox-trial"
    visit.open("/inbox/users")
    visit.page.get_by_role("button", name="Disable anna").click()
    expect(visit.page.get_by_role("alert")).to_be_visible()
    yield "inbox-users-refused"


def _enter(visit: Visit) -> None:
    with visit.stage.store() as store:
        staff(store)
    visit.open("/inbox")
    _log_in(visit, PASSWORD)
    expect(visit.page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()


def _log_in(visit: Visit, password: str) -> None:
    visit.page.get_by_label("Name").fill("anna")
    visit.page.get_by_label("Password").fill(password)
    visit.page.get_by_role("button", name="Log in").click()
