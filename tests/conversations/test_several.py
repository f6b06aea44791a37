"""Families who ask about all trials at once, led against the real servers.

Among several trials the planner chooses the order, so that a conversation here tells its answers by question.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from criteria import trial_names
from tests.conversations.test_conversations import (
    MOST_QUESTIONS,
    TODAY,
    Chat,
    check_always,
    questions_of,
    texts_of,
)

FOLDER = Path(__file__).parent / "several"
FILES = sorted(FOLDER.glob("*.yml"))
KNOWN_KEYS = {"title", "today", "answers", "never_asks", "verdicts", "until", "says", "never"}
ASKED_OF_ALL = {"recent_events": "none of these", "health_history": "none of these", "activity": "as_usual"}
MOST_TURNS = 25


def read(path: Path) -> dict[str, Any]:
    """One conversation; a key nobody knows is an error, so that no expectation is passed over."""
    conversation: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    unknown = conversation.keys() - KNOWN_KEYS
    assert not unknown, f"{path.name}: unknown keys {unknown}"
    assert str(conversation["today"]) == TODAY, path.name
    return conversation


def led(chat: Chat, answers: dict[str, Any]) -> list[str]:
    """Leads the interview to its end; what was asked, in order."""
    asked: list[str] = []
    turn = chat.send("")
    check_always(turn, None)
    while (asks := turn["state"]["asks"]) is not None and len(asked) < MOST_TURNS:
        assert asks in answers, f"nobody expected to be asked {asks}; before it: {asked}"
        asked.append(asks)
        before, turn = turn, chat.send(str(answers[asks]), after=turn["state"]["turn"])
        check_always(turn, before)
    return asked


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_conversation(path: Path, url_of_all_trials: str) -> None:
    conversation = read(path)
    chat = Chat(url_of_all_trials)
    asked = led(chat, ASKED_OF_ALL | conversation["answers"])
    assert len(asked) == len(set(asked)), "a question was asked twice"
    assert sum(len(questions_of(turn)) for turn in chat.turns) <= MOST_QUESTIONS
    assert set(conversation.get("never_asks", [])) & set(asked) == set()
    last = chat.turns[-1]
    said = texts_of(last).casefold()
    for words in conversation.get("says", []):
        assert words.casefold() in said, said
    for words in conversation.get("never", []):
        assert words.casefold() not in said, said
    told = {one["trial"]: one for one in last["state"]["verdict"]["trials"]}
    assert told.keys() == set(trial_names())
    verdicts = {trial: told[trial]["verdict"] for trial in conversation["verdicts"]}
    assert verdicts == conversation["verdicts"]
    for trial, day in conversation.get("until", {}).items():
        assert told[trial]["until"] == str(day)
    if "not_yet" in {one["verdict"] for one in told.values()}:
        assert "please do not stop, skip or delay" in said


def test_every_trial_and_every_verdict_is_shown() -> None:
    shown = {pair for path in FILES for pair in read(path)["verdicts"].items()}
    assert {trial for trial, _ in shown} == set(trial_names())
    assert {verdict for _, verdict in shown} == {"likely", "possible", "not_yet", "not_likely"}
