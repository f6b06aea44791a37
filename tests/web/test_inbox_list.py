"""The inbox's list: filters, pages, marks, and the file."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.leads.clock import now
from bot.leads.database import open_store
from bot.leads.intake import Contact, store_lead
from bot.leads.models import AuditEntry, Lead
from bot.leads.states import change_state

CONTACT = Contact("Bo", "Li", "bo@mail.com", "+86 138 0013 8000")


def more(screening: dict[str, Any], count: int, start: int = 0, **told: Any) -> list[str]:
    return [
        store_lead(f"m{number}", f"more-{number}", screening | told, CONTACT, []).reference
        for number in range(start, start + count)
    ]


def change(reference: str, **values: Any) -> None:
    with open_store().session() as session:
        lead = session.scalars(select(Lead).where(Lead.reference == reference)).one()
        for name, value in values.items():
            setattr(lead, name, value)


def deliver(reference: str, **values: Any) -> None:
    with open_store().session() as session:
        lead = session.scalars(select(Lead).where(Lead.reference == reference)).one()
        for name, value in values.items():
            setattr(lead.deliveries[0], name, value)


def listed(text: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/inbox/lead/([A-Z0-9-]+)"', text)


def test_a_line_says_age_state_match_unknowns_and_delivery(inbox: Any, reference: str) -> None:
    change(reference, created=now() - timedelta(hours=30), state_changed=now() - timedelta(hours=30))
    text = inbox.read()
    for said in (
        "30 hours ago",
        ">New<",
        "Late, 24 h",
        "Possible match",
        "Waits here: no SITE_FORM_URL is set",
    ):
        assert said in text, said
    assert "Untouched for 24 hours: 1" in text
    assert "Untouched for 48 hours" not in text
    assert "Ana" not in text


@pytest.mark.parametrize(
    ("hours", "said"),
    [(0, "just now"), (1, "1 hour ago"), (47.5, "47 hours ago"), (48, "2 days ago"), (0.3, "18 minutes ago")],
)
def test_ages_are_words(inbox: Any, reference: str, hours: float, said: str) -> None:
    change(reference, created=now() - timedelta(hours=hours))
    assert said in inbox.read()


def test_times_are_the_sites(
    open_web: Any, screening: dict[str, Any], open_inbox: Any, reference: str
) -> None:
    change(reference, created=now().replace(year=2026, month=1, day=15, hour=2, minute=5))
    inbox = open_inbox("bob")
    inbox.client.app.state.settings = inbox.client.app.state.settings.model_copy(
        update={"site_timezone": "America/New_York"}
    )
    text = inbox.read()
    assert "2026-01-14 21:05" in text
    assert "America/New York" in text


def test_filters_by_address(inbox: Any, reference: str, screening: dict[str, Any]) -> None:
    likely, called = *more(screening, 1, verdict="likely"), *more(screening, 1, start=1)
    change_state(called, "called", "ana")
    deliver(likely, state="needs_person", attempts=1, last_outcome="not taken (HTTP 422)")
    change(reference, state_changed=now() - timedelta(hours=50))
    for query, found in {
        "state=called": [called],
        "state=open": [called, likely, reference],
        "verdict=likely": [likely],
        "trouble=needs_person": [likely],
        "late=escalated": [reference],
        f"reference={likely[:7].lower()}": [likely],
        "state=called&verdict=likely": [],
    }.items():
        assert listed(inbox.read(f"?{query}")) == found, query
    assert "No message fits this filter." in inbox.read("?state=referred")


def test_what_is_no_choice_is_no_filter(inbox: Any, reference: str) -> None:
    for query in (
        "state=gone",
        "late=1",
        "verdict=<script>",
        "page=x",
        "page=0",
        "page=-1",
        "page=99999999999999",
    ):
        assert listed(inbox.read(f"?{query}")) == [reference], query


def test_the_search_finds_no_names(inbox: Any, reference: str) -> None:
    for words in ("Ana", "ana@mail.com", "138"):
        assert listed(inbox.get(f"?reference={words}").text) == []


def test_pages_keep_the_filter(inbox: Any, screening: dict[str, Any]) -> None:
    made = more(screening, 27, verdict="likely")
    first = inbox.read("?verdict=likely")
    assert listed(first) == made[:1:-1]
    assert 'href="/inbox?verdict=likely&page=2"' in first
    second = inbox.read("?verdict=likely&page=2")
    assert listed(second) == made[1::-1]
    assert "Page 2 of 2" in second


def test_deliveries_in_words(inbox: Any, reference: str) -> None:
    for state, said in {
        "needs_person": "Needs a person; tried 2 times; last: not taken (HTTP 422)",
        "maybe_sent": "Maybe sent; nobody knows whether it arrived: not taken (HTTP 422)",
        "sending": "Being sent now",
        "cancelled": "Cancelled: no longer wanted",
    }.items():
        deliver(reference, state=state, attempts=2, last_outcome="not taken (HTTP 422)")
        assert said in inbox.read(), state
    deliver(reference, state="delivered", delivered=now())
    assert f"Delivered {now():%Y-%m-%d}" in inbox.read()


def test_the_same_contact_is_linked_both_ways(inbox: Any, reference: str, screening: dict[str, Any]) -> None:
    (other,) = more(screening, 1)
    for one in (reference, other):
        change(one, phone_mark="same")
    assert inbox.read().count("Same contact as") == 2
    for one, second in ((reference, other), (other, reference)):
        card = inbox.read(f"/lead/{one}")
        assert "A second lead with the same contact:" in card
        assert f'href="/inbox/lead/{second}"' in card


def test_a_lead_that_was_taken_back_says_so_and_nothing_else(inbox: Any, reference: str) -> None:
    change(reference, withdrawn=now(), state="closed", closed_reason="withdrawn", verdict="withdrawn")
    change(reference, screening={"verdict": "withdrawn", "facts": {}, "findings": {}}, contact_sealed=None)
    assert "Taken back" in inbox.read()
    card = inbox.read(f"/lead/{reference}")
    assert "The family took this message back" in card
    for gone in ("Contact<", "Notes<", "What happened?", "LEAD_KEYS", "All findings"):
        assert gone not in card, gone


def test_the_file_holds_what_the_filter_shows(inbox: Any, reference: str, screening: dict[str, Any]) -> None:
    (likely,) = more(screening, 1, verdict="likely")
    got = inbox.post("/export", verdict="likely")
    assert got.status_code == 200
    assert got.headers["content-type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="leads-\d{4}-\d\d-\d\d\.csv"', got.headers["content-disposition"]
    )
    assert got.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(got.content.decode("utf-8-sig"), newline="")))
    assert [(row["reference"], row["phone"]) for row in rows] == [(likely, "tel:+86 138 0013 8000")]
    with open_store().session() as session:
        noted = [
            (one.who, one.action, one.reference, one.detail) for one in session.scalars(select(AuditEntry))
        ]
    assert noted[-2:] == [
        ("ana", "exported list", None, "1 messages; verdict: likely"),
        ("ana", "exported", likely, None),
    ]


def test_the_file_needs_a_form_of_this_session(inbox: Any, reference: str) -> None:
    assert inbox.get("/export").status_code == 405
    assert inbox.client.post("/inbox/export", data={"csrf": "made up"}).status_code == 403
    with open_store().session() as session:
        assert "exported" not in {one.action for one in session.scalars(select(AuditEntry))}


def test_a_form_of_another_session_is_refused(open_inbox: Callable[..., Any], reference: str) -> None:
    ana, bob = open_inbox("ana"), open_inbox("bob")
    token = bob.token(bob.get(""))
    for path in ("/export", f"/lead/{reference}/state", f"/lead/{reference}/note"):
        refused = ana.client.post(f"/inbox{path}", data={"csrf": token, "state": "called", "from": "new"})
        assert refused.status_code == 403, path
        assert "This form is out of date" in refused.text
