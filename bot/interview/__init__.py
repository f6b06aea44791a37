"""The interview: facts + trial + today -> the next step. No clock, no files, no network."""

from bot.interview.dialogue import respond
from bot.interview.model import Incoming, Reply, SiteInfo, World

__all__ = ["Incoming", "Reply", "SiteInfo", "World", "respond"]
