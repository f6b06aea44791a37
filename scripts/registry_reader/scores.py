"""Precision and recall of readings against labels, for each topic and in all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.registry.reading.labels import labels_of

ALL = "all"


@dataclass
class Scores:
    """Counts by topic and for ALL.

    read, right  readings, and those equal to any label of their criterion
    firm, found  labels that are not marked acceptable, and those of them that were read
    wrong        (trial, words, reading) of each wrong one
    """

    read: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    firm: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)

    def precision(self, topic: str = ALL) -> float | None:
        """The share of readings that are right; None where nothing was read."""
        return self.right[topic] / self.read[topic] if self.read[topic] else None

    def recall(self, topic: str = ALL) -> float | None:
        """The share of firm labels that were read; None where there are none."""
        return self.found[topic] / self.firm[topic] if self.firm[topic] else None


def score(criteria: Iterable[Mapping[str, Any]]) -> Scores:
    """Scores over criteria, each {"trial", "kind", "words", "labels": [{..., "acceptable": true?}]}."""
    scores = Scores()
    for criterion in criteria:
        labels = [
            {key: value for key, value in one.items() if key != "acceptable"} for one in criterion["labels"]
        ]
        readings = labels_of(criterion["kind"], criterion["words"])
        for reading in readings:
            for topic in (str(reading["topic"]), ALL):
                scores.read[topic] += 1
                scores.right[topic] += reading in labels
            if reading not in labels:
                scores.wrong.append((criterion["trial"], criterion["words"], reading))
        for told, label in zip(criterion["labels"], labels, strict=True):
            if not told.get("acceptable"):
                for topic in (label["topic"], ALL):
                    scores.firm[topic] += 1
                    scores.found[topic] += label in readings
    return scores


def criteria_in(path: Path) -> list[dict[str, Any]]:
    """The labelled criteria of a file, one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def table(scores: Scores) -> str:
    """The numbers, one topic a line, ALL last."""

    def share(value: float | None) -> str:
        return "-" if value is None else f"{value:.3f}"

    lines = [f"{'topic':<18}{'read':>6}{'right':>7}{'precision':>11}{'labels':>8}{'found':>7}{'recall':>8}"]
    for topic in [*sorted((set(scores.read) | set(scores.firm)) - {ALL}), ALL]:
        lines.append(
            f"{topic:<18}{scores.read[topic]:>6}{scores.right[topic]:>7}{share(scores.precision(topic)):>11}"
            f"{scores.firm[topic]:>8}{scores.found[topic]:>7}{share(scores.recall(topic)):>8}"
        )
    return "\n".join(lines)
