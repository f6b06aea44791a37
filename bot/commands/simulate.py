"""`prescreen simulate`: how many questions made-up families are asked, and how they end.

The families are invented from a seed: how often a treatment or an illness occurs among
them is assumed, not measured. What the numbers show is the interview, not the world.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.interview import Incoming, Reply, SiteInfo, World, respond
from bot.interview.plan import MOST_QUESTIONS
from bot.interview.questions import BY_ID, DAY_FIELDS
from bot.texts import load_texts
from criteria import load_trial, trial_names
from criteria.facts import LISTS, RECENT_EVENTS, TREATMENTS
from criteria.matching import Matcher

TODAY = date(2026, 11, 22)
TREATMENT_SHARE = dict(zip(TREATMENTS, (0.65, 0.85, 0.5, 0.15, 0.15, 0.1), strict=True))
RECENT_SHARE = dict(zip(RECENT_EVENTS, (0.15, 0.15, 0.08, 0.03, 0.1, 0.03), strict=True))
HEALTH_SHARE = 0.03
COURSE_SHARE = {
    "relapsed": 0.4,
    "refractory": 0.15,
    "high_risk": 0.2,
    "newly_diagnosed": 0.1,
    "standard_risk": 0.1,
    "metastatic": 0.05,
}
ONGOING_SHARE = 0.12
LONGEST_WAY = {
    "diagnosis": "ewing_sarcoma",
    "diagnosis.arises_in": "soft_tissue",
    "gvhd": "no",
    "stem_cell_transplant.kind": "donor",
}
"""The answers that lead to the most questions, for the families that tick everything."""
NOT_SURE_SHARE = 0.05
UNCLEAR_SHARE = 0.03
MUMBLE = "well it is a long story"


class Family:
    """One made-up family: what is so, and how it answers.

    All of it follows from the seed, question by question: whatever else is asked, the same
    question gets the same answer, so that a family never contradicts itself.
    """

    def __init__(self, seed: str, thorough: bool = False) -> None:
        self.seed = seed
        self.thorough = thorough
        self.put: Counter[str] = Counter()

    def answer(self, question: dict[str, Any]) -> str:
        """What the family says to a question as the API shows it."""
        asks = question["asks"]
        self.put[asks] += 1
        if asks == "confirm":
            sure = self.thorough or self._chance(f"confirm-{self.put[asks]}").random() < 1 - NOT_SURE_SHARE
            return "yes" if sure else "not_sure"
        if not self.thorough and asks != "respondent":
            dice = self._chance(f"mood-{asks}-{self.put[asks]}").random()
            if dice < NOT_SURE_SHARE:
                return "not sure"
            if dice < NOT_SURE_SHARE + UNCLEAR_SHARE:
                return MUMBLE
        return self.told(question)

    def told(self, question: dict[str, Any]) -> str:
        """What is so, as an answer to the question."""
        asks, offered = question["asks"], [choice["payload"] for choice in question["choices"]]
        chance = self._chance(asks)
        if asks == "age":
            return str(chance.randint(5, 18) if self.thorough else chance.randint(1, 20))
        if asks in LISTS:
            return ", ".join(item for item in LISTS[asks] if item in offered and self._has(item)) or "none"
        if asks == "disease_course":
            course = chance.choices(tuple(COURSE_SHARE), tuple(COURSE_SHARE.values()))[0]
            return "relapsed" if self.thorough else course
        if BY_ID[asks].field in DAY_FIELDS and chance.random() > ONGOING_SHARE:
            days = 10 if self.thorough else int(chance.lognormvariate(3.6, 1.2))
            return (TODAY - timedelta(days=days)).isoformat()
        return self._pick(asks, offered)

    def _chance(self, of: str) -> random.Random:
        return random.Random(f"{self.seed}-{of}")

    def _has(self, item: str) -> bool:
        share = TREATMENT_SHARE.get(item, RECENT_SHARE.get(item, HEALTH_SHARE))
        return self.thorough or self._chance(item).random() < share

    def _pick(self, asks: str, offered: list[str]) -> str:
        wanted = LONGEST_WAY.get(asks) if self.thorough else None
        sure = [payload for payload in offered if payload != "not_sure"] or offered
        return wanted if wanted in offered else sure[0] if self.thorough else self._chance(asks).choice(sure)


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


def simulation_world(trial: str) -> World:
    """The world of the simulation: a fixed day and a site that has told nothing about itself."""
    return World(TODAY, Matcher((load_trial(trial),)), SiteInfo("Demo site"), load_texts("en"))


def simulate_command(
    families: Annotated[int, typer.Option(min=1, help="How many families to make up.")] = 2000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same families.")] = 1,
    trial: Annotated[str, typer.Option(help="The trial's registry number.")] = "NCT06848582",
) -> None:
    """Lead made-up families through the interview and print how many questions they were asked."""
    if trial not in trial_names():
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
