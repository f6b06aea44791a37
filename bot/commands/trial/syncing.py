"""`prescreen trial sync`: trial files kept current with the registry."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.registry.api import ADDRESS, Registry
from bot.registry.errors import RegistryError
from bot.registry.syncing import RecordFile, Source, sync_trials
from bot.settings import get_settings


def sync_command(
    trials: Annotated[list[str] | None, typer.Argument(help="Registry numbers; all where none.")] = None,
    records: Annotated[
        Path | None,
        typer.Option("--from", help="A file or folder of records, not the registry."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="The folder of the trial files; TRIALS_FOLDER where none.")
    ] = None,
) -> None:
    """Refresh the status, the sites and the words of trial files, and tell what changed.

    Criteria whose words are gone rest until somebody looks; new ones are added as drafts. Exit code 1 where
    the registry could not be reached, or a file not kept.
    """
    settings = get_settings()
    source: Source = RecordFile(records) if records else Registry(settings.registry_url or ADDRESS)
    try:
        changes = sync_trials(folder or settings.trials_folder, source, trials or [])
    except RegistryError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for change in changes:
        if change.error is not None:
            typer.echo(f"{change.trial}: {change.error}", err=True)
        for line in change.what:
            typer.echo(f"{change.trial}: {line}")
    if not changes:
        typer.echo("Nothing has changed.")
    raise typer.Exit(1 if any(change.error is not None for change in changes) else 0)
