"""Short replies in many wordings: none of a list, a whole list, yes and no to a read-back, not knowing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.understanding import Understood, understand
from criteria import check_facts
from criteria.facts import LISTS

TODAY = date(2026, 11, 22)
WORDINGS = yaml.safe_load((Path(__file__).parent / "wordings.yml").read_text(encoding="utf-8"))
KNOWN = {"age": {"months": [924, 935]}, "diagnosis": {"id": "ewing_sarcoma", "arises_in": "bone"}}


def read(text: str, asked: str | None, known: dict[str, Any] | None = None) -> Understood:
    understood = understand(text, TODAY, asked, known=known)
    check_facts(understood.facts, TODAY)
    return understood


def denied(understood: Understood) -> set[str]:
    return {name for name, value in understood.facts.items() if value in ("no", {"had": "no"})}


@pytest.mark.parametrize("asked", list(LISTS))
@pytest.mark.parametrize("text", WORDINGS["none"])
def test_none_of_a_list_in_any_wording(text: str, asked: str) -> None:
    understood = read(text, asked)
    assert understood.complete_list
    assert denied(understood) == set(LISTS[asked])


@pytest.mark.parametrize(
    "text",
    [
        "no, nothing lately",
        "none now",
        "nothing in the last 5 weeks",
        "nothing since summer",
        "no, he's healthy",
    ],
)
def test_none_of_the_last_weeks(text: str) -> None:
    assert read(text, "recent_events").complete_list
    assert read(text, "treatments").facts == {}  # what is not so now may have been before


@pytest.mark.parametrize(
    "text",
    [
        "no, all of them",
        "no he has",
        "no those two",
        "not all of these",
        "nevermind",
        "no transplant",
        "no chemo",
    ],
)
def test_what_only_looks_like_none(text: str) -> None:
    understood = read(text, "treatments")
    assert not understood.complete_list
    assert len(denied(understood)) <= 1


def test_a_short_time_without_is_not_none() -> None:
    assert not read("nothing this week", "recent_events").complete_list


def test_none_leaves_alone_what_was_told_before() -> None:
    known = {"injury": {"had": "yes"}, "steroids": {"had": "no"}}
    assert denied(read("none of these", "recent_events", known)) == set(LISTS["recent_events"]) - set(known)
    assert "injury" in denied(read("no injury, none of these", "recent_events", known))
    assert "injury" not in read("no idea", "recent_events", known).facts


def test_none_of_a_list_that_is_asked_anew_speaks_of_all() -> None:
    known = {item: {"had": "yes"} for item in LISTS["treatments"]}
    assert denied(read("nope, none", "treatments", known)) == set(LISTS["treatments"])


@pytest.mark.parametrize(
    ("text", "asked", "had"),
    [
        ("chemo, thats all so far", "treatments", {"chemotherapy"}),
        (
            "first an operation and then chemotherapy, nothing more.",
            "treatments",
            {"surgery", "chemotherapy"},
        ),
        ("only a biopsy, nothing else so far", "treatments", {"surgery"}),
        ("radiation in may and that was it", "treatments", {"radiation"}),
        ("he only had surgery in may", "treatments", {"surgery"}),
        ("so far just chemo, they plan surgery next month", "treatments", {"chemotherapy"}),
        ("surgery, none of the others", "treatments", {"surgery"}),
        ("chemo and transplant", "treatments", {"chemotherapy", "stem_cell_transplant"}),
        ("surgery n chemo", "treatments", {"surgery", "chemotherapy"}),
        ("nothing except radiation", "treatments", {"radiation"}),
        ("a blood clot, nothing more", "health_history", {"blood_clot"}),
        ("blood thinners only", "health_history", {"blood_thinners"}),
        ("broke her wrist, thats everything", "recent_events", {"injury"}),
        ("only his inhaler for asthma and a flu shot, nothing else", "recent_events", set()),
        ("just a flu shot", "recent_events", set()),
        ("only asthma, nothing else", "health_history", set()),
        ("he has asthma and takes thyroid pills, none of your list", "health_history", set()),
        (
            "heart_problem, 4, and he had another cancer when he was 2",
            "health_history",
            {"heart_problem", "blood_thinners", "other_cancer"},
        ),
    ],
)
def test_a_whole_list(text: str, asked: str, had: set[str]) -> None:
    understood = read(text, asked)
    assert understood.complete_list
    told = {name for name in understood.facts if name in LISTS[asked]} - denied(understood)
    assert told == had


@pytest.mark.parametrize(
    "text",
    [
        "he had surgery too",
        "he had surgery in may",
        "he just had surgery",
        "chemo, but nothing else helped",
        "transplant from his sister in june",
        "he had chemo, 3, in may",
    ],
)
def test_a_story_is_not_the_whole_list(text: str) -> None:
    understood = read(text, "treatments")
    assert not understood.complete_list
    assert len(understood.facts) == 1


def test_a_number_means_what_the_shown_list_shows() -> None:
    known = {"surgery": {"had": "yes"}}
    assert set(read("1", "treatments", known).facts) == {"chemotherapy"}


def test_a_date_that_only_may_be_shared_stays_with_its_neighbour() -> None:
    facts = read("chemo and surgery in June", "treatments").facts
    assert facts["chemotherapy"] == {"had": "yes"}
    assert facts["surgery"]["last"] == ["2026-06-01", "2026-06-30"]


@pytest.mark.parametrize("asked", [None, "confirm"])
@pytest.mark.parametrize("text", WORDINGS["yes"])
def test_yes_to_a_read_back(text: str, asked: str | None) -> None:
    understood = read(text, asked, KNOWN)
    assert (understood.control, understood.facts) == ("yes", {})


def test_yes_beside_the_age_that_is_known() -> None:
    nineteen = {"age": {"months": [228, 239]}}
    assert read("yeah correct, 19", "confirm", nineteen).control == "yes"
    assert read("yeah correct, 19", "confirm").control == "yes"
    assert read("yes, 9", "confirm", nineteen).control is None


@pytest.mark.parametrize("text", ["yes and no", "yes why?", "yes but", "yes i want to stop", "right leg"])
def test_no_plain_yes(text: str) -> None:
    assert read(text, "confirm", KNOWN).control != "yes"


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("no no, 7", {"age": {"months": [84, 95]}}),
        ("nope. 17 years", {"age": {"months": [204, 215]}}),
        ("no 9", {"age": {"months": [108, 119]}}),
        ("no, 77", {}),
        ("no, 60", {}),
        ("no, he is 8", {"age": {"months": [96, 107]}}),
        ("no, that's wrong", {}),
        ("that is not right", {}),
        (
            "no, that's wrong, it started in the muscle",
            {"diagnosis": {"id": "ewing_sarcoma", "arises_in": "soft_tissue"}},
        ),
        ("nope, soft tissue", {"diagnosis": {"id": "ewing_sarcoma", "arises_in": "soft_tissue"}}),
        (
            "no it grew in the calf muscle beside the bone",
            {"diagnosis": {"id": "ewing_sarcoma", "arises_in": "soft_tissue"}},
        ),
        ("no, the pain started in the muscle", {}),
    ],
)
def test_no_to_a_read_back_and_what_it_puts_right(text: str, facts: dict[str, Any]) -> None:
    understood = read(text, "confirm", KNOWN)
    assert (understood.control, understood.facts) == ("no", facts)


def test_a_no_that_agrees_with_what_was_read_back_is_no_no() -> None:
    understood = read("no she has not had chemo", "confirm", {"chemotherapy": {"had": "no"}})
    assert (understood.control, understood.facts) == (None, {"chemotherapy": {"had": "no"}})


def test_a_child_alone_with_a_small_number_is_not_made_younger() -> None:
    assert read("no, 4", "confirm", {"age": {"months": [96, 107]}}).facts == {}


@pytest.mark.parametrize("text", WORDINGS["doubt"])
@pytest.mark.parametrize(
    ("asked", "fact"),
    [
        ("nitrosourea", "not_sure"),
        ("disease_course", "not_sure"),
        ("chemotherapy.last", {"had": "yes", "last": "not_sure"}),
    ],
)
def test_not_knowing_in_any_wording(text: str, asked: str, fact: Any) -> None:
    understood = read(text, asked)
    assert understood.control == "dont_know"
    assert understood.facts == {asked.partition(".")[0]: fact}


@pytest.mark.parametrize("text", ["i don't know what you mean", "idk why you ask", "i dont know, maybe june"])
def test_doubt_that_answers_something_else(text: str) -> None:
    understood = read(text, "chemotherapy.last")
    assert understood.control != "dont_know"
    assert "not_sure" not in str(understood.facts)


@pytest.mark.parametrize(
    ("text", "control"),
    [
        ("let me go back", "go_back"),
        ("can we go back", "go_back"),
        ("could you go back please?", "go_back"),
        ("i need to go back a question", "go_back"),
        ("nevermind", None),
        ("let me think", None),
        ("let me reset", None),
        ("we went back in june", None),
    ],
)
def test_asking_for_a_command(text: str, control: str | None) -> None:
    assert read(text, "age").control == control
