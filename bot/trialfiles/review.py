"""Reviewing a trial's criteria: the source beside what was read out of it, and what a reviewer decides.

The terminal (`prescreen trial review`) and the inbox (`/inbox/trials`) both rest on this.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from bot.texts import Texts
from bot.trialfiles import editing
from bot.trialfiles.editing import Block, EditError
from bot.trialfiles.rules import Lines, in_words
from bot.trialfiles.wording import wording
from criteria import Criterion, Trial, TrialError, trial_names
from criteria.checking.bounds import bounds
from criteria.checking.contradictions import contradictions
from criteria.checking.defects import Defect
from criteria.checking.marks import marks
from criteria.checking.trial_file import TrialFile, cases_of, trial_file_in
from criteria.loading import read_trial

Standing = Literal["draft", "changed", "project", "accepted", "team"]
STANDINGS: tuple[Standing, ...] = ("draft", "changed", "project", "accepted", "team")
"""A program's draft; its source changed since; the project's own reading; accepted; not asked of families."""

WAITING: tuple[Standing, ...] = ("draft", "changed", "project")
"""What somebody of the site still has to look at."""


def standing(trial: Trial, criterion: Criterion) -> Standing:
    """How far the review of a criterion has come."""
    if criterion.draft is not None:
        return "draft"
    if criterion.changed:
        return "changed"
    if criterion.reviewed is not None or (trial.reviewed_by is not None and criterion.rule is not None):
        return "accepted"
    return "team" if criterion.rule is None else "project"


@dataclass(frozen=True)
class Overview:
    """A trial file in the list of all; of one that can't be used only the ``problem`` is known."""

    id: str
    title: str = ""
    status: str | None = None
    counts: dict[str, int] | None = None
    problem: str | None = None


def overviews(folder: Path) -> list[Overview]:
    """All trial files of a folder, as they are on the disk now."""
    return [_overview(folder / f"{name}.yml") for name in trial_names(folder)]


def _overview(path: Path) -> Overview:
    try:
        trial = read_trial(path)
    except TrialError as error:
        return Overview(path.stem, problem=str(error))
    counts = Counter(standing(trial, criterion) for criterion in trial.criteria)
    return Overview(trial.id, trial.title, trial.study.status, {one: counts[one] for one in STANDINGS})


@dataclass(frozen=True)
class CaseWords:
    """One case of a rule: which finding it gives, when in words, why, and what families hear."""

    finding: str
    lines: Lines
    reason: str
    family: str | None


@dataclass(frozen=True)
class Reviewed:
    """One criterion as a reviewer sees it.

    source  its words in parts, each with whether the rule was read from it
    block   its text in the file
    faults  what must be put right before it can be accepted
    """

    criterion: Criterion
    standing: Standing
    source: tuple[tuple[str, bool], ...]
    cases: tuple[CaseWords, ...]
    block: Block
    faults: tuple[Defect, ...]


def for_review(path: Path, texts: Texts) -> tuple[Trial, list[Reviewed]]:
    """A trial and its criteria, as they are on the disk now. Raises TrialError or EditError."""
    raw = editing.text_of(path)
    file = trial_file_in(raw, path.name)
    placed = editing.blocks_in(raw)
    faults = _faults(file)
    found = []
    for criterion in file.trial.criteria:
        block = placed[criterion.id]
        cases = tuple(
            CaseWords(group, in_words(case.when, texts), case.reason, case.family)
            for group, _, case in cases_of(criterion)
        )
        source = marked(criterion.source, criterion.draft.words if criterion.draft else "")
        own = tuple(one for one in faults if _inside(one, block))
        found.append(Reviewed(criterion, standing(file.trial, criterion), source, cases, block, own))
    return file.trial, found


def marked(source: str, words: str) -> tuple[tuple[str, bool], ...]:
    """The source in parts, each with whether it is the words; blanks and line breaks don't count."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    match = re.search(pattern, source, re.IGNORECASE) if pattern else None
    if match is None:
        return ((source, False),)
    parts = ((source[: match.start()], False), (match[0], True), (source[match.end() :], False))
    return tuple(part for part in parts if part[0])


def accept(path: Path, id_: str, by: str, on: date, seen: str | None = None) -> None:
    """Accept a criterion as it stands. Raises EditError, also where something must be put right first."""
    editing.accept(path, id_, by, on, seen, _check(path))


def leave(path: Path, id_: str, reason: str, by: str, on: date, seen: str | None = None) -> None:
    """Leave a criterion to the study team. Raises EditError."""
    editing.leave(path, id_, reason, by, on, seen, _check(path))


def change(path: Path, id_: str, text: str, by: str, on: date, seen: str | None = None) -> None:
    """Change the text of a criterion and accept it so. Raises EditError, with the line of the text."""
    editing.change(path, id_, text, by, on, seen, _check(path))


def _check(path: Path) -> Callable[[str, Block], None]:
    """Refuses a text of which something would have to be put right before families are held to it."""

    def check(text: str, block: Block) -> None:
        for one in _faults(trial_file_in(text, path.name)):
            if _inside(one, block):
                raise EditError(one.text, one.line - block.first_line + 1)

    return check


def _faults(file: TrialFile) -> list[Defect]:
    found = (*bounds(file), *marks(file), *wording(file), *contradictions(file))
    return [one for one in found if one.severity == "error"]


def _inside(one: Defect, block: Block) -> bool:
    return block.first_line <= one.line < block.first_line + block.lines
