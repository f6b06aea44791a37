"""About how many questions are left: what a family is told while she answers."""

from __future__ import annotations

from typing import Final

from bot.interview.model import CHANGE, CONFIRM, Facts, Memory, World
from bot.interview.plan import MOST_QUESTIONS, Standing, standing
from bot.interview.questions import BY_ID, QUESTIONS, makes_sense

FOLLOW_UPS: Final = {"treatments": 2.0, "recent_events": 0.5, "health_history": 0.5}
"""How many follow-ups a list that is still to be ticked leads to, on average over made-up families."""


def questions_left(facts: Facts, memory: Memory, world: World) -> int | None:
    """About how many messages will still wait for an answer, the present one included.

    None where no question waits, and where it can't be said: in an emergency, or while a child is to fetch
    a grown-up. Never less than 1, and never more than the interview may still ask.
    """
    if memory.asks is None or memory.child_alone or memory.phase not in ("interview", "confirm"):
        return None
    now = standing(facts, memory, world)
    to_come = [question for question in QUESTIONS if _may_come(question.id, now, facts, memory)]
    follow_ups = sum(FOLLOW_UPS.get(question.id, 0.0) for question in to_come if question.items)
    waiting = 1 if memory.asks in (CONFIRM, CHANGE) or memory.changing else 0
    # What now rules out is read back before it is told.
    read_back = 1 if now.deciding and memory.asks != CONFIRM else 0
    left = round(len(to_come) + follow_ups) + waiting + read_back
    return max(1, min(left, MOST_QUESTIONS - memory.questions + 1))


def _may_come(question_id: str, now: Standing, facts: Facts, memory: Memory) -> bool:
    question = BY_ID[question_id]
    if question_id == memory.asks and not memory.changing:
        return True
    if question_id == "respondent":
        return "respondent" not in facts
    return bool(question.fills & now.needed.keys()) and makes_sense(question, facts)
