"""Short commands, and messages in another language. All words are data."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from bot.understanding.answers.replies import opening, without_marks
from bot.understanding.files import read_lexicon_file, read_shared_file
from bot.understanding.text import Message

COMMANDS = ("yes", "no", "dont_know", "skip", "why", "go_back", "start_over", "stop", "human", "change")
_LONGEST_COMMAND = 14
_CHANGE_AT_MOST = 10
_SCRIPTS = (
    ("zh", re.compile("[一-鿿]")),
    ("ja", re.compile("[぀-ヿ]")),
    ("ko", re.compile("[가-힯]")),
    ("ru", re.compile("[Ѐ-ӿ]")),
    ("ar", re.compile("[؀-ۿ]")),
    ("hi", re.compile("[ऀ-ॿ]")),
    ("he", re.compile("[֐-׿]")),
    ("el", re.compile("[Ͱ-Ͽ]")),
)
_OFFERED = frozenset({"zh", "ru", "ar"})
_LETTERS = re.compile(r"[^\W\d_]")
_FEWEST_FOREIGN_WORDS = 2


@dataclass(frozen=True)
class _Commands:
    exact: dict[str, str]
    polite: tuple[tuple[str, ...], ...]
    requests: frozenset[str]
    harmless: frozenset[str]
    change_words: tuple[str, ...]
    targets: tuple[tuple[str, str], ...]
    date_words: frozenset[str]
    kind_words: frozenset[str]


def plain_words(message: Message) -> list[str]:
    """Give the words without marks."""
    return without_marks(message.words)


@cache
def _commands(lang: str) -> _Commands:
    data = read_lexicon_file(lang, "control")
    exact: dict[str, str] = {}
    for name in COMMANDS:
        for phrase in data[name]:
            exact.setdefault(" ".join(plain_words(Message(phrase, lang))) or phrase, name)
    polite = tuple(tuple(plain_words(Message(phrase, lang))) for phrase in data["polite"])
    targets = [
        (" ".join(Message(word, lang).words), fact)
        for fact, words in data["targets"].items()
        for word in words
    ]
    targets.sort(key=lambda pair: len(pair[0]), reverse=True)
    return _Commands(
        exact,
        polite,
        frozenset(" ".join(Message(phrase, lang).words) for phrase in data["requests"]),
        frozenset(data["harmless"]),
        tuple(data["change_words"]),
        tuple(targets),
        frozenset(data["date_words"]),
        frozenset(data["kind_words"]),
    )


def read_control(message: Message, text: str, lang: str) -> tuple[str | None, str | None]:
    """Give the command that the whole message is, and what "change ..." would change."""
    commands = _commands(lang)
    stripped = text.strip().lower()
    if stripped in commands.exact:
        return commands.exact[stripped], None
    words = plain_words(message)
    if not words or len(words) > _LONGEST_COMMAND:
        return None, None
    for candidate in (words, _without_politeness(words, commands)):
        joined = " ".join(candidate)
        found = commands.exact.get(joined) or commands.exact.get(joined.removesuffix(" ?"))
        if found:
            return found, None
    bare = _without_politeness([word for word in words if word != "?"], commands)
    request = opening(bare, commands.requests)
    asked_for = commands.exact.get(" ".join(_without_politeness(bare[request:], commands)))
    if request and asked_for in commands.harmless:
        return asked_for, None
    target = _target(words, commands)
    return ("change", target) if target else (None, None)


def short_reply(words: list[str], lang: str) -> str | None:
    """Give "yes", "no" or "dont_know" where these words (without marks) are such a reply."""
    commands = _commands(lang)
    for candidate in (words, _without_politeness(words, commands)):
        found = commands.exact.get(" ".join(candidate))
        if found in COMMANDS[:3]:
            return found
    return None


def _without_politeness(words: list[str], commands: _Commands) -> list[str]:
    changed = True
    while changed and words:
        changed = False
        for phrase in commands.polite:
            size = len(phrase)
            if size and tuple(words[:size]) == phrase:
                words, changed = words[size:], True
            elif size and tuple(words[-size:]) == phrase:
                words, changed = words[:-size], True
    return words


def _target(words: list[str], commands: _Commands) -> str | None:
    if len(words) > _CHANGE_AT_MOST:
        return None
    text = f" {' '.join(words)} "
    opening = [text.find(f" {word} ") for word in commands.change_words if f" {word} " in text]
    if not opening:
        return None
    for name, fact in commands.targets:
        if text.find(f" {name} ") > min(opening):
            if commands.date_words & set(words) and fact not in ("age",):
                return f"{fact}.last"
            if commands.kind_words & set(words) and fact in (
                "radiation",
                "surgery",
                "stem_cell_transplant",
                "growth_factor",
            ):
                return f"{fact}.kind"
            return fact
    return None


@cache
def _foreign() -> dict[str, frozenset[str]]:
    return {code: frozenset(words) for code, words in read_shared_file("languages").items()}


def other_language(message: Message, text: str) -> str | None:
    """Guess another language from its letters or its small words; None for the message's own, and for
    short or mixed text."""
    letters = len(_LETTERS.findall(text))
    if not letters:
        return None
    for code, script in _SCRIPTS:
        if len(script.findall(text)) * 2 >= letters:
            return code if code in _OFFERED else "other"
    words = [
        word for word in (token.raw.lower() for token in message.tokens) if len(word) > 1 and word.isalpha()
    ]
    counted = Counter(words)
    counts = {
        code: sum(counted[word] for word in counted if word in known) for code, known in _foreign().items()
    }
    own = counts.pop(message.language.code, 0)
    best = max(counts, key=lambda code: counts[code])
    enough = counts[best] >= _FEWEST_FOREIGN_WORDS and counts[best] * 4 >= len(words)
    return best if enough and counts[best] > own * 2 else None
