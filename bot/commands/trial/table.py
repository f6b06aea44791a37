"""`prescreen trial table`: every criterion of every trial, and what the program does with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.script.catalogue import trials_page
from bot.texts import load_texts
from criteria import TrialError, load_trial, trial_names


def table_command(
    trials: Annotated[list[str] | None, typer.Argument(help="Registry numbers; all where none.")] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where it is written; standard output if left out.")
    ] = None,
) -> None:
    """Print the criteria of trials as Markdown: the source's words, and how they are read."""
    try:
        page = trials_page([load_trial(name) for name in trials or trial_names()], load_texts("en"))
        if output is None:
            typer.echo(page, nl=False)
        else:
            output.write_text(page, encoding="utf-8")
    except (TrialError, OSError) as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(2) from None
