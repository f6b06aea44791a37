"""What was measured, as a table for people: on the terminal, and in docs/widget-bench.md."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from rich.table import Table

from .browsing import Found, Times

HEADING = "## Measured"
Row = tuple[str, list[str]]


@dataclass
class Measured:
    """All that was measured of one widget."""

    title: str
    found: Found
    fast: list[Times] = field(default_factory=list)
    slow: list[Times] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values; times in seconds."""
        return asdict(self)


def rows(widgets: Sequence[Measured]) -> list[Row]:
    """The lines of the table: what it says, and its cell for each widget."""

    def row(name: str, cell: Callable[[Measured], str]) -> Row:
        return name, [cell(widget) for widget in widgets]

    def times(name: str, slow: bool, pick: Callable[[Times], float]) -> Row:
        return row(name, lambda widget: spread([pick(one) for one in (widget.slow if slow else widget.fast)]))

    return [
        row("before it is opened: requests", lambda widget: str(widget.found.at_rest[0])),
        row("before it is opened: sent (unpacked)", lambda widget: _bytes(widget.found.at_rest)),
        row("with the chat open: requests", lambda widget: str(widget.found.with_chat[0])),
        row("with the chat open: sent (unpacked)", lambda widget: _bytes(widget.found.with_chat)),
        row("requests to others", lambda widget: str(len(widget.found.elsewhere))),
        row("kept in the browser", lambda widget: ", ".join(widget.found.kept) or "nothing"),
        row(
            "elements: before it is opened, with an answer",
            lambda widget: f"{widget.found.elements_at_rest}, {widget.found.elements}",
        ),
        times("fast line: first seen", False, lambda one: one.first),
        times("fast line: chat ready", False, lambda one: one.ready),
        times("fast line: an answer after sending", False, lambda one: one.reply),
        times("slow line: first seen", True, lambda one: one.first),
        times("slow line: chat ready", True, lambda one: one.ready),
        times("slow line: an answer after sending", True, lambda one: one.reply),
        times("slow line: from the start to the first answer", True, lambda one: one.answered),
        row("axe: elements that break a rule", lambda widget: _violations(widget.found.violations)),
        row("controls without a name", lambda widget: str(widget.found.unnamed)),
        row("answers are announced (live region)", lambda widget: "yes" if widget.found.announced else "no"),
    ]


def spread(seconds: Sequence[float]) -> str:
    """The median and, in brackets, the least and the most."""
    if len(seconds) == 1:
        return f"{seconds[0]:.2f} s"
    return f"{statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"


def _bytes(counted: tuple[int, int, int]) -> str:
    _, sent, unpacked = counted
    return f"{sent / 1000:,.1f} kB ({unpacked / 1000:,.1f})"


def _violations(counted: dict[str, int]) -> str:
    if not counted:
        return "0"
    return f"{sum(counted.values())} ({', '.join(sorted(counted))})"


def table(widgets: Sequence[Measured]) -> Table:
    """The rows for the terminal."""
    shown = Table()
    shown.add_column("")
    for widget in widgets:
        shown.add_column(widget.title, justify="right")
    for name, cells in rows(widgets):
        shown.add_row(name, *cells)
    return shown


def section(widgets: Sequence[Measured], on: dict[str, Any], busy: bool) -> str:
    """The last section of docs/widget-bench.md, from its heading on."""
    machine, day = on["machine"], date.fromisoformat(on["date"])
    lines = [
        HEADING,
        "",
        f"`make widget-bench` on {day.day} {day:%B %Y}, {on['rounds']} rounds: {machine['cores']} cores,",
        f"{machine['processor']}, {machine['system']}, Chromium {on['chromium']}, axe-core {on['axe']}.",
    ]
    if busy:
        lines += [
            f"Others were using the machine (load {machine['load_before']:.1f} before the start): compare",
            "the columns, and don't quote the times.",
        ]
    lines += [
        "",
        f"| | {' | '.join(widget.title for widget in widgets)} |",
        "|---" * (len(widgets) + 1) + "|",
    ]
    lines += [f"| {name} | {' | '.join(cells)} |" for name, cells in rows(widgets)]
    asked = sorted({url for widget in widgets for url in widget.found.elsewhere})
    if asked:
        lines += ["", f"Asked of others: {', '.join(f'`{url}`' for url in asked)}."]
    return "\n".join(lines) + "\n"


def put_in(document: str, new: str) -> str:
    """The document with all from `HEADING` on replaced. Raises ValueError where it has none."""
    before, heading, _ = document.partition(f"\n{HEADING}\n")
    if not heading:
        raise ValueError(f"the document has no section {HEADING!r}")
    return f"{before}\n{new}"
