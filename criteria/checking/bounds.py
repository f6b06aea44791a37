"""Bounds that are missing, reversed, or not what the text says: ages, washouts, scores of activity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import yaml

from criteria.checking.ages import AgeLimit, age_limits
from criteria.checking.defects import Defect
from criteria.checking.possible import leaves
from criteria.checking.trial_file import TrialFile, cases_of
from criteria.conditions import Between, Every, Not, Some, Within
from criteria.judging import Condition
from criteria.trial import Criterion, Rule

REVERSED, AGE, WASHOUT, SCORE = "reversed bounds", "age", "washout", "activity"

_SCALE = re.compile(r"karnofsky|lansky", re.IGNORECASE)
_SCORE = re.compile(r"(?:≥|>=|at least|of)\s*(\d{2,3})\b(?!\s*(?:years?|months?))", re.IGNORECASE)
_TIME = re.compile(r"(\d+|one|two|three|four|six|twelve)[\s-]*(day|week|month|year)s?\b", re.IGNORECASE)
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "twelve": 12}
Time = tuple[str, int]


def bounds(file: TrialFile) -> Iterator[Defect]:
    """Everything about the numbers of a trial's rules that does not hold together."""
    yield from _reversed(file)
    for criterion in file.trial.criteria:
        yield from _ages(file, criterion)
        if criterion.rule is not None:
            yield from _washouts(file, criterion, criterion.rule)
            yield from _scores(file, criterion, criterion.rule)
    yield from _age_limit(file)


def _reversed(file: TrialFile) -> Iterator[Defect]:
    for where, node in file.nodes():
        if isinstance(node, yaml.MappingNode):
            told = {key.value: value.value for key, value in node.value if isinstance(value, yaml.ScalarNode)}
            least, most = told.get("at_least", ""), told.get("at_most", "")
            if least.isdigit() and most.isdigit() and int(least) > int(most):
                id_ = where.split(".")[1]
                text = f"at_least {least} is above at_most {most}"
                yield file.defect(where, "error", REVERSED, text, (id_,))


def first_too_old(rule: Rule) -> frozenset[int]:
    """The first months of age that a rule rules out as too old, by age alone.

    Where the source contradicts itself, these lie above the last age at which the rule is met.
    """
    return frozenset(month for case in rule.not_met for upper, month in _excluded(case.when) if upper)


def _rule_limits(rule: Rule) -> Iterator[tuple[bool, int]]:
    """The limits of age of a rule: upper or lower, and the month of age at which it turns."""
    for case in (*rule.not_met, *rule.not_yet):
        yield from _excluded(case.when)
    parts = rule.met.when.parts if isinstance(rule.met.when, Every) else (rule.met.when,)
    for part in parts if rule.not_met or rule.not_yet else ():
        yield from _allowed(part)


def _excluded(condition: Condition) -> Iterator[tuple[bool, int]]:
    if isinstance(condition, Between) and condition.path == "age.months":
        if condition.at_least is not None:
            yield True, condition.at_least
        elif condition.at_most is not None:
            yield False, condition.at_most + 1
    elif isinstance(condition, Some):
        for part in condition.parts:
            yield from _excluded(part)
    elif isinstance(condition, Not):
        yield from _allowed(condition.part)


def _allowed(condition: Condition) -> Iterator[tuple[bool, int]]:
    if isinstance(condition, Between) and condition.path == "age.months":
        if condition.at_least is not None:
            yield False, condition.at_least
        if condition.at_most is not None:
            yield True, condition.at_most + 1


def _limits_of(criterion: Criterion) -> list[AgeLimit]:
    """The limits of age in a criterion's words. What an exclusion says is turned: it says who is out."""
    said = age_limits(criterion.source)
    return [replace(one, upper=not one.upper) for one in said] if criterion.id.startswith("E") else said


def _ages(file: TrialFile, criterion: Criterion) -> Iterator[Defect]:
    said, base = _limits_of(criterion), f"criteria.{criterion.id}"
    if criterion.rule is None:
        for limit in said:
            text = f'the source names an age ("{limit.words}"), and no rule asks for it'
            yield file.defect(f"{base}.source", "to settle", AGE, text, (criterion.id,), at=limit.words)
        return
    ruling_out = (*criterion.rule.not_met, *criterion.rule.not_yet)
    excluded = [pair for case in ruling_out for pair in _excluded(case.when)]
    held = {*_rule_limits(criterion.rule), *_all_age_bounds(criterion.rule)}
    for limit in said:
        turns = {month for upper, month in held if upper == limit.upper}
        if not turns:
            text = f'the source says "{limit.words}", and the rule has no such bound on age'
            yield file.defect(f"{base}.source", "to settle", AGE, text, (criterion.id,), at=limit.words)
        elif not turns & limit.turns:
            text = f'the source says "{limit.words}", the rule turns at {_listed(turns)} months of age'
            yield file.defect(f"{base}.rule", "to settle", AGE, text, (criterion.id,))
    for upper, month in sorted(set(excluded)):
        if not any(limit.upper == upper for limit in said):
            way = "too old from" if upper else "too young below"
            text = f"the rule says {way} {month} months of age, and the source has no such limit"
            yield file.defect(f"{base}.rule", "to settle", AGE, text, (criterion.id,))
    yield from _age_words(file, criterion, criterion.rule)


