"""A lead as FHIR R4 (4.0.1), for sites that take it so.

The Bundle is a ``transaction``: a server takes it whole or not at all, and each entry says ``ifNoneExist``,
so that a Bundle that comes twice makes nothing twice. Identifiers follow from the lead's reference alone and
are the same at every try. ``docs/fhir.md`` says what stands where, and what is left out on purpose.
"""

from bot.leads.fhir.answers import questionnaire_response
from bot.leads.fhir.identifiers import Resource, identifier, search, urn
from bot.leads.fhir.people import consent_given, patient, related_person, research_subject, writes_herself
from bot.leads.reading import LeadCard
from bot.settings import Settings
from bot.texts import load_texts

MEDIA_TYPE = "application/fhir+json"
"""What a Bundle is sent as, and what ``Accept`` asks for it with."""


def asked_for(accept: str | None) -> bool:
    """Whether an ``Accept`` header asks for FHIR by name; a header that takes anything does not."""
    wanted = (part.split(";") for part in (accept or "").lower().split(","))
    return any(
        kind.strip() == MEDIA_TYPE and not any(one.replace(" ", "") in ("q=0", "q=0.0") for one in parameters)
        for kind, *parameters in wanted
    )


def bundle(card: LeadCard, settings: Settings) -> Resource:
    """The lead: who is to be called, what she told in words, what the program found, what she agreed to.

    Where the contact can't be read (no key, or withdrawn), the Bundle holds the rest.
    """
    texts = load_texts("en")
    resources = {"Patient": patient(card)}
    if card.contact is not None and not writes_herself(card):
        resources["RelatedPerson"] = related_person(card, card.contact, texts)
    resources["QuestionnaireResponse"] = questionnaire_response(card, texts)
    resources["ResearchSubject"] = research_subject(
        card, "candidate", {"reference": urn(card.reference, "Patient")}
    )
    for consent in card.consents:
        resources[f"Consent/{consent['purpose']}"] = consent_given(card, consent)
    entries = [_created(card.reference, part, resource) for part, resource in resources.items()]
    return _transaction(card, "lead", entries, settings)


def withdrawal(card: LeadCard, settings: Settings) -> Resource:
    """The family took her lead back: its ResearchSubject becomes ``withdrawn``. It holds nothing about her.

    The entry names the subject by its identifier alone, so that it works where the site has stored it under
    an id of its own, and does no harm where the lead never came.
    """
    individual = {"type": "Patient", "identifier": identifier(card.reference, "Patient")}
    subject = research_subject(card, "withdrawn", individual)
    request = {"method": "PUT", "url": f"ResearchSubject?{search(card.reference, 'ResearchSubject')}"}
    entry = {"fullUrl": urn(card.reference, "ResearchSubject"), "resource": subject, "request": request}
    return _transaction(card, "withdrawal", [entry], settings)


def _transaction(card: LeadCard, what: str, entries: list[Resource], settings: Settings) -> Resource:
    source = {"meta": {"source": settings.public_url}} if settings.public_url else {}
    return {
        "resourceType": "Bundle",
        **source,
        "identifier": identifier(card.reference, what),
        "type": "transaction",
        "timestamp": card.created.isoformat(timespec="seconds"),
        "entry": entries,
    }


def _created(reference: str, part: str, resource: Resource) -> Resource:
    request = {
        "method": "POST",
        "url": resource["resourceType"],
        "ifNoneExist": search(reference, part),
    }
    return {"fullUrl": urn(reference, part), "resource": resource, "request": request}
