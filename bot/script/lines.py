"""Texts as lines of the script: filled in for each voice, with their grades and files."""

from __future__ import annotations

from collections.abc import Iterable

from bot.approval.content import Entry
from bot.script.document import Line
from bot.texts import VOICES, Texts, in_voice
from bot.texts.voices import voice
from bot.wording.grades import Grader, filled, is_sentence


class LineMaker:
    """Makes lines of one language's texts, and of a trial's words in that language."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.grader = Grader(texts.node("glossary"))

    def line(self, entry: Entry, role: str = "") -> Line:
        """One text."""
        own = entry.source == self.texts.language
        file = f"bot/texts/{self.texts.file_of(entry.key)}" if own else f"criteria/trials/{entry.source}.yml"
        language = self._language(entry)
        return Line(
            name=entry.name,
            file=file,
            voices=self._voices(entry),
            grade=self._grade(entry) if language == self.texts.language else None,
            role=role or self._role(entry.key),
            language=language,
        )

    def lines(self, entries: Iterable[Entry]) -> list[Line]:
        """Several texts."""
        return [self.line(entry) for entry in entries]

    def spoken(self, key: str) -> str:
        """The text under a key in the first voice, words in braces left as they are."""
        text = in_voice(self.texts.node(key), VOICES[0])
        return _with_words(text, voice(self.texts, VOICES[0]))

    def _voices(self, entry: Entry) -> tuple[tuple[str, str], ...]:
        """The text as each voice reads it; voices that read the same stand together."""
        readers: dict[str, list[str]] = {}
        reading = self._readers(entry)
        for voice_ in reading:
            label = self.texts.say(f"board.voice.{voice_}")
            readers.setdefault(_with_words(entry.text, voice(self.texts, voice_)), []).append(label)
        if len(readers) == 1 and len(reading) == len(VOICES):
            return (("", next(iter(readers))),)
        return tuple((", ".join(names), read) for read, names in readers.items())

    def _readers(self, entry: Entry) -> tuple[str, ...]:
        """The voices that read a text: one that is worded for a voice is read by it, and a parent's also by
        those that have no wording of their own."""
        above, _, last = entry.key.rpartition(".")
        if entry.source != self.texts.language or last not in VOICES:
            return VOICES
        worded = self.texts.node(above)
        if above.endswith("choices") or in_voice(worded, last) is worded:
            return VOICES
        return tuple(
            voice_ for voice_ in VOICES if voice_ == last or (last == VOICES[0] and voice_ not in worded)
        )

    def _grade(self, entry: Entry) -> float | None:
        """The highest grade over the voices, whichever pronoun a family has told."""
        if not is_sentence(entry.text):
            return None
        return max(
            self.grader.grade(filled(entry.text, voice(self.texts, voice_, pronoun)))
            for voice_ in self._readers(entry)
            for pronoun in (None, *self.texts.node("pronouns"))
        )

    def _role(self, key: str) -> str:
        first, *others = key.split(".")
        last = others[-1] if others else ""
        if first == "glossary":
            return key.partition(".")[2]
        if last == "subject":
            return self.texts.say("board.role.subject")
        return ""

    def _language(self, entry: Entry) -> str:
        """The sentences in other languages name theirs in their key; "other" stands for all the rest."""
        if entry.source != self.texts.language or not entry.key.startswith("other_language."):
            return self.texts.language
        found = entry.key.removeprefix("other_language.").removeprefix("contact.").partition(".")[0]
        return self.texts.language if found == "other" else found


class _Words(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _with_words(text: str, words: dict[str, str]) -> str:
    return text.format_map(_Words(words))
