"""The content of a script: every family text and the whole trial file, as one list, and its hash.

The list depends on nothing but the words and their order: not on which file a text stands in, on titles in
the table of sections, on comments, on the day or on the machine. Below a top-level key texts keep the order
of their file, so that the order of the questions and of their choices counts too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from bot.approval.sections import table
from bot.texts import Texts, known_languages, load_texts
from criteria import load_trial
from criteria.loading import TRIALS

FORMAT = "prescreen script 1"


class Entry(NamedTuple):
    """One text: ``source`` is a language or a trial's registry number, ``key`` where it stands there."""

    source: str
    key: str
    text: str

    @property
    def name(self) -> str:
        """How the script, its comparison and a refused start name the text."""
        return f"{self.source}:{self.key}"


Content = tuple[Entry, ...]


def content(trial: str, folder: Path = TRIALS) -> Content:
    """Everything that a family of this trial can be shown, in every language that there is.

    Raises TrialError where the trial can't be used, SectionError where a text has no place in the script.
    """
    load_trial(trial, folder)
    texts = [entry for language in known_languages() for entry in family_texts(load_texts(language))]
    return (*texts, *trial_texts(trial, folder))


def fingerprint(entries: Sequence[Entry]) -> str:
    """The SHA-256 of a content, as 64 hexadecimal digits."""
    told = [[FORMAT], *[list(entry) for entry in entries]]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def family_texts(texts: Texts) -> Iterator[Entry]:
    """The texts of one language that a family can be shown, by top-level key."""
    places = table()
    for key, text in all_texts(texts):
        if places.for_families(key):
            yield Entry(texts.language, key, text)


def all_texts(texts: Texts) -> Iterator[tuple[str, str]]:
    """Every text of a language, staff's included, with its key."""
    for name in sorted(texts.tree):
        yield from _leaves(texts.tree[name], name)


def trial_texts(trial: str, folder: Path = TRIALS) -> Iterator[Entry]:
    """The whole file of a trial; a criterion is named by its id, a condition stands as one text."""
    told = yaml.safe_load((folder / f"{trial}.yml").read_text(encoding="utf-8"))
    criteria = {criterion.pop("id"): criterion for criterion in told.pop("criteria")}
    yield from (Entry(trial, key, text) for key, text in _leaves(told, ""))
    yield from (Entry(trial, key, text) for key, text in _leaves(criteria, ""))


def _leaves(node: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict) and not key.endswith(".when"):
        for name, part in node.items():
            yield from _leaves(part, f"{key}.{name}" if key else str(name))
    elif isinstance(node, list):
        for number, part in enumerate(node):
            yield from _leaves(part, f"{key}.{number}")
    elif isinstance(node, dict):
        yield key, json.dumps(node, ensure_ascii=False, sort_keys=True)
    else:
        yield key, "null" if node is None else str(node).strip()
