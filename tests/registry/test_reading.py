"""Criteria are read where they certainly say something, and left alone everywhere else."""

from __future__ import annotations

import pytest

from bot.registry.headings import EXCLUSION, INCLUSION
from bot.registry.reading import read_criterion
from bot.registry.reading.labels import labels_of
from bot.registry.reading.vocabulary import vocabulary

IN, EX = INCLUSION, EXCLUSION


def age(least: int | None, most: int | None) -> dict[str, object]:
    return {"topic": "age", "at_least_months": least, "at_most_months": most}


def score(least: int) -> dict[str, object]:
    return {"topic": "performance", "at_least": least}


def washout(fact: str, **interval: int) -> dict[str, object]:
    return {"topic": "washout", "fact": fact, **interval}


def history(fact: str, kind: str | None) -> dict[str, object]:
    return {"topic": "excluded_history", "fact": fact, "kind": kind}


def illness(*ids: str) -> dict[str, object]:
    return {"topic": "diagnosis", "ids": list(ids)}


def course(*names: str) -> dict[str, object]:
    return {"topic": "course", "any_of": list(names)}


READ = [
    (IN, "Age 18 years or older", [age(216, None)]),
    (IN, "Patients must be ≥ 12 months and ≤ 21 years of age at the time of enrollment", [age(12, 263)]),
    (IN, "Aged 2 to 21 years (inclusive)", [age(24, 263)]),
    (IN, "Children younger than 18 years of age", [age(None, 215)]),
    (IN, "Up to 21 years of age", [age(None, 263)]),
    (IN, "Age >= 1 year and < 22 years", [age(12, 263)]),
    (IN, "Age 6-17 months", [age(6, 17)]),
    (EX, "Age < 2 years", [age(24, None)]),
    (EX, "Aged 80 years or older", [age(None, 959)]),
    (IN, "ECOG performance status of 0 or 1", [score(70)]),
    (IN, "Eastern Cooperative Oncology Group (ECOG) performance status =< 2", [score(50)]),
    (
        IN,
        "Karnofsky ≥ 50% for patients > 16 years of age and Lansky ≥ 50% for patients ≤ 16 years",
        [score(50)],
    ),
    (IN, "Lansky or Karnofsky score of at least 60", [score(60)]),
    (EX, "ECOG performance status ≥ 2", [score(70)]),
    (IN, "ECOG 0 to 1.", [score(70)]),
    (IN, "ECOG 0-1 (see Appendix 2) and life expectancy of at least 12 weeks", [score(70)]),
    (IN, "3.1.5 Age ≥ 18 years", [age(216, None)]),
    (IN, "Diagnosis of a HER2-positive sarcoma", [illness("sarcoma")]),
    (IN, "Histologically confirmed soft tissue sarcoma", [illness("soft_tissue_sarcoma")]),
    (IN, "Newly diagnosed B-ALL", [illness("leukemia"), course("newly_diagnosed")]),
    (
        EX,
        "Major surgery within 4 weeks before enrollment or has not recovered from it",
        [washout("surgery", days=28)],
    ),
    (
        EX,
        "Currently participating in another clinical trial of an investigational product",
        [{"topic": "other_trial", "days": None}],
    ),
    (
        IN,
        "Relapsed or refractory neuroblastoma",
        [illness("neuroblastoma"), course("refractory", "relapsed")],
    ),
    (
        IN,
        "Histologically confirmed Ewing sarcoma or osteosarcoma",
        [illness("ewing_sarcoma", "osteosarcoma")],
    ),
    (IN, "Newly diagnosed acute lymphoblastic leukemia", [illness("leukemia"), course("newly_diagnosed")]),
    (IN, "Confirmed diagnosis of breast cancer", [illness("other_cancer")]),
    (
        EX,
        "Chemotherapy within 3 weeks prior to the first dose of study drug",
        [washout("chemotherapy", days=21)],
    ),
    (
        EX,
        "Chemotherapy or radiotherapy within 28 days (4 weeks) before enrollment",
        [washout("chemotherapy", days=28), washout("radiation", days=28)],
    ),
    (IN, "At least 3 months must have elapsed since radiation therapy", [washout("radiation", months=3)]),
    (
        IN,
        "Must not have received chemotherapy within 14 days of study entry",
        [washout("chemotherapy", days=14)],
    ),
    (
        EX,
        "Major surgery < 4 weeks before first dose of investigational product",
        [washout("surgery", days=28)],
    ),
    (
        EX,
        "Live vaccine within 30 days before the first dose. Flu vaccines that are not live are allowed.",
        [washout("live_vaccine", days=30)],
    ),
    (EX, "Autologous stem cell transplant within 3 months", [washout("stem_cell_transplant", months=3)]),
    (EX, "Use of an investigational agent within the last 30 days", [washout("trial_drug", days=30)]),
    (EX, "Systemic corticosteroids within 7 days of enrollment", [washout("steroids", days=7)]),
    (EX, "Granulocyte growth factors within 7 days", [washout("growth_factor", days=7)]),
    (EX, "Prior solid organ transplant", [history("organ_transplant", None)]),
    (EX, "Prior allogeneic stem cell transplantation", [history("stem_cell_transplant", "donor")]),
    (EX, "History of autologous bone marrow transplant", [history("stem_cell_transplant", "own")]),
    (EX, "Known brain metastases", [{"topic": "brain_spread", "rule": "none"}]),
    (EX, "Untreated or symptomatic CNS metastases", [{"topic": "brain_spread", "rule": "treated_stable"}]),
    (EX, "Active infection requiring systemic therapy", [{"topic": "infection"}]),
    (EX, "Pregnant or breastfeeding women", [{"topic": "pregnancy"}]),
    (IN, "Women of childbearing age must have a negative pregnancy test", [{"topic": "pregnancy"}]),
    (EX, "Known HIV infection", [{"topic": "hepatitis_hiv"}]),
    (EX, "Participation in another clinical trial within 4 weeks", [{"topic": "other_trial", "days": 28}]),
    (
        EX,
        "Concurrent participation in another interventional trial",
        [{"topic": "other_trial", "days": None}],
    ),
    (EX, "Active graft-versus-host disease", [{"topic": "yes_no", "fact": "gvhd"}]),
    (EX, "Current use of warfarin", [{"topic": "yes_no", "fact": "blood_thinners"}]),
]


