"""What was just told is put right by "no wait, it was 6 weeks ago"; what it could mean twice is asked."""

from __future__ import annotations

import pytest

from tests.interview.family import Family

LIST = ("parent", "he is 7", "rhabdomyosarcoma", "it came back")
TOLD = (*LIST, "chemo, last one was 3 weeks ago")
SIX_WEEKS = ["2026-10-09", "2026-10-13"]


@pytest.mark.parametrize(
    "words",
    [
        "no wait it was 6 weeks ago",
        "wait, no, 6 weeks ago",
        "Sorry, I meant 6 weeks ago.",
        "oh hang on. six weeks ago",
        "correction: 6 weeks ago",
        "it was six weeks ago, my mistake",
        "actually it was 6 weeks ago",
        "sorry, 6 weeks ago",
        "no wait, his last chemo was 6 weeks ago",
    ],
)
def test_a_day_just_told_is_put_right_while_a_list_is_asked(words: str) -> None:
    family = Family(*TOLD, words)
    assert family.reply.facts["chemotherapy"] == {"had": "yes", "last": SIX_WEEKS}
    assert "I have changed this" in family.text
    assert "October 9, 2026" in family.text
    assert "did not get that" not in family.text


def test_it_answers_nothing_of_the_list_that_waits() -> None:
    family = Family(*TOLD, "no wait it was 6 weeks ago")
    assert family.asks == "treatments"
    assert "radiation" not in family.reply.facts
    assert "surgery" not in family.reply.facts


def test_a_correction_that_names_the_treatment_closes_no_list() -> None:
    family = Family(*TOLD, "no wait, chemo ended in june")
    assert family.reply.facts["chemotherapy"]["last"] == ["2026-06-01", "2026-06-30"]
    assert "radiation" not in family.reply.facts
    assert family.asks == "treatments"


def test_an_age_is_put_right_a_question_later() -> None:
    family = Family("parent", "he is 7", "no wait, he is 8")
    assert family.reply.facts["age"] == {"months": [96, 107]}
    assert family.asks == "diagnosis"
    family = Family("parent", "7", "i mean 9")
    assert family.reply.facts["age"] == {"months": [108, 119]}


def test_where_the_question_that_waits_asks_for_a_day_too_it_is_asked_which() -> None:
    family = Family(*LIST, "chemo, radiation", "3 weeks ago", "no")
    assert family.asks == "radiation.last"
    before = dict(family.reply.facts)
    family.say("no wait it was 6 weeks ago")
    assert family.reply.facts == before
    assert "which answer you mean" in family.text
    offered = [choice["payload"] for choice in family.reply.messages[-1]["choices"]]
    assert offered == ["chemotherapy.last", "radiation.last", "nothing"]
    family.say("chemotherapy.last", "6 weeks ago")
    assert family.reply.facts["chemotherapy"]["last"] == SIX_WEEKS
    assert family.asks == "radiation.last"


def test_a_polite_answer_is_an_answer() -> None:
    family = Family(*LIST, "chemo, radiation", "3 weeks ago", "no", "sorry, 6 weeks ago, a large area")
    assert family.reply.facts["radiation"]["last"] == SIX_WEEKS
    assert family.reply.facts["chemotherapy"]["last"] == ["2026-10-30", "2026-11-03"]


def test_of_two_days_just_told_none_is_guessed() -> None:
    family = Family(*LIST, "chemo 3 weeks ago and radiation in may, large area")
    before = dict(family.reply.facts)
    family.say("no wait it was 6 weeks ago")
    assert family.reply.facts == before
    assert "which answer you mean" in family.text


@pytest.mark.parametrize("words", ["6 weeks ago", "2 weeks ago", "still being treated"])
def test_a_day_alone_puts_nothing_right(words: str) -> None:
    family = Family(*TOLD)
    before = dict(family.reply.facts)
    family.say(words)
    assert family.reply.facts == before


def test_what_was_told_long_ago_is_not_put_right_by_a_bare_day() -> None:
    family = Family(*TOLD, "none", "no", "none", "none")
    before = dict(family.reply.facts)
    family.say("no wait it was 6 weeks ago")
    assert family.reply.facts["chemotherapy"] == before["chemotherapy"]


AFTER_CHEMO = (*LIST, "chemotherapy", "3 weeks ago", "no")
AFTER_TRANSPLANT = (*LIST, "stem_cell_transplant", "2025-11-01", "donor", "no", "yes")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (AFTER_CHEMO, "sorry, nothing since may"),
        (AFTER_CHEMO, "sorry, a cold 2 weeks ago"),
        (AFTER_CHEMO, "sorry, vaccinated 6 weeks ago"),
        (AFTER_CHEMO, "sorry, he was in hospital until 4 days ago"),
        (AFTER_CHEMO, "no wait, nothing but a port in september"),
        (AFTER_CHEMO, "actually still has a cough"),
        (AFTER_CHEMO, "actually a seizure 2 days ago"),
        (AFTER_TRANSPLANT, "sorry, no"),
        (AFTER_TRANSPLANT, "actually none"),
        (AFTER_TRANSPLANT, "wait, no"),
        ((*LIST, "chemotherapy, radiation", "3 weeks ago", "yes", "4 weeks ago"), "Sorry, no"),
        (("parent", "7"), "sorry, 6 weeks"),
        (("parent", "7"), "sorry, 6"),
        (("parent", "7"), "oops, 3"),
    ],
)
def test_what_may_answer_the_waiting_question_takes_nothing_back(told: tuple[str, ...], words: str) -> None:
    family = Family(*told)
    before = dict(family.reply.facts)
    family.say(words)
    assert {name: family.reply.facts.get(name) for name in before} == before


def test_the_same_day_again_changes_nothing() -> None:
    family = Family(*TOLD, "no wait it was 3 weeks ago")
    assert "I have changed this" not in family.text
    assert family.reply.facts["chemotherapy"]["last"] == ["2026-10-30", "2026-11-03"]


def test_a_correction_beside_fear_is_met_and_heard() -> None:
    family = Family(*TOLD, "no wait it was 6 weeks ago, i am so scared i mix up things")
    assert "scared" in family.reply.messages[0]["text"]


@pytest.mark.parametrize(
    "lines",
    [
        (*LIST, "why do you ask?", "what is MIBG?", "what is chemo?", "why?", "what is a biopsy?"),
        (*TOLD, "why do you ask?", "what is MIBG?", "what is chemo?", "no wait it was 6 weeks ago", "why?"),
        ("parent", "why do you ask?", "what is a sarcoma?", "why?", "hmm well", "what is chemo?"),
        (*LIST, "chemotherapy", "why?", "what is chemo?", "why?", "what is MIBG?"),
    ],
)
def test_a_question_is_put_in_every_wording_as_a_question(lines: tuple[str, ...]) -> None:
    family = Family(lines[0])
    for line in lines[1:]:
        before = family.reply.messages[-1]["text"]
        family.say(line)
        asked = family.reply.messages[-1]
        assert asked["kind"] == "question"
        assert "?" in asked["text"], asked["text"]
        assert asked["text"] != before
