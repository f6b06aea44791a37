"""Leads to make Bundles of."""

from datetime import UTC, date, datetime
from typing import Any

from bot.leads.intake import Contact
from bot.leads.reading import DeliveryState, LeadCard
from criteria import assess, load_trial

TRIAL = load_trial("NCT06848582")
TODAY = date(2026, 11, 22)
FACTS = {
    "respondent": "parent",
    "age": {"months": [84, 95]},
    "chemotherapy": {"had": "yes", "last": ["2026-10-30", "2026-11-03"]},
}
CONTACT = Contact(
    "Quillonia",
    "Zarrabeth",
    "quillonia@zarrabeth.example.org",
    "+86 138 0013 8000",
    language="Spanish",
    relation="parent",
    country="CN",
    best_time="after 5 pm",
)


def screening_of(facts: dict[str, Any], today: date = TODAY) -> dict[str, Any]:
    """What the chat keeps of these facts."""
    assessment = assess(TRIAL, facts, today)
    return {
        "trial": TRIAL.id,
        "trial_version": TRIAL.version,
        "text_version": "abc",
        "language": "en",
        "today": today.isoformat(),
        "respondent": facts.get("respondent"),
        "facts": facts,
        "verdict": assessment.verdict,
        "until": assessment.until.isoformat() if assessment.until else None,
        "findings": {
            name: {
                "finding": finding.finding,
                "until": finding.until.isoformat() if finding.until else None,
                "text": "what the family was shown",
                "reason": finding.reason,
            }
            for name, finding in assessment.findings.items()
        },
    }


def card_of(
    screening: dict[str, Any], contact: Contact | None = CONTACT, reference: str = "ACDE-FGHJ"
) -> LeadCard:
    moment = datetime(2026, 11, 22, 9, 30, 15, 123456, UTC)
    consents = [
        {"purpose": name, "version": "0a1b", "wording": f"Yes, {name}.", "given": moment.isoformat()}
        for name in ("send", "call")
    ]
    delivery = DeliveryState("waiting", 0, None, None, None)
    verdict = screening["verdict"]
    return LeadCard(reference, moment, TRIAL.id, verdict, screening, consents, contact, delivery)


CARD = card_of(screening_of(FACTS))


def resources(whole: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["resource"]["resourceType"]: entry["resource"] for entry in whole["entry"]}
