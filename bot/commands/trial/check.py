"""`prescreen trial check`: what is wrong or unclear in trial files and in what they were read from.

Exit codes: 0 where nothing was found, 1 where something was, 2 where a file named here can't be read.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import get_settings
from bot.trialfiles.checking import UNUSABLE, check_trial
from criteria import trial_names
from criteria.checking.defects import Defect


class Format(StrEnum):
    """How the findings are printed."""

    TEXT = "text"
    JSON = "json"


def check_command(
    trials: Annotated[list[str] | None, typer.Argument(help="Registry numbers; all where none.")] = None,
    source: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The text of the page that the trial was read from; one trial."),
    ] = None,
    records: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help='Eligibility texts of today, as JSON: {"NCT...": "text"}.'),
    ] = None,
    known_ok: Annotated[
        bool, typer.Option("--known-ok", help="What the file's unclear list names does not count.")
    ] = False,
    format: Annotated[Format, typer.Option("--format", help="For people or for programs.")] = Format.TEXT,
) -> None:
    """Find contradictions, questions that are never reached, wrong bounds, garbled words and more.

    Each finding names its file and line. "error" is to be put right in the file; "to settle" is for the study
    site to say.
    """
    folder = get_settings().trials_folder
    names = trials or trial_names(folder)
    if source is not None and len(names) != 1:
        raise _stop("--source is the page of one trial: name that trial.")
    texts = _read_records(records)
    page = (source.name, _read(source)) if source is not None else None
    found: list[Defect] = []
    for name in names:
        if name not in trial_names(folder):
            there = ", ".join(trial_names(folder)) or "none"
            text = f"no trial {name!r}; there are: {there}"
            found.append(Defect(f"{name}.yml", 1, "error", UNUSABLE, text))
            continue
        found += check_trial(folder / f"{name}.yml", texts.get(name), page)
    counting = [one for one in found if not (known_ok and one.known)]
    if format is Format.JSON:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            typer.echo(str(one))
        typer.echo(_summary(len(names), found))
    raise typer.Exit(1 if counting else 0)


def _summary(trials: int, found: list[Defect]) -> str:
    errors = sum(1 for one in found if one.severity == "error")
    known = sum(1 for one in found if one.known)
    open_ = len(found) - errors
    files = f"{trials} trial file{'' if trials == 1 else 's'}"
    return f"{files}: {errors} to put right, {open_} to settle with the site, {known} of these known."


def _read_records(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        told = json.loads(_read(path))
    except json.JSONDecodeError as error:
        raise _stop(f"{path}: this is no JSON: {error}") from error
    if not isinstance(told, dict) or not all(isinstance(text, str) for text in told.values()):
        raise _stop(f'{path}: expected one object, {{"NCT...": "the eligibility text", ...}}')
    return told


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _stop(f"{path}: cannot be read: {error}") from error


def _stop(message: str) -> typer.Exit:
    typer.echo(f"Error: {message}", err=True)
    return typer.Exit(2)
