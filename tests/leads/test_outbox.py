"""From the outbox to a real site process on the loopback: what is sent, and what becomes of it."""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, update
from standardwebhooks import Webhook, WebhookVerificationError

import bot.leads
from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.models import Attempt, Delivery, Lead
from bot.leads.outbox.calling import Answer
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import Kind, State
from bot.leads.outbox.outcome import Fate, Job, Outcome
from bot.leads.outbox.queue import deliver_due
from bot.leads.outbox.webhook import judged, send
from bot.leads.reading import LeadCard, lead_card
from bot.settings import Settings
from tests.leads.site_server import Behaviour, Site, answers, hangs_up, resets

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def settings(url: str | None, **more: str) -> Settings:
    return Settings.from_env(({"SITE_FORM_URL": url} if url else {}) | more)


def make_due(store: Store) -> None:
    with store.session() as session:
        session.execute(update(Delivery).values(next_attempt=now() - timedelta(seconds=1)))


def delivery(store: Store, kind: Kind = Kind.LEAD) -> Delivery:
    with store.session() as session:
        return session.scalars(select(Delivery).where(Delivery.kind == kind)).one()


def attempts(store: Store) -> list[Attempt]:
    with store.session() as session:
        return list(session.scalars(select(Attempt).order_by(Attempt.id)))


def test_lead_reaches_the_site(store: Store, site: Site, reference: str) -> None:
    assert deliver_due(store, settings(site.url)) == 1
    (request,) = site.got
    told = json.loads(request.body)
    assert request.headers["content-type"].startswith("application/json")
    assert request.headers["webhook-id"].startswith("msg_")
    assert (told["type"], told["version"], told["reference"]) == ("prescreen.lead", 2, reference)
    assert told["contact"]["phone"] == "+86 138 0013 8000"
    kept = delivery(store)
    assert (kept.state, kept.last_outcome, kept.claim) == ("delivered", "taken (HTTP 200)", None)
    (attempt,) = attempts(store)
    assert (attempt.outcome, attempt.status) == ("taken (HTTP 200)", 200)
    assert attempt.ended is not None
    assert attempt.started <= attempt.ended
    assert deliver_due(store, settings(site.url)) == 0
    assert len(site.got) == 1


@pytest.mark.parametrize(
    ("behaviour", "outcome", "status"),
    [
        (answers(500), "not taken (HTTP 500)", 500),
        (answers(503), "not taken (HTTP 503)", 503),
        (answers(429), "not taken (HTTP 429)", 429),
        (hangs_up, "no answer: the connection broke off", None),
        (resets, "no answer: the connection broke off", None),
    ],
)
def test_what_may_heal_is_tried_again_with_the_same_id_and_words(
    store: Store, site: Site, reference: str, behaviour: Behaviour, outcome: str, status: int | None
) -> None:
    site.next = [behaviour]
    assert deliver_due(store, settings(site.url)) == 0
    kept = delivery(store)
    assert (kept.state, kept.last_outcome, kept.attempts) == ("waiting", outcome, 1)
    assert kept.next_attempt > now()
    # Not before its time.
    assert deliver_due(store, settings(site.url)) == 0
    make_due(store)
    assert deliver_due(store, settings(site.url)) == 1
    first, second = site.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == kept.webhook_id
    assert first.body == second.body
    assert [(one.outcome, one.status) for one in attempts(store)] == [
        (outcome, status),
        ("taken (HTTP 200)", 200),
    ]


@pytest.mark.parametrize("status", [301, 302, 400, 401, 404, 410, 422])
def test_what_cannot_heal_needs_a_person_at_once(
    store: Store, site: Site, reference: str, status: int
) -> None:
    site.next = [answers(status, Location="/elsewhere") if status < 400 else answers(status)]
    assert deliver_due(store, settings(site.url)) == 0
    assert delivery(store).state == State.NEEDS_PERSON
    assert delivery(store).last_outcome == f"not taken (HTTP {status})"
    make_due(store)
    assert deliver_due(store, settings(site.url)) == 0
    assert len(site.got) == 1


def test_the_site_may_say_when_to_come_back(store: Store, site: Site, reference: str) -> None:
    site.next = [answers(429, Retry_After="3600")]
    before = now()
    deliver_due(store, settings(site.url))
    assert delivery(store).next_attempt >= before + timedelta(hours=1)


def test_dead_site_is_told_in_words_without_its_address(store: Store, reference: str) -> None:
    assert deliver_due(store, settings("http://127.0.0.1:9/form")) == 0
    outcome = delivery(store).last_outcome
    assert outcome == "not sent: the site can't be reached (ConnectionError)"


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (200, Fate.TAKEN),
        (202, Fate.TAKEN),
        (204, Fate.TAKEN),
        (101, Fate.UNKNOWN),
        (300, Fate.PERSON),
        (304, Fate.PERSON),
        (400, Fate.PERSON),
        (403, Fate.PERSON),
        (408, Fate.AGAIN),
        (409, Fate.PERSON),
        (413, Fate.PERSON),
        (425, Fate.AGAIN),
        (429, Fate.AGAIN),
        (500, Fate.UNKNOWN),
        (502, Fate.UNKNOWN),
        (503, Fate.AGAIN),
        (504, Fate.UNKNOWN),
        (599, Fate.UNKNOWN),
    ],
)
def test_what_a_status_means(status: int, fate: Fate) -> None:
    wait = timedelta(seconds=7)
    outcome = judged(Answer(status, None, wait))
    assert (outcome.fate, outcome.status) == (fate, status)
    assert outcome.retry_after == (None if fate is Fate.TAKEN else wait)


