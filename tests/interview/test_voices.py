"""Whole conversations in each voice: what is said to a parent, a patient, a carer, of a son or a daughter."""

from __future__ import annotations

import re

import pytest

from bot.interview.questions import QUESTIONS
from bot.interview.speech import Speaker
from bot.texts import VOICES, Texts
from bot.wording.careful import FORBIDDEN_WORDS
from tests.contract.test_texts import HIGHEST_GRADE, grade
from tests.interview.family import WORLD, Family

LIKELY = ("rhabdomyosarcoma", "it came back", "surgery and chemo", "2026-06-01", "none", "none", "as_usual")
SOON = ("synovial sarcoma", "it came back", "chemo, surgery", "2026-11-10", "no", "none", "none")
MANY = (
    *("synovial sarcoma", "it came back", "chemo, radiation", "2026-11-10", "no", "2026-11-15"),
    *("large_area", "steroids", "2026-11-20", "a wound that does not heal", "yes"),
)
UNSURE = ("I don't know",) * 7
CONVERSATIONS = {
    "parent of a son": ("parent", "my son is 7", *LIKELY),
    "parent of a daughter": ("I'm her mom", "8", *SOON, "yes"),
    "parent who says neither": ("parent", "9", *MANY),
    "parent who says they": ("parent", "she is 9. sorry, they use they/them", *UNSURE),
    "patient": ("patient", "16", *LIKELY),
    "patient, many reasons": ("patient", "15", *MANY),
    "patient, not likely": ("patient", "17", "osteosarcoma", "yes", "why", "stop"),
    "patient who is frightened": (
        "patient",
        "14",
        "am i going to die",
        "idk",
        "i can't do this",
        "I don't know",
    ),
    "patient past the age limit": ("patient", "18", *SOON, "yes"),
    "grandmother": ("I am his grandmother", "7", *SOON, "yes", "change", "stop"),
    "aunt, not likely": ("my niece is 12", "leukemia", "yes", "human", "stop"),
    "carer who says neither": ("carer", "6", *UNSURE),
}


def talk(name: str) -> Family:
    return Family(*CONVERSATIONS[name])


def sentences(text: str) -> list[str]:
    return [
        part.strip("- ").strip() for part in re.split(r"(?<=[.?!])\s+|\n+", text) if part.strip("- ").strip()
    ]


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_every_message_reads_easily_and_promises_nothing(name: str) -> None:
    for said in talk(name).heard:
        assert grade(said["text"]) <= HIGHEST_GRADE, said["text"]
        assert not FORBIDDEN_WORDS.search(said["text"])
        assert "{" not in said["text"]


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_no_turn_says_a_sentence_twice(name: str) -> None:
    first, *lines = CONVERSATIONS[name]
    family = Family(first)
    for line in lines:
        family.say(line)
        said = sentences(family.text)
        assert len(said) == len(set(said)), family.text


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_no_two_turns_are_the_same(name: str) -> None:
    first, *lines = CONVERSATIONS[name]
    family = Family(first)
    for line in lines:
        before = family.text
        assert family.say(line).text != before


@pytest.mark.parametrize("name", [name for name in CONVERSATIONS if name.startswith("patient")])
def test_a_patient_is_never_told_of_a_child(name: str) -> None:
    first, *lines = CONVERSATIONS[name]
    family = Family(first)
    heard = len(family.heard)
    family.say(*lines)
    for said in family.heard[heard - 1 :]:
        assert not re.search(r"\b(your|the) child\b|\byour daughter\b|\byour son\b", said["text"]), said[
            "text"
        ]
        assert not re.search(r"\b(he|she|him|her|his)\b", said["text"]), said["text"]


@pytest.mark.parametrize(
    ("name", "own", "other"),
    [
        ("parent of a son", "he", "she|her|hers"),
        ("parent of a daughter", "she|her", "he|him|his"),
        ("parent who says they", "they", "he|him|his|she|her"),
        ("grandmother", "he", "she|her|hers"),
        ("aunt, not likely", "she|her", "he|him|his"),
    ],
)
def test_a_childs_own_pronoun_is_used_once_it_is_told(name: str, own: str, other: str) -> None:
    questions = [said["text"] for said in talk(name).heard if said["kind"] in ("question", "verdict")][2:]
    assert any(re.search(rf"\b({own})\b", text, re.IGNORECASE) for text in questions)
    for text in questions:
        told = re.sub("doctor|general health", "", text)
        assert not re.search(rf"\b({other})\b", told, re.IGNORECASE), text


@pytest.mark.parametrize("name", ["parent who says neither", "carer who says neither"])
def test_no_pronoun_is_guessed(name: str) -> None:
    for said in talk(name).heard:
        assert not re.search(r"\b(he|she|him|her|his|hers)\b", said["text"], re.IGNORECASE), said["text"]