def _all_age_bounds(rule: Rule) -> Iterator[tuple[bool, int]]:
    """Bounds on age that stand beside other conditions of the met case."""
    for leaf in leaves(rule.met.when):
        yield from _allowed(leaf)


def _age_words(file: TrialFile, criterion: Criterion, rule: Rule) -> Iterator[Defect]:
    """What families are told when age alone rules them out."""
    for group, where, case in cases_of(criterion):
        told = {month for upper, month in _excluded(case.when) if upper} if group == "not_met" else set()
        for limit in age_limits(case.family or ""):
            if told and limit.upper and not told & limit.turns:
                text = f'families are told "{limit.words}", the rule turns at {_listed(told)} months of age'
                yield file.defect(f"{where}.family", "to settle", AGE, text, (criterion.id,))


def _age_limit(file: TrialFile) -> Iterator[Defect]:
    trial = file.trial
    ends: dict[int, str] = {}
    for criterion in trial.criteria:
        if criterion.rule is not None:
            ends |= dict.fromkeys(first_too_old(criterion.rule), criterion.id)
    limit = trial.age_limit_months
    if ends and limit != min(ends):
        id_ = ends[min(ends)]
        text = f"age_limit_months is {limit or 'missing'}, the rule of {id_} rules out from {min(ends)} on"
        yield file.defect("age_limit_months", "error", AGE, text, (id_,))
    elif limit is not None and not ends:
        text = f"age_limit_months is {limit}, and no rule has an upper limit of age"
        yield file.defect("age_limit_months", "error", AGE, text)
    first_out = limit if limit is not None else min(ends, default=None)
    if first_out is None:
        return
    for where, text_said in _plain_texts(file):
        for said in age_limits(text_said):
            if _is_upper(where, said) and first_out not in said.turns:
                text = f'it says "{said.words}", the limit is {first_out} months of age'
                yield file.defect(where, "to settle", AGE, text, words=(said.words,), at=said.words)


def _plain_texts(file: TrialFile) -> Iterator[tuple[str, str]]:
    trial = file.trial
    yield from (("official_title", trial.official_title), ("title", trial.title), ("summary", trial.summary))
    yield from trial.study.texts()


def _is_upper(where: str, said: AgeLimit) -> bool:
    # "19 or older", told of those whom the study is not for, is its upper limit.
    return not said.upper if where.startswith("study.not_for") else said.upper


def _washouts(file: TrialFile, criterion: Criterion, rule: Rule) -> Iterator[Defect]:
    waits: dict[Time, str] = {}
    for _, where, case in cases_of(criterion):
        for leaf in leaves(case.when):
            if isinstance(leaf, Within):
                waits.setdefault(
                    _same_time(leaf.washout.days, leaf.washout.months, leaf.washout.years), where
                )
    said = {_time(match[1], match[2]): match[0] for match in _TIME.finditer(criterion.source)}
    for time, where in waits.items():
        if time not in said:
            text = f"the rule waits {time[1]} {time[0]}s, and the source does not name that time"
            yield file.defect(where, "to settle", WASHOUT, text, (criterion.id,))
    for time, words in said.items():
        if waits and time not in waits:
            text = f'the source says "{words}", and no case of the rule waits so long'
            yield file.defect(
                f"criteria.{criterion.id}.source", "to settle", WASHOUT, text, (criterion.id,), at=words
            )


def _time(number: str, unit: str) -> Time:
    count = int(number) if number.isdigit() else _NUMBERS[number.lower()]
    unit = unit.lower()
    if unit == "week":
        return _same_time(count * 7, 0, 0)
    return _same_time(*(count if unit == one else 0 for one in ("day", "month", "year")))


def _same_time(days: int, months: int, years: int) -> Time:
    """A time in days, or in months; a year is 12 months."""
    return ("day", days) if days else ("month", months + 12 * years)


def _scores(file: TrialFile, criterion: Criterion, rule: Rule) -> Iterator[Defect]:
    if not _SCALE.search(criterion.source):
        return
    said = {int(number) for number in _SCORE.findall(criterion.source)}
    held = {
        leaf.at_least
        for leaf in leaves(rule.met.when)
        if isinstance(leaf, Between) and leaf.path == "activity.score" and leaf.at_least is not None
    }
    if said and not said & held:
        asks = f"asks for {_listed(held)}" if held else "has no such bound"
        text = f"the source says a score of {_listed(said)}, the rule {asks}"
        yield file.defect(f"criteria.{criterion.id}.rule.met", "to settle", SCORE, text, (criterion.id,))


def _listed(numbers: set[int]) -> str:
    return " or ".join(str(number) for number in sorted(numbers))
