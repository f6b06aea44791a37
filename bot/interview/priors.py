"""How often families give which answer, and what each answer would tell.

The shares stand in ``priors.yml``, where each says whether it was counted or only assumed. They decide which
question comes first, never what a verdict is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from heapq import heappop, heappush
from math import exp
from pathlib import Path
from statistics import NormalDist
from typing import Any, NamedTuple

import yaml

from bot.interview.merging import merge, settle_surgery
from bot.interview.model import Facts
from bot.interview.questions import (
    DAY_FIELDS,
    Question,
    choice_told,
    item_denied,
    item_told,
    not_sure_about,
    with_field,
)
from criteria.facts import BRAIN, ONGOING

PRIORS = Path(__file__).parent / "priors.yml"
ASSUMED, COUNTED = "assumed", "counted"

MOST_ANSWERS = 24
"""So many answers to a list are thought through, the most likely ones."""

DAY_STEPS = 5
"""Into so many equally likely stretches the time since something happened is divided."""


class PriorsError(ValueError):
    """A file of priors that cannot be used; the message says why."""


class Answer(NamedTuple):
    """One possible answer: how likely it is, and the facts after it."""

    share: float
    facts: Facts


@dataclass(frozen=True)
class Priors:
    """What is reckoned with.

    not_sure, unclear  the share of answers that are "I don't know", and that are not understood
    years              the least and the most whole years of age
    choices            by question, the share of each choice; together 1
    items              by list, the share of families who tick each item
    log_mean, log_deviation  of the days since the last day of something
    ongoing            the share of those for whom it still goes on
    assumed            what of all this was not counted: names of questions, and the words of the file
    """

    not_sure: float
    unclear: float
    years: tuple[int, int]
    choices: Mapping[str, Mapping[str, float]]
    items: Mapping[str, Mapping[str, float]]
    log_mean: float
    log_deviation: float
    ongoing: float
    assumed: frozenset[str]

    def days_ago(self) -> Iterator[int]:
        """The middle of each of some equally likely stretches of time."""
        normal = NormalDist(self.log_mean, self.log_deviation)
        for step in range(DAY_STEPS):
            yield int(exp(normal.inv_cdf((step + 0.5) / DAY_STEPS)))

    def learned(self, question: str, counts: Mapping[str, int | None], weight: float = 30.0) -> Priors:
        """The priors with a question's shares moved to what a site counted, by answer.

        What is assumed weighs as much as ``weight`` answers, so that few answers move little. None is a
        number that was kept back because it is small (``bot.leads.suppression``): it counts as what would be
        expected of it, but never as more than 9. An answer that has no count at all is one kept back too.
        For a list the counts are those of ticked items, and ``all`` is the number of families who answered.

        Raises PriorsError for a question without shares.
        """
        if question in self.items:
            whole = counts.get("all")
            if whole is None:
                return self
            shares = {
                item: (weight * share + _expected(counts.get(item), share * whole)) / (weight + whole)
                for item, share in self.items[question].items()
            }
            return replace(self, items={**self.items, question: shares}, assumed=self.assumed - {question})
        if question not in self.choices:
            raise PriorsError(f"there are no shares of {question}")
        before = self.choices[question]
        told = {choice: number for choice in before if (number := counts.get(choice)) is not None}
        if not told:
            return self
        known = sum(before[choice] for choice in told) or 1.0
        scale = sum(told.values()) / known
        numbers = {
            choice: weight * share + _expected(counts.get(choice), share * scale)
            for choice, share in before.items()
        }
        shares = {choice: number / sum(numbers.values()) for choice, number in numbers.items()}
        return replace(self, choices={**self.choices, question: shares}, assumed=self.assumed - {question})


def _expected(count: int | None, expected: float) -> float:
    return min(9.0, expected) if count is None else float(count)


@cache
def load_priors(path: Path = PRIORS) -> Priors:
    """The priors in a file. Raises PriorsError where something lacks or is no share."""
    try:
        root = yaml.safe_load(path.read_text(encoding="utf-8"))
        choices = {name: _shares(name, entry) for name, entry in root["choices"].items()}
        items = {name: {i: float(s) for i, s in e["items"].items()} for name, e in root["lists"].items()}
        entries = {
            **root["choices"],
            **root["lists"],
            **{name: root[name] for name in ("not_sure", "unclear", "age", "days")},
        }
        wrong = [name for name, entry in entries.items() if entry["basis"] not in (ASSUMED, COUNTED)]
        age, days = root["age"], root["days"]
        priors = Priors(
            not_sure=float(root["not_sure"]["share"]),
            unclear=float(root["unclear"]["share"]),
            years=(int(age["least_years"]), int(age["most_years"])),
            choices=choices,
            items=items,
            log_mean=float(days["log_mean"]),
            log_deviation=float(days["log_deviation"]),
            ongoing=float(days["ongoing"]),
            assumed=frozenset(name for name, entry in entries.items() if entry["basis"] == ASSUMED),
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise PriorsError(f"{path.name}: {error!r}") from error
    shares = [share for part in (*choices.values(), *items.values()) for share in part.values()]
    if wrong or not all(0 <= share <= 1 for share in (*shares, priors.not_sure, priors.ongoing)):
        raise PriorsError(f"{path.name}: a share lies between 0 and 1; basis is assumed or counted: {wrong}")
    return priors


def _shares(name: str, entry: Mapping[str, Any]) -> dict[str, float]:
    if "equally" in entry:
        return {choice: 1 / len(entry["equally"]) for choice in entry["equally"]}
    shares = {choice: float(share) for choice, share in entry["shares"].items()}
    if abs(sum(shares.values()) - 1) > 1e-6:
        raise ValueError(f"the shares of {name} are not 1 together")
    return shares


def told_by(question: Question, told: Facts, facts: Facts, today: date) -> Facts:
    """The facts after ``told`` answered the question."""
    merged, _ = merge(facts, told, today)
    return settle_surgery(merged, today) if question.id == "recent_events" else merged


def answers(question: Question, facts: Facts, today: date, priors: Priors) -> list[Answer]:
    """The answers that are thought through, each with the facts after it; the shares make 1 together.

    A question whose shares nobody gave has "I don't know" as its only answer.
    """
    sure = list(_sure(question, facts, today, priors))
    whole = sum(share for share, _ in sure)
    certain = 1 - priors.not_sure if sure else 0.0
    found = [
        Answer(certain * share / whole, told_by(question, told, facts, today))
        for share, told in sure
        if share
    ]
    items = tuple(item for item in question.items if item not in facts)
    unsure = told_by(question, not_sure_about(question, items, facts), facts, today)
    return [*found, Answer(1 - certain, unsure)]


def _sure(question: Question, facts: Facts, today: date, priors: Priors) -> Iterator[tuple[float, Facts]]:
    if question.id == "age":
        for years in range(priors.years[0], priors.years[1] + 1):
            yield 1.0, {"age": {"months": [12 * years, 12 * years + 11]}}
    elif question.items:
        items = [item for item in question.items if item not in facts]
        shares = priors.items.get(question.id, {})
        for share, ticked in _likely_ticks([shares.get(item, 0.5) for item in items]):
            yield (
                share,
                {
                    item: item_told(item) if place in ticked else item_denied(item)
                    for place, item in enumerate(items)
                },
            )
    elif question.field in DAY_FIELDS:
        told: list[tuple[float, Any]] = []
        for ago in priors.days_ago():
            day = (today - timedelta(days=ago)).isoformat()
            told.append(((1 - priors.ongoing) / DAY_STEPS, [day, day]))
        if question.fact != BRAIN:
            told.append((priors.ongoing, ONGOING))
        for share, value in told:
            yield (
                share,
                {question.fact: with_field(facts.get(question.fact), question.fact, question.field, value)},
            )
    else:
        for payload, share in priors.choices.get(question.id, {}).items():
            yield share, choice_told(question, payload, facts)


def _likely_ticks(shares: Sequence[float]) -> Iterator[tuple[float, frozenset[int]]]:
    """The most likely ways to tick a list, the likeliest first; shares are of ticking each item by itself."""
    likelier = frozenset(place for place, share in enumerate(shares) if share > 0.5)
    likelihood = 1.0
    for share in shares:
        likelihood *= max(share, 1 - share)
    odds = sorted(
        (min(share, 1 - share) / max(share, 1 - share), place) for place, share in enumerate(shares)
    )[::-1]
    # Turning an answer round makes a way less likely by its odds; ways are built from the likeliest on.
    waiting: list[tuple[float, tuple[int, ...]]] = [(-likelihood, ())]
    for _ in range(MOST_ANSWERS):
        if not waiting:
            return
        less, turned = heappop(waiting)
        yield -less, likelier ^ frozenset(odds[at][1] for at in turned)
        last = turned[-1] if turned else -1
        if last + 1 < len(odds):
            heappush(waiting, (less * odds[last + 1][0], (*turned, last + 1)))
            if turned and odds[last][0]:
                heappush(waiting, (less / odds[last][0] * odds[last + 1][0], (*turned[:-1], last + 1)))
