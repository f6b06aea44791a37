"""`prescreen simulate`: how many questions made-up families are asked, and how they end.

The families are invented from a seed: how often a treatment or an illness occurs among
them is assumed, not measured (``bot/interview/priors.yml``). What the numbers show is the interview,
not the world.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.commands.families import TODAY, Family
from bot.commands.planners import compare_planners
from bot.interview import Incoming, Reply, SiteInfo, World, respond
from bot.interview.plan import MOST_QUESTIONS
from bot.texts import load_texts
from criteria import load_trial, trial_names
from criteria.matching import Matcher


@dataclass(frozen=True)
class Outcome:
    """How one family fared."""

    questions: int
    verdict: str
    asked: tuple[str, ...]


def interview(family: Family, world: World) -> Outcome:
    """Leads one family through the whole interview.

    Raises RuntimeError where the interview does not come to an end.
    """
    reply: Reply = respond(Incoming("", opening=True), {}, None, world)
    asked: list[str] = []
    for _ in range(MOST_QUESTIONS * 3):
        question = reply.messages[-1]
        if question["kind"] != "question":
            verdict = reply.state["verdict"]
            return Outcome(len(asked), verdict["verdict"] if verdict else reply.state["phase"], tuple(asked))
        asked.append(question["asks"])
        reply = respond(Incoming(family.answer(question)), reply.facts, reply.memory, world)
    raise RuntimeError(f"the interview does not end: {asked}")


def outcomes(count: int, seed: int, world: World) -> Iterator[Outcome]:
    """The outcomes of so many made-up families; the same seed gives the same families.

    Every hundredth family ticks everything there is to tick: the longest way through.
    """
    for number in range(count):
        yield interview(Family(f"{seed}-{number}", thorough=number % 100 == 99), world)


def percentile(values: list[int], share: float) -> int:
    """The smallest value that at least this share of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


ALL = "all"
"""Stands for all trial files at once."""


def simulation_world(trial: str) -> World:
    """The world of the simulation: a fixed day and a site that has told nothing about itself."""
    names = trial_names() if trial == ALL else [trial]
    matcher = Matcher([load_trial(name).in_use(allow_unreviewed=True) for name in names])
    return World(TODAY, matcher, SiteInfo("Demo site"), load_texts("en"))


def simulate_command(
    families: Annotated[int, typer.Option(min=1, help="How many families to make up.")] = 2000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same families.")] = 1,
    trial: Annotated[str, typer.Option(help="The trial's registry number.")] = "NCT06848582",
    planners: Annotated[
        bool, typer.Option("--planners", help="Compare ways to choose the next question, for many trials.")
    ] = False,
) -> None:
    """Lead made-up families through the interview and print how many questions they were asked."""
    if planners:
        compare_planners(families, seed, Console())
        return
    if trial not in (ALL, *trial_names()):
        raise typer.BadParameter(f"no trial {trial!r}; there are: {', '.join(trial_names())}")
    console = Console()
    world = simulation_world(trial)
    run = outcomes(families, seed, world)
    results = list(
        track(run, "Leading families through the interview", families, console=Console(stderr=True))
    )
    table = Table(title=f"Questions asked of {families} made-up families (seed {seed})")
    for heading in ("verdict", "families", "share", "median", "95 in 100", "most"):
        table.add_column(heading, justify="left" if heading == "verdict" else "right")
    by_verdict = Counter(result.verdict for result in results)
    for verdict in ["all", *sorted(by_verdict)]:
        counts = [r.questions for r in results if verdict in ("all", r.verdict)]
        share = f"{100 * len(counts) / len(results):.0f} %"
        row = (
            str(len(counts)),
            share,
            f"{median(counts):g}",
            str(percentile(counts, 0.95)),
            str(max(counts)),
        )
        table.add_row(verdict, *row)
    console.print(table)
    spread = Counter(result.questions for result in results)
    widest = max(spread.values())
    for number in range(min(spread), max(spread) + 1):
        bar = "#" * round(50 * spread[number] / widest)
        console.print(f"{number:>3} questions {spread[number]:>6} {bar}", highlight=False)
