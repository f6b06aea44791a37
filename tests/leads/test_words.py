"""Answers in words."""

from typing import Any

import pytest

from bot.leads.words import answers_in_words, grouped
from bot.texts import load_texts
from criteria.facts import COURSES, DIAGNOSIS_IDS, EVENTS, FACT_NAMES, ORIGINS, RESPONDENTS, SEXES


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        ("respondent", "parent", "a parent"),
        ("age", {"months": [84, 95]}, "7 years"),
        ("age", "not_sure", "not sure"),
        ("sex", "female", "female"),
        ("home", {"country": "US", "region": "Texas", "city": "Houston"}, "Houston, United States"),
        ("home", {"country": "CA"}, "Canada"),
        ("home", "not_sure", "not sure"),
        ("diagnosis", {"id": "rhabdomyosarcoma", "arises_in": "bone"}, "rhabdomyosarcoma, in: bone"),
        ("diagnosis", {"id": "not_sure"}, "not sure"),
        ("disease_course", ["relapsed", "high_risk"], "came back, high risk"),
        ("disease_course", [], "none of these"),
        ("chemotherapy", {"had": "no"}, "no"),
        (
            "chemotherapy",
            {"had": "yes", "last": ["2026-10-30", "2026-11-03"]},
            "yes; last day: between October 30, 2026 and November 3, 2026",
        ),
        (
            "surgery",
            {"had": "yes", "last": ["2019-01-01", "2026-10-17"]},
            "yes; last day: on or before October 17, 2026",
        ),
        (
            "chemotherapy",
            {"last": ["2026-10-30", "2026-10-30"], "had": "yes"},
            "yes; last day: October 30, 2026",
        ),
        ("steroids", {"had": "yes", "last": "ongoing"}, "yes; still going on"),
        (
            "radiation",
            {"had": "yes", "last": "not_sure", "kind": "mibg"},
            "yes; last day not sure; kind: MIBG treatment",
        ),
        ("activity", {"score": [70, 80]}, "active, but tires"),
        (
            "activity",
            {"score": [40, 60]},
            'between "in bed most of the time" and "up, but plays little"',
        ),
        ("activity", {"score": [100, 100]}, "plays or works as usual"),
        (
            "brain_tumour_spread",
            {
                "had": "yes",
                "symptoms_now": "no",
                "treated": "yes",
                "symptom_free_since": ["2026-01-01", "2026-01-31"],
            },
            "yes; signs now: no; treated: yes; no signs since: between January 1, 2026 and January 31, 2026",
        ),
    ],
)
def test_fact_in_words(fact: str, value: Any, words: str) -> None:
    (answer,) = answers_in_words({fact: value}, load_texts("en"))
    assert (answer.fact, answer.value) == (fact, words)


def test_last_weeks_are_named_unless_a_day_is() -> None:
    facts = {
        "infection": {"had": "yes", "last": "ongoing"},
        "steroids": {"had": "yes", "last": ["2026-03-01", "2026-03-01"]},
        "injury": {"had": "no"},
    }
    labels = [answer.label for answer in answers_in_words(facts, load_texts("en"))]
    assert labels == [
        "Steroids, or medicine that holds back the immune system",
        "Infection, in the last 5 weeks",
        "Bad injury or broken bone, in the last 5 weeks",
    ]


def test_noes_are_put_together() -> None:
    facts = {
        "age": {"months": [84, 95]},
        "gvhd": "no",
        "radiation": {"had": "no"},
        "infection": {"had": "no"},
        "heart_problem": "not_sure",
        "surgery": {"had": "yes"},
    }
    put = grouped(facts, load_texts("en"))
    assert [answer.fact for answer in put.told] == ["age", "surgery", "heart_problem"]
    assert put.no == ["Radiation", "Graft versus host disease now"]
    assert put.no_lately == ["Infection"]


def test_every_fact_kind_and_diagnosis_has_words() -> None:
    texts = load_texts("en")
    assert set(texts.node("web.fact")) == set(FACT_NAMES)
    assert set(texts.node("web.diagnosis")) == {*DIAGNOSIS_IDS, "not_sure"}
    words = set(texts.node("web.value"))
    assert {kind for kinds in EVENTS.values() for kind in kinds} | {
        *ORIGINS,
        *COURSES,
        *RESPONDENTS,
        *SEXES,
    } <= words


def test_order_is_the_texts_order() -> None:
    facts = {"activity": {"score": [50, 50]}, "age": "not_sure", "respondent": "patient"}
    assert [answer.fact for answer in answers_in_words(facts, load_texts("en"))] == [
        "respondent",
        "age",
        "activity",
    ]
