"""Rasa's files agree with each other and with the program: what `rasa data validate` cannot see."""

import ast
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.interview import LANGUAGE_SLOT, MEMORY_SLOT, ActionInterview
from criteria import FACT_NAMES

ROOT = Path(__file__).resolve().parents[2]
ACTION = "action_interview"
RESERVED = {"restart", "back", "session_start"}


def load(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def domain() -> Any:
    return load("domain.yml")


@pytest.fixture(scope="module")
def examples() -> dict[str, list[str]]:
    """The training examples of every intent."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = [line.removeprefix("- ").strip() for line in block["examples"].splitlines()]
            found.setdefault(block["intent"], []).extend(lines)
    return found


def plain(text: str) -> str:
    """The text as a model sees it: case and punctuation make no other example."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())


def test_every_fact_has_a_slot_and_no_slot_is_of_anything_else(domain: Any) -> None:
    assert set(domain["slots"]) == {*FACT_NAMES, MEMORY_SLOT, LANGUAGE_SLOT}


def test_slots_are_only_set_by_the_action(domain: Any) -> None:
    expected = {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
    assert [name for name, slot in domain["slots"].items() if slot != expected] == []


def test_registered_actions_are_the_domains(domain: Any) -> None:
    assert domain["actions"] == [ActionInterview().name()] == [ACTION]


def test_every_intent_leads_to_the_action(domain: Any) -> None:
    rules = [
        rule["steps"]
        for path in sorted((ROOT / "data" / "rules").glob("*.yml"))
        for rule in load(str(path))["rules"]
    ]
    routed = [steps[0]["intent"] for steps in rules if steps[1:] == [{"action": ACTION}]]
    assert len(rules) == len(routed), "a rule does more than call the interview"
    assert Counter(routed) == Counter(domain["intents"])


def test_intents_are_not_rasas_own(domain: Any) -> None:
    assert RESERVED.isdisjoint(domain["intents"])


def test_sessions_do_not_end_while_a_family_pauses(domain: Any) -> None:
    assert domain["session_config"] == {"session_expiration_time": 0, "carry_over_slots_to_new_session": True}


def test_every_intent_has_enough_examples(domain: Any, examples: dict[str, list[str]]) -> None:
    learned = set(domain["intents"]) - {"nlu_fallback"}
    assert set(examples) == learned
    assert {intent: len(lines) for intent, lines in examples.items() if len(lines) < 60} == {}


def test_no_example_stands_twice(examples: dict[str, list[str]]) -> None:
    seen = Counter(plain(line) for lines in examples.values() for line in lines)
    assert [text for text, times in seen.items() if times > 1] == []


def test_stories_use_sentences_that_the_model_has_not_seen(
    domain: Any, examples: dict[str, list[str]]
) -> None:
    known = {plain(line) for lines in examples.values() for line in lines}
    turns = [
        step
        for path in sorted((ROOT / "tests" / "stories").glob("*.yml"))
        for story in load(str(path))["stories"]
        for step in story["steps"]
        if "user" in step
    ]
    assert {step["intent"] for step in turns} == set(domain["intents"])
    assert [step["user"].strip() for step in turns if plain(step["user"]) in known] == []


def test_only_stock_components_and_rules() -> None:
    config = load("config.yml")
    assert config["assistant_id"]
    assert [item["name"] for item in config["policies"]] == ["RulePolicy"]
    assert config["policies"][0]["core_fallback_action_name"] == ACTION
    assert [item["name"] for item in config["pipeline"] if "." in item["name"]] == []


def test_rasa_is_reached_over_rest_only() -> None:
    assert list(load("credentials.yml")) == ["rest"]


def test_the_endpoints_take_their_addresses_from_the_environment() -> None:
    endpoints = load("endpoints.yml")
    assert endpoints["tracker_store"] == {"type": "SQL", "url": "${TRACKER_DATABASE_URL}"}
    assert endpoints["action_endpoint"] == {"url": "${ACTIONS_URL}"}
    # Rasa fills variables in only where the value is not quoted.
    assert '"' not in (ROOT / "endpoints.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["bot/__init__.py", "bot/rasa_server.py"])
def test_files_that_rasas_python_reads_are_valid_there(name: str) -> None:
    source = (ROOT / name).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 10))


def test_rasa_server_imports_nothing_of_ours() -> None:
    tree = ast.parse((ROOT / "bot" / "rasa_server.py").read_text(encoding="utf-8"))
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    imported |= {
        (node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    }
    assert imported.isdisjoint({"bot", "actions", "criteria", ""})
    assert (ROOT / "bot" / "__init__.py").read_text(encoding="utf-8").strip() == ""
