"""Answers to the three lists to tick: names, numbers, "none", "all but"."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from bot.understanding.files import read_lexicon_file
from bot.understanding.scene import Scene
from bot.understanding.text import Message
from criteria.facts import BRAIN, EVENTS, NOT_SURE

LISTS: dict[str, tuple[str, ...]] = {
    "treatments": (
        "surgery",
        "chemotherapy",
        "radiation",
        "stem_cell_transplant",
        "other_cancer_medicine",
        "trial_drug",
    ),
    "recent_events": ("growth_factor", "steroids", "infection", "live_vaccine", "other_surgery", "injury"),
    "health_history": (
        "brain_tumour_spread",
        "heart_problem",
        "lung_disease",
        "blood_thinners",
        "blood_clot",
        "bleeding_disorder",
        "wound_not_healing",
        "gut_trouble",
        "abdominal_hole",
        "autoimmune_treatment",
        "other_cancer",
        "organ_transplant",
    ),
}
_SEPARATORS = re.compile(r"[,;\n&+]|\band\b|\bor\b|\bplus\b")
_LIST_FILLER = frozenset(
    [
        "just",
        "only",
        "some",
        "a",
        "the",
        "he",
        "she",
        "had",
        "has",
        "we",
        "did",
        "has",
        "have",
        "been",
        "yes",
        "his",
        "her",
        "my",
        "also",
        "i",
        "got",
        "both",
        "too",
        "of",
        "those",
        "it",
        "s",
        "it's",
        "was",
        "lots",
    ]
)


@cache
def phrases(lang: str, *path: str) -> dict[str, str]:
    """Give phrase -> name for a part of the answers file."""
    data = read_lexicon_file(lang, "answers")
    for step in path:
        data = data[step]
    table = data if isinstance(data, dict) else {"": data}
    return {" ".join(Message(phrase).words): name for name, phrases in table.items() for phrase in phrases}


def says(lang: str, name: str, text: str) -> bool:
    """Whether the text is one of the phrases of that list."""
    return text in phrases(lang, name)


def told(fact: str, value: str) -> Any:
    """Give a fact's whole value for a plain yes, no or not sure."""
    return {"had": value} if (fact in EVENTS or fact == BRAIN) and value != NOT_SURE else value


def answer_list(
    scene: Scene, asked: str, facts: dict[str, Any], control: str | None, text: str, lang: str
) -> bool:
    """Add the items of the list `asked` that the text tells; True when the text is the whole list."""
    items = LISTS[asked]
    if control == "dont_know":
        for item in items:
            facts.setdefault(item, NOT_SURE)
        return False
    if control == "no" or says(lang, "none_of_list", text):
        for item in items:
            facts[item] = told(item, "no")
        return True
    if asked == "recent_events" and isinstance(facts.get("surgery"), dict) and "other_surgery" not in facts:
        surgery = facts["surgery"]
        if surgery.get("kind") != "major" and "tumor" not in scene.words and "tumour" not in scene.words:
            facts["other_surgery"] = facts.pop("surgery")
    if _all_of_list(scene, items, facts, text, lang):
        return True
    return _enumeration(scene, items, facts, text)


def _all_of_list(scene: Scene, items: tuple[str, ...], facts: dict[str, Any], text: str, lang: str) -> bool:
    head, tail = text, ""
    for word in sorted(phrases(lang, "except"), key=len, reverse=True):
        if f" {word} " in text:
            head, tail = text.split(f" {word} ", 1)
            break
    if not says(lang, "all_of_list", head.strip()):
        return False
    excepted = {m.name for m in scene.found.mentions} | {
        item for item in items if item.replace("_", " ") in tail
    }
    if tail and not excepted & set(items):
        return False
    for item in items:
        facts[item] = told(item, "no" if item in excepted and tail else "yes")
    return True


def _enumeration(scene: Scene, items: tuple[str, ...], facts: dict[str, Any], text: str) -> bool:
    """Take "1 and 3", payloads and bare names; True when nothing else is said."""
    covered: dict[int, str] = {}
    for mention in scene.found.mentions:
        for at in range(mention.start, mention.end):
            covered[at] = mention.name
    whole = " ".join(scene.words)
    pieces = [" ".join(piece.replace(".", " ").split()) for piece in _SEPARATORS.split(whole)]
    pieces = [piece for piece in pieces if piece and piece != "all"]
    by_payload = {item.replace("_", " "): item for item in items}
    for number, item in enumerate(items, 1):
        by_payload[str(number)] = item
    named = [by_payload.get(piece) for piece in pieces]
    if pieces and all(named):
        for name in named:
            if name:
                before = facts.get(name)
                facts[name] = (
                    before if isinstance(before, dict) and before.get("had") == "yes" else told(name, "yes")
                )
        return True
    said_yes = {
        name
        for name, value in facts.items()
        if value == "yes" or (isinstance(value, dict) and value.get("had") == "yes")
    }
    free = [
        word
        for at, word in enumerate(scene.words)
        if at not in covered
        and word not in _LIST_FILLER
        and not _SEPARATORS.fullmatch(word)
        and word not in (".", "!")
    ]
    return bool(said_yes & set(items)) and not free
