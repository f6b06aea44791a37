"""The course of the disease, and how active the child is."""

from __future__ import annotations

from bot.understanding.assertions import judge
from bot.understanding.came_back import PERSON_WORDS, back_somewhere, dated, in_the_body, of_something_else
from bot.understanding.scene import Scene
from bot.understanding.vocabulary import Mention
from bot.understanding.whose import about_another
from criteria.facts import BRAIN, COURSES

_NEEDS_SUBJECT = (
    "came back",
    "come back",
    "is back",
    "its back",
    "come again",
    "growing again",
    "is growing again",
    "back again",
    "returned",
    "has returned",
    "is growing",
    "got bigger",
    "getting bigger",
    "not working",
    "is not working",
    "progressed",
    "progressing",
    "grew back",
    "it grew",
    "stopped working",
    "spread",
    "did not work",
    "does not work",
)
_BACK_TO = frozenset(
    [
        "at",
        "in",
        "home",
        "from",
        "negative",
        "clean",
        "normal",
        "positive",
        "fine",
        "good",
        "with",
        "results",
        "on",
        "out",
        "yesterday",
        "today",
        "inconclusive",
    ]
)
# What may follow "it's gone" and "it's new": "it's gone to his lungs" and "its new drug" are something else.
_ENDS = frozenset(
    ["", ".", ",", "!", ";", "\n", ")", "and", "but", "now", "so", "thank", "since", "for", "lol", "yay"]
)
_SPREADING = frozenset(["spread", "mets", "metastases", "metastasis", "metastasized", "met"])
_BODY = (["the"], ["her"], ["his"], ["my"])
_WENT_BEFORE = frozenset(["was", "were", "been", "went"])


def read_course(scene: Scene, asked: str | None = None) -> list[str]:
    """Read how the disease goes, in the vocabulary's order. `asked`: the question that the text answers."""
    told: set[str] = set()
    for mention in scene.found.mentions:
        if mention.kind == "course" and _course_counts(scene, mention):
            told.add(mention.entry["value"])
        if (
            mention.name == BRAIN
            and _SPREADING & set(scene.words[mention.start : mention.end])
            and judge(scene, mention) == "yes"
        ):
            told.add("metastatic")
    if back_somewhere(scene, asked):
        told.add("relapsed")
    if "relapsed" in told and "in_remission" in told and not _in_remission_now(scene):
        told.discard("in_remission")
    if "relapsed" in told or "refractory" in told:
        told.discard("newly_diagnosed")
    return [course for course in COURSES if course in told]


def _in_remission_now(scene: Scene) -> bool:
    for mention in scene.found.mentions:
        if mention.kind == "course" and mention.entry["value"] == "in_remission":
            clause = scene.clause_of(mention.start)
            words = set(scene.words[clause.start : clause.end])
            if {"now", "again", "currently", "still"} & words and not {"was", "until", "but then"} & words:
                return True
    return False


def _course_counts(scene: Scene, mention: Mention) -> bool:
    words = scene.words
    clause = scene.clause_of(mention.start)
    name = " ".join(words[mention.start : mention.end])
    before = words[clause.start : mention.start]
    following = words[mention.end] if mention.end < len(words) else ""
    if clause.asks or about_another(scene, clause, mention.start):
        return False
    if name.endswith("risk") and following in ("of", "for", "that"):
        return False
    if of_something_else(scene, mention, name):
        return False
    if name.endswith(("gone", "new")) and following not in _ENDS:
        return False
    if name == "its back" and following in ("hurts", "hurt", "is", "was", "pain", "aches"):
        return False
    if (
        mention.entry["value"] == "in_remission"
        and following in ("in", "on")
        and words[mention.end + 1 : mention.end + 2] in _BODY
    ):
        return False
    if name in _NEEDS_SUBJECT:
        lead = [
            word
            for word in before[-4:]
            if word not in ("has", "have", "had", "just", "then", "also", "all", "it", "so", "is", "not")
        ]
        if (
            lead
            and lead[-1] in PERSON_WORDS
            and not (name.startswith("progress") and lead[-1] in ("he", "she"))
        ):
            return False
        if not before and name == "not working":
            return False
        if (
            "back" in name
            and following in _BACK_TO
            and not dated(scene, mention.end)
            and not in_the_body(scene, mention.end)
        ):
            return False
        if name in ("returned", "has returned") and following == "to":
            return False
        if name == "spread" and (
            following in ("out", "over") or {"infection", "rash", "it out"} & set(before)
        ):
            return False
    if (
        mention.entry["value"] == "in_remission"
        and _WENT_BEFORE & set(before[-4:])
        and not {"now", "still"} & set(before)
    ):
        ended = [
            m
            for m in scene.found.mentions
            if m.kind == "course" and m.entry["value"] == "relapsed" and m.start > mention.start
        ]
        if ended or "been" not in before:
            return not ended and "went" in before
    return judge(scene, mention) == "yes" and not _negated_just_before(scene, mention)


def _negated_just_before(scene: Scene, mention: Mention) -> bool:
    before = scene.words[max(mention.start - 3, 0) : mention.start]
    return bool({"not", "never", "no", "without"} & set(before)) and scene.words[mention.start] not in (
        "no",
        "not",
        "never",
    )


def read_activity(scene: Scene) -> list[int] | None:
    """Read how much the child does now; several descriptions widen it."""
    scores: list[tuple[int, int]] = []
    for mention in scene.found.mentions:
        if mention.kind != "activity":
            continue
        clause = scene.clause_of(mention.start)
        before = scene.words[max(clause.start, mention.start - 5) : mention.start]
        if clause.asks or about_another(scene, clause, mention.start):
            continue
        if {
            "not",
            "no",
            "never",
            "was",
            "were",
            "used",
            "until",
            "if",
            "could",
            "before",
            "cannot",
            "hardly",
            "had",
        } & set(before):
            continue
        low, high = mention.entry["score"]
        scores.append((int(low), int(high)))
    if not scores:
        return None
    return [min(low for low, _ in scores), max(high for _, high in scores)]
