"""Delivery to a real site process on the loopback that answers what it is told to."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import select, update
from standardwebhooks import Webhook, WebhookVerificationError

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.intake import Contact, store_lead
from bot.leads.models import Delivery
from bot.leads.outbox.queue import deliver, deliver_due, due_deliveries
from bot.leads.reading import DeliveryState, lead_card
from bot.settings import Settings

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Site(ThreadingHTTPServer):
    """A site's form: keeps what it got, answers from a list, and with 200 when the list is empty."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[tuple[int, str | None]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/form"


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, {key.lower(): value for key, value in self.headers.items()}, body))
        status, location = self.server.answers.pop(0) if self.server.answers else (200, None)
        if status == 0:
            self.close_connection = True
            return
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.server.got.append((self.path, {"method": "GET"}, b""))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Tests are quiet."""


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def reference(store: Store, screening: dict[str, Any]) -> str:
    contact = Contact("Ana", "Li", "ana@mail.com", "+86 138 0013 8000")
    return store_lead("s1", "form-1", screening, contact, [], store).reference


def settings(url: str | None, **more: str) -> Settings:
    return Settings.from_env(({"SITE_FORM_URL": url} if url else {}) | more)


def make_due(store: Store) -> None:
    with store.session() as session:
        session.execute(update(Delivery).values(next_attempt=now() - timedelta(seconds=1)))


def state_of(reference: str) -> DeliveryState:
    card = lead_card(reference)
    assert card is not None
    return card.delivery


def test_lead_reaches_the_site(store: Store, site: Site, reference: str) -> None:
    assert deliver_due(store, settings(site.url)) == 1
    ((path, headers, body),) = site.got
    told = json.loads(body)
    assert path == "/form"
    assert headers["content-type"].startswith("application/json")
    assert headers["webhook-id"].startswith("msg_")
    assert told["type"] == "prescreen.lead"
    assert told["reference"] == reference
    assert told["contact"]["phone"] == "+86 138 0013 8000"
    assert told["unknown"] == ["E2"]
    assert told["findings"][0]["id"] == "E2"
    assert {"fact": "age", "label": "Age of the patient", "value": "7 years"} in told["answers"]
    assert state_of(reference).state == "delivered"
    assert state_of(reference).last_outcome == "taken (HTTP 200)"
    assert deliver_due(store, settings(site.url)) == 0
    assert len(site.got) == 1


@pytest.mark.parametrize("status", [400, 404, 500, 503, 302, 303])
def test_whatever_is_not_taken_is_tried_again_with_the_same_id(
    store: Store, site: Site, reference: str, status: int
) -> None:
    site.answers = [(status, "/elsewhere" if status in (302, 303) else None)]
    assert deliver_due(store, settings(site.url)) == 0
    assert state_of(reference).last_outcome == f"not taken (HTTP {status})"
    assert due_deliveries(store) == []
    assert due_deliveries(store, now() + timedelta(minutes=1)) != []
    make_due(store)
    assert deliver_due(store, settings(site.url)) == 1
    first, second = site.got
    assert first[1]["webhook-id"] == second[1]["webhook-id"]
    assert first[2] == second[2]
    assert state_of(reference).attempts == 2


def test_lost_answer_is_tried_again_with_the_same_id(store: Store, site: Site, reference: str) -> None:
    site.answers = [(0, None)]
    assert deliver_due(store, settings(site.url)) == 0
    make_due(store)
    assert deliver_due(store, settings(site.url)) == 1
    assert len({headers["webhook-id"] for _, headers, _ in site.got}) == 1


def test_dead_site_is_told_in_words(store: Store, reference: str) -> None:
    assert deliver_due(store, settings("http://127.0.0.1:9/form")) == 0
    outcome = state_of(reference).last_outcome
    assert outcome is not None
    assert "not reached" in outcome
    assert "127.0.0.1" not in outcome


def test_redirect_within_the_site_keeps_the_post(store: Store, site: Site, reference: str) -> None:
    site.answers = [(308, "/moved")]
    assert deliver_due(store, settings(site.url)) == 1
    assert [path for path, _, _ in site.got] == ["/form", "/moved"]
    assert site.got[1][2] == site.got[0][2]


def test_redirect_to_another_host_gets_nothing(store: Store, site: Site, reference: str) -> None:
    other = Site()
    thread = threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        site.answers = [(307, f"http://localhost:{other.server_port}/form"), (307, other.url)]
        for _ in range(2):
            assert deliver_due(store, settings(site.url)) == 0
            assert state_of(reference).last_outcome == "not taken: the site redirects to another host"
            make_due(store)
        assert other.got == []
    finally:
        other.shutdown()
        other.server_close()
        thread.join()


def test_redirect_in_circles_ends(store: Store, site: Site, reference: str) -> None:
    site.answers = [(307, "/form")] * 10
    assert deliver_due(store, settings(site.url)) == 0
    assert state_of(reference).last_outcome == "not taken: the site redirects in circles"
    assert len(site.got) == 4


def test_untrusted_certificate_gets_nothing(
    store: Store, site: Site, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The plain site can't speak TLS at all: the request must fail, not fall back to plain text.
    assert deliver_due(store, settings(site.url.replace("http:", "https:"))) == 0
    outcome = state_of(reference).last_outcome
    assert outcome is not None
    assert outcome.startswith("not ")
    assert site.got == []


def test_without_an_address_the_lead_waits_untried(store: Store, site: Site, reference: str) -> None:
    assert deliver_due(store, settings(None)) == 0
    assert state_of(reference).attempts == 0
    # Once the site names an address, the lead that waited goes out.
    assert deliver_due(store, settings(site.url)) == 1


def test_one_try_at_a_time(store: Store, site: Site, reference: str) -> None:
    (delivery_id,) = due_deliveries(store)
    with store.session() as session:
        session.execute(update(Delivery).values(claimed_until=now() + timedelta(minutes=1)))
    assert due_deliveries(store) == []
    assert not deliver(delivery_id, store, settings(site.url))
    assert site.got == []
    # A try whose process died is taken over once its claim has run out.
    with store.session() as session:
        session.execute(update(Delivery).values(claimed_until=now() - timedelta(seconds=1)))
    assert deliver_due(store, settings(site.url)) == 1


def test_many_threads_send_once(store: Store, site: Site, reference: str) -> None:
    threads = [threading.Thread(target=deliver_due, args=(store, settings(site.url))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(site.got) == 1


def test_signature_by_the_convention(store: Store, site: Site, reference: str) -> None:
    deliver_due(store, settings(site.url, SITE_WEBHOOK_SECRET=SECRET))
    ((_, headers, body),) = site.got
    assert json.loads(body) == Webhook(SECRET).verify(body.decode(), headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.decode() + " ", headers)


def test_site_never_gets_the_conversation_or_the_session(store: Store, site: Site, reference: str) -> None:
    deliver_due(store, settings(site.url))
    with store.session() as session:
        assert session.scalar(select(Delivery.state)) == "delivered"
    assert b"s1" not in site.got[0][2].replace(b"consents", b"")
