"""Finds the lexicon's names and cue words in a message: spaCy's PhraseMatcher, longest match, typing
tolerated; and its phrases with gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.understanding.files import read_lexicon_file
from bot.understanding.gapped import GappedFind, GappedPhrases
from bot.understanding.likeness import nearest
from bot.understanding.text import Message

Span = tuple[int, int]

CONTENT_FILES = ("diagnoses", "treatments", "health", "course", "activity")
_DIAGNOSES = "diagnoses"
_TREATMENTS = "treatments"
_SHORTEST_CORRECTED = 6
_LONGEST_CORRECTED = 24


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of the lexicon in the text: words `start` to `end`, which file's entry, and that entry."""

    start: int
    end: int
    kind: str
    entry: dict[str, Any]

    @property
    def name(self) -> str:
        """The fact or event that it is a name of ("" for a diagnosis, a course, an activity)."""
        return str(self.entry.get("event") or self.entry.get("fact") or "")


@dataclass(frozen=True)
class Found:
    """All that the lexicon knows in one message; spans are word numbers."""

    message: Message
    mentions: tuple[Mention, ...]
    cues: dict[str, list[Span]]

    def cue(self, name: str) -> list[Span]:
        """Give where the words of a cue or people list stand."""
        return self.cues.get(name, [])


class Vocabulary:
    """All names and cues of one language."""

    def __init__(self, lang: str) -> None:
        """Load the lexicon of `lang`. Raises FileNotFoundError where there is none."""
        self._vocab = Vocab()  # the words are cut by `text`, so that no language of spaCy's is needed
        self._matcher = PhraseMatcher(self._vocab, attr="ORTH")
        self._entries: dict[str, tuple[str, dict[str, Any] | None]] = {}
        guards = read_lexicon_file(lang, "guards")
        self._capitals = frozenset(guards["capitals"])
        self._gapped = GappedPhrases.of(lang, CONTENT_FILES)
        known: set[str] = set(guards["words"]) | self._gapped.words
        correctable: set[str] = set()
        for number, (label, entry, names) in enumerate(_all_names(lang)):
            key = str(number)
            self._entries[key] = (label, entry)
            phrases = [Message(name, lang).words for name in names]
            self._matcher.add(key, [Doc(self._vocab, words=words) for words in phrases if words])
            words = {word for phrase in phrases for word in phrase if word.isalpha()}
            known |= words
            if entry is not None and label != "activity":
                correctable |= {word for word in words if len(word) >= _SHORTEST_CORRECTED}
        times = read_lexicon_file(lang, "time")
        months = {name for names in times["months"].values() for name in names}
        for group in ("months", "weekdays", "units", "seasons", "feasts"):
            known |= {
                word
                for names in times[group].values()
                for name in names
                for word in Message(name, lang).words
            }
        self._known = frozenset(known)
        self._correctable = sorted((correctable - set(guards["words"])) | {m for m in months if len(m) >= 6})

    def find(self, message: Message) -> Found:
        """Find names and cues; where names overlap, the longest counts."""
        message = self._corrected(message)
        doc = Doc(self._vocab, words=message.words)
        mentions: list[Mention] = []
        cues: dict[str, list[Span]] = {}
        for match_id, start, end in self._matcher(doc):
            label, entry = self._entries[self._vocab.strings[match_id]]
            if entry is None:
                cues.setdefault(label, []).append((start, end))
            elif not (
                end - start == 1
                and message.words[start] in self._capitals
                and not self._capital(message, start)
            ):
                mentions.append(Mention(start, end, label, entry))
        plain = _longest(mentions)
        return Found(message, _with_gapped(plain, self._find_gapped(message, plain)), cues)

    def _find_gapped(self, message: Message, plain: tuple[Mention, ...]) -> list[GappedFind]:
        diagnosis_at = {m.start: m.end for m in plain if m.kind == _DIAGNOSES}
        return self._gapped.find(message.words, diagnosis_at)

    @staticmethod
    def _capital(message: Message, at: int) -> bool:
        raw = message.tokens[at].raw  # "aRMS" as well as "ARMS"
        capitals = raw.isupper() or sum(letter.isupper() for letter in raw) > 1
        return capitals and (not message.shouting or len(message.words) == 1)

    def _corrected(self, message: Message) -> Message:
        words = [self._correct(word) for word in message.words]
        return message if words == message.words else message.replaced(words)

    def _correct(self, word: str) -> str:
        if (
            not _SHORTEST_CORRECTED <= len(word) <= _LONGEST_CORRECTED
            or word in self._known
            or not word.isalpha()
        ):
            return word
        return _nearest(word, self)

    def nearest_name(self, word: str) -> str:
        """Give the lexicon's word that this one is a slip of, or the word itself."""
        slips = 1 if len(word) < 8 else 2 if len(word) < 14 else 3
        return nearest(word, self._correctable, slips) or word


