"""What a reviewer sees of a trial, and what may be accepted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.texts import load_texts
from bot.trialfiles.editing import EditError
from bot.trialfiles.review import accept, change, for_review, leave, marked, overviews
from criteria.loading import TRIALS, read_trial
from tests.criteria.checking.trials import AGE, criterion, trial_file

TEXTS = load_texts("en")
ON = date(2026, 11, 30)
ALL = (
    AGE
    + "    draft: {words: ≤ 18 years, reader: a reader}\n"
    + AGE.replace("I1", "I2")
    + "    changed: true\n"
    + AGE.replace("I1", "I3")
    + AGE.replace("I1", "I4")
    + "    reviewed: {by: Ana, on: 2026-11-30}\n"
    + criterion("E1", "Words.")
)


def test_how_far_each_criterion_has_come(tmp_path: Path) -> None:
    trial_file(tmp_path, ALL)
    _, found = for_review(tmp_path / "NCT00000001.yml", TEXTS)
    assert [one.standing for one in found] == ["draft", "changed", "project", "accepted", "team"]
    assert found[0].source == (("Age ", False), ("≤ 18 years", True), (".", False))
    assert [case.finding for case in found[0].cases] == ["met", "not_met"]
    assert found[0].cases[1].family == "This study is for people up to age 18."
    (told,) = overviews(tmp_path)
    assert told.counts == {"draft": 1, "changed": 1, "project": 1, "accepted": 1, "team": 1}


def test_a_file_that_can_not_be_used_is_in_the_list_with_its_problem(tmp_path: Path) -> None:
    trial_file(tmp_path, ALL)
    (tmp_path / "NCT00000002.yml").write_text("id: NCT00000002\n", encoding="utf-8")
    usable, other = overviews(tmp_path)
    assert usable.problem is None
    assert other.problem is not None
    assert "missing" in other.problem


def test_every_criterion_of_the_first_trial_can_be_shown_and_accepted(tmp_path: Path) -> None:
    path = tmp_path / "NCT06848582.yml"
    path.write_bytes((TRIALS / path.name).read_bytes())
    _, found = for_review(path, TEXTS)
    assert [one.faults for one in found] == [()] * 38
    accept(path, "I4", "Ana", ON, found[3].block.seen)
    assert read_trial(path).criterion("I4").reviewed is not None


@pytest.mark.parametrize(
    ("source", "words", "parts"),
    [
        ("Age ≤ 18\n years.", "≤ 18 years", [("Age ", False), ("≤ 18\n years", True), (".", False)]),
        ("Age.", "other words", [("Age.", False)]),
        ("Age.", "", [("Age.", False)]),
        ("Age.", "AGE.", [("Age.", True)]),
    ],
)
def test_the_words_that_were_read_are_marked(source: str, words: str, parts: list[tuple[str, bool]]) -> None:
    assert list(marked(source, words)) == parts


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("people up to age 18.", "eligible people up to age 18.", "may not stand"),
        ("at_least: 228", "at_least: 228, at_most: 12", "at_least 228 is above at_most 12"),
        ("the age", "{whom} age", "no word that the program fills in"),
        ("at_most: 227", "at_least: 300", "no answers can meet it"),
    ],
)
def test_what_must_be_put_right_is_neither_kept_nor_accepted(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    trial_file(tmp_path, ALL)
    path = tmp_path / "NCT00000001.yml"
    _, found = for_review(path, TEXTS)
    text = found[0].block.text
    wrong = text.replace(old, new).replace("family: {whom}", 'family: "{whom}').replace("} age\n", '} age"\n')
    before = path.read_bytes()
    with pytest.raises(EditError, match=said) as error:
        change(path, "I1", wrong, "Ana", ON)
    assert error.value.line is not None
    assert path.read_bytes() == before
    indented = "".join(f"  {line}\n" for line in wrong.splitlines())
    path.write_text(before.decode().replace("".join(f"  {line}\n" for line in text.splitlines()), indented))
    _, found = for_review(path, TEXTS)
    assert said in found[0].faults[0].text
    with pytest.raises(EditError, match=said):
        accept(path, "I1", "Ana", ON)
    leave(path, "I2", "It needs a chart.", "Ana", ON)
