"""`prescreen trial import`: trial files out of registry records, as drafts to be reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.registry.api import ADDRESS, Registry
from bot.registry.drafting import draft
from bot.registry.errors import RegistryError
from bot.registry.files import records_in
from bot.registry.record import NCT_ID, Record
from bot.registry.storing import store
from bot.settings import SettingsError, get_settings
from criteria import TrialError


def import_command(
    sources: Annotated[
        list[str],
        typer.Argument(help="Registry numbers, files of records (.json, .jsonl), or folders of them."),
    ],
    into: Annotated[
        Path | None, typer.Option(help="The folder of the trial files; TRIALS_FOLDER where none.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Write over files that are there.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Only these registry numbers.")] = None,
) -> None:
    """Write a trial file for each study: criteria word for word, what a program read as drafts.

    Exit code 1 where a study could not be brought in; the others are written all the same.
    """
    try:
        settings = get_settings()
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from None
    wrong = 0
    for found in _found(sources, only or [], settings.registry_url or ADDRESS):
        try:
            if isinstance(found, RegistryError):
                raise found
            typer.echo(_import(found, into or settings.trials_folder, force, settings.today()))
        except (RegistryError, TrialError, FileExistsError) as error:
            typer.echo(str(error), err=True)
            wrong += 1
    raise typer.Exit(1 if wrong else 0)


def _found(sources: list[str], only: list[str], registry: str) -> Iterator[Record | RegistryError]:
    """The records of all sources, and an error in place of what cannot be had."""
    numbers = [source for source in sources if NCT_ID.fullmatch(source.upper())]
    for source in sources:
        if source not in numbers:
            try:
                yield from records_in(Path(source), only)
            except RegistryError as error:
                yield error
    wanted = [number for number in numbers if not only or number.upper() in {one.upper() for one in only}]
    if not wanted:
        return
    try:
        answer = Registry(registry).find(wanted)
    except RegistryError as error:
        yield error
        return
    yield from answer.records.values()
    yield from (RegistryError(f"{number}: {why}") for number, why in answer.errors.items())


def _import(record: Record, into: Path, force: bool, today: date) -> str:
    path = into / f"{record.nct_id}.yml"
    if path.exists() and not force:
        raise FileExistsError(f"{record.nct_id}: {path.name} is there already; --force writes over it")
    drafted = draft(record, today)
    store(path, drafted.text)
    return f"{record.nct_id}: {drafted.criteria} criteria, {drafted.drafted} drafted"
