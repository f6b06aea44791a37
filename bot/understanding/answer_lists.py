"""Answers to the three lists to tick: names, numbers, "none", "all but"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from rapidfuzz.distance import OSA

from bot.understanding.enumerations import enumeration, pieces_of, told
from bot.understanding.files import read_lexicon_file
from bot.understanding.replies import opening, says_none, without_marks
from bot.understanding.scene import Scene
from bot.understanding.text import Message
from bot.understanding.vocabulary import Found, Mention
from criteria.facts import LISTS, NOT_SURE

_NEARLY_THE_WEEKS_ASKED = 27


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


def open_items(asked: str, known: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Give the items of a list that were not told before: those that the question shows.

    Where all were told, the list is asked anew, and shows all.
    """
    items = LISTS[asked]
    return tuple(item for item in items if item not in (known or {})) or items


def with_asked_names(found: Found, asked: str | None, lang: str) -> Found:
    """Add the names that are clear only under the question `asked` ("transplant" among treatments)."""
    table = read_lexicon_file(lang, "answers")["names_when_asked"]
    if asked not in table:
        return found
    taken = {at for mention in found.mentions for at in range(mention.start, mention.end)}
    names = phrases(lang, "names_when_asked", asked)
    added = [
        Mention(at, at + size, "treatments", {"event": names[" ".join(found.message.words[at : at + size])]})
        for at in range(len(found.message.words))
        if (size := opening(found.message.words[at:], names)) and taken.isdisjoint(range(at, at + size))
    ]
    if not added:
        return found
    return replace(found, mentions=tuple(sorted((*found.mentions, *added), key=lambda m: m.start)))


def answer_list(
    scene: Scene,
    asked: str,
    facts: dict[str, Any],
    control: str | None,
    lang: str,
    known: Mapping[str, Any] | None,
) -> bool:
    """Add the items of the list `asked` that the text tells; True when the text is the whole list."""
    items = LISTS[asked]
    shown = open_items(asked, known)
    text = " ".join(without_marks(scene.words))
    if control == "dont_know":
        for item in shown:
            facts.setdefault(item, NOT_SURE)
        return False
    if (
        control == "no"
        or says(lang, "none_of_list", text)
        or _misspelt_none(text, lang)
        or _none(scene, asked, items, facts, lang)
    ):
        for item in items:
            if item in shown or item in facts:
                facts[item] = told(item, "no")
        return True
    if asked == "recent_events" and isinstance(facts.get("surgery"), dict) and "other_surgery" not in facts:
        surgery = facts["surgery"]
        if surgery.get("kind") != "major" and "tumor" not in scene.words and "tumour" not in scene.words:
            facts["other_surgery"] = facts.pop("surgery")
    if _all_of_list(scene, items, facts, text, lang):
        return True
    return enumeration(scene, items, shown, facts, lang)


def _misspelt_none(text: str, lang: str) -> bool:
    """Whether the text is "none of these" with one slip; "one of these" is none such."""
    names = [name for name in phrases(lang, "none_of_list") if name.startswith("none of ")]
    return not text.startswith("one ") and any(
        OSA.distance(text, name, score_cutoff=1) <= 1 for name in names
    )


def _none(scene: Scene, asked: str, items: tuple[str, ...], facts: dict[str, Any], lang: str) -> bool:
    """Whether the text denies the list, in whatever wording; items denied by name may stand beside."""
    denied = {
        mention.start
        for mention in scene.found.mentions
        if mention.name in items and facts.get(mention.name) in ("no", {"had": "no"})
    }
    parts = pieces_of(scene.words)
    ends = [start for start, _ in parts[1:]] + [len(scene.words)]
    set_aside = {
        at
        for (start, _), end in zip(parts, ends, strict=True)
        if denied & set(range(start, end))
        for at in range(start, end)
    }
    if asked == "recent_events":
        for when in scene.dates:
            if when.interval and (when.interval[1] - when.interval[0]).days >= _NEARLY_THE_WEEKS_ASKED:
                set_aside |= set(range(when.start, when.end))
    words = [word for at, word in enumerate(scene.words) if at not in set_aside]
    if says_none(without_marks(words), lang, ever=asked == "treatments"):
        return True
    # "He has asthma, none of your list": whatever else is told is no item of it.
    last = parts[-1][1].split() if parts else []
    said = [item for item in items if item in facts and facts[item] not in ("no", {"had": "no"})]
    whole_list = {"list", "these", "those", "them", "above"} & set(last) and {"none", "nothing"} & set(last)
    return bool(whole_list) and not said and says_none(last, lang, ever=asked == "treatments")


def _all_of_list(scene: Scene, items: tuple[str, ...], facts: dict[str, Any], text: str, lang: str) -> bool:
    head, tail = text, ""
    for word in sorted(phrases(lang, "except"), key=len, reverse=True):
        if f" {word} " in text:
            head, tail = text.split(f" {word} ", 1)
            break
    none_but = bool(tail) and (says(lang, "none_of_list", head.strip()) or says_none(head.split(), lang))
    if not none_but and not says(lang, "all_of_list", head.strip()):
        return False
    excepted = {m.name for m in scene.found.mentions} | {
        item for item in items if item.replace("_", " ") in tail
    }
    if tail and not excepted & set(items):
        return False
    doubted = bool(tail) and bool(scene.found.cue("unsure"))
    for item in items:
        if doubted and item in excepted:  # "all of them but I'm not sure about a trial drug"
            facts[item] = told(item, NOT_SURE)
            continue
        value = "no" if (item in excepted and bool(tail)) != none_but else "yes"
        before = facts.get(item)
        if not (value == "yes" and isinstance(before, dict) and before.get("had") == "yes"):
            facts[item] = told(item, value)
    return True
