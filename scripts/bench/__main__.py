"""The command: both programs in one run, then a table, and the same as JSON where that is asked for."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from operator import itemgetter
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.supervisor import StackError
from scripts.telling import Teller

from .measuring import FULL, LEVELS, QUICK, Load, Result, Size, converse, first_turn, memory
from .programs import BenchError, Measured, Prescreen
from .starter_bot import StarterBot

_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(folder: Path, size: Size, tell: Teller) -> dict[str, Result]:
    """Measure both programs; everything they write lies in `folder`, and nothing of them runs afterwards."""
    ours, starter = Prescreen(folder), StarterBot(folder)
    programs: list[Measured] = [ours, starter]
    results = {program.title: Result() for program in programs}
    try:
        with tell.step("Making the rasa init bot"):
            starter.make()
        for program in programs:
            with tell.step(f"Training {program.title}"):
                begun = time.monotonic()
                program.train()
                results[program.title].training_seconds = time.monotonic() - begun
        for program in programs:
            with tell.step(f"Starting {program.title}"):
                begun = time.monotonic()
                program.start()
                asyncio.run(first_turn(program))
                results[program.title].start_seconds = time.monotonic() - begun
        talk(programs, results, size, tell)
        for program in programs:
            results[program.title].memory = memory(program)
    finally:
        # The stopping itself must not be interrupted, or half of them would go on running.
        for number in _STOPS:
            signal.signal(number, signal.SIG_IGN)
        for program in programs:
            program.stop()
    return results


def talk(programs: list[Measured], results: dict[str, Result], size: Size, tell: Teller) -> None:
    """All conversations. The programs take turns, so that what else the machine does meets both alike."""
    rounds = {level: size.rounds * count for level, count in size.conversations.items()}
    counts = [len(p.script) * level * count for p in programs for level, count in rounds.items()]
    warm_up = sum(len(program.script) for program in programs)
    with tell.step("Talking with both", sum(counts) + warm_up) as progress:

        def told() -> None:
            progress.advance(progress.task_ids[0])

        for program in programs:
            asyncio.run(converse(program, 1, 1, Load(), told))
        for number in range(size.rounds):
            for level in LEVELS:
                for program in programs if number % 2 == 0 else reversed(programs):
                    load = results[program.title].loads[level]
                    asyncio.run(converse(program, level, size.conversations[level], load, told))


def machine() -> dict[str, Any]:
    """What it ran on, and how busy that was already before the start."""
    model = platform.processor() or platform.machine()
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        names = [line for line in cpus.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return {
        "cores": os.cpu_count() or 1,
        "processor": model,
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _of_load(level: str, key: str, told: dict[str, Any]) -> Any:
    return told["families"][level][key]


def table(report: dict[str, Any]) -> Table:
    """The report as people read it."""
    programs: dict[str, dict[str, Any]] = report["programs"]
    shown = Table()
    shown.add_column("")
    for title in programs:
        shown.add_column(title, justify="right")

    def row(name: str, shape: str, numbers: Callable[[dict[str, Any]], Any]) -> None:
        """One line: the number that `numbers` finds in each program's, in this shape."""
        shown.add_row(name, *(shape.format(numbers(told)) for told in programs.values()))

    for level in LEVELS:
        who = "1 family" if level == 1 else f"{level} families at once"
        for name, key, shape in (
            ("a turn, p50", "p50_ms", "{:.0f} ms"),
            ("a turn, p95", "p95_ms", "{:.0f} ms"),
            ("throughput", "turns_per_second", "{:.1f} turns/s"),
        ):
            row(f"{who}: {name}", shape, partial(_of_load, str(level), key))
    row("start to the first answered turn", "{:.1f} s", itemgetter("start_seconds"))
    row("training", "{:.1f} s", itemgetter("training_seconds"))
    parts = {part: None for told in programs.values() for part in told["memory_rss_mb"]}
    if parts:
        row("resident memory (RSS)", "{:.0f} MB", itemgetter("memory_rss_total_mb"))
        for part in parts:
            sizes = [told["memory_rss_mb"].get(part) for told in programs.values()]
            shown.add_row(f"  {part}", *("-" if size is None else f"{size:.0f} MB" for size in sizes))
    failed = [sum(load["failed_turns"] for load in told["families"].values()) for told in programs.values()]
    if any(failed):
        shown.add_row("turns that failed", *map(str, failed))
    return shown


def main() -> int:
    """0 when all was measured, whatever the numbers; 1 with a sentence on what failed; 130 when stopped."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few turns: to see that it runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to this file, too")
    args = parser.parse_args()
    for number in _STOPS:
        signal.signal(number, _stop_now)
    tell = Teller()
    told = {"date": datetime.now(UTC).date().isoformat(), "quick": args.quick, "machine": machine()}
    try:
        if args.json:
            # A file that can't be written is better known before the minutes than after them.
            args.json.open("a").close()
        with tempfile.TemporaryDirectory(prefix="prescreen-bench-", ignore_cleanup_errors=True) as folder:
            try:
                results = run(Path(folder), QUICK if args.quick else FULL, tell)
            except (BenchError, StackError) as error:
                show_logs(Path(folder), tell)
                tell.console.print(f"The bench failed: {error}", markup=False, highlight=False)
                return 1
    except KeyboardInterrupt:
        tell.console.print("Stopped; nothing of the bench is left running.")
        return 130
    except OSError as error:
        tell.console.print(f"The bench failed: {error.strerror} ({error.filename}).", highlight=False)
        return 1
    report = told | {"programs": {title: result.as_json() for title, result in results.items()}}
    _show(report)
    if args.json:
        args.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0


def _show(report: dict[str, Any]) -> None:
    console = Console()
    console.print(table(report))
    on = report["machine"]
    turns = "; ".join(
        f"{level} at once: {load['turns']}"
        for level, load in next(iter(report["programs"].values()))["families"].items()
    )
    console.print(f"Turns measured of each: {turns}.", highlight=False)
    console.print(f"{report['date']}, {on['cores']} cores, {on['processor']}.", highlight=False)
    if on["load_before"] > on["cores"] / 4:
        console.print(
            f"Others were using the machine (load {on['load_before']:.1f} before the start): "
            "compare the columns, but don't quote the numbers.",
            highlight=False,
        )


def show_logs(folder: Path, tell: Teller) -> None:
    """The end of every log, since the folder goes away; only the bench's own sentences can stand in them."""
    for log in sorted(folder.rglob("*.log")):
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-10:]
        if lines:
            tell.console.print("\n".join([f"-- {log.name}", *lines]), markup=False, highlight=False)


def _stop_now(number: int, frame: FrameType | None) -> None:
    for stop in _STOPS:
        signal.signal(stop, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
