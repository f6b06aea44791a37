"""Whether the disease was found of late: "diagnosed 2 weeks ago", "they told us friday, it is a sarcoma"."""

from __future__ import annotations

from datetime import date, timedelta

from bot.understanding.illness.denials_beyond import judge_beyond_contrast
from bot.understanding.people.whose import about_another
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention

_FILE = "illness"
_LATELY = timedelta(days=45)
_NEAR = 6
_SHORT = 4
_LONGEST_NEWS = 14


def found_of_late(scene: Scene, today: date) -> bool:
    """Whether the disease was found in the last weeks."""
    words, language = scene.words, scene.language
    found = language.words(_FILE, "found")
    for at, word in enumerate(words):
        if word not in found:
            continue
        clause = scene.clause_of(at)
        if clause.asks or about_another(scene, clause, at) or not _of_the_disease(scene, at, clause.end):
            continue
        stand_in = Mention(at, at + 1, "course", {"value": "newly_diagnosed"})
        for when in scene.dates:
            near = -_SHORT <= when.start - at <= 2 * _NEAR and clause.holds(when.start)
            lately = when.interval is not None and when.interval[0] >= today - _LATELY
            if near and lately and when.role == "past" and judge_beyond_contrast(scene, stand_in) == "yes":
                return True
    return _news_of_late(scene, today)


def _news_of_late(scene: Scene, today: date) -> bool:
    """Whether the news is of late, and no more than small words stand between it and the disease."""
    words, language = scene.words, scene.language
    tells, small = language.words(_FILE, "tells_news"), language.words(_FILE, "up_to_the_name")
    if tells.isdisjoint(words):
        return False
    recent = [
        when
        for when in scene.dates
        if when.role == "past" and when.interval and when.interval[0] >= today - _LATELY
    ]
    covered = {at: when.end for when in recent for at in range(when.start, when.end)}
    diseases, found = _diseases(scene), language.words(_FILE, "found")
    for at, word in enumerate(words if recent else ()):
        clause = scene.clause_of(at)
        if word not in tells or clause.asks or about_another(scene, clause, at):
            continue
        stand_in = Mention(at, at + 1, "course", {"value": "newly_diagnosed"})
        dated = any(0 < at - when.end + 1 <= _SHORT for when in recent)
        place = at + 1
        while place < min(len(words), at + _LONGEST_NEWS) and place not in diseases:
            if place in covered:
                dated, place = True, covered[place]
            elif words[place] in small:
                place += 1
            else:
                break
        ended = place >= len(words)
        named = _is_news(scene, place, diseases) or (
            ended and (word in found or any(start < at for start in diseases))
        )
        dated = dated or any(
            0 <= when.start - place <= _SHORT and clause.holds(when.start) for when in recent
        )
        if dated and named and judge_beyond_contrast(scene, stand_in) == "yes":
            return True
    return False


def _is_news(scene: Scene, at: int, diseases: frozenset[int]) -> bool:
    """Whether the disease itself is the news: "it is rhabdo", but not "the sarcoma has spread"."""
    if at not in diseases:
        return False
    named = [m.end for m in scene.found.mentions if m.kind == "diagnoses" and m.start == at]
    end = max(named, default=at + 1)
    following = scene.words[end : end + 1]
    if not named:
        return not following or not following[0].isalnum()
    return scene.grammar("auxiliaries").isdisjoint(following)


def _diseases(scene: Scene) -> frozenset[int]:
    """Give where diseases begin, and where a word such as "malignant" stands for one."""
    malignant = scene.language.words(_FILE, "malignant")
    named = {m.start for m in scene.found.mentions if m.kind == "diagnoses" and m.entry["id"] != "not_cancer"}
    return frozenset(named | {at for at, word in enumerate(scene.words) if word in malignant})


def _of_the_disease(scene: Scene, at: int, end: int) -> bool:
    """Whether "found" is said of the disease: "diagnosed", "found it", "rhabdo, found last week"."""
    words, language = scene.words, scene.language
    beside = words[max(at - _SHORT, 0) : min(at + _NEAR, end)]
    if not language.words(_FILE, "found_later").isdisjoint(beside):
        return False
    if words[at] in language.words(_FILE, "diagnosed"):
        return not any(
            m.kind in ("health", "treatments") and at < m.start < min(at + _SHORT, end)
            for m in scene.found.mentions
        )
    if not language.words(_FILE, "found_it").isdisjoint(words[at + 1 : at + _SHORT]):
        return True
    return any(
        m.kind == "diagnoses" and (0 <= at - m.end <= _NEAR or 0 < m.start - at <= _SHORT)
        for m in scene.found.mentions
    )
