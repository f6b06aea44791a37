"""Which question comes next when many trials are open: the one that settles most of them, in a humane order.

The order of a conversation is fixed in bands (``bands.yml``): who writes and what the illness is, the
treatments, what happened of late, health, activity, and last what is hard to be asked. Only inside a band the
planner chooses, and what follows up on something told comes right after it. So a family meets the same
conversation whatever the trials are, only shorter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bot.interview.model import Facts
from bot.interview.priors import Priors, answers, load_priors
from bot.interview.questions import BY_ID, QUESTIONS, Question, makes_sense
from criteria.matching import Matcher, Standings

BANDS = Path(__file__).parent / "bands.yml"

MOST_WEIGHED = 500
"""With more open trials than this, follow-ups come in their order: to think each of their days through would
take longer than a family should wait, and all of them are mostly asked anyway."""

MOST_TRIALS = 24
"""Of more open trials than this a sample, spread evenly over them, stands for all."""

_ORDER = {question.id: number for number, question in enumerate(QUESTIONS)}


@cache
def load_bands(path: Path = BANDS) -> Mapping[str, int]:
    """For each fact and list the number of its band.

    Raises ValueError where a name stands twice.
    """
    bands: dict[str, int] = {}
    for number, band in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))):
        for name in band["asks"]:
            if bands.setdefault(name, number) != number:
                raise ValueError(f"{path.name}: {name} stands in two bands")
    return bands


@cache
def _last_but_one(path: Path = BANDS) -> int:
    return len(yaml.safe_load(path.read_text(encoding="utf-8"))) - 2


def band_of(question: Question) -> int:
    """The number of the question's band: the lower, the earlier."""
    return load_bands().get(question.fact, _last_but_one())


@cache
def topic_of(question: Question) -> str:
    """What a question is about: for a follow-up the fact that it follows up on in the end."""
    above = question.follows.partition(".")[0] if question.follows else question.fact
    parent = BY_ID.get(above)
    if parent is not None and parent is not question and not parent.main and above != question.id:
        return topic_of(parent)
    return above


@cache
def head_of(question: Question) -> Question:
    """The question of everybody that a follow-up stands after; it comes first, since it may answer it too."""
    before = QUESTIONS[: _ORDER[question.id] + 1]
    return next(one for one in reversed(before) if one.main)


def choose(
    candidates: Sequence[Question],
    facts: Facts,
    standings: Standings,
    matcher: Matcher,
    today: date,
    priors: Priors | None = None,
) -> Question | None:
    """The next of the questions that are needed and make sense now; None where there is none.

    ``standings`` is what the matcher says of the facts.
    """
    fit = humane(candidates, facts)
    follow_ups = bool(fit) and not any(question.main for question in fit)
    if len(fit) < 2 or (follow_ups and standings.open_count() > MOST_WEIGHED):
        return fit[0] if fit else None
    left = expected_open(fit, facts, standings, matcher, today, priors or load_priors())
    # Differences below this are those of adding in another order; then the order of the questions decides.
    best = min(left.values()) + 1e-9
    return next(question for question in fit if left[question.id] <= best)


def humane(candidates: Sequence[Question], facts: Facts) -> list[Question]:
    """Those among which the planner may choose: of the first band; follow-ups first, topic by topic.

    Of each topic it is the first follow-up in the order of QUESTIONS; a topic that was begun is ended first.
    """
    ordered = sorted(candidates, key=lambda question: (band_of(question), _ORDER[question.id]))
    of_band = [question for question in ordered if band_of(question) == band_of(ordered[0])]
    firsts: dict[str, Question] = {}
    for question in of_band:
        if not question.main and head_of(question) not in of_band:
            firsts.setdefault(topic_of(question), question)
    if not firsts:
        return [question for question in of_band if question.main] or of_band
    begun = [question for topic, question in firsts.items() if _is_begun(topic, facts)]
    return begun[:1] or list(firsts.values())


def _is_begun(topic: str, facts: Facts) -> bool:
    return any(
        topic_of(question) == topic and not question.main and _is_told(question, facts)
        for question in QUESTIONS
    )


def _is_told(question: Question, facts: Facts) -> bool:
    if not question.field:
        return question.fact in facts
    value: Any = facts.get(question.fact)
    return isinstance(value, Mapping) and question.field in value and value.get("had") != "no"


def expected_open(
    questions: Sequence[Question],
    facts: Facts,
    standings: Standings,
    matcher: Matcher,
    today: date,
    priors: Priors,
) -> dict[str, float]:
    """For each question, how many of the open trials would on average still be open after its answer.

    Of many open trials it is counted over a sample, so that a choice costs the same however many there are.
    """
    open_ = standings.open()
    step = -(-len(open_) // MOST_TRIALS) or 1
    sample: Any = np.asarray(open_[::step])
    expected = {}
    for question in questions:
        possible = answers(question, facts, today, priors)
        after = matcher.stand_on_each([answer.facts for answer in possible], today, sample, facts)
        expected[question.id] = sum(
            answer.share * later.open_count() for answer, later in zip(possible, after, strict=True)
        )
    return expected


def wanted(needed: Mapping[str, int], facts: Facts) -> list[Question]:
    """The questions that fill something needed and that make sense now, in the order of QUESTIONS."""
    return [
        question
        for question in QUESTIONS
        if any(path in needed for path in question.fills) and makes_sense(question, facts)
    ]
