"""Every sentence a family can read: plain, careful, whole."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import Any

import pytest

from bot.approval.sections import table
from bot.texts import VOICES, load_texts
from bot.texts.voices import voice
from bot.trialfiles.wording import trial_texts
from bot.wording import grades
from bot.wording.careful import FORBIDDEN_WORDS
from bot.wording.grades import HIGHEST_GRADE, is_sentence
from criteria import load_trial, trial_names
from tests.interview.family import Family

TEXTS = load_texts("en")
GLOSSARY = list(TEXTS.node("glossary"))
grade = grades.Grader(GLOSSARY).grade
NO_SENTENCES = ("voices.", "pronouns.", "glossary.", "other_language.")
"""Words to fill in, the glossary's explanations, sentences in other languages."""

WHOLE_CONVERSATIONS = [
    ("parent", "7", "1", "relapsed", "surgery, chemotherapy", "2026-06-01", "none", "none", "as_usual"),
    (
        "patient",
        "17",
        "1",
        "relapsed",
        "1, 2, 3",
        "2026-11-10",
        "no",
        "2026-11-01",
        "large_area",
        "none",
        "none",
        "yes",
    ),
    ("carer", "8", "osteosarcoma", "yes"),
    ("parent", *["I don't know"] * 10),
]


def texts_under(node: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """All texts below a node with their keys."""
    if isinstance(node, dict):
        for name, part in node.items():
            yield from texts_under(part, f"{key}.{name}" if key else str(name))
    elif isinstance(node, list):
        for number, part in enumerate(node):
            yield from texts_under(part, f"{key}.{number}")
    elif isinstance(node, str):
        yield key, node


def family_texts() -> list[tuple[str, str]]:
    """Every text a family can see, with where it stands: the texts file and the trials' family texts."""
    found = [
        (key, text)
        for key, text in texts_under(TEXTS.tree)
        if table().for_families(key) and not key.startswith(NO_SENTENCES)
    ]
    for name in trial_names():
        found += [(f"{name}.{where}", text) for where, text in trial_texts(load_trial(name))]
    return found


PRONOUNS = (None, *TEXTS.node("pronouns"))


def filled(text: str, respondent: str, pronoun: str | None = None) -> str:
    """The text as a family of this voice reads it."""
    return grades.filled(text, voice(TEXTS, respondent, pronoun))


def voices_of(key: str) -> tuple[str, ...]:
    """The voices that a text is for: one that is worded for a voice is read in that voice."""
    last = key.rpartition(".")[2]
    return (last,) if last in VOICES else VOICES


SENTENCES = [(key, text) for key, text in family_texts() if is_sentence(text)]


@pytest.mark.parametrize(("key", "text"), SENTENCES, ids=[key for key, _ in SENTENCES])
def test_reads_at_grade_six_or_below(key: str, text: str) -> None:
    for respondent in voices_of(key):
        for pronoun in PRONOUNS:
            said = filled(text, respondent, pronoun)
            assert grade(said) <= HIGHEST_GRADE, said


@pytest.mark.parametrize("name", trial_names())
def test_what_the_study_team_will_check_reads_at_grade_six_or_below(name: str) -> None:
    """The family text of a criterion is no sentence of its own: it is read at the end of one."""
    for criterion in load_trial(name).criteria:
        for respondent in VOICES:
            for pronoun in PRONOUNS:
                topic = filled(criterion.family, respondent, pronoun)
                said = TEXTS.say("verdict.unknown_text", topic=topic)
                assert grade(said) <= HIGHEST_GRADE, (criterion.id, said)


@pytest.mark.parametrize(("key", "text"), family_texts(), ids=[key for key, _ in family_texts()])
def test_has_no_word_that_promises_or_judges(key: str, text: str) -> None:
    assert not FORBIDDEN_WORDS.search(text)
    assert "{{" not in text


@pytest.mark.parametrize(("key", "text"), family_texts(), ids=[key for key, _ in family_texts()])
def test_every_placeholder_is_well_formed(key: str, text: str) -> None:
    names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    assert all(name.isidentifier() for name in names)


@pytest.mark.parametrize("lines", WHOLE_CONVERSATIONS, ids=["likely", "not yet", "not likely", "possible"])
def test_whole_messages_read_at_grade_six_or_below(lines: tuple[str, ...]) -> None:
    family = Family(*lines)
    assert family.verdict is not None
    for said in family.heard:
        assert grade(said["text"]) <= HIGHEST_GRADE, said["text"]


def test_every_voice_has_the_same_words() -> None:
    voices = TEXTS.node("voices")
    assert set(voices) == {"parent", "patient", "carer"}
    assert len({frozenset(words) for words in voices.values()}) == 1
    pronouns = TEXTS.node("pronouns")
    assert set(pronouns) == {"he", "she", "they"}
    assert len({frozenset(words) for words in pronouns.values()}) == 1
    told, untold = voice(TEXTS, "parent", "she"), voice(TEXTS, "parent")
    assert told.keys() == untold.keys()


def test_what_happens_and_how_long_it_takes_agree() -> None:
    study = load_trial("NCT06848582").study
    assert study.how_long is not None
    assert study.what_happens is not None
    numbers = re.findall(r"\d+ \w+", study.how_long)
    assert numbers == ["8 times", "3 months", "3 years"]
    assert re.findall(r"\d+ \w+", study.what_happens) == numbers


def test_the_sentence_against_stopping_treatment_is_whole() -> None:
    said = TEXTS.say("keep_treatment", **voice(TEXTS, "parent"))
    assert said == (
        "Please do not stop, skip or delay any medicine or treatment because of this. "
        "Talk with your child's doctor first."
    )
