"""The command: each program in its turn under more and more families, then a table."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import httpx

from bot.supervisor import ROOT, StackError
from bot.supervisor.places import private_folder
from scripts.bench.__main__ import machine, show_logs
from scripts.bench.measuring import START_SECONDS
from scripts.bench.programs import BenchError
from scripts.postgres import NoPostgres, Postgres, postgres_programs
from scripts.telling import Teller

from .families import Crowd, Level, new_client, next_level
from .programs import Ours, Starter, UnderLoad
from .telling import show

_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PROGRAMS = ("sqlite", "postgresql", "starter")
#: Nobody's machine is asked to hold more; a run has an end.
MOST_FAMILIES = 2000


@dataclass(frozen=True)
class Plan:
    """How the border is looked for: seconds for each number of families, the first number, how fine."""

    seconds: float
    first: int
    finest: float
    only_families: int | None = None


@dataclass
class Run:
    """What became of one program: its levels in the order of measuring, and what else it counted."""

    title: str
    levels: list[Level] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)


def plan_of(args: argparse.Namespace) -> Plan:
    """The plan for a command line."""
    minutes = args.minutes or (0.5 if args.short else 1.5)
    return Plan(60 * minutes, 60 if args.short else 50, 0.25 if args.short else 0.08, args.families)


def run(programs: list[str], folder: Path, plan: Plan, tell: Teller, runs: list[Run]) -> None:
    """One program after the other, each started for its turn and stopped after it.

    Each is put into `runs` before it is measured, so that a failure takes nothing away that was measured.
    """
    for name in programs:
        with ExitStack() as stack:
            program = _program(name, folder, tell, stack)
            stack.callback(_stop_undisturbed, program)
            with tell.step(f"Preparing {program.title}"):
                program.prepare()
            with tell.step(f"Starting {program.title}"):
                program.start()
                asyncio.run(_first_answer(program))
            runs.append(Run(program.title))
            asyncio.run(_levels(program, plan, runs[-1], tell))
            runs[-1].told = program.told()


def _program(name: str, folder: Path, tell: Teller, stack: ExitStack) -> UnderLoad:
    if name == "starter":
        return Starter(folder)
    if name == "sqlite":
        return Ours("this program, SQLite", folder / "sqlite")
    with tell.step("Making a PostgreSQL"):
        # Durable, as a site would run it.
        postgres = Postgres(durable=True)
        stack.callback(postgres.stop)
    return Ours("this program, PostgreSQL", folder / "postgresql", postgres)


async def _first_answer(program: UnderLoad) -> None:
    end = time.monotonic() + START_SECONDS
    async with new_client() as client:
        while time.monotonic() < end:
            program.check()
            try:
                await program.first_turn(client)
                return
            except httpx.TransportError:
                await asyncio.sleep(0.25)
    raise BenchError(f"No answer from {program.title} within {START_SECONDS:.0f} seconds of its start.")


async def _levels(program: UnderLoad, plan: Plan, done: Run, tell: Teller) -> None:
    async with new_client() as client:
        crowd = Crowd(program, client, seed=1)
        wanted: int | None = plan.only_families or plan.first
        try:
            while wanted is not None:
                with tell.step(f"{wanted} families with {program.title}"):
                    done.levels.append(await crowd.measure(wanted, plan.seconds))
                wanted = None
                if plan.only_families is None:
                    wanted = next_level(done.levels, plan.first, MOST_FAMILIES, plan.finest)
            await crowd.leave()
        finally:
            await crowd.break_off()


def _stop_undisturbed(program: UnderLoad) -> None:
    # The stopping itself must not be interrupted, or half of it would go on running.
    before: dict[int, Callable[..., object] | int | None] = {
        number: signal.signal(number, signal.SIG_IGN) for number in _STOPS
    }
    program.stop()
    for number, handler in before.items():
        signal.signal(number, handler)


def main() -> int:
    """0 when all was measured, whatever the numbers; 1 with a sentence on what failed; 130 when stopped."""
    parser = argparse.ArgumentParser(prog="python -m scripts.load", description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer minutes and steps: a first look")
    parser.add_argument("--minutes", type=float, help="minutes for each number of families (1.5)")
    parser.add_argument("--families", type=int, help="only this many, instead of looking for the border")
    parser.add_argument("--only", choices=PROGRAMS, action="append", help="only this one; may be repeated")
    args = parser.parse_args()
    if (args.minutes or 1) <= 0 or not 1 <= (args.families or 1) <= MOST_FAMILIES:
        parser.error(f"minutes must be more than 0, families from 1 to {MOST_FAMILIES}")
    for number in _STOPS:
        signal.signal(number, _stop_now)
    tell = Teller()
    programs = list(dict.fromkeys(args.only or PROGRAMS))
    if "postgresql" in programs:
        try:
            postgres_programs()
        except NoPostgres as reason:
            tell.console.print(f"{reason}. It is left out.", highlight=False)
            programs.remove("postgresql")
    on, day = machine(), datetime.now(UTC).date().isoformat()
    place = private_folder(ROOT / "var" / "load")
    runs: list[Run] = []
    try:
        with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as folder:
            try:
                run(programs, Path(folder), plan_of(args), tell, runs)
            except (BenchError, NoPostgres, StackError) as error:
                show_logs(Path(folder), tell)
                show([each for each in runs if each.levels], on | {"day": day})
                tell.console.print(f"The load test failed: {error}", markup=False, highlight=False)
                return 1
    except KeyboardInterrupt:
        tell.console.print("Stopped; nothing of the load test is left running.")
        return 130
    except OSError as error:
        tell.console.print(f"The load test failed: {error.strerror} ({error.filename}).", highlight=False)
        return 1
    show(runs, on | {"day": day})
    return 0


def _stop_now(number: int, frame: FrameType | None) -> None:
    for stop in _STOPS:
        signal.signal(stop, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    # Each process of the programs may write files of its own; none of them is for others to read.
    os.umask(0o077)
    sys.exit(main())