@pytest.mark.parametrize(
    ("pronoun", "asked"),
    [
        ("my son", "Which treatments has he had so far?"),
        ("my daughter", "Which treatments has she had so far?"),
        ("my kid uses they/them and", "Which treatments have they had so far?"),
        ("my child", "Which treatments has your child had so far?"),
    ],
)
def test_the_verb_goes_with_the_pronoun(pronoun: str, asked: str) -> None:
    family = Family("parent", f"{pronoun} is 7", "rhabdomyosarcoma", "it came back")
    assert family.text.startswith(asked)


def test_a_later_word_puts_the_pronoun_right() -> None:
    family = Family("parent", "he is 7")
    assert "does he have" in family.text
    family.say("she has rhabdomyosarcoma")
    family.say("it came back")
    assert "has she had" in family.text


def test_a_mere_she_does_not_undo_a_son() -> None:
    family = Family("parent", "my son is 7", "rhabdomyosarcoma", "it came back. she told us in may")
    assert "has he had" in family.text
    family = Family("parent", "my son is 7", "rhabdomyosarcoma", "sorry, my daughter. it came back")
    assert "has she had" in family.text


def test_the_pronoun_is_no_fact() -> None:
    family = talk("parent of a son")
    assert set(family.reply.facts) & {"pronoun", "gender"} == set()
    assert family.reply.memory["pronoun"] == "he"
    assert family.reply.screening is not None
    assert "pronoun" not in family.reply.screening["facts"]


def test_a_pronoun_told_after_the_verdict_does_not_tell_it_anew() -> None:
    family = Family("parent", "7", *LIKELY)
    assert family.verdict == "likely"
    family.say("he is 8")
    assert "does not change the result" in family.text
    assert "for him" not in family.text


def test_who_writes_and_is_ill_is_told_so_even_in_her_first_words() -> None:
    family = Family("im 16 and i have synovial sarcoma and a fever of 39.5 right now")
    assert family.phase == "emergency"
    assert "your care team" in family.text
    assert "your child" not in family.text
    assert [choice["title"] for choice in family.reply.messages[-1]["choices"]] == [
        "I am safe. Go on with the questions"
    ]


@pytest.mark.parametrize("opening", ["parent", "patient", "carer"])
@pytest.mark.parametrize("cry", ["i want to die", "fever of 39 tonight", "can't breathe"])
def test_an_emergency_is_told_to_whoever_writes(opening: str, cry: str) -> None:
    text = Family(opening, "16", cry).reply.messages[0]["text"]
    assert "911" in text
    assert "your child's care team" not in text
    assert grade(text) <= HIGHEST_GRADE


@pytest.mark.parametrize(
    ("name", "possible", "result"),
    [
        ("aunt, not likely", "says nothing about other studies", "not a likely match"),
        ("patient, not likely", "says nothing about other studies", "not a likely match"),
        ("patient, many reasons", "This is not a no", "does not seem to be a match"),
        ("parent of a daughter", "This is not a no", "does not seem to be a match"),
    ],
)
def test_bad_news_begins_with_what_is_still_possible(name: str, possible: str, result: str) -> None:
    text = next(said["text"] for said in talk(name).heard if said["kind"] == "verdict")
    assert text.index(possible) < text.index(result)
    reason = "The reason:" if "The reason:" in text else "Why not right now:"
    assert text.index(result) < text.index(reason)


def test_what_may_change_and_the_sentence_against_stopping_stand_by_the_reason() -> None:
    text = talk("patient, many reasons").text
    order = ["this may be different", "Why not right now:", "Please do not stop, skip or delay", "What fits:"]
    at = [text.index(part) for part in order if part in text]
    assert at == sorted(at)
    assert "Talk with your doctor first." in text


def test_past_the_age_limit_no_hope_is_raised() -> None:
    family = Family("patient", "born in december 2007", *SOON, "yes")
    assert family.verdict == "not_yet"
    assert "past the age limit" in family.text
    assert "This is not a no" not in family.text


def test_one_day_is_told_once() -> None:
    assert talk("parent of a daughter").text.count("December 1, 2026") == 1


def test_a_text_may_be_worded_for_a_voice() -> None:
    tree = {"hello": {"parent": "Hello, {who}.", "patient": "Hi."}, "list": {"parent": "a", "other": "b"}}
    texts = Texts("xx", tree, "0", {})
    assert texts.say("hello", "patient") == "Hi."
    assert texts.say("hello", "carer", who="you") == "Hello, you."
    assert texts.say("hello", who="all") == "Hello, all."
    with pytest.raises(LookupError):
        texts.say("list")


@pytest.mark.parametrize("facts", [{"respondent": who} for who in VOICES], ids=str)
@pytest.mark.parametrize("pronoun", [None, "he", "they"])
def test_every_title_stands_as_a_label(facts: dict[str, str], pronoun: str | None) -> None:
    speaker = Speaker(WORLD, facts, pronoun)
    for question in QUESTIONS:
        label = speaker.label(f"questions.{question.id}.title")
        assert re.fullmatch(r"[A-Z][\w' -]+", label), label
        assert len(label.split()) <= 12


def test_a_patient_under_age_is_asked_to_send_it_with_a_grown_up() -> None:
    assert "with a parent or guardian" in talk("patient").text
    assert "with a parent or guardian" not in talk("parent of a son").text
