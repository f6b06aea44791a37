"""Diseases that the words leave open: "desmoid or fibrosarcoma", "they thought it was not cancer"."""

from __future__ import annotations

import itertools

from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention
from criteria.facts import DIAGNOSIS_IDS

SARCOMAS = frozenset(DIAGNOSIS_IDS[: DIAGNOSIS_IDS.index("osteosarcoma")])
GENERAL = ("sarcoma", "soft_tissue_sarcoma")
_FILE = "illness"
_NEXT_TO = 4
_LOOK = 6

_DESMOID, _NOT_CANCER = "desmoid_tumor", "not_cancer"

Told = tuple[Mention, dict[str, str]]


def is_general(item: Told) -> bool:
    """Whether no more than a sarcoma is told; BCOR, CIC and the like are kinds of their own."""
    return item[1]["id"] in GENERAL and not item[0].entry.get("of_its_own")


def without_likened(scene: Scene, items: list[Told]) -> list[Told]:
    """Leave out what a disease is only likened to, or treated as: "BCOR sarcoma, treated like Ewing's".

    A desmoid that "is not exactly cancer" is a desmoid.
    """
    certain = [item for item in items if item[1]["id"] != "not_sure"]
    if len({item[0].start for item in certain}) < 2:
        return items
    kept = [item for item in certain if not _likened(scene, item[0])]
    if any(item[1]["id"] == _DESMOID for item in kept):
        kept = [item for item in kept if item[1]["id"] != _NOT_CANCER]
    return [item for item in items if item in kept or item not in certain] if kept else items


def _likened(scene: Scene, mention: Mention) -> bool:
    if mention.entry["id"] == _NOT_CANCER:
        return False
    clause, language = scene.clause_of(mention.start), scene.language
    before = " ".join(scene.words[max(clause.start, mention.start - _LOOK) : mention.start])
    after = " ".join(scene.words[mention.end : mention.end + _NEXT_TO])
    ways = language.pattern(_FILE, "likened_after").match(after)
    return bool(ways or language.pattern(_FILE, "likened_only_before").search(before))


def was_only_thought(scene: Scene, mention: Mention) -> bool:
    """Whether "it was not cancer" is what was thought or hoped: "they thought it was not cancer at first"."""
    clause = scene.clause_of(mention.start)
    language = scene.language
    proved = language.words(_FILE, "proved")
    thought = language.words(_FILE, "only_thought")
    return proved.isdisjoint(scene.words[mention.start : mention.end]) and not thought.isdisjoint(
        scene.words[clause.start : clause.end]
    )


def settled(scene: Scene, items: list[Told]) -> Told | None:
    """Give the disease on which a row of guesses ended: "first they said lymphoma, then Ewing, now DSRCT"."""
    guessed = [item for item in items if _first_guess(scene, item[0])]
    if len(items) < 2:
        return None
    if not guessed and _was_told(scene, items[0][0], items[-1][0]):
        return items[-1]
    if not guessed or guessed[0] is not items[0]:
        return None
    return items[-1] if items[-1] not in guessed else None


def _was_told(scene: Scene, first: Mention, last: Mention) -> bool:
    """Whether the first was only said, and the last is what it turned out to be: "they said Ewing, but
    ..."."""
    language = scene.language
    clause = scene.clause_of(first.start)
    before = " ".join(scene.words[max(clause.start, first.start - _LOOK) : first.start])
    if not language.pattern(_FILE, "was_told").search(before):
        return False
    return not language.words(_FILE, "turned_out").isdisjoint(scene.words[first.end : last.start])


def _first_guess(scene: Scene, mention: Mention) -> bool:
    clause = scene.clause_of(mention.start)
    before = " ".join(scene.words[max(clause.start, mention.start - _LOOK) : mention.start])
    return bool(scene.language.pattern(_FILE, "first_guess").search(before))


def one_disease(items: list[Told]) -> bool:
    """Whether two names stand side by side for one disease ("epithelioid, an undifferentiated sarcoma")."""
    return all(later[0].start - earlier[0].end <= 0 for earlier, later in itertools.pairwise(items))


def one_or_another(scene: Scene, items: list[Told]) -> bool:
    """Whether an "or" leaves two diseases open: "desmoid or fibrosarcoma"."""
    words, language = scene.words, scene.language
    or_, small = language.words(_FILE, "or"), language.words(_FILE, "small_beside_or")
    if or_.isdisjoint(words):
        return False
    any_tumour = language.pattern(_FILE, "any_tumour")
    names = {at: m for m in scene.found.mentions if m.kind == "diagnoses" for at in range(m.start, m.end)}
    for mention, _told in items:
        beside: list[range] = []
        if mention.end < len(words) and words[mention.end] in or_:
            beside.append(range(mention.end + 1, min(mention.end + _NEXT_TO, len(words))))
        back = mention.start - 1
        while back > 0 and words[back] in small:
            back -= 1
        if back > 0 and words[back] in or_:
            beside.append(range(back - 1, back))
        for at in (at for places in beside for at in places):
            other = names.get(at)
            if other is None and any_tumour.fullmatch(words[at]):
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
    plain = scene.language.words(_FILE, "plain_sarcoma")
    words = scene.words[mention.start : mention.end]
    return mention.entry["id"] in GENERAL and not plain.isdisjoint(words)
