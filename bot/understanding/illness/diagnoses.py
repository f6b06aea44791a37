"""Which disease, and where it began."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.understanding.illness.earlier_cancers import earlier_cancers, of_long_ago
from bot.understanding.illness.open_diagnoses import (
    Told,
    is_general,
    one_disease,
    one_or_another,
    settled,
    was_only_thought,
    without_likened,
)
from bot.understanding.illness.places import place_in as place_in
from bot.understanding.illness.places import vague_tumour, where
from bot.understanding.people.whose import about_another
from bot.understanding.statements.assertions import judge
from bot.understanding.statements.denials import came_to_nothing, denials, only_looked_for
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention

_FILE = "illness"
_ASKS_OTHERS = ("other_cancer", "health_history")
_CLEAR_CELL = "clear_cell_sarcoma_soft_tissue"
_SUSPECTED_LOOK = 7
_SEEN_LOOK = 6


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
    counted: list[Told] = []
    suspected = other_cancer = False
    earlier = earlier_cancers(scene)
    for mention in scene.found.mentions:
        if mention.kind != "diagnoses" or _only_a_word(scene, mention):
            continue
        if mention.entry["id"] in ("not_sure", "not_cancer"):
            if _leaves_open(scene, mention):
                counted.append((mention, {"id": mention.entry["id"]}))
            continue
        status = _status(scene, mention)
        if status == "suspected":
            suspected = True
        elif status == "so" and (
            mention.start in earlier or of_long_ago(scene, mention, present, about_others, asked)
        ):
            other_cancer = True
        elif status == "so":
            counted.append((mention, _told(scene, mention, lang)))
    counted = without_likened(scene, counted)
    unknown = _unknown_sarcoma(scene)
    if unknown and not counted:
        return unknown, other_cancer
    return _choose(scene, counted, suspected and not other_cancer), other_cancer


def _leaves_open(scene: Scene, mention: Mention) -> bool:
    """Whether "waiting for the biopsy" or "it was not cancer" counts."""
    clause = scene.clause_of(mention.start)
    at_first = mention.entry["id"] == "not_cancer" and was_only_thought(scene, mention)
    return not clause.asks and not at_first and not about_another(scene, clause, mention.start)


def _status(scene: Scene, mention: Mention) -> str:
    """Tell whether a disease is "so", "suspected" or (blank) not said of the patient."""
    verdict = judge(scene, mention)
    suspected = _suspected(scene, mention)
    if suspected:
        return "suspected" if verdict != "no" else ""
    if verdict == "leave_out" and _whatever_is_planned(scene, mention):
        verdict = "yes"
    clause = scene.clause_of(mention.start)
    if verdict == "no" and _is_not_what_is_denied(scene, mention, clause.start):
        verdict = "yes"
    if verdict in ("no", "leave_out"):
        return ""
    if scene.cue("seen_not_so", max(clause.start, mention.start - _SEEN_LOOK), mention.start):
        return ""
    return "suspected" if verdict == "not_sure" else "so"


def _is_not_what_is_denied(scene: Scene, mention: Mention, start: int) -> bool:
    """Whether a "no" only answers what was said before ("no, it's rhabdo"), or the disease is taken for
    granted ("no chemo for her glioma yet")."""
    words, language = scene.words, scene.language
    at = mention.start - 1
    lead = words[max(at - 1, 0) : mention.start]
    if (
        len(lead) > 1
        and lead[0] in language.words(_FILE, "for_")
        and lead[1] in language.words(_FILE, "of_the_patient")
    ):
        return any(m.kind == "treatments" and m.end <= at for m in scene.found.mentions)
    small, answered = language.words(_FILE, "after_answered_no"), language.words(_FILE, "answered_no")
    while at > start and words[at] in small:
        at -= 1
    following = words[mention.end : mention.end + 2]
    return (
        at > 0
        and words[at] == ","
        and words[at - 1] in answered
        and answered.isdisjoint(following)
        and not scene.cue("negation", start, at - 1)
        and not scene.cue("negation", mention.end, scene.clause_of(mention.start).end)
        and not scene.cue("negated_after", mention.end, scene.clause_of(mention.start).end + 2)
    )


def _whatever_is_planned(scene: Scene, mention: Mention) -> bool:
    """Whether only a plan stands before the name: "she will need chemo for her Ewing" tells of the Ewing."""
    clause = scene.clause_of(mention.start)
    if clause.asks or about_another(scene, clause, mention.start):
        return False
    if any(scene.cue(cue, clause.start, mention.start) for cue in ("hypothetical", "general", "looked_for")):
        return False
    if denials(scene, clause, mention) or came_to_nothing(scene, clause, mention):
        return False
    if only_looked_for(scene, clause, mention):
        return False
    planned = [
        other
        for other in scene.clauses
        if other.start <= clause.start and scene.cue("planned", other.start, other.end)
    ]
    before = scene.words[max(clause.start, mention.start - _SUSPECTED_LOOK) : mention.start]
    return bool(planned) and scene.language.words(_FILE, "plans_of_a_disease").isdisjoint(before)


def _told(scene: Scene, mention: Mention, lang: str) -> dict[str, str]:
    """Give the disease's id, and where it arises where that is told."""
    told = {"id": str(mention.entry["id"])}
    place = mention.entry.get("arises_in")
    if not place and mention.entry.get("placed"):
        place = where(scene, mention, lang)
    if place:
        told["arises_in"] = str(place)
    of_kidney = scene.language.words(_FILE, "kidney")
    following = scene.words[mention.end : mention.end + 5]
    if told["id"] == _CLEAR_CELL and not of_kidney.isdisjoint(following):
        return {"id": "other_cancer"}
    return told


