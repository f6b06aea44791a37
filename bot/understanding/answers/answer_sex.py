"""The answer to "a girl or a boy?". Nothing else in a message tells the sex: a pronoun is no answer to it."""

from __future__ import annotations

from functools import cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.understanding.answers.answer_words import ANSWERS, Part, parts_of
from bot.understanding.language import Language
from bot.understanding.statements.scene import Scene
from criteria.facts import NOT_SURE, SEXES

_SHORTEST_SLIP = 4
_LOOK = 3
_GROUPS = ("subject", "owner", "pronouns", "patient")


def answer_sex(scene: Scene, facts: dict[str, Any]) -> None:
    """Add the sex that the message names; nothing where it names both or none."""
    language = scene.language
    if not _own_words(language, "left_open").isdisjoint(scene.words):
        facts["sex"] = NOT_SURE
        return
    named: set[str] = set()
    denied: set[str] = set()
    for part in parts_of(scene.words, language):
        if not part.asks:
            _read(part, language, named, denied)
    if not named and len(denied) == 1:
        named = set(SEXES) - denied
    elif len(named) > 1:
        named -= denied
    if len(named) == 1:
        facts["sex"] = named.pop()


def _read(part: Part, language: Language, named: set[str], denied: set[str]) -> None:
    """Sort what a part names into what is said and what is denied: "not a boy"."""
    words, negations = _words(language), language.words(ANSWERS, "negations")
    # A pronoun counts only where no word for a girl or a boy stands beside it: "he is not a girl".
    strong = {word: sex for word, sex in words.items() if word not in _pronouns(language)}
    found = [(at, strong[word]) for at, word in enumerate(part.words) if word in strong]
    if not found and len(part.words) == 1 and len(part.words[0]) >= _SHORTEST_SLIP:
        near = process.extractOne(part.words[0], list(strong), scorer=OSA.distance, score_cutoff=1)
        found = [(0, strong[near[0]])] if near else []
    if not found and _kin(language).isdisjoint(part.words):
        found = [(at, words[word]) for at, word in enumerate(part.words) if word in words]
    for at, sex in found:
        near_before = set(part.words[max(0, at - _LOOK) : at])
        (denied if negations & near_before else named).add(sex)


@cache
def _words(language: Language) -> dict[str, str]:
    groups = language.table("people", "genders")
    found = {word: sex for sex in SEXES for group in _GROUPS for word in groups[sex][group]}
    return found | {word: sex for sex in SEXES for word in _own_words(language, sex)}


@cache
def _own_words(language: Language, name: str) -> frozenset[str]:
    """The words of a kind in the lexicon's table for this answer."""
    return frozenset(language.table(ANSWERS, "sex")[name])


@cache
def _kin(language: Language) -> frozenset[str]:
    """Words for other people: "his sister" tells nothing of him."""
    groups = language.table("people", "genders")
    return frozenset(word for sex in SEXES for word in groups[sex]["kin"])


@cache
def _pronouns(language: Language) -> frozenset[str]:
    groups = language.table("people", "genders")
    return frozenset(word for sex in SEXES for group in _GROUPS[:-1] for word in groups[sex][group])
