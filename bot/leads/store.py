"""What other parts need of the lead store, in one place.

Sending stands apart, in ``bot.leads.outbox``: the action server has no business with it.
"""

from bot.leads.erasure import erase_conversation
from bot.leads.intake import Consent, Contact, Receipt, consent_version, receipt_by_reference, store_leads
from bot.leads.screenings import (
    discard_screening,
    save_screening,
    screening_for,
    screening_mark,
    sent_reference_for,
    sent_references_for,
)

__all__ = [
    "Consent",
    "Contact",
    "Receipt",
    "consent_version",
    "discard_screening",
    "erase_conversation",
    "receipt_by_reference",
    "save_screening",
    "screening_for",
    "screening_mark",
    "sent_reference_for",
    "sent_references_for",
    "store_leads",
]
