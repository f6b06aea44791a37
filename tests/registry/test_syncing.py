"""Trial files follow the registry: only the lines that change, and nothing counts that changed unseen."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.registry.api import Found
from bot.registry.drafting import draft
from bot.registry.errors import RegistryUnreachable
from bot.registry.formats import record_of
from bot.registry.syncing import Change, RecordFile, sync_trials
from criteria.loading import read_trial
from criteria.trial import Trial
from tests.registry.studies import ELIGIBILITY, api_study, flat_study

NUMBER = "NCT90000001"
SITES = api_study()["protocolSection"]["contactsLocationsModule"]["locations"]


class Studies:
    """A source of made-up studies."""

    def __init__(self, *told: dict[str, Any]) -> None:
        self.records = {record.nct_id: record for record in map(record_of, told)}

    def find(self, numbers: Sequence[str]) -> Found:
        lacking = {number: "there is none" for number in numbers if number not in self.records}
        return Found({number: self.records[number] for number in numbers if number not in lacking}, lacking)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = draft(record_of(api_study()), date(2026, 12, 1)).text
    # What people add by hand must stay.
    text = text.replace("criteria:\n", "# Checked by hand.\ncriteria:\n").replace(
        "  status: recruiting\n  sex", "  status: recruiting  # as of March\n  sex"
    )
    (tmp_path / f"{NUMBER}.yml").write_text(text, encoding="utf-8")
    return tmp_path


def trial_in(folder: Path) -> Trial:
    return read_trial(folder / f"{NUMBER}.yml")


def synced(folder: Path, **changes: Any) -> tuple[list[Change], list[str]]:
    """What sync tells, and the lines that it took out (-) and put in (+)."""
    path = folder / f"{NUMBER}.yml"
    before = path.read_text(encoding="utf-8")
    told = sync_trials(folder, Studies(api_study(**changes)))
    after = path.read_text(encoding="utf-8")
    diff = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return told, [line for line in diff if line[0] in "+-" and line[:3] not in ("+++", "---")]


def test_what_is_the_same_is_left_alone(folder: Path) -> None:
    assert synced(folder) == ([], [])


def test_a_status_changes_its_line_and_the_version(folder: Path) -> None:
    told, lines = synced(folder, status="ACTIVE_NOT_RECRUITING")
    assert told == [Change(NUMBER, ("status: recruiting -> active_not_recruiting",))]
    assert lines == [
        "-version: 2026-12-01.1",
        '+version: "2026-12-01.2"',
        "-  status: recruiting  # as of March",
        "+  status: active_not_recruiting  # as of March",
    ]
    assert not trial_in(folder).offered


def test_a_status_without_counterpart_leaves_the_files(folder: Path) -> None:
    assert synced(folder, status="UNKNOWN") == ([], [])


def test_sites_come_go_and_change(folder: Path) -> None:
    path = folder / f"{NUMBER}.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("- country: Canada", "- languages: [fr]  # by phone\n  country: Canada"),
        encoding="utf-8",
    )
    there = [SITES[0] | {"status": "COMPLETED"}, SITES[1], {"city": "Lima", "country": "Peru"}]
    told, lines = synced(folder, locations=there)
    assert told[0].what == ("sites: 1 added, 1 changed",)
    assert "-  status: recruiting" in lines
    assert "+  status: completed" in lines
    assert "# Checked by hand." in path.read_text(encoding="utf-8")
    assert "# by phone" in path.read_text(encoding="utf-8")
    sites = trial_in(folder).sites
    assert [site.country for site in sites] == ["United States", "Canada", "Peru"]
    assert sites[1].languages == ("fr",)
    told, _ = synced(folder, locations=[{"city": "Lima", "country": "Peru"}])
    assert told[0].what == ("sites: 2 removed",)
    assert [site.country for site in trial_in(folder).sites] == ["Peru"]
    told, _ = synced(folder, locations=SITES)
    assert told[0].what == ("sites: 2 added, 1 removed",)
    assert trial_in(folder).sites == record_of(api_study()).sites


def test_sites_in_brackets_are_written_anew(folder: Path) -> None:
    path = folder / f"{NUMBER}.yml"
    text = path.read_text(encoding="utf-8")
    begin, end = text.index("sites:"), text.index("# Checked by hand.")
    path.write_text(f"{text[:begin]}sites: [{{country: Canada}}]\n{text[end:]}", encoding="utf-8")
    synced(folder)
    assert trial_in(folder).sites == record_of(api_study()).sites


def test_a_format_that_knows_countries_only_leaves_the_sites(folder: Path) -> None:
    told = flat_study(NUMBER, status="Recruiting")
    changes = sync_trials(folder, Studies(told))
    assert len(trial_in(folder).sites) == 2
    assert changes == []


def test_changed_words_rest_and_new_ones_are_drafts(folder: Path) -> None:
    path = folder / f"{NUMBER}.yml"
    reviewed = "  draft:\n    words: Chemotherapy within 21 days before enrollment\n    reader: reader 1\n"
    text = path.read_text(encoding="utf-8")
    assert reviewed in text
    path.write_text(text.replace(reviewed, "  reviewed: {by: A. Nurse, on: 2026-12-01}\n"), encoding="utf-8")
    assert trial_in(folder).counts(trial_in(folder).criterion("E1"), False)
    changed = ELIGIBILITY.replace("within 21 days", "within 14 days")
    told, lines = synced(folder, eligibility=changed)
    trial = trial_in(folder)
    assert told[0].what == (
        "E4: new in the registry, added as a draft",
        "text: changed in the registry",
        "E1: its words are gone, it rests until somebody looks",
    )
    assert trial.criterion("E1").changed
    assert trial.criterion("E1").reviewed is not None
    assert not trial.counts(trial.criterion("E1"), True)
    assert trial.criterion("E4").draft is not None
    assert trial.criterion("E4").source == "Chemotherapy within 14 days before enrollment"
    assert trial.text_hash == record_of(api_study(eligibility=changed)).text_hash
    assert [line for line in lines if line.startswith("-")] == [
        "-version: 2026-12-01.1",
        f"-  text_hash: {record_of(api_study()).text_hash}",
    ]
    assert synced(folder, eligibility=changed) == ([], [])


def test_a_text_that_was_never_fingerprinted_is_left_alone(folder: Path) -> None:
    path = folder / f"{NUMBER}.yml"
    text = path.read_text(encoding="utf-8")
    fingerprint = f"  text_hash: {record_of(api_study()).text_hash}\n"
    path.write_text(text.replace(fingerprint, ""), encoding="utf-8")
    assert synced(folder, eligibility="Inclusion Criteria:\n\n* Something else") == ([], [])


def test_changed_age_fields_rest(folder: Path) -> None:
    path = folder / f"{NUMBER}.yml"
    path.write_text(draft(record_of(api_study(maximum="25 Years")), date(2026, 12, 1)).text, encoding="utf-8")
    told, _ = synced(folder, maximum="30 Years")
    assert told[0].what == ("A1: its words are gone, it rests until somebody looks",)
    assert trial_in(folder).criterion("A1").changed


def test_a_file_without_study_and_sites_gets_them(folder: Path) -> None:
    path = folder / f"{NUMBER}.yml"
    text = path.read_text(encoding="utf-8")
    cut = text[: text.index("study:")] + text[text.index("# Checked by hand.") :]
    path.write_text(cut, encoding="utf-8")
    told, _ = synced(folder)
    assert told[0].what == ("status: not told -> recruiting", "sites: 2 added")
    assert trial_in(folder).study.status == "recruiting"


def test_a_study_or_a_file_that_cannot_be_used_is_told(folder: Path) -> None:
    (folder / "NCT90000007.yml").write_text("id: [", encoding="utf-8")
    changes = sync_trials(
        folder, Studies(api_study(), api_study("NCT90000007")), ["NCT90000007", "nct90000008"]
    )
    assert [change.trial for change in changes] == ["NCT90000007", "NCT90000008"]
    assert "cannot be read as YAML" in (changes[0].error or "")
    assert changes[1].error == "there is none"


def test_a_source_that_is_away_changes_nothing(folder: Path) -> None:
    class Away:
        def find(self, numbers: Sequence[str]) -> Found:
            raise RegistryUnreachable("away")

    before = (folder / f"{NUMBER}.yml").read_text(encoding="utf-8")
    with pytest.raises(RegistryUnreachable):
        sync_trials(folder, Away())
    assert (folder / f"{NUMBER}.yml").read_text(encoding="utf-8") == before


def test_a_folder_without_trials_asks_nothing(tmp_path: Path) -> None:
    assert sync_trials(tmp_path, Studies()) == []


def test_records_out_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text(json.dumps(api_study()) + "\n", encoding="utf-8")
    found = RecordFile(path).find([NUMBER, "NCT90000009"])
    assert replace(found.records[NUMBER], sites=()) == replace(record_of(api_study()), sites=())
    assert list(found.errors) == ["NCT90000009"]
