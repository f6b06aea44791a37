"""In which state a criterion is, in a word for staff."""

from __future__ import annotations

from criteria import Criterion, Trial


def state_of(trial: Trial, criterion: Criterion) -> str:
    """``changed``, ``draft``, ``reviewed``, ``asked`` or ``for the team``: the first of them that holds."""
    if criterion.changed:
        return "changed"
    if criterion.draft is not None:
        return "draft"
    if criterion.reviewed is not None or trial.reviewed_by is not None:
        return "reviewed"
    return "asked" if criterion.asked else "for the team"
