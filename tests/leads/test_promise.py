"""When the site calls, in the words a family reads, and the clock of a lead that nobody touches."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.leads import promise
from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.intake import Contact, store_lead
from bot.leads.models import AuditEntry, Delivery, Lead
from bot.leads.outbox.kinds import Kind
from bot.leads.promise import call_sentence, escalate_untouched, last_call_day
from bot.settings import Settings
from bot.settings.values import WEEKDAYS
from bot.texts import load_texts
from tests.contract.test_texts import HIGHEST_GRADE, grade

TEXTS = load_texts("en")
SUNDAY = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
MAIL = {
    "SMTP_HOST": "127.0.0.1",
    "MAIL_FROM": "chat@hospital.example",
    "SITE_ESCALATION_MAIL": "head@hospital.example",
}


def settings(**variables: str) -> Settings:
    return Settings.from_env({"SITE_NAME": "Example Hospital"} | variables)


@pytest.mark.parametrize(
    ("sent", "variables", "last"),
    [
        (SUNDAY, {"SITE_CALLBACK_DAYS": "2"}, date(2026, 11, 24)),
        (SUNDAY + timedelta(days=1), {"SITE_CALLBACK_DAYS": "2"}, date(2026, 11, 25)),
        # On Friday a day is a day that the site works on, not Saturday.
        (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), {"SITE_CALLBACK_DAYS": "1"}, date(2026, 11, 23)),
        (SUNDAY, {"SITE_CALLBACK_DAYS": "1", "SITE_CALLBACK_WEEKDAYS": "Sat"}, date(2026, 11, 28)),
        (SUNDAY, {"SITE_CALLBACK_DAYS": "1", "SITE_CALLBACK_WEEKDAYS": "sun"}, date(2026, 11, 29)),
        # It is Monday already where the site is.
        (SUNDAY, {"SITE_CALLBACK_DAYS": "1", "SITE_TIMEZONE": "Asia/Shanghai"}, date(2026, 11, 24)),
        # And still Sunday in New York when it is Monday in UTC.
        (
            datetime(2026, 11, 23, 4, 59, tzinfo=UTC),
            {"SITE_CALLBACK_DAYS": "1", "SITE_TIMEZONE": "America/New_York"},
            date(2026, 11, 23),
        ),
        (SUNDAY, {}, None),
    ],
)
def test_last_day_of_the_window(sent: datetime, variables: dict[str, str], last: date | None) -> None:
    assert last_call_day(sent, settings(**variables)) == last


@given(
    sent=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    days=st.integers(1, 30),
    weekdays=st.sets(st.sampled_from(WEEKDAYS), min_size=1),
)
def test_window_holds_exactly_the_days_that_the_site_calls_on(
    sent: datetime, days: int, weekdays: set[str]
) -> None:
    set_so = settings(SITE_CALLBACK_DAYS=str(days), SITE_CALLBACK_WEEKDAYS=",".join(weekdays))
    last = last_call_day(sent, set_so)
    assert last is not None
    window = [sent.date() + timedelta(days=count) for count in range(1, (last - sent.date()).days + 1)]
    assert sum(WEEKDAYS[day.weekday()] in weekdays for day in window) == days
    assert WEEKDAYS[last.weekday()] in weekdays


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (
            {"SITE_CALLBACK_DAYS": "2", "SITE_CALLBACK_HOURS": "09:00-17:00"},
            "Example Hospital plans to call you by Tuesday, November 24, between 9:00 and 17:00 (UTC).",
        ),
        (
            {
                "SITE_CALLBACK_DAYS": "2",
                "SITE_CALLBACK_HOURS": "10:30-12:00",
                "SITE_TIMEZONE": "America/New_York",
            },
            "by Tuesday, November 24, between 10:30 and 12:00 (time in New York).",
        ),
        ({"SITE_CALLBACK_DAYS": "2"}, "Example Hospital plans to call you by Tuesday, November 24."),
        ({"SITE_CALLBACK_HOURS": "09:00-17:00"}, "has not told us when they will call."),
        ({"SITE_CALLBACK_DAYS": "2", "SITE_NAME": ""}, "This is a demo. No one will call you."),
    ],
)
def test_sentence_for_the_family(variables: dict[str, str], said: str) -> None:
    told = call_sentence(SUNDAY, SUNDAY, settings(**variables), TEXTS)
    assert said in told
    assert grade(told.replace("Example Hospital", "the clinic")) <= HIGHEST_GRADE


def test_no_call_is_announced_for_a_day_that_has_passed() -> None:
    set_so = settings(SITE_CALLBACK_DAYS="2", SITE_TIMEZONE="Asia/Shanghai")
    # Its last minute in Shanghai, and the first one after.
    last_minute = datetime(2026, 11, 25, 15, 59, tzinfo=UTC)
    assert "plans to call you by Wednesday, November 25" in call_sentence(SUNDAY, last_minute, set_so, TEXTS)
    passed = call_sentence(SUNDAY, last_minute + timedelta(minutes=1), set_so, TEXTS)
    assert "planned to call you by Wednesday, November 25" in passed
    assert "plans" not in passed


@pytest.fixture
def add_lead(store: Store, screening: dict[str, Any]) -> Callable[..., str]:
    """Stores a lead that has been in its state for so long; its reference."""
    count = 0

    def add(hours: float = 49, state: str = "new") -> str:
        nonlocal count
        count += 1
        contact = Contact("Ana", "Li", "ana@mail.com", "+86 138 0013 8000")
        reference = store_lead("s1", f"form-{count}", screening, contact, [], store).reference
        with store.session() as session:
            lead = session.scalars(select(Lead).where(Lead.reference == reference)).one()
            lead.state, lead.state_changed = state, now() - timedelta(hours=hours)
        return reference

    return add


def escalations(store: Store) -> list[str]:
    with store.session() as session:
        found = select(Lead.reference).join(Delivery).where(Delivery.kind == Kind.ESCALATION)
        return sorted(session.scalars(found))


def test_each_untouched_lead_is_escalated_once(store: Store, add_lead: Callable[..., str]) -> None:
    untouched = sorted(add_lead() for _ in range(3))
    add_lead(hours=47)
    add_lead(hours=400, state="called")
    assert escalate_untouched(store, settings(**MAIL)) == 3
    assert escalate_untouched(store, settings(**MAIL)) == 0
    # A program that was started again knows it too.
    again = Store(store.engine.url.render_as_string(hide_password=False))
    assert escalate_untouched(again, settings(**MAIL), at=now() + timedelta(minutes=30)) == 0
    again.close()
    assert escalations(store) == untouched
    with store.session() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "escalate")).all()
        assert sorted(str(entry.reference) for entry in entries) == untouched
        assert {entry.who for entry in entries} == {"program"}


def test_lead_grows_into_the_escalation(store: Store, add_lead: Callable[..., str]) -> None:
    reference = add_lead(hours=47)
    assert escalate_untouched(store, settings(**MAIL)) == 0
    assert escalate_untouched(store, settings(**MAIL), at=now() + timedelta(hours=1)) == 1
    assert escalations(store) == [reference]


@pytest.mark.parametrize("missing", ["SITE_ESCALATION_MAIL", "SMTP_HOST"])
def test_nobody_to_tell_means_nothing_to_send(
    store: Store, add_lead: Callable[..., str], missing: str
) -> None:
    add_lead()
    left = {name: value for name, value in MAIL.items() if name != missing}
    if missing == "SMTP_HOST":
        left.pop("SITE_ESCALATION_MAIL")
    assert escalate_untouched(store, settings(**left)) == 0
    assert escalations(store) == []


def test_workers_that_found_the_same_lead_escalate_it_once(
    store: Store, add_lead: Callable[..., str]
) -> None:
    references = sorted(add_lead() for _ in range(5))
    with store.session() as session:
        ids = list(session.scalars(select(Lead.id)))
    # All of them looked before any of them wrote.
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda lead_id: promise._escalate(lead_id, now(), store), ids * 8))
    assert sum(done) == 5
    assert escalations(store) == references
    with store.session() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 5


def test_lead_that_was_called_meanwhile_is_left_alone(store: Store, add_lead: Callable[..., str]) -> None:
    add_lead(state="called")
    with store.session() as session:
        lead_id = session.scalars(select(Lead.id)).one()
    assert promise._escalate(lead_id, now(), store) is False
    assert escalations(store) == []
