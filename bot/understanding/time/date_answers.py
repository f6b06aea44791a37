"""A bare answer to "when was the last one?", written out so that it can be read as a time."""

from __future__ import annotations

from bot.understanding.text import Message
from bot.understanding.time.date_grammar import grammar


def as_date_answer(message: Message, text: str) -> Message:
    """Give "3 weeks" as "3 weeks ago" and "the 3rd" as "on the 3rd"; any other message as it is."""
    lang = message.language.code
    rules = grammar(lang)
    bare = message.norm.strip(" .!?")
    lapse = rules.patterns["bare_lapse"].fullmatch(bare)
    if lapse:
        written = rules.written_out["about" if lapse["loose"] and not lapse["about"] else "lapse"]
        return Message(written.format(lapse["lapse"]), lang)
    day = rules.patterns["bare_day"].fullmatch(bare)
    return Message(rules.written_out["day"].format(day["day"]), lang) if day else message
