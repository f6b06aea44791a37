"""`prescreen trial check`: whether trial files can be used."""

from __future__ import annotations

from typing import Annotated

import typer

from criteria import TrialError, load_trial, trial_names


def check_command(
    trials: Annotated[list[str] | None, typer.Argument(help="Registry numbers; all where none.")] = None,
) -> None:
    """Read trial files strictly; exit code 1 where one cannot be used."""
    wrong = 0
    for name in trials or trial_names():
        try:
            load_trial(name)
        except TrialError as error:
            typer.echo(str(error))
            wrong += 1
    raise typer.Exit(1 if wrong else 0)
