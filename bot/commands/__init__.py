"""The commands of `prescreen`, one module each; `bot.cli` imports them when they are called."""
