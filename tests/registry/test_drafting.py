"""Records become trial files that load, quote word for word, and rule nobody out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.registry import drafting, rules, sentences
from bot.registry.drafting import draft
from bot.registry.formats import record_of
from bot.registry.reading.model import Reading
from bot.registry.splitting import split
from bot.texts import load_texts
from bot.texts.voices import voice
from bot.wording.grades import HIGHEST_GRADE, Grader, filled, is_sentence
from criteria import assess, check_facts
from criteria.loading import read_trial
from criteria.trial import Trial
from tests.criteria.strategies import cases
from tests.registry.studies import api_study, flat_study

TODAY = date(2026, 12, 1)

EVERYTHING = """Inclusion Criteria:

* Age \\>= 2 years and \\<= 21 years
* Relapsed or refractory neuroblastoma
* Karnofsky or Lansky score of at least 50
* At least 3 weeks since chemotherapy or radiation therapy
* Signed informed consent

Exclusion Criteria:

* Prior allogeneic stem cell transplant
* Prior solid organ transplant
* Major surgery within 4 weeks before enrollment
* Live vaccine within 30 days
* Known brain metastases
* Untreated CNS metastases
* Active infection
* Pregnant or breastfeeding
* Known HIV infection
* Participation in another clinical trial within 28 days
* Concurrent participation in another interventional trial
* Active graft-versus-host disease
* Bleeding disorder
* Life expectancy of less than 8 weeks
"""


def trial_of(tmp_path: Path, told: dict[str, Any]) -> Trial:
    record = record_of(told)
    path = tmp_path / f"{record.nct_id}.yml"
    path.write_text(draft(record, TODAY).text, encoding="utf-8")
    return read_trial(path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return trial_of(tmp_path_factory.mktemp("trials"), api_study(eligibility=EVERYTHING))


@pytest.mark.parametrize("told", [api_study(), flat_study(), api_study(eligibility=EVERYTHING)])
def test_every_criterion_is_quoted_word_for_word(tmp_path: Path, told: dict[str, Any]) -> None:
    trial, found = trial_of(tmp_path, told), split(record_of(told).eligibility).criteria
    quoted = [(one.id, one.source, one.part) for one in trial.criteria if one.id != drafting.AGE_FIELDS]
    assert quoted == [(one.id, one.words, one.part) for one in found]


def test_the_head_tells_where_it_comes_from(whole: Trial) -> None:
    record = record_of(api_study(eligibility=EVERYTHING))
    assert whole.text_hash == record.text_hash
    assert whole.source.address == record.address
    assert whole.source.date == TODAY
    assert (whole.read_by, whole.reviewed_by) == ("reader 1", None)
    assert whole.title == "A study for people with neuroblastoma"
    assert (whole.phase, whole.sponsor, whole.age_limit_months) == ("I/II", "Harbor Research Group", 264)
    assert (whole.study.status, whole.study.sex, whole.study.enrollment) == ("recruiting", "all", 42)
    assert whole.sites == record.sites
    assert whole.conditions == record.conditions


def test_every_rule_is_a_draft_with_its_evidence(whole: Trial) -> None:
    ruled = [one for one in whole.criteria if one.rule is not None]
    assert len(ruled) == 15
    for one in ruled:
        assert one.draft is not None
        assert one.draft.words in one.source
        assert one.draft.reader == "reader 1"


def test_what_wounds_is_never_shown_and_never_asked(whole: Trial) -> None:
    for id_ in ("E8", "E9", "E14"):
        assert whole.criterion(id_).sensitive
        assert whole.criterion(id_).rule is None


def test_age_fields_make_a_criterion_only_where_the_text_says_something_else(tmp_path: Path) -> None:
    assert not any(one.id == "A1" for one in trial_of(tmp_path, api_study()).criteria)
    other = trial_of(tmp_path, api_study(maximum="25 Years"))
    assert other.criterion("A1").source == "Minimum Age: 2 Years; Maximum Age: 25 Years"
    assert other.criterion("A1").draft is not None
    assert other.unclear == (sentences.sentence("ages_differ"),)


def test_a_status_without_counterpart_is_told_to_staff(tmp_path: Path) -> None:
    trial = trial_of(tmp_path, api_study(status="UNKNOWN"))
    assert trial.study.status is None
    assert any("does not know the status" in one for one in trial.unclear)


@settings(max_examples=80, deadline=None)
@given(case=cases(), allow=st.booleans())
def test_no_draft_rules_anybody_out(whole: Trial, case: tuple[date, dict[str, Any]], allow: bool) -> None:
    today, told = case
    in_use = whole.in_use(allow)
    assert not in_use.offered
    assert assess(in_use, check_facts(told, today), today).verdict not in ("not_likely", "not_yet")


@settings(max_examples=80, deadline=None)
@given(case=cases())
def test_not_sure_rules_nobody_out_even_by_accepted_rules(
    whole: Trial, case: tuple[date, dict[str, Any]]
) -> None:
    today, told = case
    order = {"likely": 0, "possible": 0, "not_yet": 1, "not_likely": 2}
    before = order[assess(whole, check_facts(told, today), today).verdict]
    for name in told:
        less = told | {name: "not_sure"}
        assert order[assess(whole, check_facts(less, today), today).verdict] <= before


def finding(trial: Trial, criterion: str, facts: dict[str, Any]) -> str:
    return assess(trial, check_facts(facts, TODAY), TODAY).findings[criterion].finding


@pytest.mark.parametrize(
    ("criterion", "facts", "expected"),
    [
        ("I1", {"age": {"months": [263, 263]}}, "met"),
        ("I1", {"age": {"months": [264, 264]}}, "not_met"),
        ("I1", {"age": {"months": [23, 23]}}, "not_yet"),
        ("I2", {"diagnosis": {"id": "osteosarcoma"}}, "not_met"),
        ("I2", {"diagnosis": {"id": "neuroblastoma"}, "disease_course": ["relapsed"]}, "met"),
        ("I2", {"diagnosis": {"id": "neuroblastoma"}, "disease_course": ["newly_diagnosed"]}, "not_yet"),
        ("I2", {"diagnosis": {"id": "other_cancer"}, "disease_course": ["relapsed"]}, "unknown"),
        ("I3", {"age": {"months": [60, 60]}, "activity": {"score": [30, 30]}}, "not_yet"),
        ("E1", {"stem_cell_transplant": {"had": "yes", "kind": "own"}}, "met"),
        ("E1", {"stem_cell_transplant": {"had": "yes", "kind": "donor"}}, "not_met"),
        ("E1", {"stem_cell_transplant": {"had": "yes", "kind": "not_sure"}}, "unknown"),
        ("E4", {"live_vaccine": {"had": "yes", "last": ["2026-11-25", "2026-11-25"]}}, "not_yet"),
        ("E5", {"brain_tumour_spread": {"had": "yes"}}, "not_met"),
        ("E6", {"brain_tumour_spread": {"had": "yes", "treated": "yes", "symptoms_now": "no"}}, "met"),
        ("E6", {"brain_tumour_spread": {"had": "yes", "symptoms_now": "yes"}}, "not_yet"),
        ("E13", {"bleeding_disorder": "yes"}, "unknown"),
    ],
)
def test_the_rules_say_what_the_words_say(
    whole: Trial, criterion: str, facts: dict[str, Any], expected: str
) -> None:
    assert finding(whole, criterion, facts) == expected


def test_a_kind_of_cancer_without_an_id_is_left_to_the_team() -> None:
    assert rules.rule_of((Reading("diagnosis", {"ids": ("other_cancer",)}, "Breast cancer"),)) is None


@pytest.mark.parametrize(
    ("wanted", "met", "open_", "ruled_out"),
    [
        ("sarcoma", "osteosarcoma", "desmoid_tumor", "leukemia"),
        ("soft_tissue_sarcoma", "rhabdomyosarcoma", "sarcoma", "osteosarcoma"),
        ("brain_tumor", "brain_tumor", "germ_cell_tumor", "leukemia"),
    ],
)
def test_a_wide_or_a_near_illness_is_not_ruled_out(wanted: str, met: str, open_: str, ruled_out: str) -> None:
    rule = rules.rule_of((Reading("diagnosis", {"ids": (wanted,)}, "words"),))
    assert rule is not None
    fits, against = rule["met"]["when"]["in"], rule["not_met"][0]["when"]["in"]
    assert met in fits
    assert ruled_out in against
    assert open_ not in fits
    assert open_ not in against
    assert "other_cancer" not in against


def leaves(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [text for part in node.values() for text in leaves(part)]
    return [node] if isinstance(node, str) else []


def test_what_families_read_holds_to_grade_six_and_promises_nothing() -> None:
    told = yaml.safe_load(Path(sentences.__file__).with_name("drafting.yml").read_text(encoding="utf-8"))
    texts = load_texts("en")
    grader = Grader(texts.node("glossary"))
    names = list(told["illnesses"].values())
    said = [
        text.replace("{limit}", "28 days").replace("{illness}", name)
        for key in ("title", "summary", "family_cases")
        for text in leaves(told[key])
        for name in (names if "{illness}" in text else [""])
    ]
    assert len(said) > 60
    for text in said:
        assert not any(word in text.lower() for word in ("eligib", "qualif", "new treatment"))
        if is_sentence(text):
            assert grader.grade(filled(text, voice(texts, "parent", None))) <= HIGHEST_GRADE, text
