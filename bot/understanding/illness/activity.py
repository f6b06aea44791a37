"""How active the child is now."""

from __future__ import annotations

from bot.understanding.people.whose import about_another
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention

_FILE = "illness"
_LOOK = 5
_MOSTLY_IN_BED = (30, 40)
_AS_ALWAYS = (90, 100)
_TIRES = (70, 80)
_QUIET_PLAY = (40, 40)
_UP = (60, 60)
_LIES_AROUND = (50, 50)


def read_activity(scene: Scene, asked: str | None = None) -> list[int] | None:
    """Read how much the child does now; several descriptions widen it, unless one refines another."""
    measured = _scale(scene)
    if measured:
        return measured
    scores = [
        (int(mention.entry["score"][0]), int(mention.entry["score"][1]))
        for mention in scene.found.mentions
        if mention.kind == "activity" and _counts(scene, mention, asked)
    ]
    if not scores:
        return None
    if _MOSTLY_IN_BED in scores and _plays_quietly(scene):
        scores.append(_QUIET_PLAY)
    scores = _refined(scores)
    return [min(low for low, _ in scores), max(high for _, high in scores)]


def _counts(scene: Scene, mention: Mention, asked: str | None) -> bool:
    """Whether a description is of the child, and of now."""
    clause = scene.clause_of(mention.start)
    anew = scene.language.words(_FILE, "starts_anew")
    before = scene.words[max(clause.start, mention.start - _LOOK) : mention.start]
    last = max((at for at, word in enumerate(before) if word in anew), default=-1)
    before = before[last + 1 :]
    if clause.asks or about_another(scene, clause, mention.start):
        return False
    if mention.entry.get("asked_only") and asked != "activity":
        return False
    if not _of_the_child(scene, mention, clause.start, asked):
        return False
    denied_whole = bool(mention.entry.get("denied_whole"))
    return denied_whole or scene.language.words(_FILE, "no_activity_now").isdisjoint(before)


def _of_the_child(scene: Scene, mention: Mention, start: int, asked: str | None) -> bool:
    """Whether it is the child who is tired or back to normal, and not the writer or a blood count."""
    words, language = scene.words, scene.language
    before = words[start : mention.start]
    if mention.entry.get("of_a_person") and asked != "activity":
        persons = language.words(_FILE, "persons_of_activity")
        return not persons.isdisjoint(before) and language.words(_FILE, "measured").isdisjoint(before)
    tired = tuple(int(score) for score in mention.entry["score"]) == _TIRES
    writer = language.words(_FILE, "i")
    if tired and not scene.patient_writes and asked != "activity":
        return writer.isdisjoint([*before[-2:], words[mention.start]])
    return True


def _plays_quietly(scene: Scene) -> bool:
    """Whether a child who is mostly in bed plays there: "mostly in bed, but does puzzles"."""
    language, text = scene.language, scene.found.message.norm
    return bool(language.pattern(_FILE, "quiet_play").search(text)) and not language.pattern(
        _FILE, "no_play"
    ).search(text)


def _refined(scores: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out the description that another makes more exact: "mostly in bed, but plays quietly there"."""
    told = set(scores)
    if _TIRES in told:
        told -= {_AS_ALWAYS}
    if _QUIET_PLAY in told:
        told -= {_MOSTLY_IN_BED, _UP, _AS_ALWAYS}
    if _LIES_AROUND in told:
        told -= {_AS_ALWAYS, _UP, _TIRES}
    if _UP in told:
        told -= {_AS_ALWAYS, _TIRES}
    return sorted(told)


def _scale(scene: Scene) -> list[int] | None:
    """Read a score of a scale: "Lansky 80", "ECOG 1"."""
    language = scene.language
    message = scene.found.message
    for match in language.pattern(_FILE, "score_of_hundred").finditer(message.norm):
        low, high = sorted((int(match["low"]), int(match["high"] or match["low"])))
        if low >= 10 and high <= 100 and low % 10 == 0 and high % 10 == 0 and _of_now(scene, match.start()):
            return [low, high]
    for match in language.pattern(_FILE, "score_of_five").finditer(message.norm):
        scores = [
            language.table(_FILE, "of_five").get(match[name]) for name in ("low", "high") if match[name]
        ]
        if all(scores) and _of_now(scene, match.start()):
            return [min(int(low) for low, _ in scores), max(int(high) for _, high in scores)]
    return None


def _of_now(scene: Scene, offset: int) -> bool:
    at = scene.found.message.index_at(offset)
    clause = scene.clause_of(at)
    return not clause.asks and not about_another(scene, clause, at)
