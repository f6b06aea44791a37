"""The Group that the study enrols: what R4 can say of its members.

All characteristics of a Group hold together, and each is one value of one thing. So a choice between several
diagnoses becomes the exclusion of all others, and an upper limit of age the exclusion of those above it. What
only several facts decide together, or how far back something lies, R4's Group cannot say.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.exchange.deciding import (
    ages,
    all_diagnoses,
    answers_against,
    counting,
    diagnoses_against,
)
from bot.exchange.fhir.codes import Resource, identifier, own_code
from bot.texts import Texts
from criteria import Criterion, Trial
from criteria.facts import ORIGINS

_MONTHS = {"unit": "months", "system": "http://unitsofmeasure.org", "code": "mo"}
_GENDERS = "http://hl7.org/fhir/administrative-gender"


def group(trial: Trial, texts: Texts) -> Resource:
    """A description of who the study is for, and not a list of people."""
    characteristics = [*_sex(trial, texts)]
    for criterion in counting(trial):
        characteristics += _of_criterion(criterion, texts)
    return {
        "resourceType": "Group",
        "identifier": [identifier(trial, "Group")],
        "type": "person",
        "actual": False,
        "name": trial.title,
        **({"characteristic": characteristics} if characteristics else {}),
    }


def _sex(trial: Trial, texts: Texts) -> Iterator[Resource]:
    if trial.study.sex in ("female", "male"):
        value = {"coding": [{"system": _GENDERS, "code": trial.study.sex}], "text": trial.study.sex}
        yield {"code": {"text": "sex"}, "valueCodeableConcept": value, "exclude": False}


def _of_criterion(criterion: Criterion, texts: Texts) -> Iterator[Resource]:
    ranges = ages(criterion)
    if len(ranges) == 1:
        least, most = ranges[0]
        code = _code(criterion, "age.months", texts)
        if least:
            yield {"code": code, "valueRange": {"low": {"value": least, **_MONTHS}}, "exclude": False}
        if most is not None:
            # An end "up to 227 months" would leave out the days between 227 and 228 months.
            yield {"code": code, "valueRange": {"low": {"value": most + 1, **_MONTHS}}, "exclude": True}
    yield from _diagnoses(criterion, texts)
    for path, answer in answers_against(criterion):
        code = _code(criterion, path, texts)
        if answer in ("yes", "no"):
            yield {"code": code, "valueBoolean": answer == "yes", "exclude": True}
        else:
            yield {"code": code, "valueCodeableConcept": _answer(answer, texts), "exclude": True}


def _diagnoses(criterion: Criterion, texts: Texts) -> Iterator[Resource]:
    """Diagnoses that are out wherever they began; where that decides, Group cannot say it."""
    against = diagnoses_against(criterion)
    code = _code(criterion, "diagnosis.id", texts)
    for diagnosis in dict.fromkeys(name for name, _ in all_diagnoses()):
        if all((diagnosis, origin) in against for origin in ORIGINS):
            value = _answer(diagnosis, texts)
            yield {"code": code, "valueCodeableConcept": value, "exclude": True}


def _code(criterion: Criterion, path: str, texts: Texts) -> Resource:
    name, _, field = path.partition(".")
    label = texts.say(f"web.fact.{name}")
    if field in ("kind", "arises_in"):
        label = f"{label}, {texts.say(f'board.rule.fields.{field}')}"
    return {"coding": [own_code(path, label)], "text": f"{criterion.id}: {label}"}


def _answer(value: str, texts: Texts) -> Resource:
    keys = (f"web.{branch}.{value}" for branch in ("value", "diagnosis"))
    label = next((texts.say(key) for key in keys if texts.has(key)), value.replace("_", " "))
    return {"coding": [own_code(value, label)], "text": label}
