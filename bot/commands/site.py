"""``prescreen site``: what a study site sets up for itself."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from bot.leads.reading import record
from bot.leads.users import (
    ROLES,
    SHORTEST_PASSWORD,
    UserError,
    add_user,
    all_users,
    disable_user,
    user_named,
)
from bot.settings import SettingsError

site_app = typer.Typer(no_args_is_help=True, help="Set up the site's side: who may read the inbox.")

_WHO = "command line"


@site_app.callback()
def site() -> None:
    """Set up the site's side: who may read the inbox."""


@site_app.command("add-user")
def add_user_command(
    name: Annotated[str, typer.Argument(help="The name to log in with.")],
    role: Annotated[
        str | None,
        typer.Option(
            "--role",
            help="coordinator or administrator; the very first user is an administrator, all others are "
            "coordinators.",
        ),
    ] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input, one line.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Give somebody who is there already a new password.")
    ] = False,
) -> None:
    """Let somebody read the inbox, or with --replace give her a new password.

    The password is asked for twice, or read with --password-stdin; it never stands on the command line,
    where other users of the machine could see it. Somebody who was disabled is let in again by --replace.
    """
    with _errors_in_words():
        if role not in (None, *ROLES):
            raise UserError(f"A role is one of: {', '.join(ROLES)}.")
        there = user_named(name)
        if there is not None and not replace:
            raise UserError(f"{there.name} can log in already. For a new password, use --replace.")
        password = _password_from_stdin() if password_stdin else _password_asked()
        add_user(name, password, role=role)
        user = user_named(name)
        assert user is not None
        record(
            _WHO, "added user" if there is None else "gave new password", detail=f"{user.name}: {user.role}"
        )
    typer.echo(f"{user.name} can log in at /inbox now, as {user.role}.")


@site_app.command("disable-user")
def disable_user_command(
    name: Annotated[str, typer.Argument(help="Who may log in no more.")],
) -> None:
    """Let somebody in no more and end her sessions; her name stays in the audit. Add her again to undo it."""
    with _errors_in_words():
        user = user_named(name)
        if user is None:
            raise UserError(f"There is no user {name.strip()}.")
        disable_user(user.id)
        record(_WHO, "disabled user", detail=user.name)
    typer.echo(f"{user.name} can't log in any more.")


@site_app.command("users")
def users_command() -> None:
    """List everybody who may log in, or might once."""
    with _errors_in_words():
        users = all_users()
    if not users:
        typer.echo("There are no users yet. Add the first one: prescreen site add-user NAME")
    width = max((len(user.name) for user in users), default=0)
    for user in users:
        since = f"disabled {user.disabled:%Y-%m-%d}" if user.disabled else f"since {user.created:%Y-%m-%d}"
        typer.echo(f"{user.name:<{width}}  {user.role:<13}  {since}")


@contextmanager
def _errors_in_words() -> Iterator[None]:
    """What can't be done is one sentence and exit code 2."""
    try:
        yield
    except (UserError, SettingsError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _password_from_stdin() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _password_asked() -> str:
    label = f"Password, at least {SHORTEST_PASSWORD} signs"
    return str(typer.prompt(label, hide_input=True, confirmation_prompt=True))
