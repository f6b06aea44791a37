"""Diseases that the words leave open: "desmoid or fibrosarcoma", "they thought it was not cancer"."""

from __future__ import annotations

import re

from bot.understanding.scene import Scene
from bot.understanding.vocabulary import Mention
from criteria.facts import DIAGNOSIS_IDS

SARCOMAS = frozenset(DIAGNOSIS_IDS[: DIAGNOSIS_IDS.index("osteosarcoma")])
GENERAL = ("sarcoma", "soft_tissue_sarcoma")
_THOUGHT = frozenset({"first", "initially", "originally", "thought", "hope", "hoped", "hoping", "assumed"})
_OR = frozenset({"or", "vs", "versus"})
_SMALL = frozenset({"a", "an", "maybe", "possibly", "it", "is", "either"})
_NEXT_TO = 4
_ANY_TUMOUR = re.compile(r"[a-z]{2,30}omas?")


def was_only_thought(scene: Scene, mention: Mention) -> bool:
    """Whether "it was not cancer" is what was thought or hoped: "they thought it was not cancer at first"."""
    clause = scene.clause_of(mention.start)
    name = scene.words[mention.start : mention.end]
    return not {"turned", "came", "after"} & set(name) and bool(
        _THOUGHT & set(scene.words[clause.start : clause.end])
    )


def one_or_another(scene: Scene, items: list[tuple[Mention, dict[str, str]]]) -> bool:
    """Whether an "or" leaves two diseases open: "desmoid or fibrosarcoma"."""
    words = scene.words
    names = {at: m for m in scene.found.mentions if m.kind == "diagnoses" for at in range(m.start, m.end)}
    for mention, _told in items:
        beside: list[range] = []
        if mention.end < len(words) and words[mention.end] in _OR:
            beside.append(range(mention.end + 1, min(mention.end + _NEXT_TO, len(words))))
        back = mention.start - 1
        while back > 0 and words[back] in _SMALL:
            back -= 1
        if back > 0 and words[back] in _OR:
            beside.append(range(back - 1, back))
        for at in (at for places in beside for at in places):
            other = names.get(at)
            if other is None and _ANY_TUMOUR.fullmatch(words[at]):
                return True
            if other is not None and not _same_kind(scene, other, mention):
                return True
    return False


def _same_kind(scene: Scene, one: Mention, other: Mention) -> bool:
    """Whether both may be one disease: two names of it, or the plain word beside a kind of sarcoma."""
    ids = (str(one.entry["id"]), str(other.entry["id"]))
    if ids[0] == ids[1]:
        return _plain(scene, one) or _plain(scene, other) or ids[0] not in GENERAL
    if "not_sure" in ids:
        return True
    return any(
        _plain(scene, general) and kind in SARCOMAS and kind != "desmoid_tumor"
        for general, kind in ((one, ids[1]), (other, ids[0]))
    )


def _plain(scene: Scene, mention: Mention) -> bool:
    words = scene.words[mention.start : mention.end]
    return mention.entry["id"] in GENERAL and bool({"sarcoma", "sarcomas", "sts"} & set(words))
