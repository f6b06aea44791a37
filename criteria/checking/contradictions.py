"""Rules that no answers can satisfy: cases that can never be true, criteria that can't be met together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from criteria.checking.defects import Defect
from criteria.checking.possible import fact_names, leaves, possible
from criteria.checking.trial_file import TrialFile, cases_of
from criteria.conditions import Includes, Not, OneOf
from criteria.judging import Condition
from criteria.trial import Criterion

NEVER, TOGETHER, OPEN = "never true", "contradiction", "left open twice"


def contradictions(file: TrialFile) -> Iterator[Defect]:
    """Everything about the rules of a trial that can't hold."""
    dead: set[str] = set()
    for criterion in file.trial.criteria:
        found = list(_cases_never_true(file, criterion))
        if not found and criterion.rule is not None and possible(_met(criterion)) is False:
            found = [
                file.defect(
                    f"criteria.{criterion.id}.rule.met",
                    "error",
                    NEVER,
                    "no answers can meet it: wherever met is true, a case of not_met or not_yet is true too",
                    (criterion.id,),
                )
            ]
        if found:
            dead.add(criterion.id)
        yield from found
    # What can't be met alone can't be met with any other either, and that has been said.
    asked = [one for one in file.trial.criteria if one.rule is not None and one.id not in dead]
    yield from _not_together(file, asked)
    yield from _open_in_both(file, asked)


def _met(criterion: Criterion) -> list[Condition]:
    """What must hold for the finding *met*: no earlier group may have a true case."""
    assert criterion.rule is not None
    earlier = (*criterion.rule.not_met, *criterion.rule.not_yet)
    return [criterion.rule.met.when, *(Not(case.when) for case in earlier)]


def _cases_never_true(file: TrialFile, criterion: Criterion) -> Iterator[Defect]:
    for group, where, case in cases_of(criterion):
        if possible([case.when]) is False:
            text = f"this case of {group} can never be true, whatever a family answers"
        elif group == "not_yet" and criterion.rule is not None:
            sooner = [Not(earlier.when) for earlier in criterion.rule.not_met]
            if possible([case.when, *sooner]) is not False:
                continue
            text = "this case of not_yet is never reached: wherever it is true, a case of not_met is too"
        else:
            continue
        yield file.defect(f"{where}.when", "error", NEVER, text, (criterion.id,))


def _not_together(file: TrialFile, asked: list[Criterion]) -> Iterator[Defect]:
    apart = False
    for one, other in combinations(asked, 2):
        met, other_met = _met(one), _met(other)
        if not _names(met) & _names(other_met) or possible([*met, *other_met]) is not False:
            continue
        apart = True
        yield file.defect(
            f"criteria.{other.id}.rule.met",
            "error",
            TOGETHER,
            f"no answers can meet both: where {one.id} is met, {other.id} is not",
            (one.id, other.id),
        )
    if not apart and possible([part for one in asked for part in _met(one)]) is False:
        yield file.defect("criteria", "error", TOGETHER, "no answers can meet all criteria together")


def _names(conditions: list[Condition]) -> frozenset[str]:
    return frozenset().union(*(fact_names(condition) for condition in conditions))


def _open_in_both(file: TrialFile, asked: list[Criterion]) -> Iterator[Defect]:
    """An answer that an inclusion and an exclusion leave open: one may allow what the other forbids."""
    for one, other in combinations(asked, 2):
        if one.id[:1] == other.id[:1] or one.rule == other.rule:
            continue
        for path, value in sorted(_left_open(one) & _left_open(other)):
            yield file.defect(
                f"criteria.{other.id}.rule.unknown",
                "to settle",
                OPEN,
                f"{one.id} and {other.id} both leave {path} {value} open: "
                "does the one allow what the other forbids?",
                (one.id, other.id),
            )


def _left_open(criterion: Criterion) -> set[tuple[str, str]]:
    assert criterion.rule is not None
    found: set[tuple[str, str]] = set()
    for case in criterion.rule.unknown:
        for leaf in leaves(case.when):
            if isinstance(leaf, OneOf):
                found |= {(leaf.path, value) for value in leaf.values}
            elif isinstance(leaf, Includes):
                found.add((leaf.path, leaf.value))
    return {(path, value) for path, value in found if not path.endswith(".had")}
