"""The family texts of a trial file: reading grade, words that promise, words in braces."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from bot.texts import VOICES, Texts, load_texts
from bot.texts.voices import voice
from bot.wording.careful import FORBIDDEN_WORDS
from bot.wording.grades import HIGHEST_GRADE, Grader, filled, is_sentence
from criteria.checking.defects import Defect
from criteria.checking.trial_file import TrialFile, cases_of
from criteria.trial import Trial

GRADE, FORBIDDEN, BRACES = "grade", "forbidden word", "words in braces"


def trial_texts(trial: Trial) -> Iterator[tuple[str, str]]:
    """Everything of a trial's file that a family can read, each with its place there."""
    yield from (("title", trial.title), ("summary", trial.summary))
    yield from trial.study.texts()
    for criterion in trial.criteria:
        yield f"criteria.{criterion.id}.family", criterion.family
        if criterion.fits is not None:
            yield f"criteria.{criterion.id}.fits", criterion.fits
        for _, where, case in cases_of(criterion):
            if case.family is not None:
                yield f"{where}.family", case.family


def wording(file: TrialFile, language: str = "en") -> Iterator[Defect]:
    """What is wrong with the family texts of a trial file."""
    texts = load_texts(language)
    check = _Check(texts)
    for where, text in trial_texts(file.trial):
        ids = (where.split(".")[1],) if where.startswith("criteria.") else ()
        for kind, said, at in check.wrong(text):
            yield file.defect(where, "error", kind, said, ids, at=at)


class _Check:
    def __init__(self, texts: Texts) -> None:
        self.grader = Grader(texts.node("glossary"))
        pronouns = (None, *texts.node("pronouns"))
        self.voices = [voice(texts, who, pronoun) for who in VOICES for pronoun in pronouns]

    def wrong(self, text: str) -> Iterator[tuple[str, str, str]]:
        """Kind, what is wrong, and the words it is about."""
        for match in FORBIDDEN_WORDS.finditer(text):
            yield FORBIDDEN, f'"{match[0]}" may not stand in a text for families', match[0]
        try:
            names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        except ValueError as error:
            yield BRACES, f"its braces can't be filled: {error}", ""
            return
        unknown = [name for name in names if name not in self.voices[0]]
        if unknown:
            yield BRACES, f"{{{unknown[0]}}} is no word that the program fills in", f"{{{unknown[0]}}}"
        elif is_sentence(text):
            worst = max(self.grader.grade(filled(text, words)) for words in self.voices)
            if worst > HIGHEST_GRADE:
                first = re.split(r"\s+", text.strip())[:6]
                yield GRADE, f'"{" ".join(first)} ..." reads at grade {worst}, above {HIGHEST_GRADE:g}', ""
