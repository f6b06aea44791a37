"""Whether any facts at all can make conditions true: a search over the boundary values they look at.

A condition turns only at the values that it names: at the bounds of a number, the last day of a washout, the
kinds and diagnoses it lists. So it is enough to try these, one beside each, and one that it does not name.
The search sets one fact at a time and leaves the others "not sure": three-valued logic then tells at once
what can no longer come true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, combinations, product
from typing import Any, Final

from criteria.conditions import Between, Group, Includes, Not, OneOf, Ongoing, Washout, Within
from criteria.facts import (
    BRAIN,
    DIAGNOSIS_IDS,
    EVENTS,
    NOT_SURE,
    OLDEST_MONTHS,
    ONGOING,
    ONLY_WHEN_TOLD,
    ORIGINS,
    RESPONDENTS,
    YES_NO,
)
from criteria.judging import Condition

REFERENCE_DAY: Final = date(2026, 3, 17)
"""An ordinary day in the middle of a month: what is possible at all does not hang on the day."""

MOST_STEPS: Final = 30_000
"""After so many tries nothing is claimed."""

_ABSENT: Final = object()
_NUMBERS: Final = {"age": ("months", OLDEST_MONTHS), "activity": ("score", 100)}


class _GaveUp(Exception):
    """There were too many facts to try."""


def possible(conditions: Iterable[Condition]) -> bool | None:
    """Whether some facts make all the conditions true; None where the search gave up."""
    answers = [_group_possible(group) for group in _independent(list(conditions))]
    if False in answers:
        return False
    return None if None in answers else True


def fact_names(condition: Condition) -> frozenset[str]:
    """The facts that a condition looks at, without their details."""
    return frozenset(path.partition(".")[0] for path in condition.paths())


def leaves(condition: Condition) -> Iterator[Condition]:
    """The leaves of a condition, in its order."""
    if isinstance(condition, Group):
        for part in condition.parts:
            yield from leaves(part)
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        yield condition


def _independent(conditions: list[Condition]) -> list[list[Condition]]:
    """Groups of conditions that share no fact with another group."""
    groups: list[tuple[frozenset[str], list[Condition]]] = []
    for condition in conditions:
        names, together = fact_names(condition), [condition]
        apart = []
        for other_names, others in groups:
            if other_names & names:
                names, together = names | other_names, [*others, *together]
            else:
                apart.append((other_names, others))
        groups = [*apart, (names, together)]
    return [together for _, together in groups]


def _group_possible(conditions: list[Condition]) -> bool | None:
    looked_at = list(chain.from_iterable(leaves(condition) for condition in conditions))
    names = sorted(frozenset().union(*(fact_names(condition) for condition in conditions)))
    values = {name: _values(name, [leaf for leaf in looked_at if name in fact_names(leaf)]) for name in names}
    try:
        return _Search(values).finds(conditions, dict.fromkeys(names, NOT_SURE), frozenset(names))
    except _GaveUp:
        return None


class _Search:
    def __init__(self, values: dict[str, list[Any]]) -> None:
        self.values = values
        self.steps = 0

    def finds(self, conditions: Sequence[Condition], told: dict[str, Any], free: frozenset[str]) -> bool:
        """Whether some values of the facts that are still free make all the conditions true."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise _GaveUp
        undecided = []
        for condition in conditions:
            truth = condition.judge(told, REFERENCE_DAY).truth
            if truth is False:
                return False
            if truth is None:
                undecided.append(condition)
        if not undecided:
            return True
        choices = [sorted(fact_names(condition) & free) for condition in undecided]
        if not all(choices):
            return False
        # The condition with the fewest facts left decides soonest whether this way leads anywhere.
        name = min(choices, key=len)[0]
        for value in self.values[name]:
            told_now = {**told, name: value}
            if value is _ABSENT:
                del told_now[name]
            if self.finds(undecided, told_now, free - {name}):
                return True
        return False


def _values(name: str, looked_at: list[Condition]) -> list[Any]:
    """Values of a fact on every side of all that these leaves tell apart."""
    named: dict[str, set[str]] = {}
    for leaf in looked_at:
        if isinstance(leaf, OneOf):
            named.setdefault(leaf.path, set()).update(leaf.values)
        elif isinstance(leaf, Includes):
            named.setdefault(leaf.path, set()).add(leaf.value)
    if name in _NUMBERS:
        found = _number_values(name, looked_at)
    elif name == "diagnosis":
        ids = _and_another(named.get("diagnosis.id", set()), DIAGNOSIS_IDS)
        origins = _and_another(named.get("diagnosis.arises_in", set()), ORIGINS)
        found = [{"id": one, "arises_in": origin} for one in ids for origin in origins]
    elif name == "disease_course":
        items = sorted(named.get(name, set()))
        found = [list(some) for size in range(len(items) + 1) for some in combinations(items, size)]
    elif name in EVENTS:
        found = _event_values(name, looked_at, named)
    elif name == BRAIN:
        found = _brain_values(looked_at)
    else:
        found = list(RESPONDENTS if name == "respondent" else YES_NO)
    counts_untold = any(getattr(leaf, "if_not_told", None) is not None for leaf in looked_at)
    return [*found, _ABSENT] if counts_untold else found


def _number_values(name: str, looked_at: list[Condition]) -> list[Any]:
    field, most = _NUMBERS[name]
    bounds = {0}
    for leaf in looked_at:
        if isinstance(leaf, Between):
            bounds.update(bound for bound in (leaf.at_least, leaf.at_most) if bound is not None)
    near = sorted({bound + step for bound in bounds for step in (-1, 0, 1) if 0 <= bound + step <= most})
    return [{field: [number, number]} for number in near]


def _and_another(named: set[str], allowed: Sequence[str]) -> list[str]:
    others = [value for value in allowed if value not in named]
    return [*sorted(named), *others[:1]]


def _event_values(name: str, looked_at: list[Condition], named: dict[str, set[str]]) -> list[Any]:
    kinds: list[str | None] = [*_and_another(named.get(f"{name}.kind", set()), EVENTS[name])]
    if not kinds or set(EVENTS[name]) <= ONLY_WHEN_TOLD:
        kinds.append(None)
    found: list[Any] = [{"had": "no"}]
    for last, kind in product(_days(looked_at), kinds):
        told = {"had": "yes", "last": last}
        found.append(told if kind is None else {**told, "kind": kind})
    return found


def _brain_values(looked_at: list[Condition]) -> list[Any]:
    found: list[Any] = [{"had": "no"}]
    for now, treated, since in product(YES_NO, YES_NO, _days(looked_at)):
        if since != ONGOING:
            found.append({"had": "yes", "symptoms_now": now, "treated": treated, "symptom_free_since": since})
    return found


def _days(looked_at: list[Condition]) -> list[Any]:
    """Days on both sides of every washout, and "it goes on" where that is looked at."""
    days = {REFERENCE_DAY}
    for leaf in looked_at:
        if isinstance(leaf, Within):
            over = _last_day_that_is_over(leaf.washout)
            days |= {over, min(over + timedelta(days=1), REFERENCE_DAY)}
    goes_on = [ONGOING] if any(isinstance(leaf, Ongoing) for leaf in looked_at) else []
    return [[day.isoformat(), day.isoformat()] for day in sorted(days)] + goes_on


def _last_day_that_is_over(washout: Washout) -> date:
    day = REFERENCE_DAY - timedelta(days=washout.days + 31 * washout.months + 366 * washout.years)
    while washout.after(day + timedelta(days=1)) <= REFERENCE_DAY and day < REFERENCE_DAY:
        day += timedelta(days=1)
    return day
