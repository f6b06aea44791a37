"""Answers to the three lists to tick: names, places, "none", "all but", "nothing else"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.understanding.answers.answer_none import denies_list, misspelt_none
from bot.understanding.answers.answer_series import read_series
from bot.understanding.answers.answer_verdicts import doubts
from bot.understanding.answers.answer_words import (
    ANSWERS,
    is_denied,
    is_told_so,
    open_items,
    parts_of,
    phrases,
    says,
)
from bot.understanding.answers.enumerations import enumeration, told
from bot.understanding.answers.positions import Chosen, read_places
from bot.understanding.answers.replies import closes, opening, says_none, without_marks
from bot.understanding.statements.scene import Scene
from criteria.facts import LISTS, NOT_SURE

_RECENT_EVENTS = "recent_events"


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
    _plain_doubts(items, facts)
    series = read_series(scene, shown)
    if series is not None:
        facts.update(series)
        return bool(series) and set(shown) <= set(series)
    if control == "dont_know" and _doubts_only_some(scene, items, shown, facts, lang):
        return True
    if control == "dont_know":
        _settle_rest(shown, facts, NOT_SURE)
        return False
    if (
        control == "no"
        or says(lang, "none_of_list", text)
        or misspelt_none(text, lang)
        or denies_list(scene, asked, facts, lang)
    ):
        for item in items:
            if item in shown or item in facts:
                facts[item] = told(item, "no")
        return True
    if asked == _RECENT_EVENTS:
        _operation(scene, facts)
    if _all_of_list(scene, items, shown, facts, text, lang):
        return True
    chosen = read_places(scene, len(shown))
    _tick(chosen, shown, facts)
    whole = enumeration(scene, items, shown, facts, lang) or chosen.whole
    _healthy_parts(scene, asked, shown, facts)
    rest = _rest(scene, items, facts, lang)
    if rest:
        _settle_rest(shown, facts, rest)
    elif not set(items) & set(facts) and doubts(scene):
        _settle_rest(shown, facts, NOT_SURE)
    return whole or rest == "no"


def _doubts_only_some(
    scene: Scene, items: tuple[str, ...], shown: tuple[str, ...], facts: dict[str, Any], lang: str
) -> bool:
    """Read "not sure about the vaccine, the others no": only what is named is in doubt."""
    rest = _rest(scene, items, facts, lang)
    organs = phrases(lang, "organs")
    doubted = {mention.name for mention in scene.found.mentions}
    doubted = (doubted | {organs[word] for word in scene.words if word in organs}) & set(items)
    if rest not in ("no", "yes") or not doubted:
        return False
    for item in doubted:
        facts.setdefault(item, NOT_SURE)
    _settle_rest(shown, facts, rest)
    return True


def _plain_doubts(items: Iterable[str], facts: dict[str, Any]) -> None:
    """Write an event of which only is told that they don't know as a whole value."""
    for item in items:
        if facts.get(item) == {"had": NOT_SURE}:
            facts[item] = NOT_SURE


def _settle_rest(shown: Iterable[str], facts: dict[str, Any], value: str) -> None:
    for item in shown:
        facts.setdefault(item, told(item, value))


def _tick(chosen: Chosen, shown: tuple[str, ...], facts: dict[str, Any]) -> None:
    for number, item in enumerate(shown):
        if number in chosen.yes and not is_told_so(facts.get(item)):
            facts[item] = told(item, "yes")
        elif number in chosen.no:
            facts[item] = told(item, "no")


def _operation(scene: Scene, facts: dict[str, Any]) -> None:
    """Among the events of the last weeks, an operation of which no more is told is one of any kind."""
    surgery = facts.get("surgery")
    if not isinstance(surgery, dict) or "other_surgery" in facts or surgery.get("kind") == "major":
        return
    if scene.language.words(ANSWERS, "tumor").isdisjoint(scene.words):
        facts["other_surgery"] = facts.pop("surgery")


def _all_of_list(
    scene: Scene,
    items: tuple[str, ...],
    shown: tuple[str, ...],
    facts: dict[str, Any],
    text: str,
    lang: str,
) -> bool:
    """Read "all of them", "everything but the last", "none of those except neupogen"."""
    head, tail = _exception(text, lang)
    none_but = bool(tail) and (says(lang, "none_of_list", head) or says_none(head.split(), lang))
    if none_but and any(word.isdigit() for word in head.split()):
        return False  # "not 1, but 2 and 3"
    if not tail and not none_but and _opens_with_all(scene, items, facts, lang):
        head = ""
    elif not none_but and not _says_all(head, scene, lang):
        return False
    places = read_places(scene, len(shown), _behind_exception(scene, lang))
    excepted = {m.name for m in scene.found.mentions} | {shown[at] for at in places.yes | places.no}
    excepted |= {item for item in items if item.replace("_", " ") in tail}
    if tail and not excepted & set(items):
        return False
    doubted = bool(tail) and bool(scene.found.cue("unsure"))
    if none_but:  # "no, but she will start steroids tomorrow"
        planned = scene.cue("planned", _behind_exception(scene, lang), len(scene.words))
        excepted = {item for item in excepted if not planned or is_told_so(facts.get(item))}
    for item in items:
        if doubted and item in excepted:  # "all of them but I'm not sure about a trial drug"
            facts[item] = told(item, NOT_SURE)
            continue
        value = "no" if (item in excepted and bool(tail)) != none_but else "yes"
        if not (value == "yes" and is_told_so(facts.get(item))):
            facts[item] = told(item, value)
    return True


