"""States of leads: who may change what, and when nobody's touch makes a lead late."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.leads.database import Store
from bot.leads.intake import Contact, store_lead
from bot.leads.models import LEAD_STATES, AuditEntry, Lead
from bot.leads.states import (
    CLOSED_REASONS,
    ChangedMeanwhile,
    NoSuchState,
    StateRefused,
    UnknownLead,
    Withdrawn,
    change_state,
    late_state,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def reference(store: Store, screening: dict[str, Any]) -> str:
    return store_lead(
        "s1", "form-1", screening, Contact("Ana", "Li", "ana@mail.com", "1"), [], store
    ).reference


def lead_in(store: Store, reference: str) -> Lead:
    with store.session() as session:
        return session.scalars(select(Lead).where(Lead.reference == reference)).one()


def audit(store: Store) -> list[tuple[str, str, str | None, str | None]]:
    with store.session() as session:
        return [
            (one.who, one.action, one.reference, one.detail) for one in session.scalars(select(AuditEntry))
        ]


def test_a_change_is_stored_with_its_time_and_who_did_it(store: Store, reference: str) -> None:
    before = lead_in(store, reference).state_changed
    change_state(reference, "called", "ana", store=store)
    changed = lead_in(store, reference)
    assert changed.state == "called"
    assert changed.state_changed > before
    assert audit(store) == [("ana", "changed state", reference, "new to called")]


@pytest.mark.parametrize("reason", CLOSED_REASONS)
def test_closing_says_why(store: Store, reference: str, reason: str) -> None:
    change_state(reference, "closed", "ana", reason, store)
    assert lead_in(store, reference).closed_reason == reason
    assert audit(store)[-1][3] == f"new to closed ({reason})"


def test_opening_again_takes_the_reason_away(store: Store, reference: str) -> None:
    change_state(reference, "closed", "ana", "no_answer", store)
    change_state(reference, "reached", "bob", store=store)
    assert lead_in(store, reference).closed_reason is None


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("closed", None),
        ("closed", "because"),
        ("closed", "withdrawn"),
        ("called", "other"),
        ("gone", None),
        ("", None),
    ],
)
def test_states_and_reasons_outside_the_lists_are_refused(
    store: Store, reference: str, state: str, reason: str | None
) -> None:
    with pytest.raises(NoSuchState):
        change_state(reference, state, "ana", reason, store)
    assert lead_in(store, reference).state == "new"
    assert audit(store) == []


def test_a_lead_that_is_not_there(store: Store) -> None:
    with pytest.raises(UnknownLead):
        change_state("ACDE-FGHJ", "called", "ana", store=store)


def test_a_lead_that_was_taken_back_stays_closed(store: Store, reference: str) -> None:
    with store.session() as session:
        lead = session.scalars(select(Lead)).one()
        lead.withdrawn, lead.state, lead.closed_reason = NOON, "closed", "withdrawn"
    with pytest.raises(Withdrawn):
        change_state(reference, "called", "ana", store=store)
    assert lead_in(store, reference).state == "closed"


def test_whoever_looked_at_an_older_state_is_told(store: Store, reference: str) -> None:
    change_state(reference, "called", "ana", store=store, made_from="new")
    with pytest.raises(ChangedMeanwhile) as told:
        change_state(reference, "closed", "bob", "no_answer", store, made_from="new")
    assert told.value.state == "called"
    assert lead_in(store, reference).state == "called"
    assert len(audit(store)) == 1


def test_of_two_at_once_exactly_one_wins(store: Store, reference: str) -> None:
    start = threading.Barrier(6)
    came: list[str] = []

    def press(who: str) -> None:
        start.wait(10)
        try:
            change_state(reference, "called", who, store=store, made_from="new")
            came.append(who)
        except StateRefused as refused:
            came.append(type(refused).__name__)

    pressing = [threading.Thread(target=press, args=(f"p{number}",)) for number in range(6)]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join(30)
    assert sorted(came)[:5] == ["ChangedMeanwhile"] * 5
    assert [who for who, *_ in audit(store)] == sorted(came)[5:]


@pytest.mark.parametrize(
    ("hours", "said"),
    [(0, None), (23.99, None), (24, "late"), (47.99, "late"), (48, "escalated"), (900, "escalated")],
)
def test_a_new_lead_gets_late(hours: float, said: str | None) -> None:
    assert late_state("new", NOON, NOON + timedelta(hours=hours)) == said


@pytest.mark.parametrize("state", [state for state in LEAD_STATES if state != "new"])
def test_a_lead_that_was_touched_is_never_late(state: str) -> None:
    assert late_state(state, NOON, NOON + timedelta(days=30)) is None
