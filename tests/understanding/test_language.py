"""A language is one lexicon: the code knows no word of its own.

The proof: a made-up language, in which every letter of English is another (a is n, b is o ...), gets the
English lexicon with its words written so. Messages in it must tell exactly what they tell in English. One
English word left in the code, and some message would not.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.understanding import files, understand

TODAY = date(2026, 11, 22)
FOLDER = Path(__file__).parent
MADE_UP = "zz"
#: Tables whose keys are words of the language, not names that the code knows; and single words.
WORDS_AS_KEYS = {
    ("spelling", "after_apostrophe"),
    ("spelling", "not_stems"),
    ("spelling", "written_together"),
    ("time", "counts"),
    ("places", "plural_ending"),
}
#: Single values that are words or patterns; others are names that the code knows ("id: lymphoma").
WORDS_AS_VALUES = {"patterns", "parts", "pattern", "written_out", "kind_patterns"}
#: Lists of questions, which are named alike in every language.
QUESTIONS = {"asked"}
#: What is no letter of a word in a pattern: escapes, names of groups, placeholders, ranges of letters,
#: and the marks for any name ("@d").
NO_WORD = re.compile(
    r"(\\.|\(\?(?:P<[a-z_0-9]+>|P=[a-z_0-9]+\)|[:=!]|<[=!])|@[a-z]+|\{[a-z_0-9,]*\}|\[[^\]]*\])"
)


def made_up(text: str) -> str:
    return codecs.encode(text, "rot13")


def made_up_pattern(text: str) -> str:
    return "".join(part if number % 2 else made_up(part) for number, part in enumerate(NO_WORD.split(text)))


def translated(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {
            made_up(key) if path in WORDS_AS_KEYS else key: translated(item, (*path, key))
            for key, item in value.items()
        }
    if isinstance(value, list):
        if path[-1] in QUESTIONS:
            return value
        return [item_of(item, path) for item in value]
    if not isinstance(value, str):
        return value
    if WORDS_AS_VALUES & set(path):
        return made_up_pattern(value)
    return made_up(value) if path[0] == "spelling" or path[:2] in WORDS_AS_KEYS else value


def item_of(item: Any, path: tuple[str, ...]) -> Any:
    return made_up_pattern(item) if isinstance(item, str) else translated(item, path)


@pytest.fixture(scope="module")
def with_the_made_up_language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("lexicon")
    english = files.FOLDER / "en"
    (folder / "en").symlink_to(english)
    (folder / MADE_UP).mkdir()
    for path in english.glob("*.yml"):
        content = translated(files.read_lexicon_file("en", path.stem), (path.stem,))
        (folder / MADE_UP / path.name).write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "FOLDER", folder)
        yield


def messages() -> list[tuple[str, str | None]]:
    rows = [
        json.loads(line)
        for path in sorted((FOLDER / "evaluation").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    rows += yaml.safe_load((FOLDER / "narratives.yml").read_text(encoding="utf-8"))
    rows += yaml.safe_load((FOLDER / "answers.yml").read_text(encoding="utf-8"))
    # Buttons send names that are the same in every language; and what is not English is no English message.
    told = [(row["text"], row.get("asked")) for row in rows if "_" not in row["text"]]
    return [(text, asked) for text, asked in told if not understand(text, TODAY, asked).other_language]


@pytest.mark.usefixtures("with_the_made_up_language")
def test_a_language_needs_a_lexicon_and_no_code() -> None:
    differ = [
        (text, asked)
        for text, asked in messages()
        if understand(made_up(text), TODAY, asked, MADE_UP).facts != understand(text, TODAY, asked).facts
    ]
    assert differ == []