def _exception(text: str, lang: str) -> tuple[str, str]:
    """Cut at the first "except": what is said of all, and of what it is not so."""
    found = [
        (at, -len(word), word)
        for word in phrases(lang, "except")
        if (at := f" {text} ".find(f" {word} ")) > 0
    ]
    if not found:
        return text.strip(), ""
    _, _, word = min(found)
    head, tail = f" {text} ".split(f" {word} ", 1)
    return head.strip(), tail.strip()


def ticked_places(scene: Scene, count: int, lang: str) -> set[int]:
    """Give the places that are ticked, also by "everything but the last"."""
    head, tail = _exception(" ".join(without_marks(scene.words)), lang)
    if tail and _says_all(head, scene, lang):
        return set(range(count)) - read_places(scene, count, _behind_exception(scene, lang)).yes
    return read_places(scene, count).yes


def _behind_exception(scene: Scene, lang: str) -> int:
    """Give the number of the word behind the first "except"."""
    words = scene.words
    names = phrases(lang, "except")
    return next(
        (at + size for at in range(1, len(words)) if (size := opening(words[at:], names))), len(words)
    )


def _says_all(head: str, scene: Scene, lang: str) -> bool:
    if says(lang, "all_of_list", head):
        return True
    return scene.language.pattern(ANSWERS, "all_said").fullmatch(head) is not None


def _opens_with_all(scene: Scene, items: tuple[str, ...], facts: dict[str, Any], lang: str) -> bool:
    """Read "all of them, lucky us": what follows names nothing and takes nothing back."""
    language = scene.language
    parts = parts_of(scene.words, language)
    if len(parts) < 2 or any(part.asks for part in parts) or set(items) & set(facts):
        return False
    behind = scene.words[parts[0].end :]
    against = language.words(ANSWERS, "takes_back") | language.words(ANSWERS, "negations")
    if not (against | language.words(ANSWERS, "turning")).isdisjoint(behind) or doubts(scene):
        return False
    return _says_all(parts[0].text, scene, lang)


def _healthy_parts(scene: Scene, asked: str, shown: tuple[str, ...], facts: dict[str, Any]) -> None:
    """Read "the heart is good too" and "nothing in the brain": a part of the body that is well."""
    if asked != "health_history":
        return
    organs = phrases(scene.language.code, "organs")
    well = scene.language.pattern(ANSWERS, "organ_is_well")
    for part in parts_of(scene.words, scene.language):
        found = None if part.asks else well.fullmatch(part.text)
        item = organs.get(found["organ"] or found["in_organ"]) if found else None
        if item in shown and item is not None:
            facts.setdefault(item, told(item, "no"))


def _rest(scene: Scene, items: tuple[str, ...], facts: dict[str, Any], lang: str) -> str | None:
    """Give what is said of all other items: "everything else no", "no idea about the rest"."""
    language = scene.language
    told_items = [facts[item] for item in items if item in facts]
    for part in parts_of(scene.words, language):
        for value in ("no", "yes", NOT_SURE):
            if not part.asks and language.pattern(ANSWERS, f"rest_{value}").fullmatch(part.text):
                return value
        bare = not part.asks and language.pattern(ANSWERS, "rest_bare").fullmatch(part.text)
        if bare and told_items and all(is_denied(value) for value in told_items):
            return "yes"  # "not radiation, everything else"
    if _nothing_yet_but(scene, facts, items):
        return "no"
    if set(items) & set(facts) and closes(without_marks(scene.words), lang):
        return "no"
    return None


def _nothing_yet_but(scene: Scene, facts: dict[str, Any], items: tuple[str, ...]) -> bool:
    """Read "nothing at all yet, biopsy was yesterday": what is named is all that there was."""
    first = next(iter(parts_of(scene.words, scene.language)), None)
    if first is None or first.asks or not any(is_told_so(facts.get(item)) for item in items):
        return False
    until_now, none = (scene.language.words(ANSWERS, name) for name in ("until_now", "none_at_all"))
    held = set(first.words)
    return bool(held & until_now and held & none) and says_none(
        list(first.words), scene.language.code, ever=True
    )
