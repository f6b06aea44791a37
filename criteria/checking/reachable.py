"""Facts that no question asks for, and follow-ups that are never put."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from criteria.checking.defects import Defect
from criteria.checking.possible import leaves
from criteria.checking.trial_file import TrialFile, cases_of
from criteria.conditions import Within
from criteria.facts import EVENTS, ONLY_WHEN_TOLD, RECENT_EVENTS
from criteria.judging import Condition

UNASKED, NEVER_PUT, TOO_SHORT = "no question", "never asked", "asked too short"


class Asked(Protocol):
    """A question of the interview, as far as it matters here."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def fills(self) -> frozenset[str]:
        """The fact paths that its answer fills."""

    @property
    def follows(self) -> str | None:
        """The fact path that must be known before it is put."""


def reachable(file: TrialFile, questions: Sequence[Asked], recent_days: int) -> Iterator[Defect]:
    """What the rules of a trial look at and no family can come to answer.

    questions    all questions of the interview
    recent_days  how far back the list of recent events asks
    """
    looked_at = file.trial.paths()
    said: set[tuple[str, str]] = set()
    for criterion in file.trial.criteria:
        for _, where, case in cases_of(criterion):
            for leaf in leaves(case.when):
                # What counts only when told need not be asked for.
                waited_for = leaf.paths() if getattr(leaf, "if_not_told", None) is None else frozenset()
                for path in sorted(waited_for):
                    found = _wrong(path, looked_at, questions)
                    if found is not None and (criterion.id, path) not in said:
                        said.add((criterion.id, path))
                        yield file.defect(f"{where}.when", "error", *found, (criterion.id,))
                if _too_long(leaf, recent_days) and (criterion.id, "days") not in said:
                    said.add((criterion.id, "days"))
                    assert isinstance(leaf, Within)
                    text = (
                        f"families are asked about {leaf.path} in the last {recent_days} days only, and the "
                        "rule looks back farther: a no would count for more than it says"
                    )
                    yield file.defect(f"{where}.when", "error", TOO_SHORT, text, (criterion.id,))


def _wrong(path: str, looked_at: frozenset[str], questions: Sequence[Asked]) -> tuple[str, str] | None:
    """What keeps the fact under a path from being asked for: kind and text; None where nothing does."""
    name, _, field = path.partition(".")
    # A kind that counts only when told is never asked for: without it the event is the ordinary kind.
    if field == "kind" and set(EVENTS[name]) <= ONLY_WHEN_TOLD:
        return None
    for wanted in dict.fromkeys((name, path)):
        asking = [question for question in questions if wanted in question.fills]
        if not asking:
            return UNASKED, f"no question asks for {wanted}, so that no family can ever answer it"
        waits_for = [question.follows for question in asking]
        if all(before is not None and not _comes_to_be_known(before, looked_at) for before in waits_for):
            return NEVER_PUT, (
                f"the question {asking[0].id} follows {asking[0].follows}, which no rule of this trial looks "
                "at: it is never put"
            )
    return None


def _comes_to_be_known(path: str, looked_at: frozenset[str]) -> bool:
    """Whether the trial has the interview ask for a path, so that what follows it can be put."""
    return path in looked_at


def _too_long(leaf: Condition, recent_days: int) -> bool:
    if not isinstance(leaf, Within) or leaf.path not in RECENT_EVENTS:
        return False
    washout = leaf.washout
    return washout.days + 31 * washout.months + 366 * washout.years > recent_days
