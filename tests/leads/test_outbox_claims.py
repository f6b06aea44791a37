"""Who may send a message, and what happens when that process dies or lives longer than thought."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.models import Attempt, Delivery, Lead
from bot.leads.outbox.claims import CLAIM, DIED, cancel_unwanted, claim_due, recover_expired
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import TO_SIGN_UPS, Kind, State
from bot.leads.outbox.outcome import Fate, Outcome
from bot.leads.outbox.queue import deliver_due
from bot.leads.outbox.results import mark_delivered, record, retry_now
from bot.settings import Settings
from tests.leads.site_server import Site, answers

URL = {"SITE_FORM_URL": "https://site.example/form"}
MAIL = {"SMTP_HOST": "mail.example", "MAIL_FROM": "chat@site.example"}
WEBHOOK = Settings.from_env(URL)
FORM = Settings.from_env(URL | {"SITE_FORM_KIND": "form", "SITE_FORM_FIELDS": "fields.yml"})
ALL = Settings.from_env(URL | MAIL)
TAKEN = Outcome(Fate.TAKEN, "taken (HTTP 200)", 200)
AGAIN = Outcome(Fate.AGAIN, "not taken (HTTP 503)", 503)


def add(store: Store, kind: Kind, **values: object) -> int:
    with store.session() as session:
        lead = session.scalars(select(Lead)).one()
        delivery = new_delivery(kind, now(), {"code": "123456"})
        for name, value in values.items():
            setattr(delivery, name, value)
        lead.deliveries.append(delivery)
        session.flush()
        return delivery.id


def the(store: Store, delivery_id: int) -> Delivery:
    with store.session() as session:
        return session.get_one(Delivery, delivery_id)


def set_all(store: Store, **values: object) -> None:
    with store.session() as session:
        session.execute(update(Delivery).values(**values))


def withdraw(store: Store) -> None:
    with store.session() as session:
        session.execute(update(Lead).values(withdrawn=now()))


def test_a_claim_is_on_record_before_anything_is_sent(store: Store, reference: str) -> None:
    moment = now()
    claim = claim_due(store, WEBHOOK, moment)
    assert claim is not None
    kept = the(store, claim.delivery_id)
    assert (kept.state, kept.claim, kept.attempts) == ("sending", claim.token, 1)
    assert (kept.last_attempt, kept.claimed_until) == (moment, moment + CLAIM)
    with store.session() as session:
        attempt = session.scalars(select(Attempt)).one()
    assert (attempt.claim, attempt.started, attempt.ended) == (claim.token, moment, None)
    assert (claim.reference, claim.webhook_id) == (reference, kept.webhook_id)
    assert claim_due(store, WEBHOOK, moment) is None


def test_the_oldest_due_goes_first(store: Store, reference: str) -> None:
    moment = now()
    late = add(store, Kind.WITHDRAWAL, next_attempt=moment - timedelta(hours=1))
    later = add(store, Kind.WITHDRAWAL, next_attempt=moment - timedelta(hours=2))
    add(store, Kind.WITHDRAWAL, next_attempt=moment + timedelta(hours=2))
    claimed = [claim_due(store, WEBHOOK, moment) for _ in range(4)]
    assert [claim and claim.delivery_id for claim in claimed[:2]] == [later, late]
    assert claimed[2] is not None
    assert claimed[2].kind == Kind.LEAD
    assert claimed[3] is None


def test_each_message_goes_to_one_of_many_claimers(store: Store, reference: str) -> None:
    for _ in range(20):
        add(store, Kind.ESCALATION)
    start, claimed = threading.Barrier(6), []

    def claim_all() -> None:
        start.wait()
        while (claim := claim_due(store, ALL)) is not None:
            claimed.append(claim.delivery_id)

    threads = [threading.Thread(target=claim_all) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 21


def test_the_faster_one_gets_it(store: Store, reference: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes see the same message as due; the other one is through first."""
    if store.engine.dialect.name == "postgresql":
        pytest.skip("there the row is locked, and nobody else sees it as due")
    others: list[object] = []
    token = "bot.leads.outbox.claims.secrets.token_hex"

    def other_first(length: int) -> str:
        monkeypatch.setattr(token, lambda length: "other")
        others.append(claim_due(store, WEBHOOK))
        return "mine"

    monkeypatch.setattr(token, other_first)
    assert claim_due(store, WEBHOOK) is None
    assert others != [None]


