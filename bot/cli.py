"""The command line: `prescreen ...`. Each command lives in a module of its own under ``bot.commands``."""

from __future__ import annotations

from bot.commands.on_demand import group_of

COMMANDS = {
    "run": "bot.commands.run:run_command",
    "chat": "bot.commands.chat:chat_command",
    "check": "bot.commands.check:check_command",
    "understand": "bot.commands.understand:understand_command",
    "simulate": "bot.commands.simulate:simulate_command",
    "trial": "bot.commands.trial:trial_app",
    "script": "bot.commands.script:script_command",
    "site": "bot.commands.site:site_app",
    "purge": "bot.commands.purge:purge_command",
    "keys": "bot.commands.keys:keys_app",
}
"""Command name to where it lives."""

app = group_of(
    COMMANDS, "Prescreener for families: a chat, the criteria of trials, and a hand-off to the site."
)


if __name__ == "__main__":
    app()
