"""The people of a lead, and what was agreed to: patient, contact, research subject, consents."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from bot.leads.fhir.identifiers import Resource, identifier, urn, with_reference
from bot.leads.intake import Contact
from bot.leads.reading import LeadCard
from bot.texts import Texts

_REGISTRIES = {"NCT": "http://clinicaltrials.gov"}
_ROLES = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
_RELATIONSHIPS = {
    "parent": ("PRN", "parent"),
    "guardian": ("GUARD", "guardian"),
    "grandparent": ("GRPRN", "grandparent"),
    "family": ("FAMMEMB", "family member"),
}
# Both ticks let somebody use what was told. FHIR's other scope, "research", would say that she agreed to take
# part in the study, which nobody has asked her.
_CONSENT_SCOPE = {
    "system": "http://terminology.hl7.org/CodeSystem/consentscope",
    "code": "patient-privacy",
    "display": "Privacy Consent",
}
_CONSENT_CATEGORY = {"system": "http://loinc.org", "code": "59284-0", "display": "Patient Consent"}


def writes_herself(card: LeadCard) -> bool:
    """Whether the contact is the patient."""
    return card.contact is not None and not card.contact.of_guardian and _relation(card) == "patient"


def _relation(card: LeadCard) -> str:
    """Who the contact is to the patient: by the form, or else by what the chat was told."""
    told = {"parent": "parent", "patient": "patient"}.get(str(card.screening.get("respondent")), "")
    return (card.contact.relation if card.contact is not None else "") or told


def patient(card: LeadCard) -> Resource:
    """The patient, who has no name here unless she is the contact: the chat asks for none."""
    person = _reachable(card.contact) if card.contact is not None and writes_herself(card) else {}
    return {"resourceType": "Patient", "identifier": with_reference(card.reference, "Patient"), **person}


def related_person(card: LeadCard, contact: Contact, texts: Texts) -> Resource:
    """Who is to be called, where that is not the patient."""
    return {
        "resourceType": "RelatedPerson",
        "identifier": with_reference(card.reference, "RelatedPerson"),
        "patient": {"reference": urn(card.reference, "Patient")},
        **_relationship(card, contact, texts),
        **_reachable(contact),
    }


def _relationship(card: LeadCard, contact: Contact, texts: Texts) -> Resource:
    relation = _relation(card)
    if relation in _RELATIONSHIPS:
        code, display = _RELATIONSHIPS[relation]
        return {"relationship": [{"coding": [{"system": _ROLES, "code": code, "display": display}]}]}
    if contact.of_guardian:
        # A young patient gave somebody's contact; which of the two it is, nobody asked.
        return {"relationship": [{"text": texts.say("staff.card.of_guardian")}]}
    if relation:
        return {"relationship": [{"text": texts.say(f"web.contact.relations.{relation}")}]}
    return {}


def _reachable(contact: Contact) -> Resource:
    """Name, ways to reach, language and country, each where it was told. FHIR knows no empty values."""
    telecom = [("phone", contact.phone), ("email", contact.email)]
    name = {"given": [contact.first_name] if contact.first_name else [], "family": contact.last_name}
    told: Resource = {
        "name": [{field: value for field, value in name.items() if value}],
        "telecom": [{"system": system, "value": value} for system, value in telecom if value],
    }
    if contact.country:
        told["address"] = [{"country": contact.country}]
    if contact.language:
        # In her own words: a code would be a guess.
        told["communication"] = [{"language": {"text": contact.language}, "preferred": True}]
    return {field: [one for one in values if one] for field, values in told.items() if any(values)}


def research_subject(card: LeadCard, status: str, individual: Resource) -> Resource:
    """A person to look at for the study, and never more: who may take part, the study team finds out.

    The study is named by its number and not sent along: the site has it, and we would have to make up
    its status.
    """
    system = next((uri for start, uri in _REGISTRIES.items() if card.trial.startswith(start)), None)
    number = {"system": system, "value": card.trial} if system else {"value": card.trial}
    return {
        "resourceType": "ResearchSubject",
        "identifier": with_reference(card.reference, "ResearchSubject"),
        "status": status,
        "study": {"type": "ResearchStudy", "identifier": number, "display": card.trial},
        "individual": individual,
    }


def consent_given(card: LeadCard, consent: Mapping[str, Any]) -> Resource:
    """One tick: the words that stood beside it, their version, and when."""
    return {
        "resourceType": "Consent",
        "identifier": [identifier(card.reference, f"Consent/{consent['purpose']}")],
        "status": "active",
        "scope": {"coding": [_CONSENT_SCOPE]},
        "category": [{"coding": [_CONSENT_CATEGORY]}],
        "patient": {"reference": urn(card.reference, "Patient")},
        "dateTime": consent["given"],
        **_given_by(card),
        "sourceAttachment": {
            "contentType": "text/plain; charset=utf-8",
            "data": b64encode(consent["wording"].encode()).decode(),
            "title": consent["version"],
            "creation": consent["given"],
        },
        "policyRule": {"text": consent["wording"]},
    }


def _given_by(card: LeadCard) -> Resource:
    """Who ticked the boxes, where that is known: a young patient fills in the form with somebody else."""
    if card.contact is None or card.contact.of_guardian:
        return {}
    person = "Patient" if writes_herself(card) else "RelatedPerson"
    return {"performer": [{"reference": urn(card.reference, person)}]}
