"""Taking leads: each with its deliveries, all of a form in one transaction, once for each filled-in form."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.keys import seal
from bot.leads.marks import contact_marks
from bot.leads.models import NEW, Delivery, Lead, Screening
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import Kind, State
from bot.leads.results import results_of, screening_for_trial
from bot.leads.screenings import session_hash
from bot.settings import Settings, get_settings

# No signs that look or sound alike: references are read out on the phone.
_REFERENCE_SIGNS = "ACDEFGHJKMNPQRTUVWXY34679"


@dataclass(frozen=True)
class Contact:
    """Who is to be called. Held sealed; empty texts where nothing was told."""

    first_name: str
    last_name: str
    email: str
    phone: str
    language: str = ""
    relation: str = ""
    country: str = ""
    best_time: str = ""
    of_guardian: bool = False


@dataclass(frozen=True)
class Consent:
    """One tick: what for, the words that stood beside it, their version, and when."""

    purpose: str
    version: str
    wording: str
    given: datetime


@dataclass(frozen=True)
class Receipt:
    """What the family is told about a stored lead.

    ``repeated``: the form had been sent before. ``copied``: a copy goes to the address in the form, or went.
    """

    reference: str
    trial: str
    repeated: bool
    delivered: bool
    created: datetime
    copied: bool


def consent_version(wording: str) -> str:
    """The version of a consent's wording: it changes with every change of a letter."""
    return hashlib.sha256(wording.encode()).hexdigest()[:12]


def store_leads(
    session_id: str,
    form_token: str,
    screenings: Sequence[dict[str, Any]],
    contact: Contact,
    consents: Sequence[Consent],
    store: Store | None = None,
    settings: Settings | None = None,
) -> list[Receipt]:
    """Store one lead with its deliveries for each screening, or find those that this form made before.

    Each screening is that of one trial, and none stands twice. All leads are stored or none. Mails are among
    the deliveries where the settings name a mail server. Only after this returns may the family be told that
    her message is kept.
    """
    opened = store or open_store()
    hashes = [_form_hash(form_token, screening, len(screenings)) for screening in screenings]
    earlier = _receipts(opened, hashes)
    if earlier:
        return earlier
    moment, given = now(), settings or get_settings()
    leads = [
        _lead(form_hash, screening, contact, consents, moment, given)
        for form_hash, screening in zip(hashes, screenings, strict=True)
    ]
    try:
        with opened.session() as session:
            session.add_all(leads)
            kept = session.get(Screening, session_hash(session_id))
            if kept is not None:
                _remember(kept, leads)
    except IntegrityError:
        # The same form came in twice at once, and the other one was first.
        earlier = _receipts(opened, hashes)
        if not earlier:
            raise
        return earlier
    return [_told(lead, repeated=False) for lead in leads]


def store_lead(
    session_id: str,
    form_token: str,
    screening: dict[str, Any],
    contact: Contact,
    consents: Sequence[Consent],
    store: Store | None = None,
    settings: Settings | None = None,
) -> Receipt:
    """``store_leads`` for one trial."""
    return store_leads(session_id, form_token, [screening], contact, consents, store, settings)[0]


def _form_hash(form_token: str, screening: Mapping[str, Any], of_how_many: int) -> str:
    """What marks the form that a lead came from; of one that made several leads, each trial's has its own."""
    whole = form_token if of_how_many == 1 else f"{form_token}\n{screening['trial']}"
    return hashlib.sha256(whole.encode()).hexdigest()


def _lead(
    form_hash: str,
    screening: dict[str, Any],
    contact: Contact,
    consents: Sequence[Consent],
    moment: datetime,
    settings: Settings,
) -> Lead:
    marks = contact_marks(str(screening["trial"]), contact.email, contact.phone, contact.country)
    return Lead(
        reference=_new_reference(),
        form_hash=form_hash,
        trial=str(screening["trial"]),
        verdict=str(screening["verdict"]),
        screening=screening,
        contact_sealed=seal(asdict(contact)),
        email_mark=marks.email,
        phone_mark=marks.phone,
        consents=[asdict(consent) | {"given": consent.given.isoformat()} for consent in consents],
        created=moment,
        state=NEW,
        state_changed=moment,
        deliveries=_deliveries(moment, settings),
    )


def _remember(kept: Screening, leads: Sequence[Lead]) -> None:
    """Keep with the chat's screening what of it was sent, so that the form need not make it twice."""
    held = {result["trial"]: result for result in results_of(kept.content)}
    mine = [lead for lead in leads if _is_of(lead, kept, held.get(lead.trial))]
    if mine:
        kept.sent_reference = mine[0].reference
        kept.sent = {**(kept.sent or {}), **{lead.trial: lead.reference for lead in mine}}


def _is_of(lead: Lead, kept: Screening, result: Mapping[str, Any] | None) -> bool:
    """Whether the lead was made of the screening as it is kept now."""
    if result is None:
        return False
    sent = {name: value for name, value in lead.screening.items() if name != "site"}
    return bool(sent == screening_for_trial(kept.content, lead.trial))


def receipt_by_reference(reference: str, store: Store | None = None) -> Receipt | None:
    """What a family may be told about the lead with this reference."""
    with (store or open_store()).session() as session:
        lead = session.scalar(select(Lead).where(Lead.reference == reference))
        return _told(lead, repeated=True) if lead is not None else None


def _receipts(store: Store, form_hashes: Sequence[str]) -> list[Receipt]:
    with store.session() as session:
        leads = session.scalars(select(Lead).where(Lead.form_hash.in_(form_hashes)).order_by(Lead.id))
        return [_told(lead, repeated=True) for lead in leads]


def _deliveries(moment: datetime, settings: Settings) -> list[Delivery]:
    kinds = [Kind.LEAD]
    if settings.smtp_host is not None:
        kinds.append(Kind.FAMILY_COPY)
        if settings.site_mail is not None:
            kinds.append(Kind.SITE_NOTE)
    return [new_delivery(kind, moment) for kind in kinds]


def _told(lead: Lead, repeated: bool) -> Receipt:
    states = {delivery.kind: delivery.state for delivery in lead.deliveries}
    return Receipt(
        lead.reference,
        lead.trial,
        repeated=repeated,
        delivered=states.get(Kind.LEAD) == State.DELIVERED,
        created=lead.created,
        copied=states.get(Kind.FAMILY_COPY, State.CANCELLED) not in (State.CANCELLED, State.NEEDS_PERSON),
    )


def _new_reference() -> str:
    signs = [secrets.choice(_REFERENCE_SIGNS) for _ in range(8)]
    return "".join(signs[:4]) + "-" + "".join(signs[4:])
