"""Every sentence of the pages that a family sees: short words, and none that wounds or promises."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import textstat

import bot.web
from bot.texts import load_texts
from bot.wording.careful import FORBIDDEN_WORDS

# Labels and names out of the vocabulary of facts: single words for things that have no easier ones.
VOCABULARY = ("fact", "value", "answer", "activity", "diagnosis")


def family_texts() -> Iterator[tuple[str, str]]:
    for name, node in load_texts("en").node("web").items():
        if name not in VOCABULARY:
            yield from texts_in(f"web.{name}", node)


def texts_in(key: str, node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield key, node
    elif isinstance(node, dict):
        for name, inner in node.items():
            yield from texts_in(f"{key}.{name}", inner)
    elif isinstance(node, list):
        for number, inner in enumerate(node):
            yield from texts_in(f"{key}.{number}", inner)


ALL = dict(family_texts())


def as_seen(text: str) -> str:
    """The text with something short where the program fills something in."""
    return re.sub(r"\{\w+\}", "them", text).replace("JavaScript", "script")


@pytest.mark.parametrize("key", [key for key, text in ALL.items() if len(text.split()) >= 5])
def test_reading_grade(key: str) -> None:
    grade = textstat.flesch_kincaid_grade(as_seen(ALL[key]))
    assert grade <= 6, f"{key}: grade {grade}: {ALL[key]}"


@pytest.mark.parametrize("key", ALL)
def test_no_forbidden_word(key: str) -> None:
    assert not FORBIDDEN_WORDS.search(ALL[key]), ALL[key]
    assert "{{" not in ALL[key]


def test_every_text_is_used() -> None:
    here = Path(bot.web.__file__).parent
    code = [
        path
        for folder in (here, here.parent / "leads", here.parent / "commands")
        for path in folder.rglob("*.py")
    ]
    used = "\n".join(path.read_text(encoding="utf-8") for path in [*code, *here.rglob("*.html")])
    unused = []
    others = (key for part in ("staff", "study") for key, _ in texts_in(part, load_texts("en").node(part)))
    for key in [*ALL, *others]:
        parts = key.split(".")
        # A key is named whole, or built from its parents' name and its last part.
        named = [".".join(parts[:count]) for count in range(2, len(parts) + 1)]
        whole = any(name in used for name in (named[1:] or named))
        built = f"{'.'.join(parts[:-1])}." in used and re.search(rf"\b{re.escape(parts[-1])}\b", used)
        if not whole and not built:
            unused.append(key)
    assert unused == []
