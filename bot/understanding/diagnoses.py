"""Which disease, and where it began."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import Any

from bot.understanding.assertions import judge
from bot.understanding.files import read_lexicon_file
from bot.understanding.open_diagnoses import GENERAL, SARCOMAS, one_or_another, was_only_thought
from bot.understanding.scene import Scene
from bot.understanding.vocabulary import Mention
from bot.understanding.whose import about_another

SOFT_TISSUE = "soft_tissue"
_VAGUE_TUMOUR = frozenset({"tumor", "tumour", "mass", "lump", "growth", "cancer"})
_UNKNOWN_SARCOMA = re.compile(r"[a-z]{3,30}sarcoma")
_EARLIER = frozenset(
    [
        "before",
        "first",
        "previously",
        "earlier",
        "originally",
        "ago",
        "survivor",
        "survived",
        "beat",
        "already",
        "past",
        "baby",
        "toddler",
        "used",
    ]
)
_NEAR = 2
_ASKS_OTHERS = ("other_cancer", "health_history")


def read_diagnosis(
    scene: Scene, lang: str, known: Mapping[str, Any] | None = None, asked: str | None = None
) -> tuple[dict[str, str] | None, bool]:
    """Give the diagnosis, if told, and whether another cancer of the patient's is told as well.

    known: the facts told before; a cancer of long ago is no other name of the one that is known.
    asked: the question; to "another cancer?" a name answers that.
    """
    before = (known or {}).get("diagnosis")
    present = str(before["id"]) if isinstance(before, Mapping) and before.get("id") else ""
    about_others = asked in _ASKS_OTHERS
    counted: list[tuple[Mention, dict[str, str]]] = []
    suspected = False
    other_cancer = False
    for mention in scene.found.mentions:
        if mention.kind != "diagnoses" or _only_a_word(scene, mention):
            continue
        if mention.entry["id"] in ("not_sure", "not_cancer"):
            clause = scene.clause_of(mention.start)
            at_first = mention.entry["id"] == "not_cancer" and was_only_thought(scene, mention)
            if not clause.asks and not at_first and not about_another(scene, clause, mention.start):
                counted.append((mention, {"id": mention.entry["id"]}))
            continue
        verdict = judge(scene, mention)
        clause = scene.clause_of(mention.start)
        if verdict in ("no", "leave_out") and not _suspected(scene, mention):
            continue
        if scene.cue("seen_not_so", max(clause.start, mention.start - 6), mention.start) and not _suspected(
            scene, mention
        ):
            continue
        if _suspected(scene, mention) or verdict == "not_sure":
            suspected = suspected or verdict != "no"
            continue
        told = {"id": mention.entry["id"]}
        place = mention.entry.get("arises_in") or (
            where(scene, mention, lang) if mention.entry.get("placed") else None
        )
        if place == "kidney" and mention.name == "" and told["id"] == "sarcoma":
            place = "kidney"
        if place:
            told["arises_in"] = place
        if (
            told["id"] == "clear_cell_sarcoma_soft_tissue"
            and "kidney" in scene.words[mention.end : mention.end + 5]
        ):
            told = {"id": "other_cancer"}
        if _was_earlier(scene, mention) or _of_long_ago(scene, mention, present, about_others, asked):
            other_cancer = True
            continue
        counted.append((mention, told))
    unknown = _unknown_sarcoma(scene)
    if unknown and not counted:
        return unknown, other_cancer
    return _choose(scene, counted, suspected and not other_cancer), other_cancer


def _choose(
    scene: Scene, counted: list[tuple[Mention, dict[str, str]]], suspected: bool
) -> dict[str, str] | None:
    certain = [item for item in counted if item[1]["id"] != "not_sure"]
    if not certain:
        if counted or suspected:
            return {"id": "not_sure"}
        return _vague_tumour(scene)
    special = [item for item in certain if item[1]["id"] not in GENERAL] or certain
    corrections = [span[0] for span in scene.found.cue("correction")]
    later = [
        item for item in special if any(at < item[0].start for at in corrections) and item is not special[0]
    ]
    chosen = later[-1] if later else special[0]
    if not later and len({item[1]["id"] for item in special}) > 1:
        named = {item[1]["id"] for item in special}
        if "not_cancer" in named or not _one_disease(scene, special):
            return None
    if not later and one_or_another(scene, certain):
        return {"id": "not_sure"}
    told = dict(chosen[1])
    same = [
        item[1]["arises_in"] for item in certain if item[1]["id"] == told["id"] and "arises_in" in item[1]
    ]
    if "arises_in" not in told and same:
        told["arises_in"] = same[0]
    return told


def _one_disease(scene: Scene, items: list[tuple[Mention, dict[str, str]]]) -> bool:
    """Whether two names stand side by side for one disease ("epithelioid, an undifferentiated sarcoma")."""
    return all(later[0].start - earlier[0].end <= 0 for earlier, later in itertools.pairwise(items))


def _only_a_word(scene: Scene, mention: Mention) -> bool:
    words = scene.words
    following = words[mention.end] if mention.end < len(words) else ""
    name = words[mention.start : mention.end]
    return name == ["all"] and following in ("of", "the", "this", "his", "her", "clear", "done", "over")


def _suspected(scene: Scene, mention: Mention) -> bool:
    clause = scene.clause_of(mention.start)
    return bool(scene.cue("suspected", max(clause.start, mention.start - 7), mention.start))


def _was_earlier(scene: Scene, mention: Mention) -> bool:
    """Whether this was an earlier cancer, with the present one named beside it."""
    present = [
        m
        for m in scene.found.mentions
        if m.kind == "diagnoses"
        and m is not mention
        and m.entry["id"] not in ("not_sure", mention.entry["id"])
    ]
    if not present:
        return False
    clause = scene.clause_of(mention.start)
    words = scene.words[clause.start : clause.end]
    past = {"had", "was", "beat", "survived"} & set(words)
    dated = any(when.role == "past" and clause.holds(when.start) for when in scene.dates)
    return bool(
        past
        and (
            _EARLIER & set(words)
            or dated
            or " ".join(words).find("when he was") >= 0
            or "when she was" in " ".join(words)
        )
    )


def _of_long_ago(scene: Scene, mention: Mention, present: str, about_others: bool, asked: str | None) -> bool:
    """Whether it is an illness of earlier in life: "had leukemia when he was 3", "retinoblastoma as a baby".

    Where the present one is known, a few words tell; else it must be a cancer that is no soft tissue
    sarcoma, and nothing may tie it to today.
    """
    told = str(mention.entry["id"])
    if asked == "diagnosis" or told == present:
        return False
    if present not in ("", "not_sure") and about_others:
        return True
    clause = scene.clause_of(mention.start)
    words = scene.words[clause.start : clause.end]
    text = f" {' '.join(words)} "
    long_ago = any(
        clause.holds(start) and _said_of(scene, clause.end, mention, start, end)
        for start, end in scene.found.cue("long_ago")
    )
    if present not in ("", "not_sure") and asked != "confirm" and not scene.found.cue("correction"):
        long_ago = long_ago or "had" in scene.words[max(clause.start, mention.start - 3) : mention.start]
    if not long_ago or any(m.kind == "course" for m in scene.found.mentions):
        return False
    if present not in ("", "not_sure"):
        return True
    had = bool({"had", "survived", "beat", "survivor", "before", "baby"} & set(words))
    return had and " diagnosed " not in text and not told.endswith("sarcoma") and told not in SARCOMAS


def _said_of(scene: Scene, clause_end: int, mention: Mention, start: int, end: int) -> bool:
    """Whether "before" or "when he was 3" is said of the illness, not of what stands beside it."""
    if start >= mention.end:
        ends = end >= clause_end or scene.words[end] in (",", ".", "and", "but", "!")
        return start - mention.end <= _NEAR and (ends or end - start > 1)
    return mention.start - end <= _NEAR + 2 and end - start > 1


def where(scene: Scene, mention: Mention, lang: str) -> str | None:
    """Tell the tissue in which it began, from the sentence, where the words leave no doubt."""
    places = read_lexicon_file(lang, "places")
    clause = scene.clause_of(mention.start)
    sentence = [other for other in scene.clauses if other.sentence == clause.sentence]
    words = scene.words[sentence[0].start : sentence[-1].end]
    return place_in(words, places)


def place_in(words: list[str], places: dict[str, list[str]]) -> str | None:
    """Give the one tissue that these words name; "not_sure" where they only say where it is not, or
    leave it open; None where they name none, or two."""
    text = f" {' '.join(words)} "
    spread = set(places["spread"])
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
            near = set(places["beside"]) & set(before[-4:])
            if place != "soft_tissue" and ("not" in before or near):
                in_doubt = True
                continue
            rest = text[at + len(name) + 2 :]
            in_doubt = in_doubt or (place == "bone" and _left_open(before, rest, places))
            found.add(place)
    if in_doubt and (found <= {"bone"} or len(found) > 1):
        return "not_sure"
    return found.pop() if len(found) == 1 else None


def _left_open(before: list[str], after: str, places: dict[str, list[str]]) -> bool:
    """Whether "maybe" or "or" stands beside a place ("in the bone, or next to it")."""
    following = after.split()[:4]
    if "," in following:
        comma = following.index(",")
        following = following[:comma] + [word for word in following[comma + 1 : comma + 2] if word == "or"]
    return bool(set(places["open"]) & {*before[-3:], *following})


def _unknown_sarcoma(scene: Scene) -> dict[str, str] | None:
    covered = {at for mention in scene.found.mentions for at in range(mention.start, mention.end)}
    for at, word in enumerate(scene.words):
        if at not in covered and _UNKNOWN_SARCOMA.fullmatch(word):
            stand_in = Mention(at, at + 1, "diagnoses", {"id": "sarcoma"})
            if judge(scene, stand_in) == "yes" and not _suspected(scene, stand_in):
                return {"id": "sarcoma", "arises_in": "other"}
    return None


def _vague_tumour(scene: Scene) -> dict[str, str] | None:
    """Read "a tumour in her thigh muscle": not yet a diagnosis, but a place."""
    places: dict[str, Any] = read_lexicon_file("en", "places")
    anywhere = {name for group in ("bone", "soft_tissue", "anywhere") for name in places[group]}
    words = scene.words
    for at, word in enumerate(words):
        if (
            word not in _VAGUE_TUMOUR
            or at + 2 >= len(words)
            or words[at + 1] not in ("in", "on", "behind", "near", "under", "of")
        ):
            continue
        clause = scene.clause_of(at)
        stand_in = Mention(at, at + 1, "diagnoses", {"id": "not_sure"})
        following = words[at + 2 : min(at + 6, clause.end)]
        if judge(scene, stand_in) != "yes" or not anywhere & {*following, " ".join(following[1:3])}:
            continue
        if {"removed", "remove", "surgery"} & set(words[clause.start : at]) or "brain" in following:
            continue
        told = {"id": "not_sure"}
        place = place_in(following, places)
        if place:
            told["arises_in"] = place
        return told
    return None
