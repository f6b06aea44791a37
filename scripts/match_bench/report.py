"""The numbers as a page of the docs: a table, a curve, the machine and the command."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from string import Template
from typing import Any

from scripts.match_bench.measuring import Measured

_PAGE = Path(__file__).parent / "page.md"
_WIDE = 60


def page(
    results: Sequence[Measured], machine: Mapping[str, Any], command: str, made_of: str, families: int
) -> str:
    """docs/performance.md, whole: ``page.md`` with the numbers of this run."""
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(
        machine,
        command=command,
        made_of=made_of,
        families=families,
        table="\n".join(_table(results)),
        curve="\n".join(_curve(results)),
        growth=_growth(results),
        agree=f"{sum(one.agree for one in results):,}",
    )


def _table(results: Sequence[Measured]) -> list[str]:
    def row(name: str, values: Sequence[str]) -> str:
        return f"| {name} | {' | '.join(values)} |"

    def times(name: str) -> list[str]:
        shown = []
        for one in results:
            all_times = getattr(one, name)
            shown.append(" / ".join(_ms(all_times.milliseconds(share)) for share in (0.5, 0.95, 1.0)))
        return shown

    return [
        row("trials", [f"{one.trials:,}" for one in results]),
        f"|{'---|' * (len(results) + 1)}",
        row("criteria with a rule; different ones", [f"{one.criteria:,}; {one.rules:,}" for one in results]),
        row("turns measured", [f"{len(one.turn.turns):,}" for one in results]),
        row("**matcher, a turn: p50 / p95 / most, ms**", times("turn")),
        row("matcher, again", times("again")),
        row("plain loop, a turn", times("loop")),
        row("SQL, a turn (verdicts only)", times("sql")),
        row("turns of the loop and of SQL", [f"{len(one.loop.turns):,}" for one in results]),
        row("building the matcher, s", [f"{one.build_seconds:.2f}" for one in results]),
        row("building the tables, s", [f"{one.sql_build_seconds:.2f}" for one in results]),
        row("memory of the matcher, MB", [f"{one.memory_mb:.0f}" for one in results]),
    ]


def _ms(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def _curve(results: Sequence[Measured]) -> list[str]:
    """The p95 of each way, on a scale on which each step to the right is ten times as long."""
    ways = (("matcher", "turn"), ("plain loop", "loop"), ("SQL", "sql"))
    points = [
        (one.trials, name, getattr(one, way).milliseconds(0.95)) for name, way in ways for one in results
    ]
    low = math.floor(math.log10(min(ms for _, _, ms in points)))
    high = max(low + 1, math.ceil(math.log10(max(ms for _, _, ms in points))))
    lines = ["```text", "a turn, p95; each step of the scale is ten times as long", ""]
    for name, _ in ways:
        for trials, of, ms in points:
            if of == name:
                length = max(1, round(_WIDE * (math.log10(ms) - low) / (high - low)))
                lines.append(f"{name:<10} {trials:>7,} {'#' * length} {_ms(ms)} ms")
        lines.append("")
    return [*lines[:-1], "```"]


def _growth(results: Sequence[Measured]) -> str:
    """How the time grows from step to step, as a power of the number of trials: 1 is linear."""
    shown = []
    for less, more in pairwise(results):
        ratio = more.turn.milliseconds(0.95) / less.turn.milliseconds(0.95)
        power = math.log(ratio) / math.log(more.trials / less.trials)
        shown.append(f"from {less.trials:,} to {more.trials:,} trials {ratio:.1f} times (power {power:.2f})")
    if not shown:
        return "One number of trials tells nothing of growth."
    return f"The matcher's p95 grows {'; '.join(shown)}. A power of 1 would be linear."
