"""The command line: `prescreen ...`.

Each command lives in a module of its own under ``bot.commands`` and is imported only
when it is called, so that `prescreen check` need not wait for spaCy or the servers.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, override

import typer
from typer.core import TyperGroup
from typer.main import get_command

COMMANDS = {
    "run": "bot.commands.run:run_command",
    "chat": "bot.commands.chat:chat_command",
    "check": "bot.commands.check:check_command",
    "understand": "bot.commands.understand:understand_command",
    "simulate": "bot.commands.simulate:simulate_command",
    "script": "bot.commands.script:script_command",
    "site": "bot.commands.site:site_app",
    "purge": "bot.commands.purge:purge_command",
    "keys": "bot.commands.keys:keys_app",
}
"""Command name to where it lives."""


class CommandsOnDemand(TyperGroup):
    """A group whose commands are imported when they are asked for."""

    @override
    def list_commands(self, ctx: Any) -> list[str]:
        """All commands, in the order of ``COMMANDS``."""
        return list(COMMANDS)

    @override
    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(module), attribute)
        if not isinstance(found, typer.Typer):
            single = typer.Typer(add_completion=False)
            single.command(cmd_name)(found)
            found = single
        command = get_command(found)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=CommandsOnDemand, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False
)


@app.callback()
def prescreen() -> None:
    """Prescreener for families: a chat, a trial's criteria, and a hand-off to the site."""


if __name__ == "__main__":
    app()
