"""The message that a site gets for a lead: JSON of a stated version, the same at every try."""

from dataclasses import asdict
from typing import Any

from bot.leads.reading import LeadCard
from bot.leads.words import answers_in_words
from bot.texts import Texts

MESSAGE_TYPE = "prescreen.lead"
MESSAGE_VERSION = 1


def site_message(card: LeadCard, texts: Texts) -> dict[str, Any]:
    """Reference, verdict, what is unknown first, all findings, the answers in words, contact and consents."""
    screening = card.screening
    findings = [{"id": name, **finding} for name, finding in screening["findings"].items()]
    return {
        "type": MESSAGE_TYPE,
        "version": MESSAGE_VERSION,
        "reference": card.reference,
        "created": card.created.isoformat(),
        "trial": card.trial,
        "trial_version": screening.get("trial_version"),
        "text_version": screening.get("text_version"),
        "language": screening.get("language"),
        "answers_of": screening.get("today"),
        "respondent": screening.get("respondent"),
        "verdict": card.verdict,
        "until": screening.get("until"),
        "unknown": [finding["id"] for finding in findings if finding["finding"] == "unknown"],
        "findings": [
            {key: finding.get(key) for key in ("id", "finding", "until", "reason")}
            for finding in sorted(findings, key=lambda finding: finding["finding"] != "unknown")
        ],
        "answers": [answer._asdict() for answer in answers_in_words(screening["facts"], texts)],
        "facts": screening["facts"],
        "contact": asdict(card.contact) if card.contact is not None else None,
        "consents": card.consents,
    }
