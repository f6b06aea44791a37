"""Signing up for news: a yes by link, one link that stops it all, and nobody can flood a mailbox."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.models import Attempt, ConfirmMails, Delivery, SignUp
from bot.leads.news.offers import Offers, offers
from bot.leads.news.signing import CONFIRM_WITHIN, Confirmed, confirm, stop
from bot.leads.outbox.claims import claim_due
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import Kind, State
from bot.leads.outbox.outcome import Fate, Outcome
from bot.leads.outbox.results import record
from bot.settings import Settings
from tests.leads.signups import (
    DAY,
    EMAIL,
    ILLNESS,
    MAIL,
    all_details,
    mails,
    number_of,
    sign,
    signed_up,
    signup,
)

HOUR = timedelta(hours=1)
SETTINGS = Settings.from_env(MAIL)


def delivered(store: Store) -> None:
    with store.session() as session:
        session.execute(update(Delivery).values(state=State.DELIVERED))


def test_a_sign_up_waits_for_a_yes(store: Store) -> None:
    (details,) = sign(store)
    kept = signup(store)
    assert (details.email, details.diagnosis, details.consent["wording"]) == (EMAIL, ILLNESS, "Yes.")
    assert (kept.day, kept.studies, kept.confirmed) == (DAY, True, None)
    assert mails(store) == [Kind.NEWS_CONFIRM]
    assert confirm("no link of ours", store) is None
    assert signup(store).confirmed is None
    assert confirm(details.confirm, store) == Confirmed(DAY, studies=True)
    first = signup(store).confirmed
    assert first is not None
    assert confirm(details.confirm, store) == Confirmed(DAY, studies=True)
    assert signup(store).confirmed == first


def test_nothing_that_is_told_or_opens_a_link_lies_open(store: Store, written: Callable[[], bytes]) -> None:
    details = signed_up(store)
    found = written()
    for secret in (EMAIL, "zarrabeth", "rhabdomyosarcoma", details.confirm, details.stop):
        assert secret.encode() not in found, secret


def test_a_link_works_for_two_days(store: Store) -> None:
    moment = now()
    (details,) = sign(store, at=moment)
    assert confirm(details.confirm, store, moment + CONFIRM_WITHIN) is None
    assert confirm(details.confirm, store, moment + CONFIRM_WITHIN - timedelta(seconds=1)) is not None


def test_stopping_takes_the_sign_up_and_its_mails(store: Store, stored: Callable[[], bytes]) -> None:
    details = signed_up(store)
    mark = signup(store).details_sealed
    assert claim_due(store, SETTINGS) is not None
    assert number_of(store, Attempt) == 1
    assert mark.encode() in stored()
    assert stop(details.stop, store)
    assert [number_of(store, table) for table in (SignUp, Delivery, Attempt)] == [0, 0, 0]
    assert mark.encode() not in stored()
    assert not stop(details.stop, store)
    assert confirm(details.confirm, store) is None


def test_the_link_to_say_yes_does_not_stop_and_the_other_way_round(store: Store) -> None:
    (details,) = sign(store)
    assert not stop(details.confirm, store)
    assert confirm(details.stop, store) is None
    assert signup(store).confirmed is None


def test_a_mail_that_was_being_sent_when_she_stopped_ends_quietly(store: Store) -> None:
    details = signed_up(store)
    claim = claim_due(store, SETTINGS)
    assert claim is not None
    assert (claim.reference, claim.kind) == (None, Kind.NEWS_CONFIRM)
    assert stop(details.stop, store)
    assert record(claim, Outcome(Fate.TAKEN, "taken"), store, SETTINGS) is None
    assert number_of(store, Delivery) == 0


def test_one_mail_an_hour_and_three_a_day_go_to_one_address(store: Store) -> None:
    start, sent = now(), []
    for minutes in range(0, 48 * 60, 10):
        before = len(mails(store))
        sign(store, f"chat {minutes}", start + timedelta(minutes=minutes))
        if len(mails(store)) > before:
            sent.append(minutes)
    assert sent == [0, 60, 120, 24 * 60, 25 * 60, 26 * 60]
    # Others are none the worse for it.
    sign(store, "another chat", start + timedelta(minutes=10), email="other@mail.example")
    assert len(mails(store)) == 7


def test_case_and_spelling_make_no_second_address(store: Store) -> None:
    sign(store, "chat 1", email="Quillonia@Zarrabeth.example")
    sign(store, "chat 2", email="quillonia@ZARRABETH.example")
    assert mails(store) == [Kind.NEWS_CONFIRM]


def test_stopping_makes_no_room_for_more_mails(store: Store) -> None:
    for number in range(5):
        for details in sign(store, f"chat {number}"):
            stop(details.stop, store)
    assert number_of(store, SignUp) == 0
    with store.session() as session:
        assert session.scalars(select(ConfirmMails.number)).all() == [1]


def test_a_clock_that_was_set_back_shuts_nobody_out(store: Store) -> None:
    sign(store, "chat 1", now() + timedelta(days=300))
    sign(store, "chat 2")
    assert len(mails(store)) == 2


def test_the_same_chat_may_think_again_under_the_same_link(store: Store) -> None:
    (first,) = sign(store)
    (second,) = sign(store, day=None)
    assert mails(store) == [Kind.NEWS_CONFIRM]
    assert (first.confirm, first.stop) == (second.confirm, second.stop)
    assert confirm(first.confirm, store) == Confirmed(None, studies=True)


def test_a_mail_that_still_waits_is_not_put_in_twice(store: Store) -> None:
    moment = now()
    sign(store, at=moment)
    sign(store, at=moment + 2 * HOUR)
    assert mails(store) == [Kind.NEWS_CONFIRM]
    delivered(store)
    sign(store, at=moment + 4 * HOUR)
    assert mails(store) == [Kind.NEWS_CONFIRM] * 2


def test_the_last_yes_takes_the_place_of_those_before(store: Store) -> None:
    old = signed_up(store, now() - 5 * HOUR)
    sign(store, "a second chat", day=None, diagnosis={"id": "leukemia"})
    new = all_details(store)[-1]
    assert number_of(store, SignUp) == 2
    assert confirm(new.confirm, store) == Confirmed(None, studies=True)
    assert [one.diagnosis for one in all_details(store)] == [{"id": "leukemia"}]
    # The link in an old mail still stops all of it.
    assert old.stop == new.stop
    assert stop(old.stop, store)
    assert number_of(store, SignUp) == 0


def test_a_stranger_who_signs_her_up_changes_nothing_of_hers(store: Store) -> None:
    signed_up(store, now() - 5 * HOUR)
    sign(store, "a stranger's chat", day=date(2030, 1, 1), diagnosis=None)
    with store.session() as session:
        confirmed = session.scalars(select(SignUp).where(SignUp.confirmed.is_not(None))).one()
    assert (confirmed.day, confirmed.studies) == (DAY, True)


def test_two_sign_ups_at_once_are_one_mail(store: Store) -> None:
    together = threading.Barrier(6)

    def press(number: int) -> None:
        together.wait(20)
        sign(store, f"chat {number}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(press, range(6)))
    assert mails(store) == [Kind.NEWS_CONFIRM]
    assert number_of(store, SignUp) == 1


def test_each_message_belongs_to_one_lead_or_one_sign_up(store: Store, reference: str) -> None:
    sign(store)
    with store.session() as session:
        assert {
            (one.lead_id is None, one.signup_id is None) for one in session.scalars(select(Delivery))
        } == {
            (True, False),
            (False, True),
        }
    with pytest.raises(IntegrityError), store.session() as session:
        session.add(new_delivery(Kind.NEWS_DATE, now()))
    with pytest.raises(IntegrityError), store.session() as session:
        session.execute(update(Delivery).values(lead_id=1, signup_id=1))


@pytest.mark.parametrize(
    ("changes", "offered"),
    [
        ({"verdict": "not_yet", "until": "2026-12-13"}, Offers(DAY, ILLNESS)),
        # The day has come.
        ({"verdict": "not_yet", "until": "2026-11-22"}, Offers(None, ILLNESS)),
        ({"verdict": "not_yet", "until": None}, Offers(None, ILLNESS)),
        # A day that stands beside another verdict is not the one to wait for.
        ({"verdict": "not_likely", "until": "2026-12-13"}, Offers(None, ILLNESS)),
        ({"verdict": "likely"}, Offers(None, ILLNESS)),
        ({"facts": {"diagnosis": "not_sure"}}, Offers(None, None)),
        ({"facts": {"diagnosis": {"id": "not_sure", "arises_in": "bone"}}}, Offers(None, None)),
        ({"facts": {"diagnosis": {"id": "not_cancer"}}}, Offers(None, None)),
        ({"facts": {}}, Offers(None, None)),
        ({"facts": {}, "verdict": "not_yet", "until": "2026-12-13"}, Offers(DAY, None)),
    ],
)
def test_what_can_be_chosen(screening: dict[str, Any], changes: dict[str, Any], offered: Offers) -> None:
    screening["facts"]["diagnosis"] = ILLNESS
    assert offers(screening | changes, date(2026, 11, 22)) == offered
    assert offered.anything is (offered != Offers(None, None))
