"""Rasa's own checks, cheapest first: the data is consistent, the model trains, the test stories are routed.

`python scripts/check_rasa.py --train-only` does the second alone, if anything has changed since.

Quiet when all is well; a failing step shows the end of what Rasa said. Results lie under `PRESCREEN_HOME`,
since Rasa would write them into the working directory.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bot.supervisor import ROOT, StackError, ensure_model, rasa_python

HOME = Path(os.environ.get("PRESCREEN_HOME") or ROOT / "var").resolve()


def rasa(meaning: str, *arguments: str) -> bool:
    """Run one command of Rasa's. Returns whether it succeeded."""
    print(f"== {meaning}", flush=True)
    env = os.environ | {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "ACTIONS_URL": "http://127.0.0.1",
        "TRACKER_DATABASE_URL": "sqlite://",
    }
    command = [str(rasa_python()), "-W", "ignore", "-m", "rasa", *arguments]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print("\n".join(done.stdout.splitlines()[-40:]))
        print(f"{meaning}: failed.")
    return done.returncode == 0


def main() -> int:
    """0 when every check passed."""
    try:
        if sys.argv[1:] == ["--train-only"]:
            print(
                ensure_model(
                    HOME / "models", HOME / "logs" / "train.log", lambda line: print(line, flush=True)
                )
            )
            return 0
        if not rasa("Rasa: data is consistent", "data", "validate", "--fail-on-warnings"):
            return 1
        print("== Rasa: the model trains", flush=True)
        model = ensure_model(
            HOME / "models", HOME / "logs" / "train.log", lambda line: print(line, flush=True)
        )
        # Without the two flags a wrong prediction is reported and the exit code is 0 all the same.
        strict = ["--e2e", "--fail-on-prediction-errors"]
        results = ["--out", str(HOME / "rasa-results"), "--no-plot"]
        stories = ["--stories", "tests/stories", "--model", str(model), "--endpoints", "endpoints.yml"]
        return 0 if rasa("Rasa: test stories are routed", "test", "core", *stories, *strict, *results) else 1
    except StackError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
