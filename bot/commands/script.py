"""``prescreen script``: everything that a family can ever be shown, for an ethics board.

Exit codes: 0 when it was printed, or when nothing differs from an earlier script; 1 when something differs; 2
when the trial, a text or a file can't be used.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.approval.content import content
from bot.approval.keeping import UnreadableScript, keep, read_script
from bot.approval.sections import SectionError
from bot.script.building import build_script
from bot.script.plain import as_json, comparison, grade_table
from bot.settings import SettingsError, get_settings
from bot.texts import TextError, load_texts
from criteria import TrialError


class Format(StrEnum):
    """The forms in which the script can be had."""

    MD = "md"
    HTML = "html"
    PDF = "pdf"
    JSON = "json"


def script_command(
    trial: Annotated[str, typer.Argument(metavar="TRIAL", help="The trial's registry number.")],
    format: Annotated[
        Format, typer.Option("--format", help="md, html and pdf to read; json for programs.")
    ] = Format.MD,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where it is written; standard output if left out.")
    ] = None,
    diff: Annotated[
        Path | None,
        typer.Option(metavar="OLD", help="Say what changed since an earlier script (md, html or json)."),
    ] = None,
    grades: Annotated[
        bool, typer.Option("--grades", help="Only the reading grades of all texts, as Markdown.")
    ] = False,
) -> None:
    """Print everything a family can ever be shown, with reading grades, sources, versions and a hash.

    With --diff: exit code 0 when nothing differs, 1 when something does.
    """
    try:
        if diff is not None:
            said, found = comparison(read_script(diff), content(trial), load_texts("en"))
            _write(said.encode(), output)
            raise typer.Exit(1 if found else 0)
        _write(_printed(trial, format, grades), output)
    except (TrialError, SectionError, TextError, UnreadableScript, OSError) as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(2) from None


def _printed(trial: str, format: Format, grades: bool) -> bytes:
    script = build_script(trial)
    if grades:
        return grade_table(script, load_texts("en")).encode()
    # A later start can then say in what it differs from this one, should a board approve it.
    with suppress(SettingsError):
        keep(script.content, get_settings().prescreen_home)
    # Each form's library is loaded only where it is wanted.
    if format is Format.HTML:
        from bot.script.html import as_html

        return as_html(script).encode()
    if format is Format.PDF:
        from bot.script.pdf import as_pdf

        return as_pdf(script)
    if format is Format.JSON:
        return as_json(script).encode()
    from bot.script.markdown import as_markdown

    return as_markdown(script).encode()


def _write(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        output.write_bytes(content)
