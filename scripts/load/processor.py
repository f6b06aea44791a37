"""Who used the processor meanwhile: the program, the load itself, or something else on the machine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Spent:
    """Processor time up to a moment, in clock ticks; nothing where the system has no /proc."""

    total: int
    idle: int
    program: int
    load: int


@dataclass(frozen=True)
class Shares:
    """Shares of all cores' time, in percent."""

    program: float
    load: float
    others: float


def spent(program: Iterable[int], load: int) -> Spent | None:
    """What these processes, with all that they started, and the whole machine have spent so far."""
    try:
        numbers = [int(number) for number in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    except OSError:
        return None
    processes = _all_processes()
    children: dict[int, list[int]] = {}
    for number, (parent, _) in processes.items():
        children.setdefault(parent, []).append(number)
    theirs, waiting = set[int](), [number for number in program if number != load]
    while waiting:
        number = waiting.pop()
        if number not in theirs and number != load:
            theirs.add(number)
            waiting += children.get(number, [])
    used = {number: ticks for number, (_, ticks) in processes.items()}
    # User, nice, system, idle, waiting for disks, interrupts (two kinds), and time that the host took away.
    return Spent(
        sum(numbers), numbers[3] + numbers[4], sum(used.get(n, 0) for n in theirs), used.get(load, 0)
    )


def shares(before: Spent | None, after: Spent | None) -> Shares | None:
    """How the time between two moments was spent."""
    if before is None or after is None or after.total <= before.total:
        return None
    whole = after.total - before.total
    program, load = after.program - before.program, after.load - before.load
    busy = whole - (after.idle - before.idle)
    return Shares(100 * program / whole, 100 * load / whole, 100 * max(0, busy - program - load) / whole)


def _all_processes() -> dict[int, tuple[int, int]]:
    """Each process's parent and the ticks that it spent."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The name, in brackets, may hold anything.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[int(folder.name)] = (int(fields[1]), int(fields[11]) + int(fields[12]))
    return found
