"""Records of both formats, read into one shape."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bot.registry.errors import RecordError
from bot.registry.files import records_in
from bot.registry.formats import API_V2, FLAT, record_of
from bot.registry.record import NO_STATUS, phase_of, status_of
from criteria.sites import SiteContact, TrialSite
from criteria.study import STATUSES
from tests.registry.studies import ELIGIBILITY, api_study, flat_study


def test_a_study_of_the_api_is_read_whole() -> None:
    record = record_of(api_study())
    assert (record.nct_id, record.source_format) == ("NCT90000001", API_V2)
    assert record.title == "Drug X for Children With Relapsed Neuroblastoma"
    assert (record.status, record.phases, record.sex) == ("recruiting", ("I", "II"), "all")
    assert (record.at_least_months, record.at_most_months) == (24, 263)
    assert (record.sponsor, record.enrollment) == ("Harbor Research Group", 42)
    assert record.conditions == ("Neuroblastoma", "Relapsed #1")
    assert record.last_update == date(2026, 3, 5)
    assert record.eligibility == ELIGIBILITY
    assert record.sites == (
        TrialSite(
            country="United States",
            name="Harbor Children's Hospital",
            city="Springfield",
            state="Ohio",
            latitude=39.92423,
            longitude=-83.80882,
            status="recruiting",
            contacts=(SiteContact("Study Desk", "555-0100", "desk@example.org"),),
        ),
        TrialSite(country="Canada", city="Toronto"),
    )


def test_a_flat_study_is_read_with_countries_only() -> None:
    record = record_of(flat_study())
    assert (record.nct_id, record.source_format) == ("NCT90000002", FLAT)
    assert (record.status, record.phases, record.sex) == ("by_invitation", ("I", "II"), "female")
    assert (record.at_least_months, record.at_most_months) == (12, None)
    assert record.sites == (TrialSite(country="Canada"), TrialSite(country="United States"))
    assert record.last_update is None


def test_bounds_that_are_open_stay_open() -> None:
    record = record_of(api_study(minimum=None, maximum=None))
    assert (record.at_least_months, record.at_most_months) == (None, None)


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_known_in_both_spellings(status: str) -> None:
    assert status_of(status.upper()) == status
    assert status_of(status.replace("_", " ").capitalize()) == status


def test_the_registry_s_own_words_for_statuses_are_known() -> None:
    assert status_of("ENROLLING_BY_INVITATION") == "by_invitation"
    assert status_of("Active, not recruiting") == "active_not_recruiting"


@pytest.mark.parametrize("word", NO_STATUS)
def test_a_status_without_a_counterpart_is_none_with_a_word_for_staff(word: str) -> None:
    record = record_of(api_study(status=word.upper()))
    assert record.status is None
    assert record.status_remark == NO_STATUS[word]


def test_a_known_status_needs_no_remark() -> None:
    assert record_of(api_study()).status_remark is None


@pytest.mark.parametrize(
    ("word", "phase"),
    [("PHASE3", "III"), ("Early Phase 1", "early I"), ("EARLY_PHASE1", "early I"), ("NA", "not applicable")],
)
def test_phases_are_read_in_both_spellings(word: str, phase: str) -> None:
    assert phase_of(word) == phase


def test_the_fingerprint_changes_with_the_text_alone() -> None:
    first = record_of(api_study())
    assert first.text_hash == record_of(api_study(status="COMPLETED")).text_hash
    assert first.text_hash != record_of(api_study(eligibility=ELIGIBILITY + " ")).text_hash


@pytest.mark.parametrize(
    ("told", "what"),
    [
        (api_study(status="DREAMING"), "NCT90000001: unknown status 'DREAMING'"),
        (api_study(minimum="soon"), "NCT90000001: 'soon' is no age"),
        (api_study(eligibility=" "), "NCT90000001: it lacks an eligibility text"),
        (api_study("NCT1"), "NCT1: 'NCT1' is no registry number"),
        (flat_study(phase="Phase 9"), "NCT90000002: unknown phase"),
        ({"nct_id": "NCT90000003"}, "NCT90000003: its format is not one that is known here"),
        ({}, "a study without a number"),
        ([], "expected a JSON object"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_number(told: object, what: str) -> None:
    with pytest.raises(RecordError, match=what):
        record_of(told)


def test_a_file_of_one_study_a_page_and_a_file_of_lines_are_read(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps(api_study()), encoding="utf-8")
    page = {"studies": [api_study("NCT90000004"), flat_study()], "nextPageToken": "x"}
    (tmp_path / "page.json").write_text(json.dumps(page), encoding="utf-8")
    lines = [json.dumps(api_study("NCT90000005")), "", json.dumps(flat_study("NCT90000006"))]
    (tmp_path / "lines.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert [record.nct_id for record in records_in(tmp_path)] == [
        *("NCT90000005", "NCT90000006", "NCT90000001", "NCT90000004", "NCT90000002")
    ]


def test_only_the_numbers_asked_for_are_read_and_a_bad_neighbour_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(
        json.dumps(api_study(status="DREAMING")) + "\n" + json.dumps(flat_study()), encoding="utf-8"
    )
    assert [record.nct_id for record in records_in(path, ["nct90000002"])] == ["NCT90000002"]
    with pytest.raises(RecordError, match=r"lines\.jsonl, line 1: NCT90000001: unknown status"):
        list(records_in(path))


@pytest.mark.parametrize(("name", "text"), [("a.json", "{"), ("a.jsonl", "\n{]")])
def test_a_file_that_is_no_json_is_told(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(RecordError, match="this is not JSON"):
        list(records_in(tmp_path / name))


def test_a_missing_file_and_an_empty_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be read"):
        list(records_in(tmp_path / "none.json"))
    with pytest.raises(RecordError, match="holds no"):
        list(records_in(tmp_path))
