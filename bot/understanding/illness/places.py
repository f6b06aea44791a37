"""In which tissue a tumour began, where the words tell it: "in her thigh muscle", "next to the bone"."""

from __future__ import annotations

from typing import Any

from bot.understanding.statements.assertions import judge
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention

_FILE = "illness"
_PLACES = "places"
_LOOK = 7
_BONE_CANCER = "osteosarcoma"
_MOST_BETWEEN = 4


def where(scene: Scene, mention: Mention, lang: str) -> str | None:
    """Tell the tissue in which it began, from the sentence, where the words leave no doubt."""
    clause = scene.clause_of(mention.start)
    sentence = [other for other in scene.clauses if other.sentence == clause.sentence]
    words = scene.words[sentence[0].start : sentence[-1].end]
    place = place_in(words, _places(scene))
    if place is None and mention.entry["id"] == _BONE_CANCER:
        jaws = scene.language.table(_PLACES, "jaws")
        return "bone" if not set(jaws).isdisjoint(words) else None
    return place


def _places(scene: Scene) -> dict[str, list[str]]:
    names = (
        "soft_tissue",
        "bone",
        "kidney",
        "brain",
        "spread",
        "beside",
        "open",
        "not_there",
        "or",
        "is",
        "fine",
    )
    return {name: scene.language.table(_PLACES, name) for name in names}


def place_in(words: list[str], places: dict[str, list[str]]) -> str | None:
    """Give the one tissue that these words name; "not_sure" where they only say where it is not, or
    leave it open; None where they name none, or two."""
    text = f" {' '.join(words)} "
    spread, not_there = set(places["spread"]), set(places["not_there"])
    beside = set(places["beside"])
    found: set[str] = set()
    in_doubt = False
    for place in ("soft_tissue", "bone", "kidney", "brain"):
        for name in sorted(places[place], key=len, reverse=True):
            at = text.find(f" {name} ")
            if at < 0:
                continue
            before = text[:at].split()[-5:]
            after = text[at + len(name) + 2 :].split()[:1]
            text = text[: at + 1] + "_" * len(name) + text[at + 1 + len(name) :]
            if spread & set(before) or (after and after[0] in spread):
                continue
            if _is_fine(text[at + len(name) + 2 :].split()[:2], places):
                continue
            if place != "soft_tissue" and (not_there & set(before) or beside & set(before[-4:])):
                in_doubt = True
                continue
            rest = text[at + len(name) + 2 :]
            in_doubt = in_doubt or (place == "bone" and _left_open(before, rest, places))
            found.add(place)
    if in_doubt and (found <= {"bone"} or len(found) > 1):
        return "not_sure"
    return found.pop() if len(found) == 1 else None


def _is_fine(following: list[str], places: dict[str, list[str]]) -> bool:
    """Whether nothing is wrong at a place: "the muscle. Bone is fine"."""
    return len(following) > 1 and following[0] in places["is"] and following[1] in places["fine"]


def _left_open(before: list[str], after: str, places: dict[str, list[str]]) -> bool:
    """Whether "maybe" or "or" stands beside a place ("in the bone, or next to it")."""
    following = after.split()[:4]
    if "," in following:
        comma = following.index(",")
        or_ = [word for word in following[comma + 1 : comma + 2] if word in places["or"]]
        following = following[:comma] + or_
    return bool(set(places["open"]) & {*before[-3:], *following})


def vague_tumour(scene: Scene, open_told: bool = False) -> dict[str, str] | None:
    """Read "a tumour in her thigh muscle": not yet a diagnosis, but a place.

    open_told: whether the message tells that the kind is not known; then "the tumour is in the calf muscle"
    counts as well.
    """
    language = scene.language
    vague, leading = language.words(_FILE, "vague_tumours"), language.words(_FILE, "before_a_place")
    words = scene.words
    if vague.isdisjoint(words):
        return None
    places: dict[str, Any] = _places(scene)
    anywhere = {
        name for group in ("bone", "soft_tissue", "anywhere") for name in language.table(_PLACES, group)
    }
    between = language.words(_FILE, "before_leading") if open_told else frozenset()
    for at, word in enumerate(words):
        to = at + 1
        while to < min(at + _MOST_BETWEEN, len(words)) and words[to] in between and words[to] not in leading:
            to += 1
        if word not in vague or to + 1 >= len(words) or words[to] not in leading:
            continue
        clause = scene.clause_of(at)
        following = words[to + 1 : min(to + _LOOK - 1, clause.end)]
        pairs = {" ".join(following[start : start + 2]) for start in range(len(following))}
        if not anywhere & {*following, *pairs} or not _is_told(scene, at, clause.start, following):
            continue
        told = {"id": "not_sure"}
        place = place_in(following, places)
        return {**told, "arises_in": place} if place else told
    return None


def _is_told(scene: Scene, at: int, start: int, following: list[str]) -> bool:
    """Whether the tumour is the patient's, is no more than a tumour, and is not only taken out."""
    language = scene.language
    stand_in = Mention(at, at + 1, "diagnoses", {"id": "not_sure"})
    if judge(scene, stand_in) != "yes" or not language.words(_FILE, "no_vague_tumour").isdisjoint(following):
        return False
    taken = not language.words(_FILE, "taken_out").isdisjoint(scene.words[start:at])
    open_ = any(m.kind == "diagnoses" and m.entry["id"] == "not_sure" for m in scene.found.mentions)
    return open_ or not taken
