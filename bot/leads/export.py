"""Leads as a CSV file that opens in any spreadsheet and runs nothing there.

What would be taken for a formula gets an apostrophe (``bot.spreadsheets``). On a phone number it would be in
everybody's way, and without it ``+86 138 0013 8000`` may be computed or lose its plus. So numbers are written
``tel:+86 138 0013 8000``: that is text in every program, keeps a leading zero too, and phones and phone
systems understand it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.listing import same_contacts
from bot.leads.models import AuditEntry, Lead
from bot.leads.reading import EXPORTED, card_of
from bot.leads.states import late_state
from bot.spreadsheets import as_csv, safe_text

COLUMNS = (
    "reference",
    "received",
    "state",
    "state_since",
    "closed_because",
    "late",
    "trial",
    "verdict",
    "until",
    "to_be_checked",
    "delivery",
    "first_name",
    "last_name",
    "relation",
    "contact_of_guardian",
    "phone",
    "email",
    "language",
    "country",
    "best_time",
    "same_contact_as",
    "withdrawn",
)


def leads_as_csv(references: Sequence[str], store: Store | None = None, at: datetime | None = None) -> bytes:
    """These leads with their contact details, in this order: UTF-8 with a mark, every cell quoted.

    Times are ISO 8601 in UTC. A lead that was taken back is a line without data.
    """
    moment = at or now()
    rows: dict[str, Mapping[str, str]] = {}
    with (store or open_store()).session() as session:
        for start in range(0, len(references), 200):
            found = list(
                session.scalars(
                    select(Lead)
                    .options(selectinload(Lead.deliveries))
                    .where(Lead.reference.in_(references[start : start + 200]))
                )
            )
            same = same_contacts(found, session)
            for lead in found:
                rows[lead.reference] = _row(lead, same[lead.reference], moment)
    return as_csv(COLUMNS, (rows[reference] for reference in references if reference in rows))


def safe_phone(number: str) -> str:
    """The number whole, with its plus and its leading zeros, as text that no spreadsheet computes."""
    return safe_text(f"tel:{number}") if number else ""


def _row(lead: Lead, same: Sequence[str], at: datetime) -> dict[str, str]:
    known = {
        "reference": lead.reference,
        "received": _iso(lead.created),
        "state": lead.state,
        "state_since": _iso(lead.state_changed),
        "closed_because": lead.closed_reason or "",
        "trial": lead.trial,
        "withdrawn": _iso(lead.withdrawn) if lead.withdrawn else "",
    }
    if lead.withdrawn is not None:
        return {column: safe_text(text) for column, text in known.items()}
    card = card_of(lead)
    findings = lead.screening.get("findings", {})
    unknowns = [f"{name}: {one['reason']}" for name, one in findings.items() if one["finding"] == "unknown"]
    known |= {
        "late": late_state(lead.state, lead.state_changed, at) or "",
        "verdict": lead.verdict,
        "until": lead.screening.get("until") or "",
        "to_be_checked": "; ".join(unknowns),
        "delivery": card.delivery.state,
        "same_contact_as": " ".join(same),
    }
    if card.contact is not None:
        contact = card.contact
        known |= {
            "first_name": contact.first_name,
            "last_name": contact.last_name,
            "relation": contact.relation,
            "contact_of_guardian": "yes" if contact.of_guardian else "no",
            "email": contact.email,
            "language": contact.language,
            "country": contact.country,
            "best_time": contact.best_time,
        }
    row = {column: safe_text(text) for column, text in known.items()}
    if card.contact is not None:
        row["phone"] = safe_phone(card.contact.phone)
    return row


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def note_export(who: str, references: Sequence[str], wanted: str, store: Store | None = None) -> None:
    """Note in the audit that somebody got these leads as a file: once for all, and once for each."""
    moment = now()
    with (store or open_store()).session() as session:
        summary = f"{len(references)} messages; {wanted}"[:200]
        session.add(AuditEntry(at=moment, who=who, action="exported list", detail=summary))
        session.add_all(
            AuditEntry(at=moment, who=who, action=EXPORTED, reference=reference) for reference in references
        )
