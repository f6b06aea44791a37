"""Whether a message enumerates the items of a list, and is the whole list."""

from __future__ import annotations

from functools import cache
from typing import Any

from bot.understanding.answers.replies import closes, opening, replies, without_marks
from bot.understanding.language import Language
from bot.understanding.statements.scene import Scene
from criteria.facts import BRAIN, EVENTS, NOT_SURE

_SEPARATING_MARKS = frozenset(",;\n&+")


def told(fact: str, value: str) -> Any:
    """Give a fact's whole value for a plain yes, no or not sure."""
    return {"had": value} if (fact in EVENTS or fact == BRAIN) and value != NOT_SURE else value


def enumeration(
    scene: Scene, items: tuple[str, ...], shown: tuple[str, ...], facts: dict[str, Any], lang: str
) -> bool:
    """Take "1 and 3", payloads and bare names; True when the text is the whole list."""
    pieces = pieces_of(scene.words, scene.language)
    by_payload = {item.replace("_", " "): item for item in items}
    by_payload |= {str(number): item for number, item in enumerate(shown, 1)}
    dated = {at for when in scene.dates for at in range(when.start, when.end)}
    named = {
        number: by_payload[text]
        for number, (start, text) in enumerate(pieces)
        if text in by_payload and not (text.isdigit() and {start, start - 2} & dated)
    }
    whole = bool(pieces) and len(named) == len(pieces)
    denies = not scene.grammar("denying").isdisjoint(scene.words)
    told_yes = {m.start for m in scene.found.mentions if m.name in items and _is_yes(facts.get(m.name))}
    if not whole and (denies or not _beside_choices(pieces, named, facts)):
        named = {}
    for number, name in named.items():
        before = facts.get(name)
        if whole or pieces[number][1].isdigit():
            kept = isinstance(before, dict) and before.get("had") == "yes"
            facts[name] = before if kept else told(name, "yes")
    if whole:
        return True
    ends = [start for start, _ in pieces[1:]] + [len(scene.words)]
    if named and all(
        number in named or told_yes & set(range(start, ends[number]))
        for number, (start, _) in enumerate(pieces)
    ):
        return True
    return _is_whole(scene, items, facts, lang)


@cache
def _separators(language: Language) -> frozenset[str]:
    return language.words("grammar", "list_separators") | _SEPARATING_MARKS


def pieces_of(words: list[str], language: Language) -> list[tuple[int, str]]:
    """Cut where lists are cut; each piece with the number of its first word, without marks."""
    pieces: list[tuple[int, str]] = []
    separators, everything = _separators(language), language.words("grammar", "everything")
    start = 0
    for at in range(len(words) + 1):
        if at == len(words) or words[at] in separators:
            text = " ".join(without_marks(words[start:at]))
            if text and text not in everything:
                pieces.append((start, text))
            start = at + 1
    return pieces


def _beside_choices(pieces: list[tuple[int, str]], named: dict[int, str], facts: dict[str, Any]) -> bool:
    """Whether a bare number among stories is a choice: where another piece is a choice as well."""
    numbers = [number for number in named if pieces[number][1].isdigit()]
    others = [name for number, name in named.items() if number not in numbers]
    return len(numbers) > 1 or bool(numbers and any(_is_yes(facts.get(name)) for name in others))


def _is_yes(value: Any) -> bool:
    return value == "yes" or (isinstance(value, dict) and value.get("had") == "yes")


def _is_whole(scene: Scene, items: tuple[str, ...], facts: dict[str, Any], lang: str) -> bool:
    """Whether the names found are the whole list: bare names, or names and "nothing else"."""
    covered = {at for mention in scene.found.mentions for at in range(mention.start, mention.end)}
    said_yes = {name for name, value in facts.items() if _is_yes(value)} & set(items)
    ends = closes(without_marks(scene.words), lang)
    alone = _stands_alone(scene, covered, lang)
    when = {at for day in scene.dates for at in range(day.start, day.end)}
    filler = scene.grammar("list_filler") | _separators(scene.language) | {".", "!"}
    free = {
        word
        for at, word in enumerate(scene.words)
        if at not in covered and not (alone and at in when) and word not in filler
    }
    if said_yes:
        story = len(said_yes) == 1 and not scene.grammar("story").isdisjoint(scene.words)
        text = " ".join(scene.words)
        if alone and any(phrase in text for phrase in replies(lang).of("none", "until_now")):
            return True
        return ends or (not free and (alone or not story))
    none_of_them = replies(lang).of("none", "strong", "weak", "auxiliary", "pointing", "rest", "time")
    if (ends or alone) and covered and free <= none_of_them and not set(items) & _undecided(facts):
        for item in items:
            facts.setdefault(item, told(item, "no"))
        return True
    return False


def _undecided(facts: dict[str, Any]) -> set[str]:
    return {name for name, value in facts.items() if value not in ("no", {"had": "no"})}


def _stands_alone(scene: Scene, covered: set[int], lang: str) -> bool:
    """Whether "only" says that there was no more: "only a biopsy", "he only had chemo", "just chemo"."""
    words = scene.words
    before = scene.grammar("before_an_item")
    before_or_having = before | scene.grammar("having")
    for at in range(len(words)):
        size = opening(words[at:], replies(lang).of("none", "alone"))
        place = at + size
        if size:
            while place < len(words) and words[place] in before_or_having:
                place += 1
        else:
            place = at + opening(words[at:], replies(lang).of("none", "alone_if_next"))
            while at < place < len(words) and words[place] in before:
                place += 1
        if place > at and place in covered:
            return True
    return False
