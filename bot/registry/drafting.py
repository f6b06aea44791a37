"""A trial's file out of a record: every criterion word for word, rules as drafts where something was read.

A draft never rules anybody out (docs/criteria.md); it is there to be reviewed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import yaml

from bot.registry.headings import INCLUSION
from bot.registry.reading import READER, read_criterion
from bot.registry.reading.model import Reading
from bot.registry.record import Record
from bot.registry.rules import BROAD, Tree, rule_of
from bot.registry.sentences import has_name, sentence, topics
from bot.registry.splitting import SplitCriterion, split
from criteria.sites import TrialSite

REGISTRY = "ClinicalTrials.gov"
AGE_FIELDS_PART = "Age fields of the record"
"""The heading under which a person who reads a trial puts the age fields."""
AGE_FIELDS = "A1"
"""The id of the criterion that the registry's own age fields make."""
_HEAD = (
    "# Imported from {registry}. `source` texts are quotations. A rule with `draft` was read by a program\n"
    "# and rules nobody out until somebody of the site accepts it. docs/criteria.md explains the format.\n"
)


@dataclass(frozen=True)
class DraftedTrial:
    """The text of a trial's file, how many criteria it has and how many of them have a rule."""

    id: str
    text: str
    criteria: int
    drafted: int


def draft(record: Record, today: date) -> DraftedTrial:
    """The file of this record's trial, as of this day."""
    found = split(record.eligibility).criteria
    readings = {one.id: read_criterion(one.kind, one.words, one.part) for one in found}
    criteria = [drafted_criterion(one, readings[one.id]) for one in found]
    every = [reading for one in found for reading in readings[one.id]]
    ages = [reading for reading in every if reading.topic == "age"]
    age_fields = _age_fields(record, ages)
    if age_fields is not None:
        criteria.append(age_fields)
    told: Tree = {
        "id": record.nct_id,
        "version": f"{today.isoformat()}.1",
        "official_title": record.official_title or record.title,
        **_family_head(every),
        "phase": "/".join(record.phases) or sentence("not_told"),
        "sponsor": record.sponsor or sentence("not_told"),
        "source": {
            "name": f"{REGISTRY}, {record.nct_id}",
            "address": record.address,
            "date": today,
            "text_hash": record.text_hash,
        },
        "read_by": READER,
        "reviewed_by": None,
    }
    if record.at_most_months is not None:
        told["age_limit_months"] = record.at_most_months + 1
    told["study"] = study_of(record)
    unclear = [record.status_remark] if record.status_remark else []
    if age_fields is not None and ages:
        unclear.append(sentence("ages_differ"))
    for key, value in (
        ("unclear", unclear),
        ("conditions", list(record.conditions)),
        ("sites", [site_of(site) for site in record.sites]),
    ):
        if value:
            told[key] = value
    told["criteria"] = criteria
    text = _HEAD.format(registry=REGISTRY) + dumped(told)
    return DraftedTrial(record.nct_id, text, len(criteria), sum("rule" in one for one in criteria))


def dumped(value: Any) -> str:
    """A value as YAML in the form of trial files."""
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return text


def study_of(record: Record) -> Tree:
    """What a record tells for the file's ``study``."""
    told = {
        "registry": REGISTRY,
        "status": record.status,
        "sex": record.sex,
        "enrollment": record.enrollment,
    }
    return {key: value for key, value in told.items() if value is not None}


def site_of(site: TrialSite) -> Tree:
    """A site as the file has it: only what is known."""
    told: Tree = {key: value for key, value in asdict(site).items() if value not in (None, ())}
    if "contacts" in told:
        told["contacts"] = [
            {key: value for key, value in contact.items() if value is not None}
            for contact in told["contacts"]
        ]
    if "languages" in told:
        told["languages"] = list(told["languages"])
    return told


def drafted_criterion(one: SplitCriterion, readings: tuple[Reading, ...]) -> Tree:
    """One criterion of the file, with a rule where something was read and can be asked."""
    told: Tree = {"id": one.id, "source": one.words}
    if one.part is not None:
        told["part"] = one.part
    rule = rule_of(readings)
    if rule is not None:
        note = sentence("note")
        if any(reading.topic == "diagnosis" and BROAD & set(_ids(reading)) for reading in readings):
            note = f"{note} {sentence('broad_illness')}"
        told |= {
            "note": note,
            "family": sentence("family", readings[0].topic),
            "rule": rule,
            "draft": {"words": readings[0].words, "reader": READER},
        }
        if one.kind == INCLUSION and readings[0].topic in ("age", "performance", "diagnosis"):
            told["fits"] = sentence("family", readings[0].topic)
        return told
    private = next((one.topic for one in readings if one.topic in ("pregnancy", "hepatitis_hiv")), None)
    if private is not None:
        told["family"], told["sensitive"] = sentence("family", private), True
        told["why_not_asked"] = sentence("not_asked", private)
        return told
    topic = next((topic for topic in topics() if re.search(topic["words"], one.words, re.IGNORECASE)), None)
    told["family"] = topic["family"] if topic is not None else sentence("family", "other")
    if topic is not None and topic.get("sensitive"):
        told["sensitive"] = True
    unasked = any(reading.topic == "diagnosis" for reading in readings)
    told["why_not_asked"] = sentence("not_asked", "other_cancer") if unasked else sentence("not_read")
    return told


def age_fields_in_words(record: Record) -> str:
    """The registry's own age fields as a quotation; empty where it has none."""
    fields = (("Minimum Age", record.minimum_age), ("Maximum Age", record.maximum_age))
    return "; ".join(f"{name}: {words}" for name, words in fields if words)


def _age_fields(record: Record, ages: Iterable[Reading]) -> Tree | None:
    """The criterion of the registry's age fields, unless the text says the same."""
    least, most = record.at_least_months, record.at_most_months
    least = least or None
    said = [(one.parameters["at_least_months"], one.parameters["at_most_months"]) for one in ages]
    if (least is None or least in {pair[0] for pair in said}) and (
        most is None or most in {pair[1] for pair in said}
    ):
        return None
    words = age_fields_in_words(record)
    rule = rule_of((Reading("age", {"at_least_months": least, "at_most_months": most}, words),))
    return {
        "id": AGE_FIELDS,
        "source": words,
        "note": sentence("age_fields", fields=words),
        "family": sentence("family", "age"),
        "fits": sentence("family", "age"),
        "rule": rule,
        "draft": {"words": words, "reader": READER},
    }


def _family_head(readings: Iterable[Reading]) -> dict[str, str]:
    """Title and summary for families: the illnesses where there are few and all have a name."""
    ids = sorted({name for one in readings if one.topic == "diagnosis" for name in _ids(one)})
    if 0 < len(ids) <= 3 and all(has_name(name) for name in ids):
        names = [sentence("illnesses", name) for name in ids]
        illness = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
        return {key: sentence(key, "illness", illness=illness) for key in ("title", "summary")}
    return {key: sentence(key, "neutral") for key in ("title", "summary")}


def _ids(reading: Reading) -> tuple[str, ...]:
    value = reading.parameters["ids"]
    return tuple(str(name) for name in value) if isinstance(value, tuple) else ()


class _Dumper(yaml.SafeDumper):
    """Writes every value out: YAML's references would make files that nobody can edit."""

    def ignore_aliases(self, data: object) -> bool:
        return True
