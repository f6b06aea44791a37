"""Ages, phases, template marks and words that can be read in two ways."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from criteria.checking.ages import age_limits
from criteria.checking.changes import against_record, marked_changed
from criteria.checking.defects import Defect, in_order
from criteria.checking.marks import marks, marks_in
from criteria.checking.phases import phases, phases_in, phases_of
from criteria.checking.source_words import source_words
from tests.criteria.checking.trials import AGE, criterion, trial_file


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("Age ≤ 18 years, no gender limitation.", [(True, {217, 228})]),
        ("Age < 18 years", [(True, {216})]),
        ("18 years and younger", [(True, {217, 228})]),
        ("Males 12 years of age or older", [(False, {144})]),
        ("Aged 6 months to 21 years", [(False, {6}), (True, {253, 264})]),
        ("Between the ages of 18 and 70 years", [(False, {216}), (True, {841, 852})]),
        ("Children and teens up to age 18.", [(True, {217, 228})]),
        ("People who are 19 or older.", [(False, {228})]),
        ("At least 6 months of age and less than 21 years of age", [(False, {6}), (True, {252})]),
        ("Karnofsky (≥16 years) or Lansky (<16 years) score of at least 50", []),
        ("No surgery within 2 years.", []),
        ("Bilirubin < 1.5 x upper limit of normal for age", []),
        ("Women ≥ 50 years of age: no periods", []),
    ],
)
def test_ages_in_words(text: str, limits: list[tuple[bool, set[int]]]) -> None:
    found = [(limit.upper, set(limit.turns)) for limit in age_limits(text)]
    assert sorted(found, key=str) == sorted(limits, key=str)


@pytest.mark.parametrize(
    ("field", "named"),
    [
        ("I/II", {"1", "2"}),
        ("Phase 1/Phase 2", {"1", "2"}),
        ("2", {"2"}),
        ("Phase Ib", {"1"}),
        ("N/A", {"N/A"}),
        ("Not Applicable", {"N/A"}),
        ("IV", {"4"}),
        ("observational", set()),
    ],
)
def test_phases_of_a_field(field: str, named: set[str]) -> None:
    assert phases_of(field) == named


def test_phases_in_words() -> None:
    assert phases_in("an open-label, phase I/II clinical trial") == [("phase I/II", {"1", "2"})]
    assert phases_in("Phase N/A") == [("Phase N/A", {"N/A"})]
    assert phases_in("the dosing phase in which") == []


def test_a_title_that_names_another_phase(tmp_path: Path) -> None:
    file = trial_file(tmp_path, AGE, official_title="A Phase 3 Study", summary="This phase 2 study tests it.")
    found = list(phases(file))
    assert [(one.line, one.severity) for one in found] == [(3, "to settle")]
    assert 'it says "Phase 3"' in found[0].text


@pytest.mark.parametrize(
    "mark",
    [
        "{{SITE_NAME}}",
        "{{ site }}",
        "${name}",
        "<%= name %>",
        "[SITE]",
        "[SITE NAME]",
        "[HOSPITAL]",
        "<<name>>",
        "TBD",
    ],
)
def test_template_marks_are_found_wherever_they_stand(tmp_path: Path, mark: str) -> None:
    assert marks_in(f"Call {mark} now.") == [mark]
    more = criterion("E1", f"Judged by the doctor of {mark}.")
    found = list(marks(trial_file(tmp_path, AGE + more)))
    assert [(one.criteria, one.severity, one.words) for one in found] == [(("E1",), "error", (mark,))]
    lines = (tmp_path / "NCT00000001.yml").read_text(encoding="utf-8").splitlines()
    assert mark in lines[found[0].line - 1]


@pytest.mark.parametrize("text", ["{who} and {their}", "[MRI]", "5 < 7 and 9 > 8", "$5", "I-131 [131I]"])
def test_what_is_no_template_mark(text: str) -> None:
    assert marks_in(text) == []


def kinds(tmp_path: Path, *sources: tuple[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    file = trial_file(tmp_path, "".join(criterion(id_, source) for id_, source in sources))
    return [(one.kind, one.criteria) for one in source_words(file)]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("Liver enzymes (ALT and AST below 3 times normal.", "brackets"),
        ("Liver enzymes ALT) below 3 times normal.", "brackets"),
        ("High-risk and relapsed/refractory neuroblastoma.", "and or or"),
        ("Infection that needs medicine (but not including warts, ringworm treatment).", "exception list"),
        ("Bone marrow transplant without radiation: at least 60 days after it.", "without"),
        (
            "No live vaccines; live measles vaccines are allowed, but live mumps vaccines are not allowed.",
            "allowed and not",
        ),
        ("At least 3 weeks after myelosuppressive chemotherapy.", "no list"),
        ("Able to to swallow.", "repeated word"),
    ],
)
def test_words_that_can_be_read_in_two_ways(tmp_path: Path, source: str, kind: str) -> None:
    assert kinds(tmp_path, ("I1", source)) == [(kind, ("I1",))]


@pytest.mark.parametrize(
    "source",
    [
        "a) Liver enzymes; b) kidneys (creatinine).",
        "Surgery, chemotherapy, and/or radiation.",
        "Cancer of the skin and breast/lung.",
        "Other cancers, excluding basal cell carcinoma, cervical carcinoma in situ, and bladder carcinoma.",
        "Patients without symptoms: a scan decides.",
        "Steroids are not allowed. Inhaled medicine is allowed.",
        "Cytotoxic chemotherapy (e.g. cisplatin) within 3 weeks.",
        "Patients who had had radiation.",
    ],
)
def test_plain_words_are_left_alone(tmp_path: Path, source: str) -> None:
    assert kinds(tmp_path, ("I1", source)) == []


def test_what_one_criterion_excepts_and_another_counts(tmp_path: Path) -> None:
    one = ("E1", "Open fractures (excluding fractures caused by the tumor).")
    assert kinds(tmp_path, one, ("E2", "Any fracture within 4 weeks.")) == [
        ("exception of one", ("E1", "E2"))
    ]
    assert kinds(tmp_path, one, ("E2", "Any ulcer within 4 weeks.")) == []


def test_what_one_criterion_allows_and_another_forbids(tmp_path: Path) -> None:
    allows = ("I1", "At least 60 days after a transplant.")
    assert kinds(tmp_path, allows, ("E1", "Prior donor transplant.")) == [("contradiction", ("E1",))]
    assert kinds(tmp_path, allows, ("E1", "Any transplant within 2 months.")) == []
    assert kinds(tmp_path, ("I1", "No prior transplant."), ("E1", "Prior donor transplant.")) == []


def test_a_changed_criterion_and_a_changed_record(tmp_path: Path) -> None:
    text = "Inclusion:\n  1. Age ≤ 18\n  years.\n"
    held = hashlib.sha256(text.encode()).hexdigest()
    source = f"{{name: a test, date: 2026-11-22, text_hash: {held}}}"
    file = trial_file(tmp_path, AGE + "    changed: true\n", source=source)
    assert [(one.criteria, one.kind) for one in marked_changed(file)] == [(("I1",), "changed")]
    assert list(against_record(file, text)) == []
    found = list(against_record(file, text.replace("18", "17")))
    assert [one.criteria for one in found] == [(), ("I1",)]
    assert {one.severity for one in found} == {"to settle"}


def test_only_what_an_entry_really_names_is_known() -> None:
    def known(
        criteria: tuple[str, ...], words: tuple[str, ...], *entries: str, severity: str = "to settle"
    ) -> bool:
        one = Defect("f", 1, severity, "k", "t", criteria, words)  # type: ignore[arg-type]
        return in_order([one], entries)[0].known

    assert known(("I1", "E2"), (), "I1 allows what E2 forbids.")
    assert not known(("I1", "E2"), (), "I1 is unclear.", "E2 is unclear.")
    assert not known(("I1",), (), "I11 is unclear.")
    assert known(("I1",), ("and", "either"), "I1 says and.")
    assert not known(("I1",), ("land",), "I1 says and.")
    assert known((), ("{{SITE}}",), "There is {{SITE}} in it.")
    assert not known((), (), "Anything.")
    assert not known(("I1",), (), "I1 is unclear.", severity="error")
