"""Source text that changed since it was read and reviewed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from criteria.checking.defects import Defect
from criteria.checking.trial_file import TrialFile

CHANGED = "changed"


def marked_changed(file: TrialFile) -> Iterator[Defect]:
    """Criteria whose file says that their source changed: their rules rest until somebody looks."""
    for criterion in file.trial.criteria:
        if criterion.changed:
            text = "the source has changed since it was read; its rule rests until somebody reviews it"
            yield file.defect(f"criteria.{criterion.id}.changed", "to settle", CHANGED, text, (criterion.id,))


def against_record(file: TrialFile, eligibility: str) -> Iterator[Defect]:
    """What differs from the eligibility text that the registry has today."""
    found = hashlib.sha256(eligibility.encode()).hexdigest()
    held = file.trial.text_hash
    if held is not None and held != found:
        text = "the registry's eligibility text is not the one that was read (text_hash)"
        yield file.defect("source.text_hash", "to settle", CHANGED, text)
    yield from words_gone(file, eligibility, "the registry's text today")


def words_gone(file: TrialFile, text: str, what: str) -> Iterator[Defect]:
    """Criteria whose words do not stand in a text any more; blanks and line breaks don't count."""
    there = _plain(text)
    for criterion in file.trial.criteria:
        if _plain(criterion.source) not in there:
            said = f"these words do not stand in {what}"
            yield file.defect(f"criteria.{criterion.id}.source", "to settle", CHANGED, said, (criterion.id,))


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".").lower()
