"""The list of leads: filters, pages, marks, and what is kept out of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.intake import Contact, store_lead
from bot.leads.listing import Filter, leads_page, wanted_references
from bot.leads.models import Lead
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import Kind
from bot.leads.states import change_state


@pytest.fixture
def leads(store: Store, screening: dict[str, Any]) -> list[str]:
    """Five leads, the newest last: from 60, 30, 3, 2 and 1 hours ago."""
    made = []
    for number, (hours, verdict) in enumerate(
        [(60, "likely"), (30, "possible"), (3, "possible"), (2, "not_likely"), (1, "likely")]
    ):
        told = screening | {"verdict": verdict}
        receipt = store_lead(
            f"s{number}", f"form-{number}", told, Contact("A", "B", "a@b.org", "1"), [], store
        )
        with store.session() as session:
            lead = session.scalars(select(Lead).where(Lead.reference == receipt.reference)).one()
            lead.created = lead.state_changed = now() - timedelta(hours=hours)
        made.append(receipt.reference)
    return made


def set_lead(store: Store, reference: str, **values: Any) -> None:
    with store.session() as session:
        lead = session.scalars(select(Lead).where(Lead.reference == reference)).one()
        for name, value in values.items():
            setattr(lead, name, value)


def test_newest_first_with_what_a_line_says(store: Store, leads: list[str]) -> None:
    page = leads_page(Filter(), store=store)
    assert [row.reference for row in page.rows] == leads[::-1]
    assert [row.late for row in page.rows] == [None, None, None, "late", "escalated"]
    assert [row.unknowns for row in page.rows] == [1] * 5
    assert (page.total, page.number, page.last) == (5, 1, 1)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(late="late"), [1, 0]),
        (Filter(late="escalated"), [0]),
        (Filter(verdict="possible"), [2, 1]),
        (Filter(verdict="likely", late="late"), [0]),
        (Filter(state="called"), [3]),
        (Filter(state="closed"), [4]),
        (Filter(state="open"), [3, 2, 1, 0]),
        (Filter(trouble="needs_person"), [2]),
        (Filter(trouble="maybe_sent"), [1]),
        (Filter(trouble="waiting"), [4, 3, 1, 0]),
    ],
)
def test_filters(store: Store, leads: list[str], wanted: Filter, found: list[int]) -> None:
    change_state(leads[3], "called", "ana", store=store)
    change_state(leads[4], "closed", "ana", "other", store)
    copy = new_delivery(Kind.FAMILY_COPY, now())
    copy.state = "maybe_sent"
    with store.session() as session:
        third = session.scalars(select(Lead).where(Lead.reference == leads[2])).one()
        third.deliveries[0].state = "needs_person"
        second = session.scalars(select(Lead).where(Lead.reference == leads[1])).one()
        second.deliveries.append(copy)
    assert [row.reference for row in leads_page(wanted, store=store).rows] == [leads[one] for one in found]
    assert wanted_references(wanted, store) == [leads[one] for one in found]


def test_search_is_for_references_alone_and_takes_no_wildcards(store: Store, leads: list[str]) -> None:
    part = leads[2][:6].lower()
    assert leads[2] in wanted_references(Filter(reference=f" {part} "), store)
    assert wanted_references(Filter(reference=leads[0]), store) == [leads[0]]
    for words in ("%", "____", "a@b.org"):
        assert wanted_references(Filter(reference=words), store) == []


@pytest.mark.parametrize(
    ("asked", "number", "rows"), [(1, 1, [4, 3]), (2, 2, [2, 1]), (3, 3, [0]), (99, 3, [0]), (0, 1, [4, 3])]
)
def test_pages(store: Store, leads: list[str], asked: int, number: int, rows: list[int]) -> None:
    page = leads_page(Filter(), asked, 2, store)
    assert (page.number, page.last, page.total) == (number, 3, 5)
    assert [row.reference for row in page.rows] == [leads[one] for one in rows]


def test_no_leads_is_one_empty_page(store: Store) -> None:
    page = leads_page(Filter(), store=store)
    assert (page.rows, page.total, page.number, page.last) == ([], 0, 1, 1)


def test_the_same_contact_is_shown_for_the_same_trial_and_never_merged(
    store: Store, leads: list[str]
) -> None:
    set_lead(store, leads[0], email_mark="m1", phone_mark="p1")
    set_lead(store, leads[1], email_mark="m1", phone_mark="p2")
    set_lead(store, leads[2], email_mark="m2", phone_mark="p1")
    set_lead(store, leads[3], email_mark="m1", phone_mark="p1", trial="NCT00000000")
    set_lead(store, leads[4], email_mark="m1", phone_mark="p1", withdrawn=now())
    rows = {row.reference: row.same_contact for row in leads_page(Filter(), store=store).rows}
    assert rows[leads[0]] == [leads[1], leads[2]]
    assert rows[leads[1]] == [leads[0]]
    assert rows[leads[2]] == [leads[0]]
    assert rows[leads[3]] == []


def test_leads_without_marks_are_nobodys_second(store: Store, leads: list[str]) -> None:
    for reference in leads:
        set_lead(store, reference, email_mark=None, phone_mark=None)
    assert [row.same_contact for row in leads_page(Filter(), store=store).rows] == [[]] * 5


def test_a_lead_that_was_taken_back_is_listed_without_data(store: Store, leads: list[str]) -> None:
    set_lead(store, leads[0], withdrawn=now(), state="closed", closed_reason="withdrawn", contact_sealed=None)
    set_lead(store, leads[0], screening={})
    row = leads_page(Filter(), store=store).rows[-1]
    assert row.withdrawn is not None
    assert (row.verdict, row.unknowns, row.until, row.late) == ("", 0, None, None)
    assert leads[0] not in wanted_references(Filter(verdict="likely"), store)
