"""Addresses and codes that follow from a trial alone, so that they are the same at every export."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID, uuid5

from criteria import Trial

Resource = dict[str, Any]

# Made once by chance. They must never change: every address at every site rests on them.
_NAMESPACE: Final = UUID("5d1a5b0e-2f0a-4a55-9e0c-6f3a3f7f7c41")
FACTS: Final = f"urn:uuid:{uuid5(_NAMESPACE, 'facts')}"
"""The code system of this program's own names: fact paths, and the answers that a fact may have."""

_URI: Final = "urn:ietf:rfc:3986"
_REGISTRIES: Final = {"NCT": "http://clinicaltrials.gov"}
_PHASES: Final = {
    ("EARLY", "1"): "early-phase-1",
    ("1",): "phase-1",
    ("1", "2"): "phase-1-phase-2",
    ("2",): "phase-2",
    ("2", "3"): "phase-2-phase-3",
    ("3",): "phase-3",
    ("4",): "phase-4",
    ("NA",): "n-a",
}
_PHASE_WORDS: Final = {"I": "1", "II": "2", "III": "3", "IV": "4", "N/A": "NA"}
_STATUSES: Final = {
    "not_yet_recruiting": "approved",
    "recruiting": "active",
    "by_invitation": "active",
    "active_not_recruiting": "closed-to-accrual",
    "suspended": "temporarily-closed-to-accrual",
    "terminated": "administratively-completed",
    "completed": "completed",
    "withdrawn": "withdrawn",
}


def urn(trial: Trial, part: str) -> str:
    """The address of a part of the trial's Bundle."""
    return f"urn:uuid:{uuid5(_NAMESPACE, f'{trial.id}/{part}')}"


def identifier(trial: Trial, part: str) -> Resource:
    """The constant identifier of a part of the trial's Bundle."""
    return {"system": _URI, "value": urn(trial, part)}


def registry_number(trial: Trial) -> Resource:
    """The trial's number, with the registry whose number it is where that is known."""
    system = next((uri for start, uri in _REGISTRIES.items() if trial.id.startswith(start)), None)
    return {"use": "official", **({"system": system} if system else {}), "value": trial.id}


def study_status(status: str | None) -> Resource:
    """The study's status in R4's words; where the file does not tell it, that it is not known."""
    if status is not None:
        return {"status": _STATUSES[status]}
    absent = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
    return {"_status": {"extension": [{"url": absent, "valueCode": "unknown"}]}}


def phase(words: str) -> Resource:
    """The phase in the trial file's words, with R4's code where the words are clear."""
    found = re.findall(r"N/A|\bNA\b|EARLY|\bI{1,3}\b|\bIV\b|[1-4]", words.upper())
    code = _PHASES.get(tuple(_PHASE_WORDS.get(word, word) for word in found))
    system = "http://terminology.hl7.org/CodeSystem/research-study-phase"
    return {**({"coding": [{"system": system, "code": code}]} if code else {}), "text": words}


def own_code(code: str, display: str) -> Resource:
    """One of this program's own names as a Coding."""
    return {"system": FACTS, "code": code, "display": display}
