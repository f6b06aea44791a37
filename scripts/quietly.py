"""Runs a command and shows what it said only if it failed: `python scripts/quietly.py COMMAND ...`."""

from __future__ import annotations

import subprocess
import sys


def main() -> int:
    """The command's exit code."""
    done = subprocess.run(
        sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        print(done.stdout, end="")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
