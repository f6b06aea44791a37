"""The first baseline: a keyword list, dateparser and a regular expression for ages."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from criteria.facts import BRAIN, EVENTS, YES_NO_FACTS

from .messages import Facts, Message
from .names import Name, names
from .plain import plain_age, plain_answer, plain_last, plain_respondent

TITLE = "keywords, dateparser"
_NEGATED = re.compile(r"\b(no|not|never|without|n't|hasn't|didn't|haven't)\W+(?:\w+\W+){0,3}$", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?;\n]+")


@cache
def _keywords() -> tuple[re.Pattern[str], dict[str, Name]]:
    by_text: dict[str, Name] = {}
    for name in names():
        by_text.setdefault(name.text, name)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, by_text)) + r")\b"), by_text


def names_in(text: str) -> list[tuple[int, Name]]:
    """Give the names that stand in a text, each with its place; where two overlap, the longer."""
    pattern, by_text = _keywords()
    return [(found.start(), by_text[found[0]]) for found in pattern.finditer(text.lower())]


def understand_by_keywords(message: Message) -> Facts:
    """Give each fact whose name stands in the text, with the date told in the same sentence."""
    facts: Facts = plain_respondent(message.text) | plain_age(message.text, message.asked == "age")
    for sentence in _SENTENCE.findall(message.text):
        for start, name in names_in(sentence):
            add_named(facts, name, bool(_NEGATED.search(sentence[:start])), sentence)
    if message.asked:
        facts |= plain_answer(message.text, message.asked, facts)
    return facts


def add_named(facts: Facts, name: Name, denied: bool, sentence: str) -> None:
    """Add what one name tells; a diagnosis or a course that is denied tells nothing."""
    if name.fact == "diagnosis" and name.value and not denied:
        facts.setdefault("diagnosis", _diagnosis(name.value))
    elif name.fact == "disease_course" and name.value and not denied:
        course = facts.setdefault("disease_course", [])
        if name.value not in course:
            course.append(name.value)
    elif name.fact in YES_NO_FACTS:
        facts[name.fact] = "no" if denied else "yes"
    elif name.fact == BRAIN:
        facts[name.fact] = {"had": "no" if denied else "yes"}
    elif name.fact in EVENTS:
        event: dict[str, Any] = {"had": "no"} if denied else {"had": "yes"}
        last = None if denied else plain_last(sentence)
        if last:
            event["last"] = last
        if name.value and not denied:
            event["kind"] = name.value
        facts[name.fact] = event


_OF_SOFT_TISSUE = frozenset(
    name.value for name in names() if name.fact == "diagnosis" and name.value and "sarcoma" in name.value
) - {"ewing_sarcoma", "osteosarcoma", "sarcoma"}


def _diagnosis(told: str) -> Any:
    if told == "not_sure":
        return "not_sure"
    return {"id": told, "arises_in": "soft_tissue"} if told in _OF_SOFT_TISSUE else {"id": told}
