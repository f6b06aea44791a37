"""Counts, fact by fact, what was understood rightly, and what a wrong fact would do to a family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from criteria import Trial, assess
from criteria.facts import FACT_NAMES

from .messages import TODAY, Facts, Message

_RULED_OUT = ("not_likely", "not_yet")


@dataclass
class Count:
    """How often one fact was told, was understood exactly, was missed, was wrong or made up; and how often
    the wrong fact alone turned the verdict to *not likely* or *not yet*."""

    right: int = 0
    missed: int = 0
    wrong: int = 0
    rule_outs: int = 0

    @property
    def told(self) -> int:
        """How many messages tell this fact."""
        return self.right + self.missed

    @property
    def precision(self) -> float | None:
        """The share of the understood that is right; None where nothing was understood."""
        understood = self.right + self.wrong
        return self.right / understood if understood else None

    @property
    def recall(self) -> float | None:
        """The share of the told that was understood; None where nothing was told."""
        return self.right / self.told if self.told else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both, 2 right / (2 right + wrong + missed)."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else None


@dataclass
class Score:
    """What one way of understanding made of all messages."""

    facts: dict[str, Count] = field(default_factory=lambda: {name: Count() for name in FACT_NAMES})
    messages: int = 0
    exact: int = 0
    mistakes: list[tuple[Message, Facts]] = field(default_factory=list)
    rule_outs: list[tuple[Message, str]] = field(default_factory=list)

    @property
    def all_facts(self) -> Count:
        """All facts counted together."""
        counts = self.facts.values()
        return Count(*(sum(getattr(c, part) for c in counts) for part in Count.__annotations__))


def score(messages: Sequence[Message], understood: Sequence[Facts], trial: Trial) -> Score:
    """Compare what was understood of each message with what it tells.

    A fact that differs in any part is both missed and wrong: an interval that is a day off, a kind too much.
    """
    result = Score()
    for message, facts in zip(messages, understood, strict=True):
        result.messages += 1
        if _plain(facts) == _plain(message.facts):
            result.exact += 1
        else:
            result.mistakes.append((message, facts))
        for name in FACT_NAMES:
            _count(result, name, message, facts, trial)
    return result


def _count(result: Score, name: str, message: Message, facts: Facts, trial: Trial) -> None:
    told, understood = _plain(message.facts).get(name), _plain(facts).get(name)
    count = result.facts[name]
    if told is not None and told == understood:
        count.right += 1
        return
    count.missed += told is not None
    if understood is not None:
        count.wrong += 1
        if _rules_out(message.facts, {**message.facts, name: facts[name]}, trial):
            count.rule_outs += 1
            result.rule_outs.append((message, name))


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts without what makes no difference: the order of the course, and two ways to say "not known"."""
    course = facts.get("disease_course")
    plain = {name: "not_sure" if value == {"had": "not_sure"} else value for name, value in facts.items()}
    return {**plain, "disease_course": sorted(course)} if isinstance(course, list) else plain


def _rules_out(told: Facts, with_mistake: Facts, trial: Trial) -> bool:
    """Whether the mistake turns the verdict to one that sends the family away, now or for good."""
    verdict = assess(trial, with_mistake, TODAY).verdict
    return verdict in _RULED_OUT and verdict != assess(trial, told, TODAY).verdict
