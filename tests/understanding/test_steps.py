"""No text makes the program work longer than its length deserves: counted in steps, never in seconds.

A step is a line of `bot/understanding` that runs. What regular expressions do inside cannot be counted from
Python, so that their shape is checked instead: none may have a repeat inside a repeat that could share out
the same letters in many ways, which is what makes a pattern run away.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import bot.understanding
from bot.understanding import understand
from bot.understanding.files import FOLDER, read_lexicon_file
from bot.understanding.language import language
from bot.understanding.text import LONGEST
from bot.understanding.time.date_grammar import grammar

TODAY = date(2026, 11, 22)
ROOM = str(Path(bot.understanding.__file__).parent)
_TOOL = 4
#: Twice the text may take little more than twice the steps.
MOST_GROWTH = 2.6
MOST_STEPS_A_CHARACTER = 150

ADVERSARIAL = [
    "1 2 3 4 5 6 7 8 9 ",
    "12/12/12/12/",
    "3-4-5-6-7-",
    "1.1.1.1.",
    "½ 1/2 and a half ",
    "a couple of a few of ",
    "three weeks ago and ",
    "between june and ",
    "last last last next ",
    "since until before after ",
    "no not never without ",
    "no chemo or radiation or ",
    "chemo ",
    "chemo, radiation and surgery; ",
    "if he had had he had ",
    "my son my daughter my cousin's ",
    "sorry actually no wait ",
    "he is 7 no 8 no 9 ",
    "all of them except ",
    "none of those but ",
    "i don't know if maybe ",
    "took it took the tumor out out ",
    "sarcomasarcomasarcoma",
    "rhabdomyosarkoma ",
    "aaaaaaaaaaaaaaaaaaaa",
    "' ' '\" ",
    "((((",
    "?!?!.. ",
    "\n\n- ",
    "é 👶 ３ ² ",
]


def steps(text: str, asked: str | None) -> int:
    """Count the lines of bot/understanding that run for one message."""
    counted = 0

    def line(code: Any, _number: int) -> Any:
        nonlocal counted
        if not code.co_filename.startswith(ROOM):
            return sys.monitoring.DISABLE
        counted += 1
        return None

    sys.monitoring.use_tool_id(_TOOL, "steps")
    try:
        sys.monitoring.register_callback(_TOOL, sys.monitoring.events.LINE, line)
        sys.monitoring.set_events(_TOOL, sys.monitoring.events.LINE)
        understand(text, TODAY, asked)
    finally:
        sys.monitoring.set_events(_TOOL, 0)
        sys.monitoring.free_tool_id(_TOOL)
    return counted


@pytest.mark.parametrize("asked", [None, "treatments", "chemotherapy.last"])
@pytest.mark.parametrize("piece", ADVERSARIAL)
def test_steps_grow_with_the_length_and_no_faster(piece: str, asked: str | None) -> None:
    whole = (piece * LONGEST)[:LONGEST]
    understand(whole, TODAY, asked)  # What is read or remembered once is not counted.
    half = steps(whole[: LONGEST // 2], asked)
    assert steps(whole, asked) < MOST_GROWTH * half + 500
    assert half < MOST_STEPS_A_CHARACTER * LONGEST


def patterns() -> Iterator[tuple[str, str]]:
    """Give every pattern of the lexicon, filled, and every one that stands in the code."""
    for path in sorted(FOLDER.glob("*/*.yml")):
        data, lang = read_lexicon_file(path.parent.name, path.stem), path.parent.name
        if isinstance(data, dict) and path.stem != "time":
            for name in data.get("patterns", {}):
                yield f"{path.stem}.{name}", language(lang).pattern(path.stem, name).pattern
    for number, (name, found) in enumerate(grammar("en").times):
        yield f"time.{number}.{name}", found.pattern
    for name, found in grammar("en").patterns.items():
        yield f"time.{name}", found.pattern
    for path in sorted(Path(ROOM).rglob("*.py")):
        for number, text in enumerate(
            re.findall(r're\.compile\(\s*r?"([^"]+)"', path.read_text(encoding="utf-8"))
        ):
            yield f"{path.stem}.{number}", text


def endless(parsed: Any) -> Iterator[Any]:
    """Give every repeat without a small bound in a parsed pattern, with what it repeats."""
    for code, value in parsed:
        if str(code) in ("MAX_REPEAT", "MIN_REPEAT"):
            if value[1] > 30:
                yield value[2]
            yield from endless(value[2])
        for part in value if isinstance(value, tuple | list) else ():
            yield from _inside(part)


def _inside(part: Any) -> Iterator[Any]:
    if isinstance(part, re._parser.SubPattern):
        yield from endless(part)
    elif isinstance(part, list):
        for one in part:
            yield from _inside(one)


def test_the_check_of_patterns_finds_one_that_runs_away() -> None:
    assert [one for one in (r"(a+)+b", r"(?:\w+ ?)*x", r"(?:a|b+)*") if not runs_away(one)] == []
    assert [one for one in (r"a+b+", r"(?:ab){0,3}", r"(?: [a-z]+){0,6}") if runs_away(one)] == []


def runs_away(pattern: str) -> bool:
    parsed = re._parser.parse(pattern)
    return any(any(True for _ in endless(repeated)) for repeated in endless(parsed))


def test_no_pattern_has_a_repeat_without_end_inside_another() -> None:
    found = dict(patterns())
    assert len(found) > 50
    assert [name for name, text in found.items() if runs_away(text)] == []
