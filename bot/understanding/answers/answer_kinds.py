"""Which kind of an event an answer names: by a phrase, by a pattern, by its place among the choices."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from bot.understanding.answers.answer_words import ANSWERS, Part, parts_of, phrases
from bot.understanding.answers.positions import read_places
from bot.understanding.events.event_kinds import broken_by_tumour
from bot.understanding.language import Language, fill
from bot.understanding.statements.scene import Scene
from criteria.facts import EVENTS, ONLY_WHEN_TOLD

_TWO = 2
_SMALL = {"small_area", "small_area_to_cure"}
_LOOK = 4


def add_kind(scene: Scene, fact: str, event: dict[str, Any], asked_for: bool) -> None:
    """Add the kind of the event that the message names, where none was found, or the kind was asked.

    `asked_for`: the kind itself was asked for, so that single words ("small", "line") name it too.
    """
    if event.get("had") == "no" or not EVENTS[fact]:
        return
    if "kind" in event and not asked_for:
        return
    kind = _kind(scene, fact, asked_for)
    if kind:
        event["kind"] = kind


def _kind(scene: Scene, fact: str, asked_for: bool) -> str | None:
    language = scene.language
    parts = [part for part in parts_of(scene.words, language) if not part.asks]
    text = " ".join(word for part in parts for word in part.words)
    if not text:
        return None
    by_name = phrases(language.code, "kinds", fact).get(text) if asked_for else None
    as_payload = text.replace(" ", "_")
    if by_name or as_payload in EVENTS[fact]:
        return by_name or as_payload
    if fact == "injury":
        return "by_tumour" if broken_by_tumour(text, language) else None
    choices = [kind for kind in EVENTS[fact] if kind not in ONLY_WHEN_TOLD]
    if asked_for and choices:
        places = read_places(scene, len(choices))
        if len(places.yes) == 1:
            return choices[min(places.yes)]
    return _named(scene, fact, parts, choices, asked_for)


def _named(scene: Scene, fact: str, parts: list[Part], choices: list[str], asked_for: bool) -> str | None:
    named: set[str] = set()
    denied: set[str] = set()
    for part in parts:
        for kind, start in _inside(part, fact, scene.language, asked_for):
            near = part.text[:start].split()[-_LOOK:]
            (denied if _denying(scene.language) & set(near) else named).add(kind)
    named -= denied
    if "major" in named:
        named.discard("minor")  # a small one counts only where there was no big one
    if not named and denied and len(choices) == _TWO and len(denied) == 1:
        named = set(choices) - denied  # "not from a donor" leaves one kind only
    if named == _SMALL and not any(_eases_pain(part, scene.language) for part in parts):
        named.discard("small_area")  # "a small area, to cure it"
    return named.pop() if len(named) == 1 else None


def _inside(part: Part, fact: str, language: Language, asked_for: bool) -> list[tuple[str, int]]:
    """Give the kinds that this part names, and where; the longer of two names that overlap counts."""
    padded = f" {part.text} "
    found = [
        (phrase, kind, padded.find(f" {phrase} "))
        for phrase, kind in phrases(language.code, "kinds", fact).items()
        if (asked_for or " " in phrase) and f" {phrase} " in padded
    ]
    spans = [(kind, at, at + len(phrase)) for phrase, kind, at in found]
    for kind, pattern in _patterns(language, fact):
        spans += [(kind, match.start(), match.end()) for match in pattern.finditer(part.text)]
    return [
        (kind, start)
        for kind, start, end in spans
        if not any(
            (s, e) != (start, end) and s <= start and end <= e and other != kind for other, s, e in spans
        )
    ]


@cache
def _patterns(language: Language, fact: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Give (kind, pattern) of the ways to name a kind in more than a fixed phrase."""
    table = language.table(ANSWERS, "kind_patterns").get(fact, {})
    parts = language.table(ANSWERS, "parts")
    return tuple((kind, re.compile(fill(text, parts))) for kind, text in table.items())


def _eases_pain(part: Part, language: Language) -> bool:
    return any(kind == "small_area" and p.search(part.text) for kind, p in _patterns(language, "radiation"))


def _denying(language: Language) -> frozenset[str]:
    return language.words(ANSWERS, "negations")
