"""States of the pages to sign up for mails: the form, and what the links in mails open."""

from collections.abc import Iterator

from playwright.sync_api import expect
from sqlalchemy import update

from bot.leads.models import SignUp
from bot.leads.news.reading import link_hash

from ..visit import Visit
from .chat import NOT_YET

_CONFIRM, _STOP = "c" * 43, "s" * 43


def news(visit: Visit) -> Iterator[str]:
    """From a verdict of not yet to a sign-up that is stopped."""
    visit.open_chat()
    visit.say(*NOT_YET, "yes")
    visit.post("/news", session=visit.session)
    yield "news"
    visit.page.get_by_label("Your e-mail").fill("no address")
    _press(visit, "Send me a mail to confirm")
    expect(visit.page.get_by_role("alert").first).to_be_visible()
    yield "news-errors"
    visit.page.get_by_label("Your e-mail").fill("ana@mail.example")
    visit.page.get_by_role("checkbox").first.check()
    visit.page.get_by_label("Yes, you may keep this address").check()
    _press(visit, "Send me a mail to confirm")
    expect(visit.page.get_by_role("heading", name="Please look at your mail")).to_be_visible()
    yield "news-sent"
    with visit.stage.store() as store, store.session() as session:
        # The links are random, and stand in mails that nobody sends here.
        session.execute(update(SignUp).values(confirm_hash=link_hash(_CONFIRM), stop_hash=link_hash(_STOP)))
    visit.open(f"/news/confirm/{_CONFIRM}")
    yield "news-confirm"
    _press(visit, "Yes, write to me")
    yield "news-confirmed"
    visit.open(f"/news/stop/{_STOP}")
    yield "news-stop"
    _press(visit, "Yes, stop and erase")
    yield "news-stopped"
    visit.open("/news")
    yield "news-without-a-chat"


def _press(visit: Visit, name: str) -> None:
    with visit.page.expect_navigation():
        visit.page.get_by_role("button", name=name, exact=True).first.click()
