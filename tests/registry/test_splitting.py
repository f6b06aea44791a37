"""Eligibility texts are split word for word, and nothing is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.registry.splitting import Split, SplitCriterion, split

SIMPLE = """Inclusion Criteria:

* Age \\>= 2 years and \\< 22 years
* Neuroblastoma that came back \\[biopsy needed\\]

Exclusion Criteria:

1. Pregnant
2. A live vaccine within 30 days
"""
PARTS = """Procurement Inclusion Criteria:

* Age between 1 and 25 years

TREATMENT INCLUSION CRITERIA:

* Lansky of 60 or more

Procurement Exclusion Criteria

* Known HIV
"""
NESTED = """INCLUSION CRITERIA:

* Patients must meet all of the following criteria:

  * Age 12 or older
  * ECOG 0 to 1
* Diagnosis of one of the following:

  * Ewing sarcoma
  * Osteosarcoma
* Prior therapy must lie far enough back

  1. Chemotherapy: 21 days
  2. Radiotherapy: 14 days

NOTE: Longer is fine.

Kidneys:

* Creatinine \\< 2
* STEP 2 REGISTRATION: Still well

EXCLUSION CRITERIA:

NONE
"""


def words(text: str) -> list[tuple[str, str | None, str]]:
    return [(one.id, one.part, one.words) for one in split(text).criteria]


def whole(text: str) -> Split:
    """The split, held against what must be true of every one."""
    found = split(text)
    assert found.lost() == []
    spans = sorted([*found.headings, *((one.start, one.end) for one in found.criteria)])
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for one in found.criteria:
        assert one.words
        assert found.text[one.start : one.end] == one.words
    return found


def test_bullets_and_numbers_are_split_under_their_headings() -> None:
    whole(SIMPLE)
    assert words(SIMPLE) == [
        ("I1", None, "Age >= 2 years and < 22 years"),
        ("I2", None, "Neuroblastoma that came back [biopsy needed]"),
        ("E1", None, "Pregnant"),
        ("E2", None, "A live vaccine within 30 days"),
    ]


def test_several_lists_are_told_apart_by_their_headings() -> None:
    whole(PARTS)
    assert words(PARTS) == [
        ("I1", "Procurement Inclusion Criteria", "Age between 1 and 25 years"),
        ("I2", "TREATMENT INCLUSION CRITERIA", "Lansky of 60 or more"),
        ("E1", "Procurement Exclusion Criteria", "Known HIV"),
    ]


def test_nested_bullets_stay_with_what_they_complete_and_leave_what_only_leads_in() -> None:
    whole(NESTED)
    lead = "Patients must meet all of the following criteria"
    assert words(NESTED) == [
        ("I1", lead, "Age 12 or older"),
        ("I2", lead, "ECOG 0 to 1"),
        ("I3", None, "Diagnosis of one of the following:\n\n  * Ewing sarcoma\n  * Osteosarcoma"),
        ("I4", None, "Prior therapy must lie far enough back"),
        ("I5", "Prior therapy must lie far enough back", "Chemotherapy: 21 days"),
        ("I6", "Prior therapy must lie far enough back", "Radiotherapy: 14 days\n\nNOTE: Longer is fine."),
        ("I7", "Kidneys", "Creatinine < 2"),
        ("I8", "Kidneys / STEP 2 REGISTRATION", "Still well"),
    ]


@pytest.mark.parametrize(
    "between", ["* Relapse\n\nOR\n\n* Progress", "* Relapse OR\n* Progress", "* Relapse; or\n* Progress"]
)
def test_alternatives_are_one_criterion(between: str) -> None:
    found = whole(f"Inclusion Criteria:\n\n{between}\n* Age 3 or older").criteria
    assert [one.words.split("\n")[-1] for one in found][1:] == ["Age 3 or older"]
    assert "Relapse" in found[0].words
    assert found[0].words.endswith("Progress")


def test_one_of_several_stays_one_criterion_below_a_paragraph_too() -> None:
    above = "Inclusion Criteria:\n\nAt least one of the following:\n\n"
    text = f"{above}* Relapse\n* Progress\n\nExclusion Criteria:\n\n* Fever"
    assert words(text) == [
        ("I1", None, "At least one of the following:\n\n* Relapse\n* Progress"),
        ("E1", None, "Fever"),
    ]


def test_any_of_several_excludes_by_itself() -> None:
    text = "Exclusion Criteria:\n\n* Any of the following:\n\n  * Fever\n  * Cough"
    assert words(text) == [("E1", "Any of the following", "Fever"), ("E2", "Any of the following", "Cough")]


def test_a_heading_may_be_a_bullet_and_may_stand_before_a_criterion() -> None:
    bullets = "* INCLUSION CRITERIA:\n* Age 5\n* EXCLUSION CRITERIA: Fever"
    text = f"{bullets}\n\nExclusion Criteria: People with:\n\n* Cough"
    whole(text)
    assert words(text) == [("I1", None, "Age 5"), ("E1", None, "Fever"), ("E2", None, "Cough")]


def test_a_sentence_that_goes_on_after_an_empty_line_is_one_criterion() -> None:
    text = "Inclusion Criteria:\n\n* Agrees to visits prior\n\nto study entry, and later"
    assert words(text) == [("I1", None, "Agrees to visits prior\n\nto study entry, and later")]


def test_a_text_without_headings_says_not_whether_it_includes_or_excludes() -> None:
    assert words("Age 5 or older") == [("C1", None, "Age 5 or older")]
    both = words("Inclusion and Exclusion Criteria:\n\n* Age 5 or older")
    assert both == [("C1", "Inclusion and Exclusion Criteria", "Age 5 or older")]


@pytest.mark.parametrize("line", ["Pregnant", "Other cancer", "Age 18 or more", "Age under 5", "Stage IV"])
def test_a_short_paragraph_is_a_criterion_and_no_heading(line: str) -> None:
    text = f"Exclusion Criteria:\n\n{line}\n\nFever"
    assert words(text) == [("E1", None, line), ("E2", None, "Fever")]


@pytest.mark.parametrize(
    "line",
    [
        "* Does not meet the inclusion criteria: see above",
        "* Other inclusion criteria may apply.",
        "* Meets all inclusion criteria of the main study",
    ],
)
def test_a_sentence_about_criteria_is_no_heading(line: str) -> None:
    found = whole(f"Exclusion Criteria:\n\n{line}\n* Fever").criteria
    assert [one.kind for one in found] == ["exclusion", "exclusion"]
    assert found[0].words == line[2:]


def test_the_end_of_a_criterion_is_where_its_words_end() -> None:
    one = SplitCriterion("I1", "inclusion", "Age 5", None, 10)
    assert one.end == 15


LINES = st.sampled_from(
    [
        *(
            "Inclusion Criteria:",
            "Exclusion Criteria:",
            "* Age 5",
            "  * Nested one",
            "    * Deeper",
            "OR",
            "* and",
        ),
        *(
            "Note: read this",
            "1. First",
            "10. Tenth",
            "None",
            "",
            "Part A:",
            "a) letter",
            "\\- dash \\[x\\]",
            "  goes on",
        ),
        *(
            "* All of the following:",
            "* Any of the following:",
            "STEP ONE: go",
            "* STEP ONE: go",
            "<!-- -->",
            "-None",
        ),
    ]
)


@given(st.lists(LINES, max_size=14))
def test_nothing_is_ever_lost_or_said_twice(lines: list[str]) -> None:
    whole("\n".join(lines))


@given(st.text(max_size=200))
def test_any_text_whatever_is_split(text: str) -> None:
    whole(text)
