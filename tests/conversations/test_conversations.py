"""Leads every conversation in this folder against the real servers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from bot.wording.careful import FORBIDDEN_WORDS

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.yml"))
NLU = HERE.parents[1] / "data" / "nlu"
TODAY = "2026-11-22"
KNOWN_KEYS = {"title", "today", "opens_with_words", "asks_back", "turns"}
KNOWN_TURN_KEYS = {
    "family", "times", "error", "presses", "question", "page_of",
    "answers", "asks", "says", "never", "phase", "verdict", "until", "findings", "choices",
}  # fmt: skip
MOST_QUESTIONS = 18
TIMEOUT = 60

# What can become of each criterion that a family is asked about (the reading page's tables).
_OPEN = ("met", "unknown")
_WAIT = ("met", "not_yet", "unknown")
_OUT = ("met", "not_met", "unknown")
POSSIBLE_FINDINGS = {
    "I2": _OUT, "I3": _WAIT, "I4": ("met", "not_met", "not_yet", "unknown"),
    "I7": _WAIT, "I8": _WAIT, "I9": _WAIT, "I10": _WAIT, "I11": _WAIT,
    "E1": _WAIT, "E2": _OPEN, "E3": _OUT, "E4": _OPEN, "E5": _WAIT, "E6": _OUT, "E7": _WAIT, "E8": _WAIT,
    "E9": _WAIT, "E10": _WAIT, "E13": _WAIT, "E15": _WAIT, "E16": _WAIT, "E17": _WAIT, "E19": _WAIT,
    "E20": _WAIT, "E21": _OPEN, "E24": _OUT,
}  # fmt: skip


class Chat:
    """One family's session over the API; it opens with the first thing sent."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/api/chat"
        self.session: str | None = None
        self.turns: list[dict[str, Any]] = []

    def post(self, message: str, **told: Any) -> requests.Response:
        """Sends one message, whatever comes back."""
        body = {"session": self.session, "message": message, "language": "en", **told}
        return requests.post(self.url, json=body, timeout=TIMEOUT)

    def send(self, message: str, **told: Any) -> dict[str, Any]:
        """Sends one message and returns the whole answer."""
        answer = self.post(message, **told)
        assert answer.status_code == 200, answer.text
        turn: dict[str, Any] = answer.json()
        self.session = turn["session"]
        self.turns.append(turn)
        return turn


def read(path: Path) -> dict[str, Any]:
    """One conversation; a key nobody knows is an error, so that no expectation is passed over."""
    conversation: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    unknown = conversation.keys() - KNOWN_KEYS
    assert not unknown, f"{path.name}: unknown keys {unknown}"
    assert str(conversation["today"]) == TODAY, path.name
    for number, turn in enumerate(conversation["turns"], 1):
        unknown = turn.keys() - KNOWN_TURN_KEYS
        assert not unknown, f"{path.name}, turn {number}: unknown keys {unknown}"
        turn.setdefault("family", turn.get("presses"))
        assert isinstance(turn["family"], str), f"{path.name}, turn {number}: put quotes around the text"
    return conversation


def texts_of(turn: dict[str, Any]) -> str:
    """All that one turn says."""
    return "\n".join(message["text"] for message in turn["messages"])


def questions_of(turn: dict[str, Any]) -> list[str]:
    """The questions that one turn puts, word for word."""
    return [message["text"] for message in turn["messages"] if message["kind"] == "question"]


def as_list(value: Any) -> list[Any]:
    """One text or a list of them, as a list."""
    return value if isinstance(value, list) else [value]


def check_always(turn: dict[str, Any], before: dict[str, Any] | None) -> None:
    """What holds of every turn of every conversation."""
    said = texts_of(turn)
    assert said.strip(), "the chat was silent"
    assert not FORBIDDEN_WORDS.search(said), said
    assert "{" not in said, said
    if before is not None:
        assert said != texts_of(before), f"the chat repeated itself: {said}"
        twice = set(questions_of(turn)) & set(questions_of(before))
        assert not twice, f"the same question twice: {twice}"
    tells_a_verdict = any(message["kind"] == "verdict" for message in turn["messages"])
    if tells_a_verdict and turn["state"]["verdict"]["verdict"] == "not_yet":
        assert "Please do not stop, skip or delay" in said


