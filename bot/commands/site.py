"""``prescreen site``: what a study site sets up for itself."""

import sys
from typing import Annotated

import typer
from sqlalchemy import select

from bot.leads.database import open_store
from bot.leads.models import StaffUser
from bot.leads.users import SHORTEST_PASSWORD, UserError, add_user
from bot.settings import SettingsError

site_app = typer.Typer(no_args_is_help=True, help="Set up the site's side: who may read the inbox.")


@site_app.callback()
def site() -> None:
    """Set up the site's side: who may read the inbox."""


@site_app.command("add-user")
def add_user_command(
    name: Annotated[str, typer.Argument(help="The name to log in with.")],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input, one line.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Give somebody who is there already a new password.")
    ] = False,
) -> None:
    """Let somebody read the inbox, or with --replace give her a new password.

    The password is asked for twice, or read with --password-stdin; it never stands on the command line,
    where other users of the machine could see it.
    """
    try:
        there = _is_there(name)
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    if there and not replace:
        typer.echo(f"{name.strip()} can log in already. For a new password, use --replace.", err=True)
        raise typer.Exit(2)
    password = _password_from_stdin() if password_stdin else _password_asked()
    try:
        add_user(name, password)
    except (UserError, SettingsError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{name.strip()} can log in at /inbox now.")


def _is_there(name: str) -> bool:
    with open_store().session() as session:
        return session.scalar(select(StaffUser.id).where(StaffUser.name == name.strip())) is not None


def _password_from_stdin() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _password_asked() -> str:
    label = f"Password, at least {SHORTEST_PASSWORD} signs"
    return str(typer.prompt(label, hide_input=True, confirmation_prompt=True))
