"""The action is thin: what goes in, what comes out, and that nothing ever escapes from it."""

import asyncio
import logging
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import interview
from actions.interview import ActionInterview
from bot.interview import Incoming, Reply, World
from bot.settings import Settings
from criteria import FACT_NAMES

STATE = {"phase": "interview", "asks": "age", "verdict": None}
MESSAGES = [{"text": "How old?", "kind": "question", "asks": "age", "choices": [], "multiple": False}]
SCREENING = {"trial": "NCT06848582", "verdict": "likely"}

Respond = Callable[[Incoming, dict[str, Any], dict[str, Any] | None, World], Reply]


def reply(**more: Any) -> Reply:
    values: dict[str, Any] = {"facts": {}, "memory": {}, "messages": MESSAGES, "state": STATE}
    return Reply(**(values | more))


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings.from_env({"PRESCREEN_TODAY": "2026-11-22", "SITE_PHONE": "555 0100"})
    monkeypatch.setattr(interview, "get_settings", lambda: settings)


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What the store was given."""
    kept: list[tuple[str, Any]] = []
    monkeypatch.setattr(
        interview, "save_screening", lambda session_id, screening: kept.append((session_id, screening))
    )
    return kept


def turn(
    monkeypatch: pytest.MonkeyPatch, respond: Respond, slots: dict[str, Any] | None = None, **message: Any
) -> tuple[list[Any], dict[str, Any]]:
    """One turn with another `respond`. Returns the dispatched messages and the slots that were set."""
    monkeypatch.setattr(interview, "respond", respond)
    empty = dict.fromkeys([*FACT_NAMES, "interview", "language"])
    latest = {"text": "he is 7", "intent": {"name": "inform", "confidence": 0.9}} | message
    tracker = Tracker("family-1", empty | (slots or {}), latest, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = asyncio.run(ActionInterview().run(dispatcher, tracker, {}))
    assert all(event["event"] == "slot" for event in events)
    return [said["custom"] for said in dispatcher.messages], {
        event["name"]: event["value"] for event in events
    }


def test_the_interview_gets_the_message_and_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def respond(
        incoming: Incoming, facts: dict[str, Any], memory: dict[str, Any] | None, world: World
    ) -> Reply:
        seen.extend([incoming, facts, memory, world])
        return reply()

    metadata = {"opening": True, "contact_removed": True, "language": "en"}
    slots = {"age": {"months": [84, 95]}, "interview": {"asks": "diagnosis"}}
    turn(monkeypatch, respond, slots, metadata=metadata)
    incoming, facts, memory, world = seen
    assert incoming == Incoming("he is 7", "inform", 0.9, opening=True, contact_removed=True, language="en")
    assert facts == {"age": {"months": [84, 95]}}
    assert memory == {"asks": "diagnosis"}
    assert world.today == date(2026, 11, 22)
    assert world.site.phone == "555 0100"


def test_one_answer_and_only_changed_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    slots = {"age": {"months": [84, 95]}, "steroids": {"had": "no"}, "language": "en", "interview": {"n": 1}}
    after = {"age": {"months": [84, 95]}, "radiation": {"had": "not_sure"}}
    said, changed = turn(monkeypatch, lambda *_: reply(facts=after, memory={"n": 1}), slots)
    assert said == [{"messages": MESSAGES, "state": STATE, "erase": False}]
    # A fact that was taken back is None again; what did not change is not written again.
    assert changed == {"radiation": {"had": "not_sure"}, "steroids": None}


def test_facts_changed_in_place_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def respond(_: Incoming, facts: dict[str, Any], memory: dict[str, Any] | None, __: World) -> Reply:
        facts["age"]["months"] = [96, 107]
        return reply(facts=facts, memory=memory or {})

    _, changed = turn(monkeypatch, respond, {"age": {"months": [84, 95]}, "language": "en", "interview": {}})
    assert changed == {"age": {"months": [96, 107]}}


def test_a_failure_is_one_word_to_the_web_and_no_word_to_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def respond(incoming: Incoming, *_: Any) -> Reply:
        raise ValueError(f"cannot read {incoming.text}")

    with caplog.at_level(logging.DEBUG):
        said, changed = turn(monkeypatch, respond, text="her name is Zebedee")
    assert said == [{"error": "action_failed"}]
    assert changed == {}
    assert "ValueError at test_action_interview.py:" in caplog.text
    assert "Zebedee" not in caplog.text


def test_a_verdict_is_stored(monkeypatch: pytest.MonkeyPatch, stored: list[tuple[str, Any]]) -> None:
    said, _ = turn(monkeypatch, lambda *_: reply(screening=SCREENING))
    assert stored == [("family-1", SCREENING)]
    assert said[0]["state"] == STATE | {"stored": True}


def test_a_store_that_fails_does_not_lose_the_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(interview, "save_screening", fail)
    said, changed = turn(
        monkeypatch, lambda *_: reply(screening=SCREENING, facts={"steroids": {"had": "no"}})
    )
    assert said == [{"messages": MESSAGES, "state": STATE | {"stored": False}, "erase": False}]
    assert changed["steroids"] == {"had": "no"}


def test_nothing_is_stored_of_a_family_that_leaves(
    monkeypatch: pytest.MonkeyPatch, stored: list[tuple[str, Any]]
) -> None:
    said, _ = turn(monkeypatch, lambda *_: reply(screening=SCREENING, erase=True))
    assert stored == []
    assert said[0]["erase"] is True


def test_a_language_without_texts_is_answered_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def respond(incoming: Incoming, *rest: Any) -> Reply:
        seen.append(rest[-1].texts.language)
        return reply()

    said, changed = turn(monkeypatch, respond, metadata={"language": "xx"})
    assert seen == ["en"]
    assert "error" not in said[0]
    assert changed["language"] == "xx"
