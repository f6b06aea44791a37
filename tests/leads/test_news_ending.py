"""When a sign-up is over, and what forgetting a chat does to it."""

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from bot.cli import app
from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.erasure import Erased, erase_conversation
from bot.leads.models import ConfirmMails, Delivery, SignUp
from bot.leads.news.ending import drop_over
from bot.leads.news.signing import confirm, stop
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import Kind, State
from bot.leads.retention import PurgeReport, purge
from bot.leads.screenings import save_screening
from bot.settings import Settings
from tests.leads.rasa_table import tell
from tests.leads.signups import DAY, mails, number_of, sign, signed_up, signup

SETTINGS = Settings.from_env({})
DAYS, HOURS = timedelta(days=1), timedelta(hours=1)


def last_mail(store: Store, state: State, tried: timedelta | None = None) -> None:
    """Somebody who was told all, and the state of the mail that told it."""
    signed_up(store)
    with store.session() as session:
        found = session.query(SignUp).one()
        found.day, found.studies = None, False
        session.query(Delivery).delete()
        mail = new_delivery(Kind.NEWS_DATE, now(), {"day": str(DAY)})
        mail.state, mail.last_attempt = state, now() - tried if tried is not None else None
        found.deliveries.append(mail)


def test_without_a_yes_it_ends_after_two_days(store: Store) -> None:
    moment = now()
    sign(store, at=moment)
    assert drop_over(store, SETTINGS, moment + 47 * HOURS) == 0
    assert purge(at=moment + 48 * HOURS, dry_run=True) == PurgeReport(signups=1, marks=1)
    assert number_of(store, SignUp) == 1
    assert purge(at=moment + 48 * HOURS) == PurgeReport(signups=1, marks=1)
    assert [number_of(store, table) for table in (SignUp, Delivery, ConfirmMails)] == [0, 0, 0]


def test_with_a_yes_it_lasts(store: Store) -> None:
    signed_up(store)
    assert purge(at=now() + 300 * DAYS) == PurgeReport(marks=1)
    assert number_of(store, SignUp) == 1


@pytest.mark.parametrize(
    ("state", "tried", "gone"),
    [
        (State.WAITING, None, False),
        (State.SENDING, 0 * DAYS, False),
        (State.DELIVERED, 0 * DAYS, True),
        (State.CANCELLED, None, True),
        (State.NEEDS_PERSON, 6 * DAYS, False),
        (State.NEEDS_PERSON, 8 * DAYS, True),
        (State.MAYBE_SENT, 6 * DAYS, False),
        (State.MAYBE_SENT, 8 * DAYS, True),
    ],
)
def test_after_the_last_mail_it_ends(store: Store, state: State, tried: timedelta | None, gone: bool) -> None:
    last_mail(store, state, tried)
    assert drop_over(store, SETTINGS) == gone
    assert number_of(store, Delivery) == (not gone)


def test_who_waits_for_more_stays_after_a_mail(store: Store) -> None:
    last_mail(store, State.DELIVERED)
    with store.session() as session:
        session.execute(update(SignUp).values(studies=True))
    assert drop_over(store, SETTINGS) == 0


def test_without_a_mail_server_it_ends_all_the_same(store: Store) -> None:
    signed_up(store, day=None)
    assert purge(at=now() + 378 * DAYS).signups == 0
    assert purge(at=now() + 380 * DAYS).signups == 1


def test_erasing_a_chat_takes_its_sign_ups_confirmed_or_not(
    store: Store, tracker: sqlite3.Connection, screening: dict[str, Any]
) -> None:
    save_screening("mine", screening)
    moment = now() - 5 * HOURS
    confirm(sign(store, "mine", moment)[0].confirm, store, moment)
    sign(store, "mine", email="second@mail.example")
    sign(store, "another chat", email="third@mail.example")
    assert erase_conversation("mine") == Erased(conversation=False, answers=True, news=True)
    assert [number_of(store, SignUp), len(mails(store))] == [1, 1]
    assert erase_conversation("mine") == Erased(conversation=False, answers=False)


def test_erasing_leaves_nothing_in_the_files(store: Store, tracker: sqlite3.Connection, stored: Any) -> None:
    sign(store, "mine")
    sealed = signup(store).details_sealed.encode()
    assert sealed in stored()
    assert erase_conversation("mine").news
    assert sealed not in stored()


def test_a_forgotten_chat_is_no_longer_tied_to_its_sign_up(store: Store, tracker: sqlite3.Connection) -> None:
    for name in ("old", "living", "young"):
        sign(store, name, email=f"{name}@mail.example", at=now() - (30 if name != "young" else 1) * HOURS)
    tell(tracker, "old", "words", hours_ago=25)
    tell(tracker, "living", "words", hours_ago=2)
    assert purge().conversations == 1
    with store.session() as session:
        tied = [one.session_hash is not None for one in session.query(SignUp).order_by(SignUp.id)]
    assert tied == [False, True, True]
    assert not erase_conversation("old").news
    assert number_of(store, SignUp) == 3


def test_a_dry_run_unties_nothing(store: Store, tracker: sqlite3.Connection) -> None:
    sign(store, "old", at=now() - 30 * HOURS)
    purge(dry_run=True)
    assert signup(store).session_hash is not None


def test_the_command_says_what_goes(store: Store, tracker: sqlite3.Connection) -> None:
    sign(store, at=now() - 49 * HOURS)
    said = CliRunner().invoke(app, ["purge", "--dry-run"]).stdout
    assert said == (
        "This would be deleted:\n  1 sign-up for news that is over\n"
        "  1 mark of an address that was asked to confirm\n"
    )


def test_a_stop_after_the_end_is_no_error(store: Store) -> None:
    (details,) = sign(store, at=now() - 49 * HOURS)
    drop_over(store, SETTINGS)
    assert not stop(details.stop, store)
