"""`prescreen run`: the program under one supervisor."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType

import typer

from bot.approval.check import refusals as script_refusals
from bot.approval.offered import offered_trials
from bot.leads.outbox.senders import check_delivery
from bot.settings import Settings, SettingsError
from bot.supervisor import ROOT, Stack, StackError, start_stack
from criteria import TrialError

_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Stop(Exception):
    """Ctrl-C, SIGTERM or the closing of the terminal."""


def run() -> int:
    """Start everything, print the address, and stay until it is stopped. Returns the exit code."""
    for number in _STOPS:
        signal.signal(number, _stop_now)
    stack: Stack | None = None
    try:
        settings = checked_settings()
        stack = start_stack(_home(), settings.port, say=_say)
        print(stack.url, flush=True)
        stack.watch()
    except _Stop:
        _say("Stopping ...")
    except (StackError, SettingsError, TrialError) as error:
        _say(str(error))
        return 1
    finally:
        # The stopping itself must not be interrupted, or half of the program would go on running.
        for number in _STOPS:
            signal.signal(number, signal.SIG_IGN)
        if stack is not None:
            stack.stop()
    return 0


def run_command() -> None:
    """Start the chat and print its address; Ctrl-C stops it."""
    raise typer.Exit(run())


def checked_settings() -> Settings:
    """The settings, once it is sure that the program may start with them.

    Raises SettingsError, TrialError or StackError with one sentence for each reason why it may not.
    """
    settings = Settings.from_env(os.environ)
    refusals = script_refusals(settings) or settings.refusals(len(offered_trials(settings)))
    if refusals:
        raise StackError("\n".join(refusals))
    check_delivery(settings)
    return settings


def _home() -> Path:
    """`PRESCREEN_HOME`, or `var` in the repository, wherever the command was called."""
    named = os.environ.get("PRESCREEN_HOME")
    return (Path(named).expanduser() if named else ROOT / "var").absolute()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _stop_now(number: int, frame: FrameType | None) -> None:
    for stop in _STOPS:
        signal.signal(stop, signal.SIG_IGN)
    raise _Stop
