"""``make kill-test``: leads and thousands of kills on each database; 1 where one is lost or doubled."""

import argparse
import secrets
import sys

from scripts.kill_test.run import run
from scripts.postgres import NoPostgres


def main() -> int:
    """Run on both databases and print the figures."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--leads", type=int, default=10_000, help="leads in all, half on each database")
    reading.add_argument("--kills", type=int, default=4_000, help="at least so many kills in all")
    reading.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    reading.add_argument("--seed", default=secrets.token_hex(4), help="for the order of faults and kills")
    told = reading.parse_args()
    databases = told.database or ["sqlite", "postgresql"]
    print(f"== kill test: {told.leads:,} leads, seed {told.seed}", flush=True)
    failed = False
    for database in databases:
        workers = 2 if database == "postgresql" else 1
        leads, kills = told.leads // len(databases), told.kills // len(databases)
        try:
            report = run(database, leads, kills, told.seed, workers=workers, say=_say)
        except NoPostgres as reason:
            print(f"  {database}: {reason}", flush=True)
            failed = True
            continue
        print(*report.lines(), sep="\n", flush=True)
        failed = failed or bool(report.failures)
    return 1 if failed else 0


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
