"""A turn's decision, timed: the matcher, a plain loop over all criteria, and SQL, on the same families."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.commands.families import MUMBLE, TODAY, Family
from bot.commands.planners import put, told_in
from bot.interview.model import Facts
from bot.interview.planner import choose, wanted
from bot.interview.priors import load_priors
from bot.interview.questions import Question
from criteria import Trial, assess
from criteria.matching import VERDICTS, Matcher
from criteria.standing import needed_paths
from scripts.match_bench.sql import SqlMatching, expressible

LOOP_JUDGEMENTS = 20_000
"""The loop and SQL take so many judgements of a trial at most; with more trials they take fewer turns."""


@dataclass
class Times:
    """What each turn took, in seconds."""

    turns: list[float] = field(default_factory=list)

    def milliseconds(self, share: float) -> float:
        """The shortest time that at least this share of the turns do not exceed; 1.0 is the longest."""
        ordered = sorted(self.turns)
        return 1000 * ordered[max(0, -(-round(share * 100) * len(ordered) // 100) - 1)]


@dataclass
class Measured:
    """One number of trials.

    criteria, rules  how many criteria with a rule the trials have together, and how many are different
    build_seconds    of the matcher; sql_build_seconds of the tables
    memory_mb        what the process grew by from before the matcher was built to after the last turn
    agree            how many verdicts of the matcher and of SQL were compared with the loop's: all were equal
    """

    trials: int
    criteria: int = 0
    rules: int = 0
    build_seconds: float = 0.0
    sql_build_seconds: float = 0.0
    memory_mb: float = 0.0
    agree: int = 0
    turn: Times = field(default_factory=Times)
    again: Times = field(default_factory=Times)
    loop: Times = field(default_factory=Times)
    sql: Times = field(default_factory=Times)


class Disagreement(Exception):
    """Two ways of matching came to different verdicts: no time of theirs means anything."""


def _timed[Result](times: Times, work: Callable[[], Result]) -> Result:
    begun = time.perf_counter()
    result = work()
    times.turns.append(time.perf_counter() - begun)
    return result


def memory_mb() -> float:
    """What the process holds in memory now; the most it ever held where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 1e6
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def decide(matcher: Matcher, facts: Facts) -> Question | None:
    """What one turn decides: where the trials stand, what is needed, and the next question."""
    standings = matcher.stand(facts, TODAY)
    candidates = wanted(standings.needed(), facts)
    return choose(candidates, facts, standings, matcher, TODAY, load_priors())


def turns(matcher: Matcher, families: int, seed: str, times: Times) -> Iterator[Facts]:
    """Leads so many families through their questions, timing each turn; gives the facts of each."""
    for number in range(families):
        family = Family(f"{seed}-{number}")
        facts: Facts = {"respondent": "parent"}
        while True:
            told = facts
            question = _timed(times, lambda told=told: decide(matcher, told))  # type: ignore[misc]
            yield facts
            if question is None:
                break
            text = MUMBLE
            while text == MUMBLE:
                text = family.answer(put(question, facts, load_priors()))
            facts = told_in(text, question, facts, TODAY)


def loop(trials: Sequence[Trial], facts: Facts) -> list[int]:
    """The plain way: every criterion of every trial, one after the other."""
    verdicts = []
    for trial in trials:
        assessment = assess(trial, facts, TODAY)
        needed_paths(trial, assessment, facts, TODAY)
        verdicts.append(VERDICTS.index(assessment.verdict))
    return verdicts


def measure(trials: Sequence[Trial], families: int, seed: int) -> Measured:
    """All three ways with these trials. Raises Disagreement where the verdicts are not the same."""
    measured = Measured(len(trials))
    gc.collect()
    before = memory_mb()
    begun = time.perf_counter()
    matcher = Matcher(trials)
    measured.build_seconds = time.perf_counter() - begun
    measured.criteria = sum(one.rule is not None for trial in trials for one in trial.criteria)
    measured.rules = matcher.rule_count
    # As a server should after its start: the catalogue is no garbage, and to look through it takes long.
    gc.collect()
    gc.freeze()
    seen = list(turns(matcher, families, str(seed), measured.turn))
    # The same families once more: how much of a turn what is kept of earlier ones saves.
    for _ in turns(matcher, families, str(seed), measured.again):
        pass
    measured.memory_mb = memory_mb() - before
    step = max(1, len(seen) * len(trials) // LOOP_JUDGEMENTS)
    some = seen[::step]
    for facts in some:
        plain = _timed(measured.loop, lambda facts=facts: loop(trials, facts))  # type: ignore[misc]
        _compare(plain, [int(code) for code in matcher.stand(facts, TODAY).verdicts], "the matcher", measured)
    gc.unfreeze()
    _with_sql([expressible(trial) for trial in trials], some, measured)
    return measured


def _with_sql(trials: Sequence[Trial], some: Sequence[Facts], measured: Measured) -> None:
    begun = time.perf_counter()
    tables = SqlMatching(trials)
    measured.sql_build_seconds = time.perf_counter() - begun
    for facts in some:
        found = _timed(measured.sql, lambda facts=facts: tables.verdicts(facts, TODAY))  # type: ignore[misc]
        _compare(loop(trials, facts), found, "SQL", measured)
    tables.close()


def _compare(plain: list[int], other: list[int], name: str, measured: Measured) -> None:
    wrong = sum(one != two for one, two in zip(plain, other, strict=True))
    if wrong:
        raise Disagreement(f"{name} and the plain loop differ on {wrong} of {len(plain)} trials")
    measured.agree += len(plain)
