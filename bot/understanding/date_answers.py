"""A bare answer to "when was the last one?", written out so that it can be read as a time."""

from __future__ import annotations

import re
from functools import cache

from bot.understanding.date_grammar import grammar
from bot.understanding.text import Message

_LAPSE = re.compile(
    r"(?:about |around |maybe |like |over |almost )?(?:a couple(?: of)?|a few|an?|\d{1,3})(?: to \d{1,2})?"
    r" (?:days?|weeks?|months?|years?|wks?|mos?|yrs?)(?: and a half)?(?: or so)?(?: maybe| i think)?"
)


@cache
def _day_of_month() -> re.Pattern[str]:
    ordinals = "|".join(sorted(grammar().ordinals, key=len, reverse=True))
    return re.compile(
        r"(?:(?:i think|it was|that was|it ended|he finished|she finished|it stopped|maybe|probably) )*"
        rf"(?:on )?(?:the )?(?P<day>\d{{1,2}}(?:st|nd|rd|th)|{ordinals})(?: i think| i believe| maybe)?"
    )


def as_date_answer(message: Message, text: str) -> Message:
    """Give "3 weeks" as "3 weeks ago" and "the 3rd" as "on the 3rd"; any other message as it is."""
    bare = message.norm.strip(" .!")
    if _LAPSE.fullmatch(bare):
        return Message(text.strip(" .!") + " ago")
    day = _day_of_month().fullmatch(bare)
    return Message(f"on the {day['day']}") if day else message
