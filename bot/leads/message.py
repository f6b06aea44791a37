"""What a site gets by webhook: JSON of a stated version, the same at every try.

``bot/leads/schema/lead.v2.json`` describes both messages; ``docs/handoff.md`` explains them.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.leads.reading import LeadCard
from bot.leads.words import Answer, answers_in_words
from bot.settings import get_settings
from bot.texts import Texts
from criteria import Trial, TrialError, load_trial

LEAD_TYPE = "prescreen.lead"
WITHDRAWAL_TYPE = "prescreen.withdrawal"
MESSAGE_VERSION = 2
SCHEMA = Path(__file__).parent / "schema" / f"lead.v{MESSAGE_VERSION}.json"

# What is open decides the call; what speaks against it comes next.
_ORDER = ("unknown", "not_yet", "not_met", "met", "for_the_team")


def site_message(card: LeadCard, texts: Texts) -> dict[str, Any]:
    """A lead: verdict, what is open first, each finding with the facts behind it in words, contact, consents.

    It holds no session, no conversation and nothing as it was typed, but what stands in the contact form.
    """
    screening = card.screening
    answers = answers_in_words(screening["facts"], texts)
    findings = _findings(card, answers)
    return {
        "type": LEAD_TYPE,
        "version": MESSAGE_VERSION,
        "reference": card.reference,
        "created": card.created.isoformat(),
        "trial": card.trial,
        "trial_version": screening.get("trial_version"),
        **({"site": screening["site"]} if screening.get("site") else {}),
        "text_version": screening.get("text_version"),
        "language": screening.get("language"),
        "answers_of": screening.get("today"),
        "respondent": screening.get("respondent"),
        "verdict": card.verdict,
        "until": screening.get("until"),
        "unknown": [finding["id"] for finding in findings if finding["finding"] == "unknown"],
        "findings": findings,
        "answers": [answer._asdict() for answer in answers],
        "contact": asdict(card.contact) if card.contact is not None else None,
        "consents": card.consents,
    }


def withdrawal_message(card: LeadCard) -> dict[str, Any]:
    """A family took her lead back: which one, and nothing else."""
    return {
        "type": WITHDRAWAL_TYPE,
        "version": MESSAGE_VERSION,
        "reference": card.reference,
        "created": card.created.isoformat(),
        "trial": card.trial,
    }


def message_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) that both messages keep."""
    schema: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return schema


def _findings(card: LeadCard, answers: list[Answer]) -> list[dict[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = card.screening["findings"]
    trial = _trial_of(card)
    return [
        {
            "id": name,
            "finding": found[name]["finding"],
            "until": found[name].get("until"),
            "reason": found[name].get("reason", ""),
            "facts": [
                {"fact": answer.fact, "label": answer.label, "value": answer.value}
                for answer in answers
                if answer.fact in _looked_at(trial, name)
            ],
        }
        for name in sorted(found, key=lambda name: _ORDER.index(found[name]["finding"]))
    ]


def _looked_at(trial: Trial | None, criterion: str) -> set[str]:
    """The facts that a criterion's rule looks at."""
    try:
        rule = trial.criterion(criterion).rule if trial is not None else None
    except KeyError:
        return set()
    return {path.partition(".")[0] for path in rule.paths()} if rule is not None else set()


def _trial_of(card: LeadCard) -> Trial | None:
    """The trial as the lead was judged by it: another version may look at other facts."""
    try:
        trial = load_trial(card.trial, get_settings().trials_folder)
    except TrialError:
        return None
    return trial if trial.version == card.screening.get("trial_version") else None
