"""``prescreen purge``: deletes now what the worker deletes every hour."""

from typing import Annotated

import typer

from bot.leads.erasure import NotErased
from bot.leads.retention import PurgeReport, purge
from bot.settings import SettingsError

_NAMES = (
    ("conversations", "conversation silent for a day", "conversations silent for a day"),
    ("screenings", "screening of such a conversation", "screenings of such conversations"),
    ("leads", "lead closed long enough ago", "leads closed long enough ago"),
    ("codes", "one-time code", "one-time codes"),
    ("payloads", "code in a mail sent or too late", "codes in mails sent or too late"),
    ("family_notes", "family's note on such a conversation", "families' notes on such conversations"),
    ("doctor_pages", "page for a doctor whose link expired", "pages for doctors whose links expired"),
    ("signups", "sign-up for news that is over", "sign-ups for news that are over"),
    (
        "marks",
        "mark of an address that was asked to confirm",
        "marks of addresses that were asked to confirm",
    ),
)


def purge_command(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
) -> None:
    """Delete everything whose time is over: conversations, leads, codes, sign-ups, doctors' pages.

    The worker does the same every hour. Exit code 1 means that a database could not be read or written.
    """
    try:
        report = purge(dry_run=dry_run)
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except NotErased as error:
        typer.echo(f"Not everything could be deleted; it stays until the next purge ({error}).", err=True)
        raise typer.Exit(1) from None
    _tell(report, dry_run)


def _tell(report: PurgeReport, dry_run: bool) -> None:
    lines = [
        f"  {number} {one if number == 1 else many}"
        for name, one, many in _NAMES
        if (number := getattr(report, name))
    ]
    if not lines:
        typer.echo("Nothing is to be deleted." if dry_run else "Nothing was to be deleted.")
    else:
        typer.echo("\n".join(["This would be deleted:" if dry_run else "Deleted:", *lines]))
    if report.unswept:
        typer.echo(
            "The free space of a database was not cleaned: it is too large or in use. What was deleted may "
            "still stand in its file.",
            err=True,
        )
