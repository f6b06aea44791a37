"""Cries of fear, grief, guilt or anger. They are no emergency and no fact; all words are data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.understanding.files import read_lexicon_file
from bot.understanding.text import Message

_FILE = "distress"
_BEREAVED, _AT_A_LOSS, _WORN_OUT = "grief", "fear", "worn_out"
_NEAR = 3


@dataclass(frozen=True)
class _Cries:
    matcher: PhraseMatcher
    vocab: Vocab
    kinds: tuple[str, ...]


@cache
def _cries(lang: str) -> _Cries:
    kinds: dict[str, list[str]] = read_lexicon_file(lang, _FILE)["kinds"]
    vocab = Vocab()
    matcher = PhraseMatcher(vocab, attr="ORTH")
    for kind, phrases in kinds.items():
        matcher.add(kind, [Doc(vocab, words=Message(phrase, lang).words) for phrase in phrases])
    return _Cries(matcher, vocab, tuple(kinds))


def read_distress(message: Message, lang: str, asked: str | None = None) -> str | None:
    """Give the kind of cry that a message holds ("grief", "worn_out", "fear" ...), or None.

    What is denied does not count. `asked`: "2 months left" answers a question for a day, and "so
    tired" the question how active the patient is.
    """
    cries, language = _cries(lang), message.language
    doc = Doc(cries.vocab, words=message.words)
    found = {
        cries.vocab.strings[key]
        for key, start, end in cries.matcher(doc)
        if not _denied(message, start) and not _goes_on_otherwise(message, end, asked)
    }
    if language.pattern(_FILE, "bereaved").search(message.norm):
        found.add(_BEREAVED)
    if at_a_loss(message):
        found.add(_AT_A_LOSS)
    if asked == "activity":
        found.discard(_WORN_OUT)
    return next((kind for kind in cries.kinds if kind in found), None)


def at_a_loss(message: Message) -> bool:
    """Whether the message says "I don't know what to do", which answers no question."""
    return message.language.pattern(_FILE, "at_a_loss").search(message.norm) is not None


def _denied(message: Message, start: int) -> bool:
    """Whether one of the last words before it, in the same clause, says that it is not so."""
    breaks = message.language.words(_FILE, "breaks")
    before = message.words[max(start - _NEAR, 0) : start]
    for at in range(len(before) - 1, -1, -1):
        if before[at] in breaks or not before[at].isalnum():
            before = before[at + 1 :]
            break
    return not message.language.words(_FILE, "denials").isdisjoint(before)


def _goes_on_otherwise(message: Message, end: int, asked: str | None) -> bool:
    """Whether "2 months left" counts something else: "... of chemo", or the answer to "when?"."""
    words, listed = message.words, message.language.words
    left = listed(_FILE, "left")
    if not left.isdisjoint(words[end - 2 : end]) or words[end - 1] in left:
        asks_a_day = asked is not None and asked.endswith(".last")
        return asks_a_day or not listed(_FILE, "not_before").isdisjoint(words[end : end + 1])
    return False
