"""Progress of a command that takes a while, told on standard error."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)


class Teller:
    """Progress on standard error: a line for each finished step, and a moving one where it is a terminal."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)

    @contextmanager
    def step(self, meaning: str, total: int | None = None) -> Iterator[Progress]:
        """Show one step while it lasts, and the seconds it took; `total` counts its turns."""
        columns = [SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()]
        shown = self.console.is_terminal
        counted = [BarColumn(), MofNCompleteColumn()] if total else []
        begun = time.monotonic()
        with Progress(
            *columns, *counted, console=self.console, transient=True, disable=not shown
        ) as progress:
            progress.add_task(meaning, total=total)
            if not shown:
                self.console.print(f"{meaning} ...", highlight=False)
            yield progress
        self.console.print(f"{meaning}: {time.monotonic() - begun:.0f} s", highlight=False)
