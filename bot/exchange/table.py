"""A trial's criteria as a table: one row a criterion, for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.exchange.deciding import paths
from bot.exchange.states import state_of
from bot.spreadsheets import as_csv, safe_text
from bot.texts import Texts
from criteria import Criterion, Trial
from criteria.judging import Condition
from criteria.trial import Case

COLUMNS = (
    "trial",
    "id",
    "kind",
    "part",
    "source",
    "state",
    "asked",
    "why_not_asked",
    "facts",
    "rule",
    "family",
    "note",
)
_KINDS = {"I": "inclusion", "E": "exclusion"}
_GROUPS = ("not_met", "not_yet", "met", "unknown")

RuleWords = Callable[[Condition, Texts], tuple[tuple[int, str], ...]]
"""Says a condition in words: lines, each with its depth under the ones before it."""


def criteria_as_csv(trial: Trial, texts: Texts, in_words: RuleWords) -> bytes:
    """The criteria in the trial's order: UTF-8 with a mark, no cell of which a spreadsheet computes."""
    rows = (_row(trial, criterion, texts, in_words) for criterion in trial.criteria)
    return as_csv(COLUMNS, ({name: safe_text(text) for name, text in row.items()} for row in rows))


def _row(trial: Trial, criterion: Criterion, texts: Texts, in_words: RuleWords) -> dict[str, str]:
    return {
        "trial": trial.id,
        "id": criterion.id,
        "kind": _KINDS.get(criterion.id[:1], ""),
        "part": criterion.part or "",
        "source": " ".join(criterion.source.split()),
        "state": state_of(trial, criterion),
        "asked": "yes" if criterion.asked else "no",
        "why_not_asked": criterion.why_not_asked or "",
        "facts": ", ".join(sorted(paths(criterion))),
        "rule": "\n".join(_rule(criterion, texts, in_words)),
        "family": criterion.family,
        "note": criterion.note or "",
    }


def _rule(criterion: Criterion, texts: Texts, in_words: RuleWords) -> Iterator[str]:
    """Each finding with what it rests on, in the order in which they are tried."""
    if criterion.rule is None:
        return
    for group in _GROUPS:
        found = getattr(criterion.rule, group)
        cases: tuple[Case, ...] = (found,) if isinstance(found, Case) else found
        for case in cases:
            finding = texts.say(f"board.criterion.{group}")
            yield texts.say("board.criterion.finding", finding=finding)
            yield from (f"{'  ' * (depth + 1)}{line}" for depth, line in in_words(case.when, texts))
