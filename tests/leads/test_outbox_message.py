"""What a site gets for a lead, held against the schema that ships with the program."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as runs
from jsonschema_rs import Draft202012Validator, ValidationError

from bot.leads.database import Store
from bot.leads.message import message_schema, site_message, withdrawal_message
from bot.leads.reading import LeadCard, lead_card
from bot.texts import load_texts
from criteria import assess, check_facts, load_trial
from tests.criteria.strategies import cases

TEXTS = load_texts("en")
VALID = Draft202012Validator(message_schema(), validate_formats=True)


@pytest.fixture
def card(store: Store, reference: str) -> LeadCard:
    found = lead_card(reference, store)
    assert found is not None
    return found


def test_both_messages_keep_the_schema(card: LeadCard) -> None:
    VALID.validate(site_message(card, TEXTS))
    VALID.validate(withdrawal_message(card))


def test_what_is_open_comes_first(card: LeadCard) -> None:
    message = site_message(card, TEXTS)
    assert message["unknown"] == ["E2"]
    assert [finding["id"] for finding in message["findings"]] == ["E2", "I2"]


def test_each_finding_has_the_fact_behind_it_in_words(card: LeadCard) -> None:
    trial = load_trial("NCT06848582")
    card.screening["trial_version"] = trial.version
    card.screening["findings"]["I7"] = {"finding": "not_yet", "until": "2026-11-25", "reason": "too early"}
    findings = {finding["id"]: finding for finding in site_message(card, TEXTS)["findings"]}
    assert findings["I2"]["facts"] == [{"fact": "age", "label": "Age of the patient", "value": "7 years"}]
    assert {
        "fact": "chemotherapy",
        "label": "Chemo",
        "value": "yes; last day: between October 30, 2026 and November 3, 2026",
    } in findings["I7"]["facts"]


@pytest.mark.parametrize(("trial", "version"), [("NCT06848582", "another"), ("NCT00000000", "1")])
def test_another_version_of_the_trial_explains_nothing(card: LeadCard, trial: str, version: str) -> None:
    card.screening["trial_version"] = version
    message = site_message(replace(card, trial=trial), TEXTS)
    assert {len(finding["facts"]) for finding in message["findings"]} == {0}
    VALID.validate(message)


@runs(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(cases())
def test_whatever_is_told_keeps_the_schema(card: LeadCard, case: tuple[date, dict[str, Any]]) -> None:
    today, told = case
    trial = load_trial("NCT06848582")
    checked = check_facts(told, today)
    judged = assess(trial, checked, today)
    findings = {
        name: {
            "finding": found.finding,
            "until": found.until.isoformat() if found.until else None,
            "reason": found.reason,
        }
        for name, found in judged.findings.items()
    }
    screening = card.screening | {"facts": checked, "findings": findings, "trial_version": trial.version}
    message = site_message(replace(card, verdict=judged.verdict, screening=screening), TEXTS)
    VALID.validate(message)
    assert len(message["findings"]) == len(trial.criteria)
    # The facts behind the findings are the same words as the answers themselves.
    assert all(fact in message["answers"] for found in message["findings"] for fact in found["facts"])


def test_a_withdrawal_says_nothing_of_the_family(card: LeadCard) -> None:
    assert withdrawal_message(card).keys() == {"type", "version", "reference", "created", "trial"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), 1),
        (("reference",), "123"),
        (("verdict",), "eligible"),
        (("contact",), None),
        (("contact", "phone"), 5),
        (("said",), "what was typed"),
        (("created",), "yesterday"),
        (("findings", 0, "finding"), "maybe"),
    ],
)
def test_the_schema_is_strict(card: LeadCard, path: tuple[Any, ...], value: object) -> None:
    message: Any = site_message(card, TEXTS)
    inner = message
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(ValidationError):
        VALID.validate(message)