def test_without_an_address_the_lead_waits_untried(store: Store, site: Site, reference: str) -> None:
    assert deliver_due(store, settings(None)) == 0
    assert (delivery(store).state, delivery(store).attempts) == ("waiting", 0)
    # Once the site names an address, the lead that waited goes out.
    assert deliver_due(store, settings(site.url)) == 1


def test_signature_by_the_convention(store: Store, site: Site, reference: str) -> None:
    deliver_due(store, settings(site.url, SITE_WEBHOOK_SECRET=SECRET))
    (request,) = site.got
    assert json.loads(request.body) == Webhook(SECRET).verify(request.body.decode(), request.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(request.body.decode() + " ", request.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(request.body.decode(), request.headers | {"webhook-id": "msg_other"})


def test_without_a_secret_nothing_is_signed(store: Store, site: Site, reference: str) -> None:
    deliver_due(store, settings(site.url))
    assert "webhook-signature" not in site.got[0].headers


def test_a_withdrawal_is_told_without_anything_of_the_family(
    store: Store, site: Site, reference: str
) -> None:
    deliver_due(store, settings(site.url))
    with store.session() as session:
        lead = session.scalars(select(Lead)).one()
        lead.contact_sealed, lead.screening, lead.withdrawn = None, {}, now()
        lead.deliveries.append(new_delivery(Kind.WITHDRAWAL, now()))
    assert deliver_due(store, settings(site.url)) == 1
    told = json.loads(site.got[1].body)
    assert told.pop("created").startswith("20")
    assert told == {
        "type": "prescreen.withdrawal",
        "version": 2,
        "reference": reference,
        "trial": "NCT06848582",
    }
    assert site.got[0].headers["webhook-id"] != site.got[1].headers["webhook-id"]


@pytest.mark.parametrize(("kind", "made"), [(Kind.LEAD, "bundle"), (Kind.WITHDRAWAL, "withdrawal")])
def test_as_fhir_the_same_call_carries_a_bundle(
    store: Store, site: Site, reference: str, monkeypatch: pytest.MonkeyPatch, kind: Kind, made: str
) -> None:
    def making(what: str) -> Callable[[LeadCard, Settings], dict[str, Any]]:
        return lambda card, settings: {"made": what, "of": card.reference, "name": "Zoë"}

    fhir = SimpleNamespace(bundle=making("bundle"), withdrawal=making("withdrawal"))
    monkeypatch.setitem(sys.modules, "bot.leads.fhir", fhir)  # type: ignore[arg-type]
    monkeypatch.setattr(bot.leads, "fhir", fhir, raising=False)
    card = lead_card(reference, store)
    assert card is not None
    by_fhir = settings(site.url, SITE_FORM_KIND="fhir", SITE_WEBHOOK_SECRET=SECRET)
    assert send(Job(1, kind, "msg_1", card, {}), by_fhir).fate is Fate.TAKEN
    (request,) = site.got
    assert request.headers["content-type"].split(";")[0] == "application/fhir+json"
    assert Webhook(SECRET).verify(request.body.decode(), request.headers) == {
        "made": made,
        "of": reference,
        "name": "Zoë",
    }


def test_without_the_key_a_person_is_asked(store: Store, site: Site, reference: str) -> None:
    with store.session() as session:
        session.scalars(select(Lead)).one().contact_sealed = "locked with another key"
    assert deliver_due(store, settings(site.url)) == 0
    kept = delivery(store)
    assert kept.state == State.NEEDS_PERSON
    assert kept.last_outcome == "the contact details can't be read: their key is missing"
    assert site.got == []


def test_a_lead_that_breaks_the_program_stops_no_other(
    store: Store, site: Site, reference: str, caplog: pytest.LogCaptureFixture
) -> None:
    with store.session() as session:
        broken = session.scalars(select(Lead)).one()
        broken.screening = {"findings": "the mother said", "facts": {}}
        other = Lead(
            reference="AAAA-AAAA",
            form_hash="other",
            trial=broken.trial,
            verdict=broken.verdict,
            screening={"findings": {}, "facts": {}},
            contact_sealed=broken.contact_sealed,
            consents=[],
            created=now(),
            state_changed=now(),
            deliveries=[new_delivery(Kind.LEAD, now())],
        )
        session.add(other)
    assert deliver_due(store, settings(site.url)) == 1
    assert [json.loads(request.body)["reference"] for request in site.got] == ["AAAA-AAAA"]
    assert "the mother said" not in caplog.text


def test_nothing_is_sent_where_no_address_is_set(store: Store, reference: str) -> None:
    card = lead_card(reference, store)
    assert card is not None
    outcome = send(Job(1, Kind.LEAD, "msg_1", card, {}), settings(None))
    assert outcome == Outcome(Fate.AGAIN, "not sent: no SITE_FORM_URL is set")


def test_site_never_gets_the_conversation_or_the_session(store: Store, site: Site, reference: str) -> None:
    deliver_due(store, settings(site.url))
    told = json.loads(site.got[0].body)
    assert "s1" not in json.dumps(told).split('"')
    assert "session" not in site.got[0].body.decode()
