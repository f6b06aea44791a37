"""`prescreen trial ...`: what a site does with the trials it runs. Each command lives in a module here."""

from __future__ import annotations

from bot.commands.on_demand import group_of

COMMANDS: dict[str, str] = {
    "import": "bot.commands.trial.importing:import_command",
    "sync": "bot.commands.trial.syncing:sync_command",
    "check": "bot.commands.trial.check:check_command",
    "export": "bot.commands.trial.export:export_command",
    "review": "bot.commands.trial.review:review_command",
    "table": "bot.commands.trial.table:table_command",
}
"""Command name to where it lives."""

trial_app = group_of(COMMANDS, "Bring trials in, check and review them, keep them current, hand them on.")
