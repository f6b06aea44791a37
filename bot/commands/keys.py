"""``prescreen keys``: replacing the keys that contact details are locked with."""

from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from bot.leads.database import open_store
from bot.leads.rotation import Report, RotationRunning, rotate
from bot.settings import SettingsError, get_settings

keys_app = typer.Typer(no_args_is_help=True, help="The keys that contact details are locked with.")

_WITH_LEAD_KEYS = (
    "LEAD_KEYS is set, so the keys are yours to change; nothing in it was changed.\n"
    "For a new key: make one\n"
    "  .venv/bin/python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'\n"
    "put it first in LEAD_KEYS, with a comma after it, and leave the others behind it. Restart every\n"
    "process of the program with it, and run this command again: it locks every row with the first key."
)


@keys_app.callback()
def keys() -> None:
    """The keys that contact details are locked with."""


@keys_app.command("rotate")
def rotate_command(
    drop_old: Annotated[
        bool,
        typer.Option("--drop-old", help="Forget the old keys afterwards. Backups made before need them."),
    ] = False,
) -> None:
    """Make a new key and lock every contact, note and code with it, while the program runs.

    The old keys stay for reading until --drop-old. A run that was killed is finished by running it again.
    """
    try:
        settings = get_settings()
        report = rotate(settings, open_store(), drop_old=drop_old)
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except RotationRunning:
        typer.echo("Another rotation is running. Wait for it to end.", err=True)
        raise typer.Exit(1) from None
    except (SQLAlchemyError, OSError) as error:
        # Its text may name a row or a path; its kind says enough.
        typer.echo(
            f"Not finished ({type(error).__name__}). Nothing is lost, and everything can be read. "
            "Run the same command again.",
            err=True,
        )
        raise typer.Exit(1) from None
    _tell(report, drop_old=drop_old)


def _tell(report: Report, *, drop_old: bool) -> None:
    if report.from_environment:
        typer.echo(_WITH_LEAD_KEYS)
    elif report.resumed:
        typer.echo("An earlier rotation was finished; no other key was made.")
    else:
        typer.echo("A new key is in use.")
    counted = ", ".join(f"{table} {number}" for table, number in report.renewed.items())
    typer.echo(f"Locked with the first key now: {counted}.")
    lost = sum(report.unreadable.values())
    if lost:
        typer.echo(f"{lost} can't be read with any key that is here. They were left as they are.")
    if report.from_environment and drop_old:
        typer.echo(
            "No row needs the other keys. Once every process was restarted with the new first key and this\n"
            "was run again, you can take them out of LEAD_KEYS."
        )
    elif drop_old:
        typer.echo(f"Old keys dropped: {report.dropped}. Keep them with the backups that were made before.")
    elif not report.from_environment:
        typer.echo("The old keys still read. To forget them: prescreen keys rotate --drop-old")
