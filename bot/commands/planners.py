"""`prescreen simulate --planners`: ways to choose the next question, compared on the same made-up families.

The families answer as facts, without the dialogue's words, read-backs or limit of questions: what is counted
is how many questions it takes until no trial's verdict can change any more. "Who is writing?" is asked of
everybody and is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from statistics import mean, median
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.commands.families import MUMBLE, TODAY, Family
from bot.commands.multiplying import multiplied
from bot.interview.lists import chosen_facts
from bot.interview.model import NOT_SURE, Facts
from bot.interview.planner import wanted
from bot.interview.priors import Priors, load_priors, told_by
from bot.interview.questions import DAY_FIELDS, Question, not_sure_about, with_field
from bot.interview.strategies import (
    AllOrders,
    Strategy,
    TooManyStates,
    at_random,
    fixed,
    most_even,
    planned,
)
from criteria import Trial, load_trial, trial_names
from criteria.facts import BRAIN, ONGOING
from criteria.matching import Matcher

WAYS = ("planner", "fixed order", "random order", "most even split")

FIRST = "NCT06848582"
"""The trial whose criteria the small sets name."""

SMALL_SETS = (
    ("I2", "I3", "E16"),
    ("I2", "E9", "E16", "E20"),
    ("I2", "I3", "E10", "E17"),
)
"""Criteria of a trial that are few enough to look at every order of asking."""
MOST_STATES = 1500


def put(question: Question, facts: Facts, priors: Priors) -> dict[str, Any]:
    """The question as a made-up family is shown it: what it asks, and the choices."""
    if question.items:
        choices = [item for item in question.items if item not in facts]
    elif question.field in DAY_FIELDS:
        choices = [NOT_SURE] if question.fact == BRAIN else [ONGOING]
    else:
        choices = list(priors.choices.get(question.id, ()))
    return {"asks": question.id, "choices": [{"payload": payload} for payload in choices]}


def told_in(text: str, question: Question, facts: Facts, today: date) -> Facts:
    """The facts after a made-up family answered the question."""
    items = [item for item in question.items if item not in facts]
    if text in ("not sure", NOT_SURE):
        told = not_sure_about(question, items, facts)
    elif question.id == "age":
        told = {"age": {"months": [12 * int(text), 12 * int(text) + 11]}}
    elif question.field in DAY_FIELDS:
        value = text if text == ONGOING else [text, text]
        told = {question.fact: with_field(facts.get(question.fact), question.fact, question.field, value)}
    else:
        told = chosen_facts(question, tuple(text.split(", ")), items, facts)
    return told_by(question, told, facts, today)


def questions_until_settled(family: Family, matcher: Matcher, strategy: Strategy, priors: Priors) -> int:
    """How many questions the family is asked until nothing is needed that can be asked.

    A question whose answer is not understood is put again, and counts again.
    """
    facts: Facts = {"respondent": "parent"}
    asked: set[str] = set()
    count = 0
    while True:
        standings = matcher.stand(facts, TODAY)
        candidates = [one for one in wanted(standings.needed(), facts) if one.id not in asked]
        if not candidates:
            return count
        question = strategy(candidates, facts, standings)
        asked.add(question.id)
        text = MUMBLE
        while text == MUMBLE:
            count += 1
            text = family.answer(put(question, facts, priors))
        facts = told_in(text, question, facts, TODAY)


def _files() -> list[Trial]:
    """All trial files, the project's first trial at their head."""
    names = sorted(trial_names(), key=lambda name: name != FIRST)
    return [load_trial(name).in_use(allow_unreviewed=True) for name in names]


def trial_sets() -> Iterator[tuple[str, list[Trial]]]:
    """The sets of trials that are compared, each with a name that says what it is made of."""
    trials = _files()
    yield f"1 trial ({trials[0].id})", trials[:1]
    if len(trials) >= 12:
        yield "11 trials (the files but the first)", trials[1:12]
    else:
        yield f"11 trials (made-up, out of {len(trials)})", multiplied(trials, 11, seed=1)
    yield f"100 trials (made-up, out of {len(trials)})", multiplied(trials, 100, seed=1)


def small_sets(trials: Sequence[Trial]) -> Iterator[tuple[str, list[Trial]]]:
    """Sets of few criteria, of one to three trials: the first file, and made-up ones after it."""
    for ids in SMALL_SETS:
        for count in (1, 2, 3):
            several = [trials[0], *multiplied(trials[:1], count - 1, seed=1)]
            cut = [
                replace(trial, criteria=tuple(one for one in trial.criteria if one.id in ids))
                for trial in several
            ]
            yield f"{', '.join(ids)} of {count}", cut


def strategies(matcher: Matcher, priors: Priors, seed: str) -> Mapping[str, Strategy]:
    """All ways to choose, by name."""
    planner, even = planned(matcher, TODAY, priors), most_even(matcher, TODAY, priors)
    return dict(zip(WAYS, (planner, fixed, at_random(seed), even), strict=True))


def compare_planners(families: int, seed: int, console: Console) -> None:
    """Prints both comparisons: over made-up families, and exactly where the question sets are small."""
    priors = load_priors()
    table = Table(
        title=f"Questions until all verdicts are settled, {families} made-up families (seed {seed})"
    )
    for heading in ("trials", "questions", *WAYS):
        table.add_column(heading, justify="left" if heading in ("trials", "questions") else "right")
    for name, trials in trial_sets():
        counts = _counts(trials, families, seed, priors, name)
        for what, of in (("mean", mean), ("median", median), ("most", max)):
            numbers = [f"{of(counts[way]):.2f}" if of is mean else f"{of(counts[way]):g}" for way in WAYS]
            table.add_row(name if of is mean else "", what, *numbers)
    console.print(table)
    console.print(exact_table(priors))
    console.print(
        f"Shares of answers: assumed, not counted, for {len(priors.assumed)} entries of priors.yml."
        if priors.assumed
        else "Shares of answers: all counted."
    )


def _counts(
    trials: Sequence[Trial], families: int, seed: int, priors: Priors, name: str
) -> dict[str, list[int]]:
    matcher = Matcher(trials)
    counts: dict[str, list[int]] = {way: [] for way in WAYS}
    for number in track(range(families), name, console=Console(stderr=True)):
        for way, strategy in strategies(matcher, priors, f"{seed}-{number}").items():
            family = Family(f"{seed}-{number}")
            counts[way].append(questions_until_settled(family, matcher, strategy, priors))
    return counts


def exact_table(priors: Priors) -> Table:
    """The small sets: the least expected number of questions, and what each way of choosing comes to."""
    table = Table(title="Small sets of criteria: expected questions, exactly, beside the least possible")
    for heading in ("criteria of trials", "least possible", *WAYS):
        table.add_column(heading, justify="left" if heading == "criteria of trials" else "right")
    for name, cut in small_sets(_files()):
        matcher = Matcher(cut)
        orders = AllOrders(matcher, TODAY, priors, MOST_STATES)
        facts: Facts = {"respondent": "parent"}
        try:
            least = orders.least(facts)
        except TooManyStates:
            table.add_row(name, "too many orders", *("" for _ in WAYS))
            continue
        numbers = []
        for way, strategy in strategies(matcher, priors, "").items():
            by_chance = way == "random order"
            numbers.append(
                orders.expected_at_random(facts) if by_chance else orders.expected(strategy, facts)
            )
        table.add_row(name, f"{least:.3f}", *(f"{number:.3f}" for number in numbers))
    return table