_remembered: dict[tuple[int, str], str] = {}
_MOST_REMEMBERED = 20_000


def _nearest(word: str, vocabulary: Vocabulary) -> str:
    key = (id(vocabulary), word)
    if key not in _remembered:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        _remembered[key] = vocabulary.nearest_name(word)
    return _remembered[key]


def _all_names(lang: str) -> Iterator[tuple[str, dict[str, Any] | None, list[str]]]:
    """Give (kind, entry, names) of every name, and (cue list, None, words) of every cue."""
    for file in CONTENT_FILES:
        for entry in read_lexicon_file(lang, file):
            if "names" in entry:
                yield file, {key: value for key, value in entry.items() if key != "names"}, entry["names"]
    for file in ("cues", "people"):
        for label, names in read_lexicon_file(lang, file).items():
            if isinstance(names, list):
                yield label, None, names


def _longest(mentions: list[Mention]) -> tuple[Mention, ...]:
    taken: set[int] = set()
    kept = []
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start)):
        if taken.isdisjoint(range(mention.start, mention.end)):
            taken.update(range(mention.start, mention.end))
            kept.append(mention)
    return tuple(sorted(kept, key=lambda m: m.start))


def _with_gapped(plain: tuple[Mention, ...], gapped: list[GappedFind]) -> tuple[Mention, ...]:
    """Add the phrases with gaps, those with the most words of their own first.

    A disease or its course within one stays that ("had her rhabdo removed"). Of treatments' names, those
    that lie wholly among the phrase's own words, or name the same, give way; where another name reaches
    beyond them, the phrase does. Two phrases may share their first word ("removed the port and the tumor").
    """
    if not gapped:
        return plain
    owner = {at: m for m in plain if m.kind == _TREATMENTS for at in range(m.start, m.end)}
    dropped: set[int] = set()
    added: list[Mention] = []
    taken: set[int] = set()
    for find in sorted(gapped, key=lambda g: (-len(g.own), g.end - g.start, g.start)):
        free = find.own[1:] if find.own[0] in taken and len(find.own) > 1 else find.own
        own = set(free)
        if own & taken:
            continue
        others = {id(owner[at]): owner[at] for at in free if at in owner}
        if any(_stands_before(mention, find, own) for mention in others.values()):
            continue
        taken |= own
        dropped |= others.keys()
        added.append(Mention(free[0], find.end, find.label, find.entry))
    kept = [mention for mention in plain if id(mention) not in dropped]
    return tuple(sorted([*kept, *added], key=lambda m: (m.start, m.end)))


def _stands_before(mention: Mention, find: GappedFind, own: set[int]) -> bool:
    """Whether a name without gaps is kept, and the phrase is not: where it says more, or something else."""
    words = range(mention.start, mention.end)
    if own.issuperset(words):
        return False
    bare = any(find.entry.get(key) for key in ("weak", "beside", "yields"))
    same = mention.name == find.entry.get("event") and not bare
    return not same or own.issubset(words)


@cache
def vocabulary(lang: str = "en") -> Vocabulary:
    """Give the vocabulary of a language, loaded once."""
    return Vocabulary(lang)