def _choose(scene: Scene, counted: list[Told], suspected: bool) -> dict[str, str] | None:
    certain = [item for item in counted if item[1]["id"] != "not_sure"]
    if not certain:
        vague = vague_tumour(scene, open_told=bool(counted))
        return vague or ({"id": "not_sure"} if counted or suspected else None)
    special = [item for item in certain if not is_general(item)] or certain
    end = settled(scene, special)
    if end:
        return dict(end[1])
    corrections = [span[0] for span in scene.found.cue("correction")]
    later = [
        item for item in special if any(at < item[0].start for at in corrections) and item is not special[0]
    ]
    chosen = later[-1] if later else special[0]
    if not later and len({item[1]["id"] for item in special}) > 1:
        named = {item[1]["id"] for item in special}
        if "not_cancer" in named or not one_disease(special):
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


def _only_a_word(scene: Scene, mention: Mention) -> bool:
    """Whether a short name is only a word here: "ALL of the scans", typed in capitals."""
    words, language = scene.words, scene.language
    following = words[mention.end] if mention.end < len(words) else ""
    name = " ".join(words[mention.start : mention.end])
    return name in language.words(_FILE, "also_a_word") and following in language.words(_FILE, "after_a_word")


def _suspected(scene: Scene, mention: Mention) -> bool:
    clause = scene.clause_of(mention.start)
    if scene.cue("suspected", max(clause.start, mention.start - _SUSPECTED_LOOK), mention.start):
        return True
    after = scene.words[mention.end : mention.end + 1]
    return not scene.language.words(_FILE, "suspected_after").isdisjoint(after)


def _unknown_sarcoma(scene: Scene) -> dict[str, str] | None:
    """Read a word that ends as the sarcomas do, but that the lexicon does not know."""
    pattern = scene.language.pattern(_FILE, "unknown_sarcoma")
    covered = {at for mention in scene.found.mentions for at in range(mention.start, mention.end)}
    for at, word in enumerate(scene.words):
        if at not in covered and pattern.fullmatch(word):
            stand_in = Mention(at, at + 1, "diagnoses", {"id": "sarcoma"})
            if judge(scene, stand_in) == "yes" and not _suspected(scene, stand_in):
                return {"id": "sarcoma", "arises_in": "other"}
    return None
