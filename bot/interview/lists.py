"""Answers to a list to tick: what was named, what that leaves out, and what it does not touch."""

from __future__ import annotations

from bot.interview.model import NOT_SURE, Facts
from bot.interview.plan import COURSE_COUNTS_UNASKED
from bot.interview.questions import Question, choice_told, item_denied, item_told, not_sure_about


def chosen_facts(question: Question, chosen: tuple[str, ...], items: list[str], facts: Facts) -> Facts:
    """The facts that picking from the choices tells; of a list, what was not ticked is no.

    ``items`` are the items of a list that were shown, ``facts`` what was told before.
    """
    if chosen == (NOT_SURE,):
        return not_sure_about(question, items, facts)
    unsure_of_the_rest = NOT_SURE in chosen
    if question.items:
        rest = dict.fromkeys(items, NOT_SURE) if unsure_of_the_rest else {i: item_denied(i) for i in items}
        return {**rest, **{item: item_told(item) for item in items if item in chosen}}
    if question.id == "disease_course":
        course = [payload for payload in chosen if payload not in ("none", NOT_SURE)]
        # A list says no to what it lacks, so half a list stands only for what no more could undo.
        kept = [item for item in course if item in COURSE_COUNTS_UNASKED] if unsure_of_the_rest else course
        return {"disease_course": kept or NOT_SURE if unsure_of_the_rest else kept}
    return choice_told(question, chosen[0], facts)


def of_shown_items(question: Question, told: Facts, items: list[str]) -> Facts:
    """``told`` without what "none of these" or "I don't know" would say of items that were not shown.

    Such words speak of what the list showed, not of what was told before.
    """
    hidden = set(question.items) - set(items)
    return {
        item: value
        for item, value in told.items()
        if item not in hidden or value not in (NOT_SURE, item_denied(item))
    }


def close_list(
    question: Question, told: Facts, items: list[str], complete: bool, facts: Facts
) -> tuple[Facts, bool]:
    """The facts of an answer to a list in the family's own words, and whether it answers the whole list.

    An enumeration (``complete``) says no to what it leaves out; a story of one treatment does not.
    Neither says anything of what was told before (``facts``): "also radiation" takes nothing back.
    """
    closed = dict(told)
    for item in items:
        if item in ("surgery", "infection") and closed.get(item) == {"had": "yes"}:
            closed[item] = item_told(item)
    if complete and any(item in told for item in question.items):
        return {**{item: item_denied(item) for item in items if item not in facts}, **closed}, True
    named = [item for item in items if item in told]
    return closed, bool(items) and len(named) == len(items)
