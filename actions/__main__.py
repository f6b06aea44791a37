"""Runs the action server: `python -m actions --port 5055`.

The same server as `python -m rasa_sdk --actions actions`, but with content-free logs, on loopback and in one
process. The SDK's own starter runs a worker behind a manager that outlives it: half-dead for
whoever watches it, and twice the memory.
"""

from __future__ import annotations

import argparse
import os
import sys

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from actions.interview import ActionInterview, get_ready
from actions.quiet import quiet_logs
from bot.approval.check import refusals as script_refusals
from bot.settings import SettingsError, get_settings


def main() -> int:
    """Serve until stopped; 2 where the settings don't allow a start."""
    parser = argparse.ArgumentParser(
        prog="python -m actions", description="Serve the actions that Rasa calls."
    )
    parser.add_argument("--port", type=int, required=True)
    args = parser.parse_args()
    try:
        refusals = script_refusals(get_settings())
    except SettingsError as error:
        refusals = [str(error)]
    if refusals:
        print(*refusals, sep="\n", file=sys.stderr)
        return 2
    quiet_logs()
    get_ready(get_settings())
    executor = ActionExecutor()
    executor.register_action(ActionInterview)
    app = create_app(executor, cors_origins=[])
    # Rasa keeps connections open; they need not be waited for.
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 2.0
    host = os.environ.get("SANIC_HOST", "127.0.0.1")
    app.run(host=host, port=args.port, single_process=True, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
