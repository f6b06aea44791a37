"""An answer to "how old?": a bare number, a number among small words, a slip of a number word."""

from __future__ import annotations

from functools import cache
from typing import Any

from rapidfuzz.distance import OSA

from bot.understanding.ages.age_numbers import OLDEST, Months, phrases, years_as_months
from bot.understanding.files import read_lexicon_file
from bot.understanding.language import language
from bot.understanding.text import Message

_LONGEST_SLIP_MESSAGE = 8
_SHORTEST_SLIP = 3
_SHORTEST_LED_SLIP = 5


def bare_age(words: list[str], lang: str) -> Months | None:
    """Read words (without marks) that hold a number of years or months and little else, as an age."""
    rest = [word for word in words if word not in _words(lang, "beside")]
    by = language(lang)
    for text in (" ".join(words), " ".join(rest)):
        match = by.pattern("ages", "answer").fullmatch(text)
        if match:
            near = (
                phrases(by, "qualifiers").ending((match["near"] or "").split(), 1)[0] if match["near"] else ""
            )
            last = int(match["to"]) if match["to"] else None
            months = years_as_months(float(match["n"]), 6 if match["half"] else None, last, near)
            return months if 0 <= months[0] <= months[1] <= OLDEST else None
        decimal = by.pattern("ages", "decimal").fullmatch(text)
        if decimal:
            exact = int(decimal[1]) * 12 + round(int(decimal[2]) * 1.2)
            return exact, exact
        count = by.pattern("ages", "months").fullmatch(text)
        if count:
            return int(count[1]), int(count[1])
    return None


def answer_age(facts: dict[str, Any], words: list[str], lang: str) -> None:
    """Add the age that these words answer, where none was found."""
    age = None if "age" in facts else bare_age(words, lang)
    if age:
        facts["age"] = {"months": list(age)}


def with_number_slips(message: Message, lang: str) -> Message:
    """Give the message with one slip of a number word read as that number ("sevn")."""
    if len(message.words) > _LONGEST_SLIP_MESSAGE or any(word[0].isdigit() for word in message.words):
        return message
    words = list(message.words)
    for at, word in enumerate(words):
        number = _slip_of(word, lang)
        if number:
            words[at] = number
            return message.replaced(words)
    return message


def with_slips_of_age(message: Message) -> Message:
    """Give the message with slips of a number word read as that number after "he is" ("he is fiften")."""
    lang = message.language.code
    leads = message.language.words("ages", "before_a_slip")
    words = list(message.words)
    for at in range(1, len(words)):
        if words[at - 1] in leads and len(words[at]) >= _SHORTEST_LED_SLIP:
            words[at] = _slip_of(words[at], lang) or words[at]
    return message if words == message.words else message.replaced(words)


@cache
def _words(lang: str, row: str) -> frozenset[str]:
    return frozenset(read_lexicon_file(lang, "answers")["age"][row])


def _slip_of(word: str, lang: str) -> str | None:
    if len(word) < _SHORTEST_SLIP or not word.isalpha():
        return None
    if word in _words(lang, "not_numbers") or word in _words(lang, "beside"):
        return None
    near = [
        name
        for name in _words(lang, "numbers")
        if name[0] == word[0] and OSA.distance(name, word, score_cutoff=1) <= 1
    ]
    return Message(near[0], lang).words[0] if len(near) == 1 else None
