"""Whole results as the interview writes them, so that a board sees the sentences where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from bot.interview.model import Facts, Memory, SiteInfo, World
from bot.interview.plan import standing
from bot.interview.results import result_text
from bot.interview.speech import Speaker
from bot.script.document import Example
from bot.texts import Texts
from criteria import Trial, check_facts
from criteria.facts import HEALTH_HISTORY, LISTS, NOT_SURE
from criteria.matching import Matcher

_A_DAY = date(2026, 6, 1)
_SITE = SiteInfo("{site}", "{phone}", "{hours}", "{emergency_number}", "{line}", "{link}")


def example_blocks(trial: Trial, texts: Texts) -> Iterator[Example]:
    """One message for each result that made-up answers lead to, by what the interview makes of them."""
    world = World(_A_DAY, Matcher((trial,)), _SITE, texts)
    seen: set[str] = set()
    for facts in _made_up():
        now = standing(check_facts(facts, _A_DAY), Memory(course_answered=True), world)
        if now.verdict not in seen:
            seen.add(now.verdict)
            title = texts.say(f"staff.verdicts.{now.verdict}")
            yield Example(title, result_text(now, world, Speaker(world, now.facts)))


def _made_up() -> Iterator[Facts]:
    """Families that differ in one thing each from one whom everything is known of."""
    whole: dict[str, Any] = {
        "respondent": "parent",
        "age": {"months": [84, 95]},
        "diagnosis": {"id": "rhabdomyosarcoma", "arises_in": "soft_tissue"},
        "disease_course": ["relapsed"],
        "activity": {"score": [90, 100]},
        "brain_tumour_spread": {"had": "no"},
    }
    for item in {item for items in LISTS.values() for item in items} - {"brain_tumour_spread"}:
        events = item not in HEALTH_HISTORY or item in ("blood_clot", "abdominal_hole")
        events = events or item in ("autoimmune_treatment", "organ_transplant")
        whole[item] = {"had": "no"} if events else "no"
    whole["chemotherapy"] = _ago(90)
    yield whole
    yield whole | {"heart_problem": "yes"}
    yield whole | {"chemotherapy": _ago(5), "heart_problem": NOT_SURE}
    yield whole | {"diagnosis": {"id": "osteosarcoma", "arises_in": "bone"}}


def _ago(days: int) -> dict[str, Any]:
    day = (_A_DAY - timedelta(days=days)).isoformat()
    return {"had": "yes", "last": [day, day]}
