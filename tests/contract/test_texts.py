"""Every sentence a family can read: plain, careful, whole."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import Any

import pytest
import textstat

from bot.texts import VOICES, load_texts
from bot.texts.voices import voice
from criteria import load_trial, trial_names
from tests.interview.family import Family

TEXTS = load_texts("en")
GLOSSARY = sorted(TEXTS.node("glossary"), key=len, reverse=True)
HIGHEST_GRADE = 6.0
FORBIDDEN = re.compile(
    r"eligib|qualif|new treatment|confidential|guarantee|promise|breakthrough|you should",
    re.IGNORECASE,
)
NOT_FOR_FAMILIES = ("voices.", "pronouns.", "glossary.", "staff.", "other_language.")
"""Words to fill in, the glossary's explanations, coordinators' pages, sentences in other languages."""

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
SAMPLES = {
    "site": "the clinic",
    "title": "a study of NK cells",
    "phone": "555",
    "hours": "9 to 5",
    "number": "911",
    "emergency_number": "911",
    "line": "988",
    "crisis": "",
    "contact": "You can call the clinic.",
    "told": "The last day of chemo was June 1, 2026.",
    "link": "the page",
    "day": "June 1, 2026",
    "earliest": "June 1, 2026",
    "latest": "June 5, 2026",
    "topic": "blood tests",
    "thing": "chemo",
    "term": "chemo",
    "meaning": "a strong medicine",
    "age": "7 years",
    "Title": "The last day of chemo",
}


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
    found = [(key, text) for key, text in texts_under(TEXTS._tree) if not key.startswith(NOT_FOR_FAMILIES)]
    for name in trial_names():
        trial = load_trial(name)
        found += [(f"{name}.title", trial.title), (f"{name}.summary", trial.summary)]
        found += [(f"{name}.{where}", text) for where, text in trial.study.texts()]
        for criterion in trial.criteria:
            found.append((f"{name}.{criterion.id}.family", criterion.family))
            if criterion.rule is not None:
                cases = (*criterion.rule.not_met, *criterion.rule.not_yet)
                found += [(f"{name}.{criterion.id}.case", case.family) for case in cases if case.family]
    return found


class _Anything(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "it"


PRONOUNS = (None, *TEXTS.node("pronouns"))


def filled(text: str, respondent: str, pronoun: str | None = None) -> str:
    """The text as a family of this voice reads it."""
    return text.format_map(_Anything(voice(TEXTS, respondent, pronoun) | SAMPLES))


def voices_of(key: str) -> tuple[str, ...]:
    """The voices that a text is for: one that is worded for a voice is read in that voice."""
    last = key.rpartition(".")[2]
    return (last,) if last in VOICES else VOICES


def grade(text: str) -> float:
    """Flesch-Kincaid grade, words of the glossary counted as one short word."""
    for word in GLOSSARY:
        text = re.sub(rf"(?<!\w){re.escape(word)}s?(?!\w)", "it", text, flags=re.IGNORECASE)
    return float(textstat.flesch_kincaid_grade(text))


SENTENCES = [(key, text) for key, text in family_texts() if re.search(r"[.?!]\"?$", text.strip())]


@pytest.mark.parametrize(("key", "text"), SENTENCES, ids=[key for key, _ in SENTENCES])
def test_reads_at_grade_six_or_below(key: str, text: str) -> None:
    for respondent in voices_of(key):
        for pronoun in PRONOUNS:
            said = filled(text, respondent, pronoun)
            assert grade(said) <= HIGHEST_GRADE, said


@pytest.mark.parametrize(("key", "text"), family_texts(), ids=[key for key, _ in family_texts()])
def test_has_no_word_that_promises_or_judges(key: str, text: str) -> None:
    assert not FORBIDDEN.search(text)
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


def test_the_chat_and_the_studys_page_tell_the_same_length() -> None:
    how_long = load_trial("NCT06848582").study.how_long or ""
    numbers = re.findall(r"\d+ \w+", how_long)
    assert numbers == ["8 times", "3 months", "3 years"]
    assert re.findall(r"\d+ \w+", TEXTS.node("asides.ask_how_long")) == numbers


def test_the_sentence_against_stopping_treatment_is_whole() -> None:
    said = TEXTS.say("keep_treatment", **voice(TEXTS, "parent"))
    assert said == (
        "Please do not stop, skip or delay any medicine or treatment because of this. "
        "Talk with your child's doctor first."
    )
