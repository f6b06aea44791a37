"""The page of all trials: nothing of the source is lost, and what rules out is told."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.script.catalogue import trials_page
from bot.texts import load_texts
from bot.trialfiles.rules import in_one_line
from criteria import load_trial, trial_names
from criteria.conditions import Every, Includes, Not, OneOf, Some, Washout, Within
from criteria.trial import Draft

TEXTS = load_texts("en")
FIRST = load_trial("NCT06848582")


def rows(page: str) -> dict[str, list[str]]:
    """The cells of each criterion's row."""
    found = {}
    for line in page.splitlines():
        if re.match(r"\| [IE]\d+ \|", line):
            number, *cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            found[number] = cells
    return found


def plain(cell: str) -> str:
    return re.sub(r"\\(.)", r"\1", cell)


@pytest.mark.parametrize("name", trial_names())
def test_every_criterion_stands_there_in_its_own_words(name: str) -> None:
    trial = load_trial(name)
    told = rows(trials_page([trial], TEXTS))
    assert list(told) == [criterion.id for criterion in trial.criteria]
    for criterion in trial.criteria:
        source, done = (plain(cell) for cell in told[criterion.id])
        assert f'"{" ".join(criterion.source.split())}"' in source
        assert ("**Asked:**" in done) == criterion.asked
        cases = (*criterion.rule.not_met, *criterion.rule.not_yet) if criterion.rule else ()
        for case in cases:
            assert f"({in_one_line(case.when, TEXTS)}): {case.reason}" in done


def test_the_totals_add_up() -> None:
    page = trials_page([FIRST], TEXTS)
    assert "38 criteria: 26 asked, 12 left to the study team. Unclear in the source: 10." in page
    assert "| 38 | 26 | 12 | 10 |" in page


def test_what_no_family_may_see_is_marked() -> None:
    told = rows(trials_page([FIRST], TEXTS))
    marked = {number for number, (_, done) in told.items() if "families never see" in done}
    assert marked == {criterion.id for criterion in FIRST.criteria if criterion.sensitive}


def test_signs_of_markdown_in_a_quotation_stay_signs() -> None:
    criterion = replace(FIRST.criteria[0], source="HLA-A*02 | <b> [TBI]", part="Part A")
    page = trials_page([replace(FIRST, criteria=(criterion,), unclear=())], TEXTS)
    assert r'| I1 | Part A:<br>"HLA-A\*02 \| \<b\> \[TBI\]" |' in page
    assert "### Unclear" not in page


def test_a_draft_and_a_changed_source_are_told() -> None:
    age = FIRST.criterion("I2")
    draft = replace(age, draft=Draft("Age ≤ 18 years", "reader 1"))
    changed = replace(age, id="I3", changed=True)
    told = rows(trials_page([replace(FIRST, criteria=(draft, changed))], TEXTS))
    assert "a program read" in told["I2"][1]
    assert "source has changed" in told["I3"][1]
    assert "rests" not in rows(trials_page([FIRST], TEXTS))["I2"][1]


def test_a_condition_in_one_line() -> None:
    condition = Every(
        (
            Some((OneOf("gvhd", frozenset({"yes"})), Includes("disease_course", "relapsed"))),
            Not(Within("steroids", Washout(days=14))),
            OneOf("diagnosis.id", frozenset({"leukemia", "lymphoma"})),
        )
    )
    said = in_one_line(condition, TEXTS)
    assert said.startswith("(Graft versus host disease now: yes or ")
    assert ") and not (Steroids, or medicine that holds back the immune system: the last day lies" in said
    assert said.endswith(": leukemia or lymphoma")
