"""A trial together with the lines of its file, which the loaded trial itself does not keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from criteria.checking.defects import Defect, Severity
from criteria.loading import read_trial, trial_in
from criteria.place import NULL
from criteria.trial import Case, Criterion, Trial


@dataclass(frozen=True)
class Scalar:
    """One text of the file; ``where`` is its place, such as ``criteria.I2.source`` or ``study.who.0``."""

    where: str
    text: str


class TrialFile:
    """A trial file that was loaded, and where everything in it stands."""

    def __init__(self, trial: Trial, file: str, raw: str) -> None:
        self.trial = trial
        self.file = file
        self._lines = raw.splitlines()
        self._nodes: dict[str, yaml.Node] = {}
        root = yaml.compose(raw, Loader=yaml.SafeLoader)
        if root is not None:
            self._note(root, "")

    def _note(self, node: yaml.Node, where: str) -> None:
        self._nodes[where] = node
        prefix = f"{where}." if where else ""
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                self._note(value, f"{prefix}{key.value}")
        elif isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                name = _id_of(item) if where == "criteria" else None
                self._note(item, f"{prefix}{name or number}")

    def line(self, where: str, words: str = "") -> int:
        """The line of a place; of ``words`` in it, where they stand there on one line.

        Where the place is not in the file, it is the line of what would hold it.
        """
        while where not in self._nodes:
            where = where.rpartition(".")[0]
        node = self._nodes[where]
        first = int(node.start_mark.line)
        if words:
            for number in range(first, min(int(node.end_mark.line) + 1, len(self._lines))):
                if words.lower() in self._lines[number].lower():
                    return number + 1
        return first + 1

    def nodes(self) -> Iterator[tuple[str, yaml.Node]]:
        """Every node with its place."""
        yield from self._nodes.items()

    def scalars(self) -> Iterator[Scalar]:
        """Every text of the file, in its order; null is none."""
        for where, node in self._nodes.items():
            if isinstance(node, yaml.ScalarNode) and node.tag != NULL:
                yield Scalar(where, str(node.value))

    def defect(
        self,
        where: str,
        severity: Severity,
        kind: str,
        text: str,
        criteria: tuple[str, ...] = (),
        words: tuple[str, ...] = (),
        at: str = "",
    ) -> Defect:
        """A defect at a place of this file; ``at`` are the words of the place that it is about."""
        return Defect(self.file, self.line(where, at), severity, kind, text, criteria, words)


def read_trial_file(path: Path) -> TrialFile:
    """The trial in a file with its lines. Raises TrialError where it cannot be used."""
    # Loaded first, because the loader words what it cannot read.
    return TrialFile(read_trial(path), path.name, path.read_text(encoding="utf-8"))


def trial_file_in(text: str, file: str) -> TrialFile:
    """The same for the text of a file of that name."""
    return TrialFile(trial_in(text, file), file, text)


def cases_of(criterion: Criterion) -> Iterator[tuple[str, str, Case]]:
    """The cases of a criterion's rule: the group, the place in the file, the case."""
    if criterion.rule is None:
        return
    base = f"criteria.{criterion.id}.rule"
    yield "met", f"{base}.met", criterion.rule.met
    for group in ("not_met", "not_yet", "unknown"):
        for number, case in enumerate(getattr(criterion.rule, group)):
            yield group, f"{base}.{group}.{number}", case


def _id_of(item: yaml.Node) -> str | None:
    if isinstance(item, yaml.MappingNode):
        for key, value in item.value:
            if key.value == "id":
                return str(value.value)
    return None
