"""The QuestionnaireResponse: what was told and what was found, in words."""

from collections.abc import Mapping
from typing import Any

from bot.leads.fhir.identifiers import Resource, identifier, urn
from bot.leads.fhir.people import writes_herself
from bot.leads.reading import LeadCard
from bot.leads.words import answers_in_words, day_in_words
from bot.settings import get_settings
from bot.texts import Texts
from criteria import TrialError, load_trial


def questionnaire_response(card: LeadCard, texts: Texts) -> Resource:
    """What was told, in the program's words and never as typed, what it found, and first what is open."""
    screening = card.screening
    findings = screening.get("findings", {}).items()
    sources = _sources(card)
    found = [(told["finding"], _finding(name, told, sources.get(name), texts)) for name, told in findings]
    open_ones = [item for finding, item in found if finding == "unknown"]
    others = [item for finding, item in found if finding != "unknown"]
    answers = [
        _item(f"fact.{answer.fact}", answer.label, answer.value)
        for answer in answers_in_words(screening.get("facts", {}), texts)
    ]
    items = [_item("verdict", texts.say("staff.column.verdict"), _verdict(card, texts))]
    if card.contact is not None and card.contact.best_time:
        # FHIR's contact has no place for it that means this.
        items.append(_item("best_time", texts.say("staff.contact.best_time"), card.contact.best_time))
    groups = [
        ("unknown", "unknowns", open_ones),
        ("findings", "findings", others),
        ("answers", "answers", answers),
    ]
    items += [
        {"linkId": link, "text": texts.say(f"staff.card.{label}"), "item": inner}
        for link, label, inner in groups
        if inner
    ]
    return {
        "resourceType": "QuestionnaireResponse",
        "language": texts.language,
        "identifier": identifier(card.reference, "QuestionnaireResponse"),
        "status": "completed",
        "subject": {"reference": urn(card.reference, "Patient")},
        # The day on which the answers count, as the program counted it.
        "authored": screening.get("today") or card.created.date().isoformat(),
        **_told_by(card),
        "item": items,
    }


def _told_by(card: LeadCard) -> Resource:
    """Who answered, where that is known: a young patient answers for herself under a parent's contact."""
    if card.screening.get("respondent") == "patient" or writes_herself(card):
        return {"source": {"reference": urn(card.reference, "Patient")}}
    if card.contact is not None and not card.contact.of_guardian:
        return {"source": {"reference": urn(card.reference, "RelatedPerson")}}
    return {}


def _verdict(card: LeadCard, texts: Texts) -> str:
    return _with_day(texts.say(f"staff.verdicts.{card.verdict}"), card.screening.get("until"), texts)


def _sources(card: LeadCard) -> dict[str, str]:
    """Each criterion in its source's words, if the trial's file is still the one the lead was held to."""
    try:
        trial = load_trial(card.trial, get_settings().trials_folder)
    except TrialError:
        return {}
    if trial.version != card.screening.get("trial_version"):
        return {}
    return {criterion.id: criterion.source for criterion in trial.criteria}


def _finding(name: str, told: Mapping[str, Any], source: str | None, texts: Texts) -> Resource:
    """A criterion, what was found, and the fact behind it."""
    found = _with_day(texts.say(f"staff.finding_names.{told['finding']}"), told.get("until"), texts)
    value = f"{found}; {told['reason']}" if told.get("reason") else found
    return _item(f"finding.{name}", f"{name}: {source}" if source else name, value)


def _with_day(word: str, until: str | None, texts: Texts) -> str:
    return f"{word} {texts.say('staff.card.until', day=day_in_words(until))}" if until else word


def _item(link: str, text: str, value: str) -> Resource:
    """A question and its answer; no answer rather than an empty one."""
    answer = {"answer": [{"valueString": value}]} if value.strip() else {}
    return {"linkId": link, "text": text, **answer}
