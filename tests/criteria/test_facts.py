"""What the vocabulary of facts takes, and what it says of what it does not take."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from criteria import FactError, check_facts

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ([], "facts must be an object"),
        ({"colour": "red"}, "unknown fact 'colour'; known facts: respondent, age"),
        ({"respondent": "aunt"}, "respondent: 'aunt' is not one of parent, patient, carer, not_sure"),
        ({"heart_problem": True}, "heart_problem: True is not one of yes, no, not_sure"),
        ({"sex": "girl"}, "sex: 'girl' is not one of female, male, not_sure"),
        ({"home": "Houston"}, "home: must be an object with country, region, city"),
        ({"home": {}}, "home.country: None is no country"),
        ({"home": {"country": "us"}}, "home.country: 'us' is no country as two capital letters"),
        ({"home": {"country": "US", "street": "Main"}}, "home: unknown field 'street'"),
        ({"home": {"country": "US", "city": " "}}, "home.city: must be a name"),
        ({"home": {"country": "US", "city": "x" * 81}}, "home.city: must be a name of at most 80"),
        ({"home": {"country": "US", "latitude": 1}}, "latitude and longitude stand together"),
        ({"home": {"country": "US", "latitude": 91, "longitude": 0}}, "home.latitude: must be a number"),
        ({"home": {"country": "US", "latitude": True, "longitude": 0}}, "home.latitude: must be a number"),
        (
            {"home": {"country": "US", "latitude": float("nan"), "longitude": 0}},
            "home.latitude: must be a number",
        ),
        ({"age": 7}, "age: must be an object with months"),
        ({"age": {"years": [7, 7]}}, "age: unknown field 'years'; allowed: months"),
        ({"age": {"months": 84}}, "age.months: must be [least, most]"),
        ({"age": {"months": [84]}}, "age.months: must be [least, most]"),
        ({"age": {"months": [84.0, 95.0]}}, "two whole numbers"),
        ({"age": {"months": [True, True]}}, "two whole numbers"),
        ({"age": {"months": [95, 84]}}, "the least, 95, is above the most, 84"),
        ({"age": {"months": [-1, 4]}}, "must lie between 0 and"),
        ({"activity": {"score": [50, 110]}}, "must lie between 0 and 100"),
        ({"diagnosis": {"id": "flu"}}, "diagnosis.id: 'flu' is not one of"),
        ({"diagnosis": {"id": "sarcoma", "arises_in": "toe"}}, "diagnosis.arises_in: 'toe' is not one of"),
        ({"disease_course": "relapsed"}, "disease_course: must be a list out of"),
        ({"disease_course": ["relapsed", "not_sure"]}, "disease_course: 'not_sure' is not one of"),
        ({"chemotherapy": "yes"}, "chemotherapy: must be an object with had, last, kind"),
        ({"steroids": {"last": "ongoing"}}, "steroids: 'had' is required: yes, no or not_sure"),
        ({"steroids": {"had": "maybe"}}, "steroids.had: 'maybe' is not one of yes, no, not_sure"),
        ({"steroids": {"had": "yes", "kind": "own"}}, "steroids: unknown field 'kind'; allowed: had, last"),
        ({"steroids": {"had": "yes", "last": "2026-11-01"}}, "steroids.last: must be [earliest, latest]"),
        ({"steroids": {"had": "yes", "last": ["2026-02-30", "2026-03-01"]}}, "'2026-02-30' is not a day"),
        ({"steroids": {"had": "yes", "last": ["2026-W10-1", "2026-W10-1"]}}, "'2026-W10-1' is not a day"),
        ({"steroids": {"had": "yes", "last": ["20261101", "20261102"]}}, "'20261101' is not a day"),
        (
            {"steroids": {"had": "yes", "last": ["2026-11-02", "2026-11-01"]}},
            "the earliest day, 2026-11-02, is after the latest, 2026-11-01",
        ),
        (
            {"steroids": {"had": "yes", "last": ["2026-11-23", "2026-11-30"]}},
            "steroids.last: 2026-11-23 is after today, 2026-11-22",
        ),
        ({"radiation": {"had": "yes", "kind": "mild"}}, "radiation.kind: 'mild' is not one of small_area"),
        (
            {"infection": {"had": "yes", "kind": "not_sure"}},
            "infection.kind: 'not_sure' is not one of fungal",
        ),
        ({"injury": {"had": "yes", "kind": "not_sure"}}, "injury.kind: 'not_sure' is not one of by_tumour"),
        ({"chemotherapy": {"had": "yes", "kind": "not_sure"}}, "'not_sure' is not one of mild"),
        ({"brain_tumour_spread": {"had": "yes", "symptoms": "no"}}, "unknown field 'symptoms'"),
        (
            {"brain_tumour_spread": {"had": "yes", "symptom_free_since": "ongoing"}},
            "brain_tumour_spread.symptom_free_since: must be [earliest, latest]",
        ),
    ],
)
def test_what_is_not_a_fact_is_named(facts: Any, words: str) -> None:
    with pytest.raises(FactError) as caught:
        check_facts(facts, TODAY)
    assert words in str(caught.value)


def test_a_kind_that_is_never_unsure_does_not_offer_it() -> None:
    with pytest.raises(FactError) as caught:
        check_facts({"chemotherapy": {"had": "yes", "kind": "strong"}}, TODAY)
    assert "not_sure" not in str(caught.value)


def test_a_home_is_taken_as_roughly_as_it_was_told() -> None:
    home = {"country": "US", "region": "Texas", "city": " Houston", "latitude": 29.76, "longitude": -95}
    assert check_facts({"home": home}, TODAY)["home"] == home | {"city": "Houston"}
    assert check_facts({"home": {"country": "CA"}, "sex": "male"}, TODAY) == {
        "home": {"country": "CA"},
        "sex": "male",
    }
    assert check_facts({"home": "not_sure"}, TODAY) == {"home": "not_sure"}


def test_an_interval_is_cut_at_today() -> None:
    told = {"steroids": {"had": "yes", "last": ["2026-11-20", "2026-11-30"]}}
    assert check_facts(told, TODAY)["steroids"]["last"] == ["2026-11-20", "2026-11-22"]


def test_an_osteosarcoma_without_a_place_is_of_bone() -> None:
    checked = check_facts({"diagnosis": {"id": "osteosarcoma"}}, TODAY)
    assert checked["diagnosis"] == {"id": "osteosarcoma", "arises_in": "bone"}
    unsure = {"diagnosis": {"id": "osteosarcoma", "arises_in": "not_sure"}}
    assert check_facts(unsure, TODAY) == unsure


def test_a_diagnosis_without_an_id_is_not_sure() -> None:
    assert check_facts({"diagnosis": {"arises_in": "bone"}}, TODAY)["diagnosis"]["id"] == "not_sure"
