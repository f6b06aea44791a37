"""The ResearchStudy with its sponsor and its sites."""

from __future__ import annotations

from collections.abc import Iterator

from bot.exchange.fhir.codes import Resource, phase, registry_number, study_status, urn
from bot.exchange.states import state_of
from criteria import Criterion, Trial
from criteria.sites import SiteContact, TrialSite


def research_study(trial: Trial) -> Resource:
    """The study; what its file does not tell is left out, since FHIR knows no empty values."""
    study = trial.study
    conditions = trial.conditions or ((study.condition,) if study.condition else ())
    told = {
        "condition": [{"text": condition} for condition in conditions],
        "contact": [_contact(contact, site) for site in trial.sites for contact in site.contacts],
        "relatedArtifact": [_source(trial)],
        "site": [{"reference": urn(trial, f"Location/{n}")} for n, _ in enumerate(trial.sites)],
        "note": [{"text": note} for note in _notes(trial)],
    }
    return {
        "resourceType": "ResearchStudy",
        "identifier": [registry_number(trial)],
        "title": trial.official_title,
        **study_status(study.status),
        "phase": phase(trial.phase),
        "description": _description(trial),
        "enrollment": [{"reference": urn(trial, "Group")}],
        "sponsor": {"reference": urn(trial, "Organization"), "display": trial.sponsor},
        **{field: values for field, values in told.items() if values},
    }


def sponsor(trial: Trial) -> Resource:
    """Who runs the trial."""
    return {"resourceType": "Organization", "name": trial.sponsor}


def location(site: TrialSite) -> Resource:
    """One site: where it is, and its own contact form."""
    address = {"city": site.city, "state": site.state, "country": site.country}
    told: Resource = {"name": site.name} if site.name else {}
    if site.form:
        told["telecom"] = [{"system": "url", "value": site.form}]
    told["address"] = {field: value for field, value in address.items() if value}
    if site.latitude is not None and site.longitude is not None:
        told["position"] = {"longitude": site.longitude, "latitude": site.latitude}
    return {"resourceType": "Location", **told}


def _contact(contact: SiteContact, site: TrialSite) -> Resource:
    ways = [("phone", contact.phone), ("email", contact.email)]
    telecom = [{"system": system, "value": value} for system, value in ways if value]
    name = ", ".join(filter(None, (contact.name, site.name)))
    return {**({"name": name} if name else {}), **({"telecom": telecom} if telecom else {})}


def _source(trial: Trial) -> Resource:
    address = {"url": trial.source.address} if trial.source.address else {}
    display = f"{trial.source.name}, as of {trial.source.date.isoformat()}"
    return {"type": "documentation", "display": display, **address}


def _notes(trial: Trial) -> Iterator[str]:
    yield f"Version {trial.version} of the trial's file in this program."
    yield f"Read by: {trial.read_by}. Reviewed by: {trial.reviewed_by or 'nobody yet'}."
    if trial.study.enrollment is not None:
        yield f"Planned number of patients: {trial.study.enrollment}."
    if trial.phase_note:
        yield trial.phase_note
    yield from (f"Unclear in the source: {unclear}" for unclear in trial.unclear)
    for site in trial.sites:
        if site.status:
            yield f"{site.name or site.city or site.country}: {site.status.replace('_', ' ')}."


def _description(trial: Trial) -> str:
    """The plain summary, and every criterion in its source's words: Group holds only a few of them."""
    parts = [trial.summary, "Criteria, quoted from the source:"]
    heading = None
    for criterion in trial.criteria:
        if criterion.part != heading:
            heading = criterion.part
            parts += [f"**{heading}**"] if heading else []
        parts.append(_quoted(trial, criterion))
    return "\n\n".join(parts)


def _quoted(trial: Trial, criterion: Criterion) -> str:
    return f"- **{criterion.id}** ({state_of(trial, criterion)}): {' '.join(criterion.source.split())}"