@pytest.mark.parametrize(
    ("variables", "claimed"),
    [
        ({}, set()),
        (URL, {Kind.LEAD, Kind.WITHDRAWAL}),
        (MAIL, {Kind.FAMILY_COPY, Kind.SITE_NOTE, Kind.ESCALATION, Kind.CODE, *TO_SIGN_UPS}),
        (URL | MAIL, set(Kind)),
    ],
)
def test_what_has_no_way_to_go_waits(
    store: Store, reference: str, variables: dict[str, str], claimed: set[Kind]
) -> None:
    for kind in Kind:
        if kind is not Kind.LEAD:
            add(store, kind, next_attempt=now() - timedelta(hours=1))
    found = set()
    while (claim := claim_due(store, Settings.from_env(variables))) is not None:
        found.add(claim.kind)
    assert found == claimed


def test_a_clock_set_back_holds_nothing_up(store: Store, reference: str) -> None:
    an_hour_ago = now() - timedelta(hours=1)
    claim = claim_due(store, WEBHOOK, an_hour_ago)
    assert claim is not None
    # The claim was made before the clock was set back, and ends too far ahead.
    assert recover_expired(store, WEBHOOK, an_hour_ago - timedelta(hours=1)) == 1
    assert claim_due(store, WEBHOOK, an_hour_ago - timedelta(hours=1)) is not None


def test_only_the_holder_says_how_it_ended(store: Store, reference: str) -> None:
    first = claim_due(store, WEBHOOK)
    assert first is not None
    assert recover_expired(store, WEBHOOK, now() + CLAIM * 2) == 1
    set_all(store, next_attempt=now())
    second = claim_due(store, WEBHOOK)
    assert second is not None
    assert second.webhook_id == first.webhook_id
    assert record(first, AGAIN, store, WEBHOOK) is None
    assert the(store, first.delivery_id).claim == second.token
    # What the first one saw is kept with its own attempt.
    with store.session() as session:
        outcomes = list(session.scalars(select(Attempt.outcome).order_by(Attempt.id)))
    assert outcomes == ["not taken (HTTP 503)", None]
    # But that it arrived is true, whoever says it, and nothing takes it back.
    assert record(first, TAKEN, store, WEBHOOK) is State.DELIVERED
    assert record(second, AGAIN, store, WEBHOOK) is None
    assert the(store, first.delivery_id).state == State.DELIVERED


def test_a_dead_process_is_noticed_when_its_claim_has_run_out(store: Store, reference: str) -> None:
    claim = claim_due(store, WEBHOOK)
    assert claim is not None
    assert recover_expired(store, WEBHOOK) == 0
    assert recover_expired(store, WEBHOOK, now() + CLAIM + timedelta(seconds=1)) == 1
    kept = the(store, claim.delivery_id)
    assert (kept.state, kept.claim, kept.last_outcome) == ("waiting", None, DIED)
    assert recover_expired(store, WEBHOOK, now() + CLAIM * 3) == 0


@pytest.mark.parametrize(
    ("kind", "settings", "state"),
    [
        (Kind.WITHDRAWAL, WEBHOOK, State.WAITING),
        (Kind.LEAD, FORM, State.MAYBE_SENT),
        (Kind.FAMILY_COPY, WEBHOOK, State.MAYBE_SENT),
        (Kind.CODE, WEBHOOK, State.MAYBE_SENT),
    ],
)
def test_what_nobody_can_tell_from_a_repeat_is_not_repeated(
    store: Store, reference: str, kind: Kind, settings: Settings, state: State
) -> None:
    found = add(store, kind, state=State.SENDING, claim="x", claimed_until=now() - timedelta(seconds=1))
    recover_expired(store, settings)
    assert the(store, found).state == state


def test_after_days_of_tries_a_person_is_asked(store: Store, reference: str) -> None:
    claim = claim_due(store, WEBHOOK)
    assert claim is not None
    assert record(claim, AGAIN, store, WEBHOOK) is State.WAITING
    late = now() + timedelta(days=5, minutes=1)
    again = claim_due(store, WEBHOOK, late)
    assert again is not None
    assert record(again, AGAIN, store, WEBHOOK, late) is State.NEEDS_PERSON


