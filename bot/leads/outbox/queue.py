"""Sending leads to the site: after the commit, at start, and every minute until the site takes them.

The message follows the Standard Webhooks convention. Its ``webhook-id`` stays the same over all tries, so
that a site whose answer got lost can tell a repeat from a second lead.
"""

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

import requests
from sqlalchemy import or_, select, update
from standardwebhooks import Webhook

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.message import site_message
from bot.leads.models import Delivery, Lead
from bot.leads.outbox.kinds import Kind, State
from bot.leads.reading import lead_card
from bot.settings import Settings, get_settings
from bot.texts import load_texts

log = logging.getLogger(__name__)

_TIMEOUT = (5, 20)
_RETRY_AFTER = timedelta(seconds=55)
# Longer than a try with all its redirects can take.
_CLAIM = timedelta(minutes=3)
_MOST_REDIRECTS = 3


@dataclass(frozen=True)
class Outcome:
    """How one try ended; ``text`` is for staff."""

    taken: bool
    text: str


def due_deliveries(store: Store | None = None, at: datetime | None = None) -> list[int]:
    """The ids of deliveries to try now, oldest first."""
    moment = at or now()
    with (store or open_store()).session() as session:
        found = session.scalars(
            select(Delivery.id)
            .where(
                Delivery.kind == Kind.LEAD, Delivery.state == State.WAITING, Delivery.next_attempt <= moment
            )
            .where(or_(Delivery.claimed_until.is_(None), Delivery.claimed_until < moment))
            .order_by(Delivery.id)
        )
        return list(found)


def deliver_due(store: Store | None = None, settings: Settings | None = None) -> int:
    """Try every delivery that is due; how many the site took. Nothing happens without SITE_FORM_URL."""
    settings = settings or get_settings()
    opened = store or open_store()
    if settings.site_form_url is None:
        return 0
    return sum(deliver(delivery_id, opened, settings) for delivery_id in due_deliveries(opened))


def deliver(delivery_id: int, store: Store, settings: Settings) -> bool:
    """Try one delivery, unless somebody else is trying it; whether the site took it."""
    if settings.site_form_url is None or not _claim(delivery_id, store):
        return False
    with store.session() as session:
        webhook_id, reference = session.execute(
            select(Delivery.webhook_id, Lead.reference).join(Lead).where(Delivery.id == delivery_id)
        ).one()
    card = lead_card(reference, store)
    if card is None or card.contact is None:
        outcome = Outcome(False, "the contact details can't be read: their key is missing")
    else:
        body = json.dumps(site_message(card, load_texts("en")), ensure_ascii=False)
        outcome = _post(settings.site_form_url, webhook_id, body, settings)
    _record(delivery_id, outcome, store)
    return outcome.taken


def _claim(delivery_id: int, store: Store) -> bool:
    moment = now()
    with store.session() as session:
        claimed = session.execute(
            update(Delivery)
            .where(Delivery.id == delivery_id, Delivery.kind == Kind.LEAD, Delivery.state == State.WAITING)
            .where(or_(Delivery.claimed_until.is_(None), Delivery.claimed_until < moment))
            .values(claimed_until=moment + _CLAIM, attempts=Delivery.attempts + 1, last_attempt=moment)
            .returning(Delivery.id)
        )
        return claimed.first() is not None


def _record(delivery_id: int, outcome: Outcome, store: Store) -> None:
    moment = now()
    with store.session() as session:
        delivery = session.get_one(Delivery, delivery_id)
        delivery.claimed_until = None
        delivery.last_outcome = outcome.text
        if outcome.taken:
            delivery.state, delivery.delivered = State.DELIVERED, moment
        else:
            delivery.next_attempt = moment + _RETRY_AFTER
    log.info("delivery %s: %s", delivery_id, outcome.text)


def _post(url: str, webhook_id: str, body: str, settings: Settings) -> Outcome:
    target = url
    try:
        for _ in range(_MOST_REDIRECTS + 1):
            with requests.post(
                target,
                data=body.encode(),
                headers=_headers(webhook_id, body, settings),
                timeout=_TIMEOUT,
                allow_redirects=False,
                # An answer's body is of no use, and may be without end.
                stream=True,
            ) as answer:
                if 200 <= answer.status_code < 300:
                    return Outcome(True, f"taken (HTTP {answer.status_code})")
                if answer.status_code not in (307, 308):
                    return Outcome(False, f"not taken (HTTP {answer.status_code})")
                target = urljoin(target, answer.headers.get("Location", ""))
            if not _same_place(url, target):
                return Outcome(False, "not taken: the site redirects to another host")
    except requests.exceptions.SSLError:
        return Outcome(False, "not sent: the site's certificate is not trusted")
    except requests.exceptions.Timeout:
        return Outcome(False, "no answer in time")
    except requests.exceptions.RequestException as error:
        return Outcome(False, f"not reached ({type(error).__name__})")
    return Outcome(False, "not taken: the site redirects in circles")


def _headers(webhook_id: str, body: str, settings: Settings) -> dict[str, str]:
    moment = now()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "prescreen",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(moment.timestamp())),
    }
    if settings.site_webhook_secret is not None:
        signer = Webhook(settings.site_webhook_secret.get_secret_value())
        headers["webhook-signature"] = signer.sign(webhook_id, moment, body)
    return headers


def _same_place(one: str, other: str) -> bool:
    """Same host, and never from https down to http."""
    first, second = urlsplit(one), urlsplit(other)
    if first.hostname != second.hostname:
        return False
    return (first.scheme, first.port) == (second.scheme, second.port) or second.scheme == "https"
