"""What stands on the doctor's page, for families of the real interview; and what never does."""

import json

import pytest

from bot.leads.doctor.sheet import Sheet, make_sheet, sheet_from, sheet_to
from bot.texts import load_texts
from criteria import load_trial, trial_names
from tests.interview.family import TODAY
from tests.interview.verdict_families import FAMILIES, screening_of

TEXTS = load_texts("en")
TRIAL = load_trial("NCT06848582")
SENSITIVE = {"I5", "E14", "E22", "E23", "E25"}
NOTHING_TO_BRING = {"age", "respondent"}
NOTHING_TO_BRING_FOR = {
    "NCT02332668": {"E8"},
    "NCT03420963": {"I5", "I13", "I15", "I16"},
    "NCT04851119": {"E11", "E12"},
    "NCT04890093": {"I16", "I39", "E2", "E9"},
    "NCT04901702": {"I3", "I4", "I15"},
    "NCT04995003": {"I4", "I16", "I18", "I19"},
    "NCT05642455": {"I3", "I6", "I7", "E1"},
    "NCT05703854": {"I8", "I10", "I13", "E5", "E7"},
    "NCT06083883": {"I10", "I12", "I15", "I16", "E5", "E7"},
    "NCT06625190": {"I4", "I7", "E4"},
    "NCT06848582": {"I1", "I13"},
    "NCT07148050": {"I4", "I9", "I15"},
}
KEEP = "Please do not stop, skip or delay"


def sheet_of(verdict: str, notes: str = "") -> Sheet:
    return make_sheet(screening_of(verdict), TRIAL, TEXTS, notes)


@pytest.mark.parametrize("verdict", FAMILIES)
def test_no_sensitive_criterion_leaves_a_trace(verdict: str) -> None:
    assert {one.id for one in TRIAL.criteria if one.sensitive} == SENSITIVE
    sheet = sheet_of(verdict)
    said = json.dumps(sheet_to(sheet), ensure_ascii=False)
    for criterion in TRIAL.criteria:
        assert f'"{criterion.id}"' not in said
        if criterion.sensitive:
            assert criterion.source not in said
    for word in ("survival", "substance", "psychiatric", "HIV", "HBsAg", "compliance", "12 weeks"):
        assert word not in said
    # One row for each asked criterion, in the source's order: no number, so no gap.
    asked = [one.source for one in TRIAL.criteria if one.asked]
    assert [row.source for row in sheet.rows] == asked


@pytest.mark.parametrize("verdict", FAMILIES)
def test_a_page_comes_out_as_it_was_put_away(verdict: str) -> None:
    sheet = sheet_of(verdict, "ask about the port")
    assert sheet_from(json.loads(json.dumps(sheet_to(sheet)))) == sheet


@pytest.mark.parametrize("verdict", FAMILIES)
def test_it_says_which_study_and_how_it_was_read(verdict: str) -> None:
    sheet = sheet_of(verdict)
    assert (sheet.about.number, sheet.about.sponsor) == ("NCT06848582", "Sun Yat-sen University")
    assert sheet.about.official_title == TRIAL.official_title
    assert sheet.about.reviewed_by is None
    assert (sheet.about.version, sheet.answers_of) == (TRIAL.version, TODAY.isoformat())
    assert sheet.text_version == TEXTS.version
    assert sheet.verdict == verdict


def test_likely_what_fits_is_told_as_in_the_chat() -> None:
    sheet = sheet_of("likely")
    assert sheet.fits[0] == "your child's age"
    assert sheet.fits[-1] == "the other answers about treatments and health"
    assert len(sheet.fits) == 4
    assert sheet.not_met == sheet.not_yet == []
    assert {row.finding for row in sheet.rows} == {"met"}
    assert TRIAL.criterion("I12").family in sheet.open
    assert "your child's general health and test results" in sheet.open
    assert sheet.records[:2] == TEXTS.node("doctor.records.always")
    assert set(sheet.records[2:]) == {
        "Blood tests of the last weeks",
        "Urine tests of the last weeks",
        "The latest scans (MRI, CT or PET) and their reports",
        "A list of all medicines now, with the last day of each",
    }


def test_not_yet_has_its_reasons_with_their_days_in_the_patients_voice() -> None:
    sheet = sheet_of("not_yet")
    assert (sheet.voice, sheet.until) == ("patient", "2026-12-13")
    assert any("You have had radiation" in one and "December 13, 2026" in one for one in sheet.not_yet)
    # The page says the sentence against stopping a treatment itself, once for all of them.
    assert not [one for one in sheet.not_yet if KEEP in one]
    days = {row.until for row in sheet.rows if row.finding == "not_yet"}
    assert days == {"2026-12-01", "2026-12-13"}
    assert any("radiation report" in one for one in sheet.records)


def test_possible_names_what_is_open_and_what_would_close_it() -> None:
    sheet = sheet_of("possible")
    assert "your child's heart" in sheet.open
    assert "The latest heart ultrasound and ECG" in sheet.records
    assert "Age of the patient" in sheet.answers.not_sure
    assert not [value for _, value in sheet.answers.told if value == "not sure"]
    assert len(sheet.open) == len(set(sheet.open))
    assert len(sheet.records) == len(set(sheet.records))


def test_not_likely_asks_for_what_shows_whether_it_is_right_and_for_no_more() -> None:
    sheet = sheet_of("not_likely")
    assert any("started in the bone" in one for one in sheet.not_met)
    assert sheet.open == []
    assert any("pathology report" in one for one in sheet.records)
    assert not [one for one in sheet.records if "heart" in one or "Urine" in one]


def test_notes_stand_there_only_where_they_are_given() -> None:
    assert sheet_of("likely").notes is None
    assert sheet_of("likely", "ask about the port").notes == "ask about the port"


def test_what_is_for_staff_is_not_there() -> None:
    screening = screening_of("not_yet")
    said = json.dumps(sheet_to(make_sheet(screening, TRIAL, TEXTS)))
    for finding in screening["findings"].values():
        assert finding["reason"] not in said


def test_a_screening_from_before_the_page_was_there_makes_one_too() -> None:
    screening = screening_of("not_yet")
    for finding in screening["findings"].values():
        del finding["topic"], finding["why"]
    sheet = make_sheet(screening, TRIAL, TEXTS)
    assert any("You have had radiation" in one for one in sheet.not_yet)
    assert len(sheet.rows) == len([one for one in TRIAL.criteria if one.asked])


@pytest.mark.parametrize("name", trial_names())
def test_every_criterion_has_its_records_or_is_known_to_need_none(name: str) -> None:
    trial = load_trial(name)
    by_fact = TEXTS.node("doctor.records.by_fact")
    by_criterion = TEXTS.node("doctor.records.by_criterion")[name]
    facts = {path.partition(".")[0] for path in trial.paths()}
    assert facts - by_fact.keys() <= NOTHING_TO_BRING
    team = {one.id for one in trial.criteria if one.rule is None and not one.sensitive}
    assert by_criterion.keys() <= team
    assert team - by_criterion.keys() <= NOTHING_TO_BRING_FOR[name]
