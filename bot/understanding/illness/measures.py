"""What a number of a blood test or of a heart's picture says: "plts 34k", "EF 44%"."""

from __future__ import annotations

import re

from bot.understanding.people.whose import about_another
from bot.understanding.statements.scene import Scene

_FILE = "illness"
_THOUSAND = 1000


def read_measures(scene: Scene, asked: str | None) -> dict[str, str]:
    """Read the facts that measured values tell; of several values of one kind, the last counts."""
    told: dict[str, str] = {}
    words = frozenset(scene.words)
    for measure in scene.language.table(_FILE, "measures"):
        if measure.get("asked", asked) != asked or (
            "words" in measure and words.isdisjoint(measure["words"])
        ):
            continue
        for match in scene.language.pattern(_FILE, measure["read_by"]).finditer(scene.found.message.norm):
            value = _number(match)
            if _is_of_the_patient(scene, match):
                told[measure["fact"]] = _says(value, float(measure["yes_below"]), float(measure["no_from"]))
    return told


def _number(match: re.Match[str]) -> float:
    """Read the number; a count of platelets may be written in full or in thousands ("34,000", "34k")."""
    value = float(match["number"].replace(" , ", ""))
    return value / _THOUSAND if value >= _THOUSAND else value


def _says(value: float, yes_below: float, no_from: float) -> str:
    if value < yes_below:
        return "yes"
    return "no" if value >= no_from else "not_sure"


def _is_of_the_patient(scene: Scene, match: re.Match[str]) -> bool:
    at = scene.found.message.index_at(match.start("number"))
    clause = scene.clause_of(at)
    dated = any(when.start <= at < when.end for when in scene.dates)
    return not dated and not clause.asks and not about_another(scene, clause, at)
