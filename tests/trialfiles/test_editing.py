"""Changing one criterion of a trial file: all else stays byte for byte, and nothing wrong is kept."""

from __future__ import annotations

import difflib
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from bot.trialfiles.editing import ChangedMeanwhile, EditError, accept, blocks_in, change, leave
from criteria.loading import TRIALS, read_trial
from tests.criteria.checking.trials import AGE, trial_file

FIRST = TRIALS / "NCT06848582.yml"
IDS = tuple(one.id for one in read_trial(FIRST).criteria)
ON = date(2026, 11, 30)
DRAFT = (
    AGE
    + """\
    # Read at night.
    draft: {words: Age ≤ 18 years, reader: "a reader, version 1"}
    changed: true

  # Between two criteria.

  - id: E1
    source: Another.   # a comment at the end
    family: 'what is left'
    why_not_asked: It is left.
# The end.
"""
)


@pytest.fixture
def first(tmp_path: Path) -> Path:
    path = tmp_path / FIRST.name
    shutil.copy(FIRST, path)
    return path


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    trial_file(tmp_path, DRAFT)
    return tmp_path / "NCT00000001.yml"


def changes(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


@pytest.mark.parametrize("id_", IDS)
def test_accepting_adds_one_line_and_touches_no_other(first: Path, id_: str) -> None:
    before = first.read_text(encoding="utf-8")
    accept(first, id_, 'Ana "Annie" Li', ON)
    assert changes(before, first.read_text(encoding="utf-8")) == [
        '+    reviewed: {by: "Ana \\"Annie\\" Li", on: 2026-11-30}'
    ]
    review = read_trial(first).criterion(id_).reviewed
    assert review is not None
    assert (review.by, review.on) == ('Ana "Annie" Li', ON)


@pytest.mark.parametrize("id_", IDS)
def test_leaving_one_to_the_team_changes_no_other(first: Path, id_: str) -> None:
    before = read_trial(first)
    leave(first, id_, "It needs a chart: #1.", "Ana", ON)
    after = read_trial(first)
    left = after.criterion(id_)
    assert (left.rule, left.why_not_asked) == (None, "It needs a chart: #1.")
    assert [one for one in after.criteria if one.id != id_] == [
        one for one in before.criteria if one.id != id_
    ]


def test_a_draft_that_is_accepted_is_none_any_more(draft: Path) -> None:
    before = draft.read_text(encoding="utf-8")
    accept(draft, "I1", "Ana", ON)
    assert changes(before, draft.read_text(encoding="utf-8")) == [
        '+    reviewed: {by: "Ana", on: 2026-11-30}',
        '-    draft: {words: Age ≤ 18 years, reader: "a reader, version 1"}',
        "-    changed: true",
    ]
    criterion = read_trial(draft).criterion("I1")
    assert (criterion.draft, criterion.changed) == (None, False)
    accept(draft, "I1", "Ben", date(2026, 12, 1))
    assert draft.read_text(encoding="utf-8").count("reviewed:") == 1


def test_line_ends_and_the_files_rights_stay(draft: Path) -> None:
    raw = draft.read_text(encoding="utf-8").replace("\n", "\r\n").encode()
    draft.write_bytes(raw)
    draft.chmod(0o640)
    seen = blocks_in(raw.decode())["E1"].seen
    accept(draft, "E1", "Ana", ON, seen)
    after = draft.read_bytes()
    assert after == raw.replace(
        b"  - id: E1\r\n", b'  - id: E1\r\n    reviewed: {by: "Ana", on: 2026-11-30}\r\n'
    )
    assert draft.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in draft.parent.iterdir()] == [draft.name]


def test_a_changed_text_takes_the_others_place(first: Path) -> None:
    before = first.read_text(encoding="utf-8")
    text = blocks_in(before)["E20"].text.replace("months: 1", "days: 28").replace("\n", "\r\n")
    change(first, "E20", text, "Ana", ON)
    assert len(changes(before, first.read_text(encoding="utf-8"))) == 5
    rule = read_trial(first).criterion("E20").rule
    assert rule is not None
    assert rule != read_trial(FIRST).criterion("E20").rule


def test_what_others_share_with_a_changed_criterion_stays_theirs(first: Path) -> None:
    raw = first.read_text(encoding="utf-8")
    text = blocks_in(raw)["E13"].text.replace("it may clear", "it may end")
    change(first, "E13", text, "Ana", ON)
    trial = read_trial(first)
    rules = [trial.criterion(id_).rule for id_ in ("E13", "E19")]
    assert [rule.not_yet[0].reason for rule in rules if rule is not None] == [
        "An infection is being treated now; it may end.",
        "An infection is being treated now; it may clear.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("id: I1", "id: I2", "stay one criterion, I1", None),
        ("family: the age", "famly: the age", "unknown key 'famly'", 3),
        ("at_most: 227", "at_most: old", "expected a whole number", 5),
        ("rule:", "rule: [", "no YAML", 6),
        ("- id: I1", "id: I1", "no YAML", 2),
        ("source: Age ≤ 18 years.", "source: *gone", "undefined alias", 2),
        ("- id: I1", "- id: I1\n- id: I3", "one criterion, begun by", 1),
        ("- id: I1", "- source: x\n  id: I1", "must begin with '- id:'", 1),
    ],
)
def test_nothing_wrong_is_kept(draft: Path, old: str, new: str, said: str, line: int | None) -> None:
    before = draft.read_bytes()
    text = blocks_in(before.decode())["I1"].text
    assert old in text
    with pytest.raises(EditError, match="(?s)" + said.replace("[", r"\[")) as error:
        change(draft, "I1", text.replace(old, new, 1), "Ana", ON)
    assert error.value.line == line
    assert draft.read_bytes() == before


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda path: accept(path, "I9", "Ana", ON), "no criterion I9"),
        (lambda path: accept(path, "I1", " ", ON), "needs the name"),
        (lambda path: leave(path, "I1", " ", "Ana", ON), "needs a reason"),
        (lambda path: accept(path.with_name("NCT00000009.yml"), "I1", "Ana", ON), "cannot be read"),
    ],
)
def test_what_can_not_be_done_is_said(draft: Path, act: object, said: str) -> None:
    before = draft.read_bytes()
    with pytest.raises(EditError, match=said):
        act(draft)  # type: ignore[operator]
    assert draft.read_bytes() == before


def test_a_list_in_one_line_is_refused(tmp_path: Path) -> None:
    trial_file(tmp_path, "  [{id: I1, source: Words., family: words, why_not_asked: So.}]\n")
    with pytest.raises(EditError, match="a line for each"):
        accept(tmp_path / "NCT00000001.yml", "I1", "Ana", ON)


def test_of_two_reviewers_at_once_the_second_is_told(draft: Path) -> None:
    seen = blocks_in(draft.read_text(encoding="utf-8"))["I1"].seen

    def decide(name: str) -> str:
        try:
            accept(draft, "I1", name, ON, seen)
        except ChangedMeanwhile:
            return "told"
        return "done"

    with ThreadPoolExecutor(4) as several:
        assert sorted(several.map(decide, ("Ana", "Ben", "Cleo", "Dan"))) == ["done", "told", "told", "told"]
    assert draft.read_text(encoding="utf-8").count("reviewed:") == 1


def test_reviews_of_several_criteria_at_once_are_all_kept(first: Path) -> None:
    with ThreadPoolExecutor(4) as several:
        list(several.map(lambda id_: accept(first, id_, "Ana", ON), IDS))
    assert all(one.reviewed is not None for one in read_trial(first).criteria)
