"""Short replies in many wordings, told by the words that they are made up of: "none", "that is all",
"I couldn't say"."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.understanding.files import read_lexicon_file
from bot.understanding.text import Message

MARKS = frozenset(".,!;:—()\n\"'")
_LONGEST_REPLY = 22
_LONGEST_DOUBT = 18


@dataclass(frozen=True)
class Replies:
    """The rows of the replies file: kind of reply -> row -> its words or phrases."""

    rows: dict[str, dict[str, frozenset[str]]]

    def of(self, kind: str, *rows: str) -> frozenset[str]:
        """Give the words of some rows together."""
        return frozenset().union(*(self.rows[kind][row] for row in rows))


@cache
def replies(lang: str) -> Replies:
    """Give the replies file of a language, its phrases normalised as messages are."""
    data: dict[str, dict[str, Any]] = read_lexicon_file(lang, "replies")
    return Replies(
        {
            kind: {
                row: frozenset(" ".join(Message(phrase, lang).words) for phrase in phrases)
                for row, phrases in rows.items()
            }
            for kind, rows in data.items()
        }
    )


def opening(words: list[str], phrases: Collection[str]) -> int:
    """Give how many words the longest phrase takes up with which these words open; 0 for none."""
    longest = _most_words(phrases) if isinstance(phrases, frozenset) else _count_words(phrases)
    for size in range(min(longest, len(words)), 0, -1):
        if " ".join(words[:size]) in phrases:
            return size
    return 0


def _count_words(phrases: Iterable[str]) -> int:
    return max((phrase.count(" ") for phrase in phrases), default=-1) + 1


@cache
def _most_words(phrases: frozenset[str]) -> int:
    """Give how many words the longest of these lexicon rows has, counted once."""
    return _count_words(phrases)


def says_none(words: list[str], lang: str, ever: bool = False) -> bool:
    """Whether these words (without marks) deny a whole list and say nothing else.

    `ever`: the list asks for all that ever was, so that "none now" does not answer it.
    """
    table = replies(lang)
    held = set(words)
    strong = bool(held & table.of("none", "strong"))
    if held & table.of("none", "not"):
        strong = strong or bool(held & table.of("none", "with_not"))
    allowed = table.of("none", "strong", "weak", "auxiliary", "pointing", "rest", "not")
    if not ever:
        allowed |= table.of("none", "time", "well")
    if not words or len(words) > _LONGEST_REPLY or not held <= allowed:
        return False
    text = f" {' '.join(words)} "
    if _holds(text, table.of("none", "turned")):
        return False
    if _holds(text, table.of("none", "not_known")) and not _holds(text, table.of("none", "not_known_of")):
        return False
    return strong or _weakly_none(held, text, table)


def _weakly_none(held: set[str], text: str, table: Replies) -> bool:
    """Whether a mere "no" denies the list: nothing beside it picks from the list."""
    if not held & table.of("none", "weak"):
        return False
    if held & table.of("none", "auxiliary") and not held & table.of("none", "well", "not"):
        return False
    if held & table.of("none", "pointing") and not held & table.of("none", "denies_these"):
        return False
    return not held & table.of("none", "all") or _holds(text, table.of("none", "all_denied"))


def _holds(text: str, phrases: Collection[str]) -> bool:
    """Whether the text, with a blank at either end, holds one of the phrases."""
    return any(f" {phrase} " in text for phrase in phrases)


def closes(words: list[str], lang: str) -> bool:
    """Whether the message ends by saying that there is no more: "..., nothing else so far"."""
    table = replies(lang)
    phrases = table.of("none", "closing")
    tail = table.of("none", "strong", "weak", "auxiliary", "pointing", "rest", "time")
    return any(
        size and all(word in tail for word in words[at + size :])
        for at in range(len(words))
        if (size := opening(words[at:], phrases))
    )


def in_doubt(words: list[str], lang: str, answers: bool) -> bool:
    """Whether the message says no more than that they do not know.

    `answers`: a question waits, so that what they do not know may be named ("what was in the bag").
    """
    table = replies(lang)
    core = table.of("dont_know", "core")
    held = set(words)
    if not words or len(words) > _LONGEST_DOUBT or held & table.of("dont_know", "blocked"):
        return False
    covered: set[int] = set()
    for at in range(len(words)):
        covered |= set(range(at, at + opening(words[at:], core)))
    if not covered:
        return False
    others = [word for at, word in enumerate(words) if at not in covered]
    if set(others) <= table.of("dont_know", "rest"):
        return True
    first = min(covered)
    return answers and all(word in table.of("dont_know", "rest") for word in words[:first])


def ends_in_doubt(words: list[str], lang: str) -> bool:
    """Whether the last part of the message says no more than that ("my wife knows, I couldn't say")."""
    turning = replies(lang).of("dont_know", "turning")
    marks = [at for at, word in enumerate(words) if word in MARKS or word in turning]
    last = max((at for at in marks if at < len(words) - 1), default=-1)
    return len(words) <= _LONGEST_DOUBT and in_doubt(without_marks(words[last + 1 :]), lang, answers=False)


def confirms(words: list[str], lang: str) -> bool:
    """Whether a read-back is confirmed: "yes, that's what they told us", "correct, 19"."""
    table = replies(lang)
    held = set(words)
    if not words or len(words) > _LONGEST_REPLY or "?" in held:
        return False
    lead = table.of("yes", "lead")
    if words[0] in lead and not held & table.of("yes", "blocked"):
        return True
    if not held <= table.of("yes", "lead", "core", "rest"):
        return False
    return bool(held & table.of("yes", "core")) or opening(words, table.of("yes", "opening")) > 0


def after_no(message: Message, lang: str) -> list[str] | None:
    """Give what follows the "no" to a read-back ("no no, 7"); None where there is no such "no"."""
    table = replies(lang)
    words = message.words
    plain = [word for word in words if word not in MARKS]
    if len(plain) > _LONGEST_REPLY + 8 or "?" in plain:
        return None
    if set(plain) & table.of("no", "blocked"):
        return None
    size = opening(plain, table.of("no", "opening"))
    if size:
        return plain[size:]
    lead = table.of("no", "lead")
    at = 0
    while at < len(words) and (words[at] in lead or words[at] in MARKS):
        at += 1
    if not any(word in lead for word in words[:at]):
        return None
    rest = [word for word in words[at:] if word not in MARKS]
    parted = (
        at == len(words)
        or words[at - 1] in MARKS
        or words[at].isdigit()
        or words[at] in table.of("no", "subjects")
    )
    if rest and (rest[0] in table.of("no", "other_sense") or not parted):
        return None
    size = opening(rest, table.of("no", "opening"))
    return rest[size:]


def without_marks(words: Iterable[str]) -> list[str]:
    """Give the words without marks."""
    return [word for word in words if word not in MARKS]
