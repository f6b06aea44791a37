"""The page that a trial was read from: marks, promises, phases, ages, nobody named."""

from __future__ import annotations

from pathlib import Path

import pytest

from criteria.checking.page import no_site, page
from tests.criteria.checking.trials import AGE, trial_file

LIMIT = "age_limit_months: 228\n"
SITE = "sites: [{country: Nowhere}]\n"


def found(folder: Path, text: str, more: str = LIMIT, phase: str = "I/II") -> list[tuple[int, str]]:
    file = trial_file(folder, AGE, more, phase=phase)
    return [(one.line, one.kind) for one in page(file, f"{text}\nAge ≤ 18 years.\n", "page.txt")]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Phase N/A\nA phase I/II study. Call 555-0100-200.", [(1, "phase")]),
        ("A phase II study. Call 555-0100-200.", [(1, "phase")]),
        ("A phase I/II study. Call 555-0100-200.", []),
        ("Write to a@example.org at {{SITE_NAME}}.", [(1, "template mark")]),
        ("Write to a@example.org.\nIt gives early access to better treatments.", [(2, "promise")]),
        ("Write to a@example.org.\n12 years and younger", [(2, "age")]),
        ("Welcome.\nPrimary contact", [(2, "nobody named")]),
    ],
)
def test_what_is_wrong_on_a_page_is_found_on_its_line(
    tmp_path: Path, text: str, kinds: list[tuple[int, str]]
) -> None:
    assert found(tmp_path, text) == kinds


def test_a_file_that_names_a_site_needs_none_on_the_page(tmp_path: Path) -> None:
    assert found(tmp_path, "Welcome.", LIMIT + SITE) == []
    assert list(no_site(trial_file(tmp_path, AGE, SITE))) == []
    assert [one.severity for one in no_site(trial_file(tmp_path, AGE))] == ["to settle"]


def test_a_criterion_whose_words_the_page_does_not_have(tmp_path: Path) -> None:
    file = trial_file(tmp_path, AGE, SITE)
    gone = list(page(file, "Age ≤ 17 years.", "page.txt"))
    assert [(one.kind, one.criteria, one.file) for one in gone] == [("changed", ("I1",), "NCT00000001.yml")]
