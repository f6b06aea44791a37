"""Bringing new facts together with those told before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.interview.model import NOT_SURE, Facts
from bot.interview.questions import RECENT_DAYS, denied
from criteria import FactError, check_facts
from criteria.facts import BRAIN, EVENTS

_LONG_AGO = 100 * 365


def merge(facts: Facts, told: Facts, today: date) -> tuple[Facts, list[str]]:
    """The facts after ``told``, and the names of those whose known value changed.

    A later answer overrides an earlier one; "not sure" stands where nothing was known.
    What the vocabulary cannot hold is left out, as if it had not been told.
    """
    merged, changed = dict(facts), []
    for name, value in told.items():
        after = _merge_value(name, facts.get(name), value)
        try:
            after = check_facts({name: after}, today)[name]
        except FactError:
            continue
        before = facts.get(name)
        if before is not None and before != NOT_SURE and _contradicts(before, after):
            changed.append(name)
        merged[name] = after
    return _consequences(merged, told), changed


def _merge_value(name: str, before: Any, told: Any) -> Any:
    both = isinstance(before, Mapping) and isinstance(told, Mapping)
    if not both or (name not in EVENTS and name not in (BRAIN, "diagnosis")):
        return told
    if name == "diagnosis":
        if told.get("id", NOT_SURE) == NOT_SURE and told.get("arises_in", NOT_SURE) != NOT_SURE:
            return {**before, "arises_in": told["arises_in"]}
        if told.get("id") == before.get("id"):
            return {**before, **told}
        return told
    if told.get("had") != "yes" or before.get("had") == "no":
        return told
    return {**before, **told}


def _contradicts(before: Any, after: Any) -> bool:
    """Whether something known was replaced, and not only added to."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return any(known != NOT_SURE and after.get(field) != known for field, known in before.items())
    return bool(before != after)


def _consequences(facts: Facts, told: Facts) -> Facts:
    """What one fact says of another: a nitrosourea is chemotherapy too; what was told last counts."""
    nitrosourea, chemotherapy = facts.get("nitrosourea"), facts.get("chemotherapy")
    if isinstance(nitrosourea, dict) and nitrosourea.get("had") == "yes":
        if denied(chemotherapy) and "nitrosourea" not in told:
            facts["nitrosourea"] = {"had": "no"}
        elif chemotherapy is None or denied(chemotherapy):
            facts["chemotherapy"] = {"had": "yes"}
    return facts


def birth(facts: Facts, today: date) -> date | None:
    """The earliest day on which the patient can have been born, from the age; None if not known."""
    age = facts.get("age")
    if not isinstance(age, dict):
        return None
    months = age["months"][1] + 1
    return today - timedelta(days=round(months * 30.44) + 2)


def drop_before_birth(told: Facts, facts: Facts, today: date) -> tuple[Facts, bool]:
    """``told`` without days that lie wholly before birth, and whether there were any."""
    born = birth({**facts, **told}, today)
    if born is None:
        return told, False
    kept, dropped = {}, False
    for name, value in told.items():
        last = value.get("last") if isinstance(value, dict) else None
        if isinstance(last, list) and date.fromisoformat(last[1]) < born:
            value, dropped = {key: part for key, part in value.items() if key != "last"}, True
        kept[name] = value
    return kept, dropped


def settle_surgery(facts: Facts, today: date) -> Facts:
    """What the list of the last 5 weeks says of the operation on the tumour.

    No operation in those weeks, or only a small one: the one on the tumour lies before
    them. A bigger one on a known day: the one on the tumour lies no later.
    """
    surgery, other = facts.get("surgery"), facts.get("other_surgery")
    if not isinstance(surgery, dict) or surgery.get("had") != "yes" or "last" in surgery:
        return facts
    first = birth(facts, today) or today - timedelta(days=_LONG_AGO)
    before_the_weeks = today - timedelta(days=RECENT_DAYS + 1)
    if other == NOT_SURE or not isinstance(other, dict) or other.get("had") == NOT_SURE:
        return {**facts, "surgery": {**surgery, "last": NOT_SURE}} if other is not None else facts
    if other["had"] == "no" or other.get("kind") == "minor":
        latest = before_the_weeks
    elif isinstance(other.get("last"), list):
        latest = date.fromisoformat(other["last"][1])
    elif "last" in other:
        return {**facts, "surgery": {**surgery, "last": NOT_SURE}}
    else:
        return facts
    interval = [min(first, latest).isoformat(), latest.isoformat()]
    return {**facts, "surgery": {**surgery, "last": interval}}
