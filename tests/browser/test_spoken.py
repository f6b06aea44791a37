"""Whole conversations as they are spoken, held against the files in `spoken/`.

Where words or the window changed on purpose, `SPOKEN=write` writes the files anew; the difference that git
then shows is what a blind parent will hear differently, and is to be read as such.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, expect

from .listening import Listener, said_twice, unnamed
from .stage import Stage
from .states.chat import NOT_YET, TO_THE_TREATMENTS, TOO_LONG
from .visit import Visit
from .walking import visiting

SPOKEN = Path(__file__).parent / "spoken"
Talk = Callable[[Visit, Listener], None]
Told = tuple[str, dict[str, Any], list[str]]


def likely(visit: Visit, ear: Listener) -> None:
    """A mother picks, types and ticks her way to a likely match."""
    ear.step("opens the chat", visit.open_chat)
    ear.step("presses: I am a parent", lambda: visit.choose("I am a parent"))
    ear.step("types: he is 7", lambda: visit.say("he is 7"))
    ear.step("presses: Rhabdomyosarcoma", lambda: visit.choose("Rhabdomyosarcoma"))
    ear.step("ticks: It came back", lambda: visit.tick("It came back"))
    ear.step("sends the ticks", lambda: visit.choose("Send my answer"))
    ear.step("types: surgery and chemo", lambda: visit.say("surgery and chemo"))
    ear.step("types: june 3 2026", lambda: visit.say("june 3 2026"))
    ear.step("types: none", lambda: visit.say("none"))
    ear.step("types: none", lambda: visit.say("none"))
    ear.step("presses: as usual", lambda: visit.choose("Plays, learns or works as usual"))


def not_yet(visit: Visit, ear: Listener) -> None:
    """A father whose answers rule the child out today: they are read back first."""
    ear.step("opens the chat", visit.open_chat)
    for line in NOT_YET:
        ear.step(f"types: {line}", lambda line=line: visit.say(line))  # type: ignore[misc]
    ear.step("presses: that is right", lambda: visit.choose("Yes, that is right"))


def trouble(visit: Visit, ear: Listener) -> None:
    """Everything that can go wrong, an emergency, and the end."""

    def wait() -> None:
        box = visit.chat.get_by_role("textbox", name="Your answer")
        box.press("Enter")
        expect(visit.chat.get_by_role("status").filter(visible=True)).to_be_visible()

    ear.step("opens the chat", visit.open_chat)
    visit.say(*TO_THE_TREATMENTS[:2])
    ear.step("types: he suddenly can't breathe", lambda: visit.say("he suddenly can't breathe"))
    ear.step("presses: go on", lambda: visit.choose("We are safe. Go on with the questions"))
    ear.step("types too long a message", lambda: visit.type("x" * TOO_LONG))
    with visit.answers_held_back():
        visit.type("rhabdomyosarcoma")
        ear.step("waits for an answer", wait)
    visit.page.context.set_offline(True)
    visit.type("relapsed")
    ear.step("sends without a network", lambda: _fails(visit))
    ear.step("has a network again", visit.comes_back)
    ear.step("presses: Stop and erase", lambda: visit.press("Stop and erase"))
    ear.step("presses: Yes, erase everything", lambda: _erases(visit))


def _fails(visit: Visit) -> None:
    visit.chat.get_by_role("textbox", name="Your answer").press("Enter")
    expect(visit.chat.get_by_role("alert").filter(visible=True)).to_be_visible()


def _erases(visit: Visit) -> None:
    visit.press("Yes, erase everything")
    expect(visit.chat.get_by_text("Your answers are erased.")).to_be_visible()


TALKS: dict[str, Talk] = {"likely": likely, "not_yet": not_yet, "trouble": trouble}


@pytest.fixture(scope="module", params=TALKS)
def told(browser: Browser, stage: Stage, request: pytest.FixtureRequest) -> Iterator[Told]:
    """One conversation, had once for all tests: its name, what was heard, and what stands in the log."""
    name: str = request.param
    with visiting(browser, stage) as visit:
        ear = Listener(visit)
        TALKS[name](visit, ear)
        talk = {"talk": (TALKS[name].__doc__ or "").strip(), "steps": ear.steps, "ends as": ear.tree()}
        rows = visit.page.get_by_role("log").locator("> *").all_inner_texts()
        yield name, talk, [" ".join(row.split()) for row in rows]


def test_it_is_spoken_as_expected(told: Told) -> None:
    name, talk, _ = told
    file = SPOKEN / f"{name}.yml"
    if os.environ.get("SPOKEN") == "write":
        file.write_text(_written(talk), encoding="utf-8")
    assert talk == yaml.safe_load(file.read_text(encoding="utf-8")), (
        f"read the header of {Path(__file__).name}"
    )


def test_nothing_is_said_twice_and_everything_has_a_name(told: Told) -> None:
    for step in told[1]["steps"]:
        assert said_twice(step) == [], step["family"]
        assert unnamed(step) == [], step["family"]


def test_every_answer_is_heard_whole_and_in_order(told: Told) -> None:
    """What was announced is what stands in the log at the end, word for word and in the same order."""
    _, talk, standing = told
    lines = [line.partition(": ") for step in talk["steps"] for line in step["hears"]]
    heard = [words for role, _, words in lines if role == "log"]
    assert standing
    assert heard[-len(standing) :] == standing


def test_the_log_is_polite(browser: Browser, stage: Stage) -> None:
    """As the browser itself hands it on: additions are read when nothing else is being said."""
    with visiting(browser, stage) as visit:
        visit.open_chat()
        devtools = visit.page.context.new_cdp_session(visit.page)
        nodes = devtools.send("Accessibility.getFullAXTree")["nodes"]
        logs = [node for node in nodes if node.get("role", {}).get("value") == "log" and not node["ignored"]]
        assert len(logs) == 1
        properties = {one["name"]: one["value"].get("value") for one in logs[0]["properties"]}
        assert logs[0]["name"]["value"] == "Chat messages"
        assert properties["live"] == "polite"
        assert properties["atomic"] is False


class _Dumper(yaml.SafeDumper):
    """Long texts as blocks, so that a change of a word is a change of a line."""


def _block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _block)


def _written(talk: dict[str, Any]) -> str:
    return yaml.dump(talk, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
