"""All checks of a trial file together, with what the interview asks and what texts may say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.interview.questions import QUESTIONS, RECENT_DAYS
from bot.trialfiles.wording import wording
from criteria.checking.bounds import bounds
from criteria.checking.changes import against_record, marked_changed
from criteria.checking.contradictions import contradictions
from criteria.checking.defects import Defect, in_order
from criteria.checking.marks import marks
from criteria.checking.page import no_site, page
from criteria.checking.phases import phases
from criteria.checking.reachable import reachable
from criteria.checking.source_words import source_words
from criteria.checking.trial_file import TrialFile, read_trial_file
from criteria.place import TrialError

UNUSABLE, UNCLEAR = "unusable", "unclear"


def check_trial(path: Path, record: str | None = None, source: tuple[str, str] | None = None) -> list[Defect]:
    """Everything that is wrong or unclear in a trial file, by line.

    record  the registry's eligibility text of today, where it is at hand
    source  the name and the text of the page that the trial was read from
    A file that cannot be used at all is one error, which the loader words.
    """
    try:
        file = read_trial_file(path)
    except TrialError as error:
        return [Defect(path.name, error.line or 1, "error", UNUSABLE, str(error))]
    found = [
        *contradictions(file),
        *reachable(file, QUESTIONS, RECENT_DAYS),
        *bounds(file),
        *marks(file),
        *phases(file),
        *wording(file),
        *marked_changed(file),
        *source_words(file),
        *no_site(file),
    ]
    if record is not None:
        found += against_record(file, record)
    if source is not None:
        found += page(file, source[1], source[0])
    return in_order([*found, *_unclear(file)], file.trial.unclear)


def _unclear(file: TrialFile) -> list[Defect]:
    """What the file itself names as unclear: the site must settle it, and nobody else can."""
    return [
        replace(file.defect(f"unclear.{number}", "to settle", UNCLEAR, text), known=True)
        for number, text in enumerate(file.trial.unclear)
    ]
