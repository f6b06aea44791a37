"""One name put in the place of another: "chemo ended in may. wait, no, that was the steroids not chemo".

The first name becomes the one that was meant, so that its days and all else that was said of it go with it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from bot.understanding.files import languages
from bot.understanding.text import Message
from bot.understanding.vocabulary import Found, Mention

_FILE = "grammar"
_REST = "rest"
_KIND = "treatments"
_TAKES_BACK = {"takes_back": True, "takes_back_after": True, "may_take_back": False}
_LOOK = 20


def taken_back(text: str, lang: str = "en") -> tuple[str, bool] | None:
    """Give what is said instead, where a message takes back what was told: "no wait, it was in may".

    The words are those of the message, normalised. With them, whether it surely takes something back:
    "sorry, in may" may as well be an answer. None for any other message.
    """
    message = Message(text, lang if lang in languages() else "en")
    for name, sure in _TAKES_BACK.items():
        found = message.language.pattern(_FILE, name).fullmatch(message.norm)
        if found:
            return found[_REST], sure
    return None


def only_a_day_or_age(text: str, lang: str = "en") -> bool:
    """Whether the words hold nothing but a day or an age, such as "it was more like 6 weeks ago"."""
    message = Message(text, lang if lang in languages() else "en")
    known = message.language.words(_FILE, "day_and_no_more")
    words = [word for word in message.words if any(sign.isalnum() for sign in word)]
    return all(word in known or any(sign.isdigit() for sign in word) for word in words)


def with_corrections(found: Found) -> Found:
    """Give what was found with each name that was put right changed to the one that was meant."""
    language, words = found.message.language, found.message.words
    if language.words(_FILE, "putting_right").isdisjoint(words):
        return found
    named = [mention for mention in found.mentions if mention.kind == _KIND]
    changed: dict[int, Mention | None] = {}
    for number, (said, meant) in enumerate(pairwise(named)):
        if said.name == meant.name or meant.start - said.end > _LOOK:
            continue
        again = named[number + 2] if number + 2 < len(named) else None
        if _takes_its_place(found, said, meant, again):
            changed[said.start] = replace(said, entry=meant.entry)
            changed[meant.start] = None
            if again and again.name == said.name and _is_denied(found, meant, again):
                changed[again.start] = None
    if not changed:
        return found
    kept = (changed.get(mention.start, mention) for mention in found.mentions)
    return replace(found, mentions=tuple(mention for mention in kept if mention))


def _takes_its_place(found: Found, said: Mention, meant: Mention, again: Mention | None) -> bool:
    between = _text(found, said.end, meant.start)
    if _says(found, "instead_meant", between):
        return _says(found, "nothing_more", _text(found, meant.end, meant.end + 1))
    denied = again is not None and again.name == said.name and _is_denied(found, meant, again)
    return denied and _says(found, "instead_was", between)


def _is_denied(found: Found, meant: Mention, again: Mention) -> bool:
    return again.start - meant.end <= _LOOK and _says(found, "not_the", _text(found, meant.end, again.start))


def _text(found: Found, start: int, end: int) -> str:
    return "".join(f" {word}" for word in found.message.words[start:end])


def _says(found: Found, name: str, text: str) -> bool:
    return found.message.language.pattern(_FILE, name).search(text) is not None
