"""The tables at the end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from .families import MOST_SECONDS, PAUSE, Level

if TYPE_CHECKING:
    from .__main__ import Run


def show(runs: list[Run], on: dict[str, Any]) -> None:
    """All that was measured, on standard output."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=110)
    console.print(_borders(runs))
    for run in runs:
        console.print(_levels(run))
        for name, value in run.told.items():
            console.print(f"{name}: {value}", highlight=False)
        for what, number in sum((level.failed for level in run.levels), Counter[str]()).items():
            console.print(f"failed: {number} times: {what}", highlight=False, markup=False)
    console.print(f"{on['day']}, {on['cores']} cores, {on['processor']}.", highlight=False)
    if on["load_before"] > on["cores"] / 4:
        console.print(
            f"Others were using the machine (load {on['load_before']:.1f} before the start): "
            "compare the columns, but don't quote the numbers.",
            highlight=False,
        )


def _borders(runs: list[Run]) -> Table:
    shown = Table(title=f"One message per {PAUSE:.0f} s and family; p95 under {MOST_SECONDS:.0f} s")
    shown.add_column("")
    for run in runs:
        shown.add_column(run.title, justify="right")
    held = [max((x for x in run.levels if x.held), key=lambda x: x.families, default=None) for run in runs]
    over = [
        min((x for x in run.levels if not x.held), key=lambda x: x.families, default=None) for run in runs
    ]
    shown.add_row("families held", *(str(x.families) if x else "-" for x in held))
    shown.add_row("  an answer, p50", *(_ms(x, 0.5) for x in held))
    shown.add_row("  an answer, p95", *(_ms(x, 0.95) for x in held))
    shown.add_row("  messages a second", *(f"{x.messages_per_second:.1f}" if x else "-" for x in held))
    shown.add_row("too many", *(str(x.families) if x else "-" for x in over))
    shown.add_row("  an answer, p95", *(_ms(x, 0.95) for x in over))
    return shown


def _levels(run: Run) -> Table:
    shown = Table(title=run.title)
    for name in (
        "families",
        "messages",
        "failed",
        "a second",
        "p50",
        "p95",
        "longest",
        "program",
        "client",
        "others",
    ):
        shown.add_column(name, justify="right")
    for level in run.levels:
        used = level.shares
        shown.add_row(
            str(level.families),
            str(len(level.seconds)),
            str(level.failed.total()),
            f"{level.messages_per_second:.1f}",
            _ms(level, 0.5),
            _ms(level, 0.95),
            _ms(level, 1.0),
            *((f"{share:.0f} %" for share in (used.program, used.load, used.others)) if used else ("-",) * 3),
        )
    return shown


def _ms(level: Level | None, share: float) -> str:
    return f"{1000 * level.percentile(share):,.0f} ms" if level else "-"
