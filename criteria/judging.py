"""What a condition may look at, and what it says: the ground that all conditions stand on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from criteria.facts import BRAIN, EVENTS, NOT_SURE, ONLY_WHEN_TOLD

Facts = Mapping[str, Any]


class Judgement(NamedTuple):
    """What a condition says of some facts on some day.

    truth    True, False, or None where the facts don't decide it
    missing  paths of facts that were not told and might decide it ("radiation.kind")
    support  paths of the facts that the truth rests on
    ends     for washouts that are certainly still running: the day after which they
             certainly no longer are
    """

    truth: bool | None
    missing: frozenset[str] = frozenset()
    support: frozenset[str] = frozenset()
    ends: frozenset[date] = frozenset()


class Condition(ABC):
    """Anything that judges facts on a day."""

    @abstractmethod
    def judge(self, facts: Facts, today: date) -> Judgement:
        """The condition's truth, and what it rests on or lacks."""

    @abstractmethod
    def paths(self) -> frozenset[str]:
        """Every fact path that the condition looks at."""

    def turning_days(self, facts: Facts) -> frozenset[date]:
        """The days on which some washout in the tree is certainly over."""
        return frozenset()

    def latest_ends(self, today: date) -> frozenset[date]:
        """The days on which the washouts in the tree end at the latest, whatever is told."""
        return frozenset()


class Told(NamedTuple):
    """One fact's value as far as it was told; ``path`` names what to ask next where it wasn't."""

    value: Any
    known: bool
    missing: frozenset[str]


def look_up(path: str, facts: Facts) -> Told:
    """The value under a path such as ``heart_problem``, ``age.months`` or ``radiation.kind``.

    An event that did not happen has no kind: its kind is known, and None.
    """
    name, _, field = path.partition(".")
    if name not in facts:
        return Told(None, False, frozenset({name}))
    value = facts[name]
    if value == NOT_SURE:
        return Told(None, False, frozenset())
    if not field:
        return Told(value, True, frozenset())
    if field != "had" and value.get("had") == "no":
        return Told(None, True, frozenset())
    if field != "had" and value.get("had") == NOT_SURE:
        return Told(None, False, frozenset())
    if field not in value:
        if field == "kind" and set(EVENTS[name]) <= ONLY_WHEN_TOLD:
            return Told(None, True, frozenset())
        return Told(None, False, frozenset({path}))
    told = value[field]
    return Told(told, told != NOT_SURE, frozenset())


def fact_paths() -> dict[str, str]:
    """Every path a leaf may look at, and the kind of leaf that fits it."""
    kinds = {
        "respondent": "values",
        "sex": "values",
        "diagnosis.id": "values",
        "diagnosis.arises_in": "values",
    }
    kinds |= {"age.months": "number", "activity.score": "number", "disease_course": "list"}
    for event, event_kinds in EVENTS.items():
        kinds[f"{event}.had"] = "values"
        if event_kinds:
            kinds[f"{event}.kind"] = "values"
    kinds |= {f"{BRAIN}.{field}": "values" for field in ("had", "symptoms_now", "treated")}
    return kinds
