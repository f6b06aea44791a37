"""The command: makes the trials, measures all ways in one run, writes the page."""

from __future__ import annotations

import argparse
import gc
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.commands.multiplying import multiplied
from criteria import load_trial, trial_names
from scripts.match_bench.measuring import Disagreement, Measured, measure
from scripts.match_bench.report import page
from scripts.telling import Teller

SIZES = (10, 100, 1_000, 10_000)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"


def machine() -> dict[str, Any]:
    """What it runs on, and how busy that is before the start."""
    processor = platform.processor() or platform.machine()
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        names = [line for line in cpus.read_text().splitlines() if line.startswith("model name")]
        processor = names[0].partition(":")[2].strip() if names else processor
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count() or 1,
        "processor": processor,
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def main(arguments: list[str] | None = None) -> int:
    """0 when all was measured; 1 when two ways came to different verdicts."""
    parser = argparse.ArgumentParser(prog="python -m scripts.match_bench", description=__doc__)
    parser.add_argument("--families", type=int, default=40, help="how many made-up families (40)")
    parser.add_argument(
        "--seed", type=int, default=1, help="the same seed makes the same trials and families"
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of trials")
    parser.add_argument("--output", type=Path, default=PAGE, help="the page to write (docs/performance.md)")
    args = parser.parse_args(arguments)
    on, tell = machine(), Teller()
    files = [load_trial(name).in_use(allow_unreviewed=True) for name in trial_names()]
    made_of = (
        f"made-up ones ({len(files)} of the trial files multiplied with other ages, scores, washouts and "
        f"lists of diagnoses, seed {args.seed}); no record of a registry is among them."
    )
    results: list[Measured] = []
    try:
        for size in sorted(args.sizes):
            with tell.step(f"Making {size:,} trials"):
                trials = multiplied(files, size, args.seed)
            with tell.step(f"Measuring {size:,} trials"):
                results.append(measure(trials, args.families, args.seed))
            del trials
            gc.collect()
    except Disagreement as error:
        tell.console.print(f"The bench failed: {error}.", markup=False)
        return 1
    more = (
        "" if arguments is None and len(sys.argv) == 1 else f' ARGS="{" ".join(arguments or sys.argv[1:])}"'
    )
    written = page(results, on, f"make match-bench{more}", made_of, args.families)
    args.output.write_text(written, encoding="utf-8")
    tell.console.print(f"Written: {args.output}", markup=False, highlight=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
