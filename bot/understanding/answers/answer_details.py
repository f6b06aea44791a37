"""An answer to a detail: the last day, the kind, where it began, cancer in the brain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.understanding.answers.answer_kinds import add_kind
from bot.understanding.answers.answer_verdicts import denies, doubts, read_verdict, reply
from bot.understanding.answers.answer_words import ANSWERS, Part, is_denied, parts_of, phrases, says
from bot.understanding.answers.positions import read_places
from bot.understanding.events.told import ONE_DAY_EVENTS
from bot.understanding.files import read_lexicon_file
from bot.understanding.illness.diagnoses import place_in
from bot.understanding.statements.scene import Scene
from criteria.facts import (
    BRAIN,
    EVENTS,
    NOT_SURE,
    ONGOING,
    ORIGINS,
    kinds_that_may_be_unsure,
)

_GOES_ON_THOUGH_ONE_DAY = ("injury", "abdominal_hole")
_MOST_BESIDE_A_GUESS = 7


def answer_detail(
    scene: Scene,
    fact: str,
    detail: str,
    facts: dict[str, Any],
    control: str | None,
    text: str,
    known: Mapping[str, Any] | None,
) -> None:
    """Add what the message tells of a detail of a fact."""
    if fact == "diagnosis" and detail == "arises_in":
        _arises_in(scene, facts, control, text, known)
    elif fact == BRAIN:
        _brain(scene, detail, facts, control)
    elif fact in EVENTS:
        _event(scene, fact, detail, facts, control, text)


def _event(
    scene: Scene, fact: str, detail: str, facts: dict[str, Any], control: str | None, text: str
) -> None:
    value = facts.get(fact)
    event: dict[str, Any] = dict(value) if isinstance(value, dict) else {}
    if is_denied(value) and _denies_only_a_kind(scene, fact, detail):
        event = {}
        del facts[fact]
    if event.get("had") == "no":
        facts[fact] = {"had": "no"}
        return
    add_kind(scene, fact, event, asked_for=True)
    if _never_had(scene, control, event):
        facts[fact] = {"had": "no"}
        return
    unsure = control == "dont_know" or (control is None and doubts(scene))
    if detail == "last":
        _last(scene, fact, event, unsure, text)
    elif "kind" not in event and unsure and kinds_that_may_be_unsure(fact):
        event["kind"] = NOT_SURE
    if (event and set(event) != {"had"}) or (event and event["had"] == "yes"):
        event["had"] = "yes"
        facts[fact] = {name: event[name] for name in ("had", "last", "kind") if name in event}


def _denies_only_a_kind(scene: Scene, fact: str, detail: str) -> bool:
    """Whether the "not" of "not MIBG, that's all I can tell you" denies only that kind of the event."""
    named = [mention for mention in scene.found.mentions if mention.name == fact]
    return detail == "kind" and bool(named) and all(mention.entry.get("kind") for mention in named)


def _never_had(scene: Scene, control: str | None, event: dict[str, Any]) -> bool:
    """Whether the answer to "when?" or "which?" is that there was none ("he never had any")."""
    if "last" in event or "kind" in event or control not in (None, "no"):
        return False
    never = scene.language.words(ANSWERS, "never_had")
    not_started = scene.language.pattern(ANSWERS, "not_started")
    for part in parts_of(scene.words, scene.language):
        words = list(part.words)
        if part.asks or (scene.dates and any(part.holds(when.start) for when in scene.dates)):
            continue
        if not_started.fullmatch(part.text):
            return True
        denied = denies(words, scene.language) or reply(words, scene.language) == "no"
        if denied and not never.isdisjoint(words):
            return True
    return False


def _last(scene: Scene, fact: str, event: dict[str, Any], unsure: bool, text: str) -> None:
    parts = parts_of(scene.words, scene.language)
    may_go_on = fact not in ONE_DAY_EVENTS or fact in _GOES_ON_THOUGH_ONE_DAY
    if says(scene.language.code, "ongoing", text) or (
        may_go_on and _goes_on(scene, fact, parts, isinstance(event.get("last"), list))
    ):
        event["last"] = ONGOING
    elif "last" in event and (named := _named_last(scene, parts)):
        event["last"] = named
    elif event.get("last") == ONGOING and (gone := _gone_since(scene, parts)):
        event["last"] = gone
    elif "last" in event:
        return
    elif unsure or scene.found.cue("unsure_when"):
        event["last"] = NOT_SURE
    elif guess := _guessed(scene):
        event["last"] = guess
    elif scene.language.pattern(ANSWERS, "some_moment").fullmatch(text) and not scene.dates:
        event["had"] = "yes"


def _named_last(scene: Scene, parts: list[Part]) -> list[str] | None:
    """Read "the actual last one was on 29 October", whatever other days are told beside it."""
    pattern = scene.language.pattern(ANSWERS, "really_last")
    found = [
        when.interval
        for when in scene.dates
        if when.interval
        and when.role != "future"
        and any(
            not part.asks
            and part.holds(when.start)
            and pattern.search("".join(f"{word} " for word in scene.words[part.start : when.start]))
            for part in parts
        )
    ]
    return [day.isoformat() for day in found[0]] if len(found) == 1 else None


def _gone_since(scene: Scene, parts: list[Part]) -> list[str] | None:
    """Read "no, gone since last week": the day since when it is no more."""
    language = scene.language
    for when in scene.dates:
        part = next((part for part in parts if part.holds(when.start)), None)
        if when.interval is None or part is None or part.asks:
            continue
        negated = not language.words(ANSWERS, "negations").isdisjoint(part.words)
        if not negated and language.pattern(ANSWERS, "has_passed").search(part.text):
            return [day.isoformat() for day in when.interval]
    return None


def _goes_on(scene: Scene, fact: str, parts: list[Part], dated: bool) -> bool:
    """Whether a part of the message says that it has not ended: "still going, till friday".

    `dated`: a last day is told. Then "daily", beside a word that it stopped, says how often it was.
    """
    language = scene.language
    stopped = dated and bool(scene.found.cue("stop"))
    goes_on, ended = (language.pattern(ANSWERS, name) for name in ("goes_on", "has_ended"))
    for part in parts:
        if part.asks:
            continue
        bare = part.text
        stripped = _stripped(part, language.words(ANSWERS, "beside_ongoing"))
        if not stopped and says(language.code, "ongoing", stripped):
            return True
        if goes_on.search(bare) and not ended.search(bare):
            return True
    if fact == "growth_factor" or scene.dates:
        return False  # "every evening" tells the kind of shot only
    often, before = (language.pattern(ANSWERS, name) for name in ("often_now", "ended_before"))
    return any(often.search(part.text) and not before.search(part.text) for part in parts if not part.asks)


def _stripped(part: Part, beside: frozenset[str]) -> str:
    words = list(part.words)
    while len(words) > 1 and words[0] in beside:
        words = words[1:]
    while len(words) > 1 and words[-1] in beside:
        words = words[:-1]
    return " ".join(words)


def _guessed(scene: Scene) -> list[str] | None:
    """Read "i wanna say last spring?": a day that is only guessed, and no question."""
    days = [when for when in scene.dates if when.interval]
    if len(days) != 1 or len(scene.dates) != 1 or days[0].problem or days[0].role == "future":
        return None
    part = next(part for part in parts_of(scene.words, scene.language) if part.end > days[0].start)
    rest = scene.words[part.start : days[0].start] + scene.words[days[0].end : part.end]
    guess = scene.language.pattern(ANSWERS, "guess")
    if len(rest) > _MOST_BESIDE_A_GUESS or not guess.fullmatch(" ".join(rest)):
        return None
    interval = days[0].interval
    return [day.isoformat() for day in interval] if interval else None


def _arises_in(
    scene: Scene,
    facts: dict[str, Any],
    control: str | None,
    text: str,
    known: Mapping[str, Any] | None,
) -> None:
    lang = scene.language.code
    places = read_lexicon_file(lang, "places")
    place = phrases(lang, "arises_in").get(text) or _told_place(scene, places)
    if place is None and scene.language.pattern(ANSWERS, "place_untouched").search(text) is None:
        place = place_in(scene.words, places)
    if place is None:
        chosen = read_places(scene, len(ORIGINS))
        place = ORIGINS[min(chosen.yes)] if len(chosen.yes) == 1 and not chosen.no else None
    if control == "dont_know" or (place is None and control is None and doubts(scene)):
        place = NOT_SURE
    if place is None:
        return
    before = facts.get("diagnosis") or (known or {}).get("diagnosis")
    named = before.get("id") if isinstance(before, Mapping) else None
    facts["diagnosis"] = {**({"id": named} if named and named != NOT_SURE else {}), "arises_in": place}


def _told_place(scene: Scene, places: Any) -> str | None:
    """Read "soft, the muscle. bone is fine": the place that is left where another is set aside as well."""
    language = scene.language
    spared = language.pattern(ANSWERS, "place_spared")
    parts = [part for part in parts_of(scene.words, language) if not part.asks]
    kept = [part for part in parts if not spared.search(part.text)]
    if len(kept) == len(parts):
        return None
    names = phrases(language.code, "arises_in")
    found = {
        place
        for part in kept
        if (place := names.get(part.text) or place_in(list(part.words), places)) and place != NOT_SURE
    }
    return found.pop() if len(found) == 1 else None


def _brain(scene: Scene, detail: str, facts: dict[str, Any], control: str | None) -> None:
    brain = facts.get(BRAIN)
    told: dict[str, Any] = dict(brain) if isinstance(brain, dict) else {}
    unsure = control == "dont_know" or (control is None and doubts(scene))
    if detail == "symptom_free_since":
        days = [when for when in scene.dates if when.interval]
        if days and days[-1].interval:
            told[detail] = [day.isoformat() for day in days[-1].interval]
        elif unsure:
            told[detail] = NOT_SURE
    elif detail not in told or control == "dont_know" or _not_since(scene, detail):
        value = _brain_verdict(scene, detail, control)
        if value:
            told[detail] = value
    if told:
        facts[BRAIN] = {**told, "had": told.get("had", "yes")}
    if facts.get(BRAIN, {}).get("had") == "no" and len(told) > 1:
        facts[BRAIN]["had"] = "yes"


def _not_since(scene: Scene, detail: str) -> bool:
    """Read "had seizures but not since the keppra": the signs are over."""
    language = scene.language
    return detail == "symptoms_now" and any(
        not part.asks and language.pattern(ANSWERS, "not_since").fullmatch(part.text)
        for part in parts_of(scene.words, language)
    )


def _brain_verdict(scene: Scene, detail: str, control: str | None) -> str | None:
    if control in ("yes", "no"):
        return control
    if control == "dont_know":
        return NOT_SURE
    language = scene.language
    verdict = read_verdict(scene, frozenset([BRAIN, "radiation", "surgery", "chemotherapy"]))
    if verdict:
        return verdict.value
    negated = not language.words(ANSWERS, "negations").isdisjoint(scene.words)
    if _not_since(scene, detail):
        return "no"
    if detail == "treated":
        treated = any(m.name in ("radiation", "surgery", "chemotherapy") for m in scene.found.mentions)
        return "yes" if (treated or scene.found.cue("brain_treated")) and not negated else None
    for part in parts_of(scene.words, language):
        if not part.asks and language.pattern(ANSWERS, "has_passed").search(part.text):
            return "no"
    ill = language.pattern(ANSWERS, "brain_signs").search(" ".join(scene.words))
    return "yes" if ill and not negated and not scene.found.cue("no_symptoms") else None
