"""What became of a lead, for the family that sent it: by her reference and a one-time code from her mail."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.locking import locked_lead
from bot.leads.models import CALLED, CLOSED, REACHED, REFERRED, AuditEntry, Lead, StatusCode
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import Kind
from bot.leads.reading import AS_FHIR, EXPORTED
from bot.settings import get_settings

CODE_DIGITS = 8
CODE_LIVES = timedelta(minutes=30)
CODES_WITHIN, MOST_CODES = timedelta(hours=1), 3
MOST_WRONG_TRIES = 5
"""With three codes an hour of five tries each, guessing takes centuries."""

# What a family is told: not every step of the coordinators.
RECEIVED, CALLED_OR_TRIED, ENDED, TAKEN_BACK = "received", "called", "closed", "withdrawn"

# Hashed for a reference that is not known, so that the same work is done.
_NOBODY = 0


@dataclass(frozen=True)
class Status:
    """How far a lead is: ``state`` is received, called, closed or withdrawn, since ``changed``.

    ``maybe_there``: the site's own systems may hold what was sent.
    """

    reference: str
    state: str
    received: datetime
    changed: datetime
    maybe_there: bool


def tidied(reference: str) -> str:
    """A reference as it is stored, however it was typed: no blanks, large letters, the dash in its place."""
    signs = "".join(sign for sign in reference.upper() if sign.isascii() and sign.isalnum())[:16]
    return f"{signs[:4]}-{signs[4:]}"


def request_code(reference: str, store: Store | None = None, at: datetime | None = None) -> None:
    """Mail a new code to the family of this lead, if there is one and she did not just get three.

    Nothing tells the caller whether there is: the same work is done. Raises SQLAlchemyError when the
    database can't be written.
    """
    moment = at or now()
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    mail = new_delivery(Kind.CODE, moment, {"code": code, "expires": (moment + CODE_LIVES).isoformat()})
    with (store or open_store()).session() as session:
        lead = locked_lead(reference, session)
        lately = session.scalar(
            select(func.count())
            .select_from(StatusCode)
            .where(StatusCode.lead_id == _id(lead), StatusCode.created > moment - CODES_WITHIN)
        )
        hashed = _code_hash(_id(lead), code)
        # After a withdrawal there is no address left to write to.
        if lead is None or lead.contact_sealed is None or (lately or 0) >= MOST_CODES:
            return
        lead.deliveries.append(mail)
        session.add(
            StatusCode(
                lead_id=lead.id,
                code_hash=hashed,
                created=moment,
                expires=moment + CODE_LIVES,
                wrong_tries=0,
            )
        )


def use_code(
    reference: str, code: str, store: Store | None = None, at: datetime | None = None
) -> Status | None:
    """The lead's status for its code, which is used up by that; None for a wrong code or reference.

    A wrong code counts against every code of this lead that still opens it.
    """
    moment = at or now()
    typed = "".join(sign for sign in code if sign.isascii() and sign.isdigit())[: 2 * CODE_DIGITS]
    with (store or open_store()).session() as session:
        lead = locked_lead(reference, session)
        hashed = _code_hash(_id(lead), typed)
        open_codes = session.scalars(
            select(StatusCode)
            .where(StatusCode.lead_id == _id(lead), StatusCode.expires > moment)
            .where(StatusCode.used.is_(None), StatusCode.wrong_tries < MOST_WRONG_TRIES)
        ).all()
        right = [one for one in open_codes if hmac.compare_digest(one.code_hash, hashed)]
        for one in right:
            one.used = moment
        for one in open_codes if not right else ():
            one.wrong_tries += 1
        return _status(lead, session) if lead is not None and right else None


def status_of(reference: str, store: Store | None = None) -> Status | None:
    """The status of a lead whose family has shown her code already."""
    with (store or open_store()).session() as session:
        lead = session.scalar(select(Lead).where(Lead.reference == reference))
        return _status(lead, session) if lead is not None else None


def _id(lead: Lead | None) -> int:
    return lead.id if lead is not None else _NOBODY


def _status(lead: Lead, session: Session) -> Status:
    state = RECEIVED
    if lead.state in (CALLED, REACHED, REFERRED):
        state = CALLED_OR_TRIED
    if lead.state == CLOSED:
        state = TAKEN_BACK if lead.withdrawn is not None else ENDED
    sent = any(one.kind == Kind.LEAD and (one.delivered or one.attempts) for one in lead.deliveries)
    taken_out = select(AuditEntry.id).where(AuditEntry.reference == lead.reference, _took_it_out())
    maybe_there = sent or session.scalar(taken_out.limit(1)) is not None
    return Status(lead.reference, state, lead.created, lead.state_changed, maybe_there)


def _took_it_out() -> ColumnElement[bool]:
    """A list in a file, or a card as FHIR: then it may lie in other files of the site."""
    return or_(AuditEntry.action == EXPORTED, AuditEntry.detail == AS_FHIR)


def _code_hash(lead_id: int, code: str) -> str:
    """Keyed, so that a copied database opens nothing: eight digits are soon tried out."""
    key = hashlib.sha256(f"status-code {get_settings().session_key()}".encode()).digest()
    return hmac.new(key, f"{lead_id} {code}".encode(), hashlib.sha256).hexdigest()
