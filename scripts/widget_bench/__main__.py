"""The command: all three widgets in one run, then a table, and the same as a page or as JSON."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as BrowserError
from rich.console import Console

from bot.settings import get_settings
from scripts.bench.__main__ import machine
from scripts.bench.programs import BenchError
from scripts.telling import Teller

from .browsing import FLAGS, found, timed
from .candidates import Candidate, candidates
from .packages import AXE, file_of
from .report import Measured, put_in, section, table

DOCUMENT = Path(__file__).parents[2] / "docs" / "widget-bench.md"
ROUNDS = 5


def measure(
    browser: Browser, widgets: list[Candidate], axe: str, rounds: int, tell: Teller
) -> list[Measured]:
    """Visit each widget; they take turns, so that what else the machine does meets all alike."""
    measured = []
    for widget in widgets:
        with tell.step(f"Looking at {widget.title}"):
            measured.append(Measured(widget.title, found(browser, widget, axe)))
    with tell.step("Visiting them by turns", rounds * len(widgets) * 2) as progress:
        for number in range(rounds):
            pairs = list(zip(widgets, measured, strict=True))
            for widget, told in pairs if number % 2 == 0 else reversed(pairs):
                for slow, times in ((False, told.fast), (True, told.slow)):
                    times.append(timed(browser, widget, slow))
                    progress.advance(progress.task_ids[0])
    return measured


def run(rounds: int, packages: Path, tell: Teller) -> tuple[list[Measured], dict[str, Any]]:
    """Everything that is measured, and on what. Raises `BenchError`."""
    on: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(),
        "rounds": rounds,
        "machine": machine(),
    }
    chromium = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    if not chromium.exists():
        raise BenchError(f"Chromium is not at {chromium}; set CHROMIUM to where it is.")
    with tell.step("Fetching what is measured"):
        axe = file_of(AXE, packages).decode()
    with (
        tempfile.TemporaryDirectory(prefix="prescreen-widget-bench-", ignore_cleanup_errors=True) as folder,
        candidates(Path(folder), packages) as widgets,
        sync_playwright() as playwright,
    ):
        try:
            browser = playwright.chromium.launch(executable_path=str(chromium), args=FLAGS)
        except BrowserError as error:
            raise BenchError(f"Chromium does not start: {error.message.splitlines()[0]}") from None
        try:
            on |= {"chromium": browser.version, "axe": AXE.version}
            return measure(browser, widgets, axe, rounds, tell), on
        finally:
            browser.close()


def main() -> int:
    """0 when all was measured, whatever the numbers; 1 with a sentence on what failed; 130 when stopped."""
    parser = argparse.ArgumentParser(prog="python -m scripts.widget_bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="timed visits to each, on each line")
    parser.add_argument("--write", action="store_true", help="put the table into docs/widget-bench.md")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to this file, too")
    args = parser.parse_args()
    if args.rounds < 1:
        parser.error("--rounds must be 1 or more")
    for number in (signal.SIGTERM, signal.SIGHUP):
        # As with Ctrl-C: the web process and the browser are stopped on the way out.
        signal.signal(number, signal.default_int_handler)
    tell = Teller()
    try:
        if args.json:
            # A file that can't be written is better known before the minutes than after them.
            args.json.open("a").close()
        measured, on = run(args.rounds, get_settings().prescreen_home / "widget-bench", tell)
    except KeyboardInterrupt:
        tell.console.print("Stopped; nothing of the bench is left running.")
        return 130
    except BenchError as error:
        tell.console.print(f"The bench failed: {error}", markup=False, highlight=False)
        return 1
    except OSError as error:
        tell.console.print(f"The bench failed: {error.strerror} ({error.filename}).", highlight=False)
        return 1
    busy = on["machine"]["load_before"] > on["machine"]["cores"] / 4
    console = Console() if sys.stdout.isatty() else Console(width=140)
    console.print(table(measured))
    console.print(
        f"{on['date']}, {on['machine']['cores']} cores, {on['machine']['processor']}.", highlight=False
    )
    if busy:
        console.print("Others were using the machine: compare the columns, but don't quote the times.")
    if args.write:
        DOCUMENT.write_text(put_in(DOCUMENT.read_text("utf-8"), section(measured, on, busy)), "utf-8")
    if args.json:
        told = {**on, "widgets": [widget.as_json() for widget in measured]}
        args.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
