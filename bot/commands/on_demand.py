"""Groups of commands that are imported only when they are asked for.

So `prescreen check` need not wait for spaCy or the servers.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, override

import typer
from typer.core import TyperGroup
from typer.main import get_command


def group_of(commands: Mapping[str, str], help_text: str) -> typer.Typer:
    """A group of commands; ``commands`` tells where each lives, as ``module:function`` or ``module:app``."""

    class CommandsOnDemand(TyperGroup):
        """Finds its commands by name."""

        @override
        def list_commands(self, ctx: Any) -> list[str]:
            """All commands, in the order in which they were given."""
            return list(commands)

        @override
        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            """The command of that name, or None."""
            if cmd_name not in commands:
                return None
            module, _, attribute = commands[cmd_name].partition(":")
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
    app.callback(help=help_text)(lambda: None)
    return app
