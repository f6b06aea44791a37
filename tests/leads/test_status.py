"""The one-time codes that open a family's status: how many, how long, how many tries."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.export import note_export
from bot.leads.intake import Contact, store_lead
from bot.leads.keys import unseal
from bot.leads.models import LEAD_STATES, Delivery, Lead, StatusCode
from bot.leads.outbox.kinds import Kind, State
from bot.leads.status import request_code, status_of, tidied, use_code
from bot.leads.withdrawal import withdraw


@pytest.fixture
def reference(store: Store, screening: dict[str, Any]) -> str:
    contact = Contact("Ada", "B", "ada@b.example", "+1 202 555 0100")
    return store_lead("mine", "form", screening, contact, []).reference


def codes(store: Store) -> list[str]:
    """The codes that were mailed, oldest first."""
    with store.session() as session:
        mails = session.scalars(select(Delivery).where(Delivery.kind == Kind.CODE).order_by(Delivery.id))
        return [unseal(mail.payload_sealed or "")["code"] for mail in mails]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08}"


def test_a_code_is_mailed_and_only_its_hash_is_kept(store: Store, reference: str) -> None:
    request_code(reference)
    (code,) = codes(store)
    assert len(code) == 8
    assert code.isdigit()
    with store.session() as session:
        kept = session.scalars(select(StatusCode)).one()
        assert code not in kept.code_hash
        assert len(kept.code_hash) == 64


def test_a_code_opens_the_status_once(store: Store, reference: str) -> None:
    request_code(reference)
    (code,) = codes(store)
    status = use_code(reference, f" {code[:4]} {code[4:]} ")
    assert status is not None
    assert (status.reference, status.state) == (reference, "received")
    assert use_code(reference, code) is None


def test_a_code_is_good_for_half_an_hour(store: Store, reference: str) -> None:
    moment = now()
    request_code(reference, at=moment)
    (code,) = codes(store)
    assert use_code(reference, code, at=moment + timedelta(minutes=30)) is None
    assert use_code(reference, code, at=moment + timedelta(minutes=29)) is not None


def test_five_wrong_tries_end_a_code(store: Store, reference: str) -> None:
    request_code(reference)
    (code,) = codes(store)
    for _ in range(4):
        assert use_code(reference, wrong(code)) is None
    assert use_code(reference, "") is None
    assert use_code(reference, code) is None


def test_four_wrong_tries_do_not(store: Store, reference: str) -> None:
    request_code(reference)
    (code,) = codes(store)
    for _ in range(4):
        assert use_code(reference, wrong(code)) is None
    assert use_code(reference, code) is not None


def test_three_codes_an_hour_and_no_more(store: Store, reference: str) -> None:
    moment = now()
    for minute in range(5):
        request_code(reference, at=moment + timedelta(minutes=minute))
    assert len(codes(store)) == 3
    request_code(reference, at=moment + timedelta(minutes=61))
    assert len(codes(store)) == 4


def test_requests_at_once_get_no_more_codes(store: Store, reference: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(request_code, [reference] * 8))
    assert len(codes(store)) == 3


def test_the_code_of_one_lead_opens_no_other(store: Store, reference: str, screening: dict[str, Any]) -> None:
    contact = Contact("Bo", "B", "bo@b.example", "+1 202 555 0101")
    other = store_lead("other", "other form", screening, contact, []).reference
    request_code(reference)
    request_code(other)
    first, second = codes(store)
    assert use_code(other, first) is None
    assert use_code(reference, second) is None


def test_an_unknown_reference_leaves_nothing_behind(store: Store, reference: str) -> None:
    request_code("AAAA-AAAA")
    assert codes(store) == []
    assert use_code("AAAA-AAAA", "12345678") is None
    assert status_of("AAAA-AAAA") is None


@pytest.mark.parametrize("state", LEAD_STATES)
def test_a_family_hears_received_called_or_closed(store: Store, reference: str, state: str) -> None:
    with store.session() as session:
        session.execute(update(Lead).values(state=state))
    status = status_of(reference)
    assert status is not None
    assert status.state == {"new": "received", "closed": "closed"}.get(state, "called")


def test_a_withdrawn_lead_says_so_and_gets_no_more_codes(store: Store, reference: str) -> None:
    withdraw(reference)
    status = status_of(reference)
    assert status is not None
    assert (status.state, status.maybe_there) == ("withdrawn", False)
    request_code(reference)
    assert codes(store) == []


def test_a_family_hears_whether_the_site_may_have_it(store: Store, reference: str) -> None:
    with store.session() as session:
        session.execute(update(Delivery).values(state=State.DELIVERED, attempts=1, delivered=now()))
    status = status_of(reference)
    assert status is not None
    assert status.maybe_there


@pytest.mark.parametrize("typed", ["ACDE-FGHJ", "acde-fghj", " acde fghj ", "ACDEFGHJ", "acde–fghj"])
def test_a_reference_is_known_however_it_is_typed(typed: str) -> None:
    assert tidied(typed) == "ACDE-FGHJ"


def test_a_list_that_was_downloaded_may_lie_at_the_site(store: Store, reference: str) -> None:
    before = status_of(reference)
    assert before is not None
    assert not before.maybe_there
    note_export("anna", [reference], "all", store)
    after = status_of(reference)
    assert after is not None
    assert after.maybe_there