def test_a_lead_that_waited_long_for_an_address_is_still_tried_for_days(store: Store, reference: str) -> None:
    set_all(store, created=now() - timedelta(days=30))
    claim = claim_due(store, WEBHOOK)
    assert claim is not None
    assert record(claim, AGAIN, store, WEBHOOK) is State.WAITING


def test_what_a_message_alone_said_goes_when_it_is_delivered(store: Store, reference: str) -> None:
    code = add(store, Kind.CODE, next_attempt=now() - timedelta(hours=1))
    claim = claim_due(store, ALL)
    assert claim is not None
    assert claim.payload_sealed is not None
    assert "123456" not in claim.payload_sealed
    record(claim, TAKEN, store, ALL)
    assert the(store, code).payload_sealed is None


@pytest.mark.parametrize("state", State)
def test_try_again_button(store: Store, site: Site, reference: str, state: State) -> None:
    with store.session() as session:
        delivery_id, webhook_id = session.execute(select(Delivery.id, Delivery.webhook_id)).one()
    set_all(store, state=state, claim="x", next_attempt=now() + timedelta(days=1))
    wanted = state in (State.WAITING, State.NEEDS_PERSON, State.MAYBE_SENT)
    assert retry_now(delivery_id, store) is wanted
    assert deliver_due(store, Settings.from_env({"SITE_FORM_URL": site.url})) == wanted
    assert [request.headers["webhook-id"] for request in site.got] == [webhook_id] * wanted


def test_try_again_of_nothing(store: Store) -> None:
    assert not retry_now(1, store)
    assert not mark_delivered(1, store)


@pytest.mark.parametrize("state", State)
def test_it_arrived_button(store: Store, reference: str, state: State) -> None:
    with store.session() as session:
        delivery_id = session.scalars(select(Delivery.id)).one()
    set_all(store, state=state)
    changed = mark_delivered(delivery_id, store)
    assert changed is (state in (State.MAYBE_SENT, State.NEEDS_PERSON))
    assert the(store, delivery_id).state == (State.DELIVERED if changed else state)
    assert (the(store, delivery_id).delivered is not None) is changed


def test_nothing_of_a_lead_that_was_taken_back_goes_out_but_that_news(store: Store, reference: str) -> None:
    copy = add(store, Kind.FAMILY_COPY)
    failed = add(store, Kind.SITE_NOTE, state=State.NEEDS_PERSON)
    news = add(store, Kind.WITHDRAWAL)
    withdraw(store)
    claim = claim_due(store, ALL)
    assert claim is not None
    assert claim.delivery_id == news
    assert claim_due(store, ALL) is None
    assert not retry_now(copy, store)
    assert cancel_unwanted(store) == 3
    assert {the(store, one).state for one in (copy, failed)} == {State.CANCELLED}
    assert the(store, copy).payload_sealed is None
    assert the(store, news).state == State.SENDING
    assert record(claim, AGAIN, store, ALL) is State.WAITING
    assert cancel_unwanted(store) == 0
    assert retry_now(news, store)


def test_the_site_hears_of_a_withdrawal_after_the_lead(store: Store, reference: str) -> None:
    """The lead is under way when the family takes it back."""
    lead = claim_due(store, WEBHOOK)
    assert lead is not None
    news = add(store, Kind.WITHDRAWAL)
    withdraw(store)
    assert claim_due(store, WEBHOOK) is None
    assert record(lead, TAKEN, store, WEBHOOK) is State.DELIVERED
    claim = claim_due(store, WEBHOOK)
    assert claim is not None
    assert claim.delivery_id == news


def test_a_lead_deleted_while_it_is_sent_troubles_nobody(store: Store, site: Site, reference: str) -> None:
    claim = claim_due(store, WEBHOOK)
    assert claim is not None
    with store.session() as session:
        session.delete(session.scalars(select(Lead)).one())
    assert record(claim, TAKEN, store, WEBHOOK) is None
    site.next = [answers(200)]
    assert deliver_due(store, Settings.from_env({"SITE_FORM_URL": site.url})) == 0
