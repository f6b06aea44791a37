"""The form of a condition: what is left of it without its limits. Conditions of one form share a tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from criteria.columns import BetweenColumn, GroupTree, NotTree, Tree, ValueColumn, WithinColumn
from criteria.conditions import Between, Every, Group, Includes, Not, OneOf, Ongoing, Some, Within
from criteria.facts import ONGOING
from criteria.judging import Condition

Form = tuple[Any, ...]

# Exactly these: what is derived from them may judge in a way of its own.
_KNOWN = frozenset({OneOf, Includes, Between, Within, Ongoing, Not, Every, Some})


class FormError(TypeError):
    """A condition of a kind that is not known here: it can only be judged one by one."""


def form_of(condition: Condition) -> Form:
    """The condition without its limits: equal for conditions that can be judged together.

    Raises FormError for a kind of condition that has no columns.
    """
    kind = type(condition)
    if kind not in _KNOWN:
        raise FormError(f"no columns for {kind.__name__}")
    match condition:
        case OneOf() | Within():
            return kind, condition.path, condition.if_not_told
        case Includes() | Between():
            return kind, condition.path
        case Ongoing():
            return kind, condition.event
        case Not():
            return kind, form_of(condition.part)
        case Group():
            return kind, *(form_of(part) for part in condition.parts)
    raise FormError(f"no columns for {kind.__name__}")


def tree_of(conditions: Sequence[Condition], known: dict[Any, Tree]) -> Tree:
    """One tree for conditions of one form, in their order.

    ``known`` keeps what was already built, so that equal parts are judged once.
    """
    first = conditions[0]
    if isinstance(first, Not | Group):
        if isinstance(first, Not):
            inner = [tree_of([condition.part for condition in _all(conditions, Not)], known)]
        else:
            groups = _all(conditions, Group)
            inner = [tree_of([group.parts[at] for group in groups], known) for at in range(len(first.parts))]
        key: Any = (type(first), *(id(part) for part in inner))
        if key not in known:
            known[key] = NotTree(inner[0]) if isinstance(first, Not) else GroupTree(inner, first.decisive)
        return known[key]
    key = tuple(conditions)
    if key not in known:
        known[key] = _leaf(conditions)
    return known[key]


def _leaf(conditions: Sequence[Condition]) -> Tree:
    first = conditions[0]
    match first:
        case OneOf():
            limits: list[Any] = [condition.values for condition in _all(conditions, OneOf)]
            return ValueColumn(first.path, limits, _is_in, first.if_not_told)
        case Includes():
            limits = [condition.value for condition in _all(conditions, Includes)]
            return ValueColumn(first.path, limits, _includes, None)
        case Ongoing():
            limits = [ONGOING] * len(conditions)
            return ValueColumn(f"{first.event}.last", limits, _is_equal, None)
        case Between():
            return BetweenColumn(_all(conditions, Between))
        case Within():
            return WithinColumn(_all(conditions, Within))
    raise FormError(f"no columns for {type(first).__name__}")


def _all[Kind](conditions: Sequence[Any], kind: type[Kind]) -> list[Kind]:
    return [condition for condition in conditions if isinstance(condition, kind)]


def _is_in(limit: Any, value: Any) -> bool:
    return value in limit


def _includes(limit: Any, value: Any) -> bool:
    return limit in value


def _is_equal(limit: Any, value: Any) -> bool:
    return bool(value == limit)
