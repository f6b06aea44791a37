"""Words of emergency, and signs that need a doctor today. All words are data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.understanding.files import read_lexicon_file
from bot.understanding.language import language
from bot.understanding.text import Message
from bot.understanding.time.dates import find_dates

KINDS = ("self_harm", "emergency", "urgent")
_STILL_FRESH = timedelta(days=3)
_HOTTEST = {"celsius": 43.0, "fahrenheit": 110.0}


@dataclass(frozen=True)
class _Alarm:
    matcher: PhraseMatcher
    vocab: Vocab
    words: dict[str, tuple[str, ...]]
    fever: re.Pattern[str]
    least: dict[str, float]


@cache
def _alarm(lang: str) -> _Alarm:
    data = read_lexicon_file(lang, "emergency")
    vocab = Vocab()
    matcher = PhraseMatcher(vocab, attr="ORTH")
    for kind in KINDS:
        matcher.add(kind, [Doc(vocab, words=Message(phrase, lang).words) for phrase in data[kind]])
    words = {name: tuple(names) for name, names in data.items() if isinstance(names, list)}
    least = {scale: float(degrees) for scale, degrees in data["fever_least"].items()}
    return _Alarm(matcher, vocab, words, language(lang).pattern("emergency", "fever"), least)


def read_alarm(message: Message, today: date, lang: str) -> str | None:
    """Give the gravest of "self_harm", "emergency" and "urgent", or None.

    What is clearly past, denied or a question is set aside; when in doubt it counts.
    """
    alarm = _alarm(lang)
    doc = Doc(alarm.vocab, words=message.words)
    hits = [(alarm.vocab.strings[key], start, end) for key, start, end in alarm.matcher(doc)]
    fevers = [match for match in alarm.fever.finditer(message.norm) if _hot(match, alarm)]
    hits += [("urgent", *message.span_of(match)) for match in fevers]
    found = {kind for kind, start, end in hits if not _set_aside(message, start, end, alarm, kind, today)}
    return next((kind for kind in KINDS if kind in found), None)


def _hot(match: re.Match[str], alarm: _Alarm) -> bool:
    degrees = float(match["after"] or match["before"])
    return any(least <= degrees <= _HOTTEST[scale] for scale, least in alarm.least.items())


def _set_aside(message: Message, start: int, end: int, alarm: _Alarm, kind: str, today: date) -> bool:
    words, listed = message.words, message.language.words
    breaks = listed("emergency", "but") | {","}
    sentence = next(((a, b) for a, b in message.sentences if a <= start < b), (0, len(words)))
    first = max([sentence[0], *(at + 1 for at in range(sentence[0], start) if words[at] in breaks)])
    last = min([sentence[1], *(at for at in range(end, sentence[1]) if words[at] in breaks)])
    around = f" {' '.join(words[first:start])} | {' '.join(words[end:last])} "
    before = words[max(first, start - 3) : start]
    denied = not listed("emergency", "denials").isdisjoint(before)
    if kind == "self_harm":
        return not listed("emergency", "denies_self_harm").isdisjoint(before)
    if denied:
        return listed("emergency", "now_or_help").isdisjoint(words)
    if kind == "emergency" and _holds(around, alarm.words["figure_of_speech"]):
        return True
    now = _holds(around, alarm.words["now"])
    if kind == "urgent":
        now = now or _holds(around, alarm.words["these_days"])
        if not now and _long_past(message, first, last, today):
            return True
    return not now and _holds(around, alarm.words["set_aside"])


def _holds(around: str, phrases: tuple[str, ...]) -> bool:
    return any(f" {phrase} " in around for phrase in phrases)


def _long_past(message: Message, first: int, last: int, today: date) -> bool:
    """Whether a day in the clause lies some time back."""
    return any(
        when.interval is not None
        and when.role == "past"
        and when.intro != "since"
        and first <= when.start < last
        and when.interval[1] < today - _STILL_FRESH
        for when in find_dates(message, today)
    )