def check_expected(turn: dict[str, Any], expected: dict[str, Any]) -> None:
    """What the conversation's author expects of one turn."""
    state, said = turn["state"], texts_of(turn).casefold()
    if "asks" in expected:
        assert state["asks"] == expected["asks"], said
    answers = {answer["question"]: answer["text"] for answer in state["answers"]}
    assert {name: answers.get(name) for name in expected.get("answers", {})} == expected.get("answers", {})
    if "phase" in expected:
        assert state["phase"] == expected["phase"], said
    for words in as_list(expected.get("says", [])):
        assert words.casefold() in said, said
    for words in as_list(expected.get("never", [])):
        assert words.casefold() not in said, said
    offered = [choice["payload"] for message in turn["messages"] for choice in message["choices"]]
    for payload in as_list(expected.get("choices", [])):
        assert payload in offered
    verdict = state["verdict"]
    if "verdict" in expected:
        assert (verdict and verdict["verdict"]) == expected["verdict"], said
    if "until" in expected:
        assert verdict["until"] == (str(expected["until"]) if expected["until"] else None), said
    findings = verdict["findings"] if verdict else {}
    found = {criterion: findings[criterion]["finding"] for criterion in expected.get("findings", {})}
    assert found == expected.get("findings", {})


def lead_one_turn(chat: Chat, expected: dict[str, Any]) -> None:
    """Says what the family says and checks what comes back."""
    words = expected["family"] * expected.get("times", 1)
    if "error" in expected:
        answer = chat.post(words)
        assert answer.status_code >= 400
        assert answer.json()["error"]["code"] == expected["error"]
        assert answer.json()["error"]["text"].strip()
        return
    before = chat.turns[-1] if chat.turns else None
    page = chat.turns[-1 - expected["page_of"]] if "page_of" in expected else before
    told = {"command": expected.get("presses"), "question": expected.get("question")}
    after = page["state"]["turn"] if page else None
    turn = chat.send(words, after=after, **told)
    check_always(turn, before)
    check_expected(turn, expected)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_conversation(path: Path, url: str) -> None:
    conversation = read(path)
    chat = Chat(url)
    if not conversation.get("opens_with_words", False):
        check_always(chat.send(""), None)
    for number, expected in enumerate(conversation["turns"], 1):
        try:
            lead_one_turn(chat, expected)
        except AssertionError as error:
            error.add_note(f"{path.name}, turn {number}: {expected['family'][:100]}")
            raise
    if not conversation.get("asks_back", False):
        assert sum(len(questions_of(turn)) for turn in chat.turns) <= MOST_QUESTIONS


def test_there_are_enough_conversations() -> None:
    assert len(FILES) >= 40


def test_titles_say_what_each_conversation_shows() -> None:
    titles = [read(path)["title"] for path in FILES]
    assert len(set(titles)) == len(titles)


def test_every_finding_of_every_asked_criterion_is_shown() -> None:
    shown = {
        (criterion, finding)
        for path in FILES
        for turn in read(path)["turns"]
        for criterion, finding in turn.get("findings", {}).items()
    }
    wanted = {(criterion, each) for criterion, all_ in POSSIBLE_FINDINGS.items() for each in all_}
    assert wanted - shown == set()


def test_no_conversation_uses_the_words_that_the_model_learned() -> None:
    def plain(text: str) -> str:
        return re.sub(r"\s+", " ", text).strip().casefold()

    learned = {
        plain(line.removeprefix("- "))
        for path in NLU.glob("*.yml")
        for intent in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for line in intent["examples"].splitlines()
    }
    turns = [(path.name, turn) for path in FILES for turn in read(path)["turns"] if "presses" not in turn]
    said = {plain(turn["family"]): name for name, turn in turns}
    assert {text: name for text, name in said.items() if text in learned} == {}
