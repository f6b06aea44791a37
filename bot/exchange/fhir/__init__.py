"""A trial as a FHIR R4 (4.0.1) Bundle of type ``collection``: for reading, not for a server to execute."""

from __future__ import annotations

from collections.abc import Sequence

from bot.exchange.fhir.codes import Resource, identifier, urn
from bot.exchange.fhir.group import group
from bot.exchange.fhir.questionnaire import AskedQuestion, questionnaire
from bot.exchange.fhir.study import location, research_study, sponsor
from bot.texts import Texts
from criteria import Trial

__all__ = ["AskedQuestion", "trial_bundle"]


def trial_bundle(trial: Trial, questions: Sequence[AskedQuestion], texts: Texts) -> Resource:
    """The study, its sponsor and sites, who it is for, and what families are asked for it."""
    resources = {
        "ResearchStudy": research_study(trial),
        "Organization": sponsor(trial),
        **{f"Location/{number}": location(site) for number, site in enumerate(trial.sites)},
        "Group": group(trial, texts),
        "Questionnaire": questionnaire(trial, questions, texts),
    }
    return {
        "resourceType": "Bundle",
        "identifier": identifier(trial, "Bundle"),
        "type": "collection",
        "entry": [
            {"fullUrl": urn(trial, part), "resource": resource} for part, resource in resources.items()
        ],
    }