@pytest.mark.parametrize(("kind", "words", "expected"), READ)
def test_what_is_certain_is_read(kind: str, words: str, expected: list[dict[str, object]]) -> None:
    assert labels_of(kind, words) == expected


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (IN, "Age > 18 years"),
        (IN, "Phase 1: age ≥ 18 years; Phase 2: age ≥ 12 years"),
        (IN, "Age at least 18 years, or 12 years if the guardian consents"),
        (IN, "Diagnosed before 18 years of age with asthma"),
        (IN, "Life expectancy of at least 12 weeks"),
        (IN, "ECOG 0-1, or 2 if due to the tumor"),
        (IN, "ECOG ≤ 2 (Karnofsky ≥ 60)"),
        (IN, "Cohort A: neuroblastoma"),
        (IN, "Histologically confirmed Kaposi sarcoma"),
        (IN, "Histologically confirmed leukemia or MDS"),
        (IN, "Patients with solid tumors such as neuroblastoma"),
        (EX, "Currently participating in another trial, unless it only observes"),
        (IN, "No history of leukemia"),
        (IN, "Solid tumor other than osteosarcoma"),
        (EX, "Chemotherapy within 3 weeks or 5 half-lives, whichever is shorter"),
        (EX, "Chemotherapy within 3 weeks, 6 weeks for nitrosoureas"),
        (EX, "Radiation to the lung above 30 Gy within 6 months"),
        (EX, "Chemotherapy at least 3 weeks ago"),
        (EX, "No chemotherapy within 3 weeks"),
        (IN, "Chemotherapy within 3 weeks before enrollment"),
        (EX, "Radiotherapy within 2 weeks unless palliative"),
        (EX, "Solid organ transplant is planned"),
        (EX, "Brain metastases larger than 2 cm"),
        (EX, "Infection with hepatitis A that is active"),
        (EX, "Pregnant women are allowed"),
        (EX, "HIV positive with undetectable viral load"),
        (EX, "Bleeding disorder unless controlled"),
        (None, "Age 18 years or older"),
    ],
)
def test_what_is_doubtful_is_left_alone(kind: str | None, words: str) -> None:
    assert labels_of(kind, words) == []


def test_a_part_for_some_only_is_left_alone() -> None:
    assert labels_of(IN, "Age 18 years or older", "Donor criteria") == []


def test_a_reading_holds_its_evidence() -> None:
    words = "Live vaccine within 30 days before enrollment. Examples of live vaccines: measles."
    (reading,) = read_criterion(EX, words)
    assert reading.words == "Live vaccine within 30 days before enrollment"
    assert reading.words in words


def test_the_vocabulary_names_known_facts_only() -> None:
    assert {"chemotherapy", "radiation"} <= set(vocabulary().events)
    assert "neuroblastoma" in vocabulary().diagnoses
