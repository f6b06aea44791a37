"""Texts as lines of the script: filled in for each voice, with their grades and files."""

from __future__ import annotations

from collections.abc import Iterable

from bot.approval.content import Entry
from bot.interview.speech import voice
from bot.script.document import Line
from bot.script.grades import Grader, filled, is_sentence
from bot.texts import Texts

_FAMILY_KEYS = ("family", "fits")


class LineMaker:
    """Makes lines of one language's texts, and of a trial's words in that language."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.grader = Grader(texts.node("glossary"))
        self.voices = {
            self.texts.say(f"board.voice.{name}"): voice(texts, name) for name in texts.node("voices")
        }

    def line(self, entry: Entry, role: str = "") -> Line:
        """One text."""
        own = entry.source == self.texts.language
        file = f"bot/texts/{self.texts.file_of(entry.key)}" if own else f"criteria/trials/{entry.source}.yml"
        language = self._language(entry)
        return Line(
            name=entry.name,
            file=file,
            voices=self._voices(entry.text),
            grade=self._grade(entry.text) if language == self.texts.language else None,
            role=role or self._role(entry.key),
            language=language,
        )

    def lines(self, entries: Iterable[Entry]) -> list[Line]:
        """Several texts."""
        return [self.line(entry) for entry in entries]

    def spoken(self, text: str) -> str:
        """A text in the first voice, words in braces left as they are."""
        return _with_words(text, next(iter(self.voices.values())))

    def _voices(self, text: str) -> tuple[tuple[str, str], ...]:
        """The text as each voice reads it; voices that read the same stand together."""
        readers: dict[str, list[str]] = {}
        for name, words in self.voices.items():
            readers.setdefault(_with_words(text, words), []).append(name)
        if len(readers) == 1:
            return (("", next(iter(readers))),)
        return tuple((", ".join(names), read) for read, names in readers.items())

    def _grade(self, text: str) -> float | None:
        if not is_sentence(text):
            return None
        return max(self.grader.grade(filled(text, words)) for words in self.voices.values())

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
