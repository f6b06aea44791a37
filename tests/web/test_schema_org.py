"""The page about a study for machines, held against an extract of schema.org's vocabulary."""

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient

from bot.settings import Settings
from bot.texts import load_texts
from bot.web.schema_org import study_data
from bot.web.study import study_page
from criteria import load_trial
from criteria.study import SEXES, STATUSES, Study

TEXTS = load_texts("en")
TRIAL = load_trial("NCT06848582")
VOCABULARY = yaml.safe_load(Path(__file__).with_name("schema_org.yml").read_text(encoding="utf-8"))
TYPES: dict[str, dict[str, Any]] = VOCABULARY["types"]
VALUES: dict[str, list[str]] = VOCABULARY["values"]
PAGE = "/trial/NCT06848582"


def kinds(name: str) -> set[str]:
    """A type and all that it is a kind of."""
    return {name}.union(*(kinds(parent) for parent in TYPES[name].get("kind_of", [])))


def problems(node: Any, expected: set[str], ids: set[str]) -> Iterator[str]:
    """What the vocabulary does not allow in a value that should be one of the expected types."""
    if isinstance(node, str):
        short = node.removeprefix("https://schema.org/")
        member = any(short in VALUES.get(name, []) for name in expected)
        if not (member or expected & {"Text", "URL"}):
            yield f"{node!r} is none of {sorted(expected)}"
        return
    if set(node) == {"@id"}:
        if node["@id"] not in ids:
            yield f"nothing is called {node['@id']}"
        return
    named = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
    unknown = [name for name in named if name not in TYPES]
    if unknown:
        yield f"unknown type {unknown}"
        return
    have = set().union(*(kinds(name) for name in named))
    if not have & expected:
        yield f"{named} is none of {sorted(expected)}"
    allowed = {key: ends for kind in have for key, ends in TYPES[kind].get("properties", {}).items()}
    for key, value in node.items():
        if key in ("@id", "@type"):
            continue
        if key not in allowed:
            yield f"{named} has no {key}"
            continue
        for one in value if isinstance(value, list) else [value]:
            yield from problems(one, set(allowed[key]), ids)


def wrong(data: dict[str, Any]) -> list[str]:
    """All that is wrong with a graph."""
    assert data["@context"] == "https://schema.org"
    ids = {node["@id"] for node in data["@graph"]}
    return [problem for node in data["@graph"] for problem in problems(node, {"Thing"}, ids)]


def block(web: TestClient) -> dict[str, Any]:
    """The data of the page, as a search engine finds it."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', web.get(PAGE).text, re.DOTALL)
    assert len(found) == 1
    read: dict[str, Any] = json.loads(found[0])
    return read


def test_the_demo_tells_the_trial_and_no_site(web: TestClient) -> None:
    data = block(web)
    assert wrong(data) == []
    trial, page = data["@graph"]
    assert trial == {
        "@id": "#study",
        "@type": "MedicalTrial",
        "name": TRIAL.title,
        "alternateName": TRIAL.official_title,
        "description": TRIAL.summary,
        "code": {"@type": "MedicalCode", "codeValue": "NCT06848582", "codingSystem": "ClinicalTrials.gov"},
        "healthCondition": {"@type": "MedicalCondition", "name": "soft tissue sarcoma"},
        "studySubject": {"@type": "MedicalTherapy", "name": "NK cells from cord blood"},
        "sponsor": {"@type": "Organization", "name": "Sun Yat-sen University"},
        "status": "https://schema.org/Recruiting",
        "trialDesign": "https://schema.org/OpenTrial",
    }
    assert page["about"] == {"@id": "#study"}
    assert page["inLanguage"] == "en"
    assert not {"publisher", "url"} & page.keys()
    assert "Demo" not in json.dumps(data)


def test_a_site_is_told_as_far_as_it_told_itself(open_web: Callable[..., TestClient]) -> None:
    data = block(
        open_web(
            SITE_NAME="Hill Hospital",
            SITE_PHONE="+1 202 555 0100",
            SITE_COUNTRY="us",
            PUBLIC_URL="https://chat.hill.example/",
        )
    )
    assert wrong(data) == []
    trial, page = data["@graph"]
    assert trial["@id"] == "https://chat.hill.example/trial/NCT06848582#study"
    assert page["url"] == "https://chat.hill.example/trial/NCT06848582"
    assert page["about"] == {"@id": trial["@id"]}
    assert trial["studyLocation"] == {"@type": "Country", "name": "US"}
    assert page["publisher"] == {
        "@type": "Organization",
        "name": "Hill Hospital",
        "telephone": "+1 202 555 0100",
    }


def test_machines_read_the_questions_that_families_read(web: TestClient) -> None:
    shown = html.unescape(web.get(PAGE).text)
    asked = block(web)["@graph"][1]["mainEntity"]
    assert len(asked) == 5
    for question in asked:
        assert f"<h3>{question['name']}</h3><p>{question['acceptedAnswer']['text']}</p>" in shown


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_its_word(status: str) -> None:
    trial = replace(TRIAL, study=replace(TRIAL.study, status=status))
    data = study_data(study_page(trial, TEXTS), Settings(), None, "en")
    assert wrong(data) == []
    told = dict(study_page(trial, TEXTS).facts)["On the public page"]
    assert told.endswith("as of October 15, 2025")


@pytest.mark.parametrize("sex", SEXES)
def test_every_sex_has_its_word(sex: str) -> None:
    trial = replace(TRIAL, study=replace(TRIAL.study, sex=sex))
    assert "Who can be in it" in dict(study_page(trial, TEXTS).facts)


def test_nothing_unknown_is_told() -> None:
    bare = replace(TRIAL, study=Study(), age_limit_months=None)
    trial = study_data(study_page(bare, TEXTS), Settings(), None, "en")["@graph"][0]
    assert set(trial) == {"@id", "@type", "name", "alternateName", "description", "code", "sponsor"}
    assert trial["code"] == {"@type": "MedicalCode", "codeValue": "NCT06848582"}


def test_no_text_ends_the_block(open_web: Callable[..., TestClient]) -> None:
    name = "</script><script>alert(1)</script><!-- & 'Hill' \" Hospital"
    web = open_web(SITE_NAME=name)
    assert block(web)["@graph"][1]["publisher"]["name"] == name
    assert "<script>alert" not in web.get(PAGE).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"phase": "I/II"}, "has no phase"),
        ({"@type": "ClinicalTrial"}, "unknown type"),
        ({"status": "https://schema.org/OpenTrial", "trialDesign": "Recruiting"}, "'Recruiting' is none of"),
        ({"sponsor": "Nobody"}, "'Nobody' is none of"),
        ({"sponsor": {"@type": "MedicalCode", "codeValue": "1"}}, "['MedicalCode'] is none of"),
        ({"sponsor": {"@type": "Organization", "dosage": "8"}}, "has no dosage"),
        ({"code": {"@id": "#nothing"}}, "nothing is called #nothing"),
    ],
)
def test_the_extract_finds_what_is_wrong(change: dict[str, Any], words: str) -> None:
    data = study_data(study_page(TRIAL, TEXTS), Settings(), None, "en")
    data["@graph"][0].update(change)
    assert any(words in problem for problem in wrong(data)), wrong(data)
