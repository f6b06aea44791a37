"""What an answer tells of a state without a yes or no: it has passed, was not found, cannot be; platelets."""

from __future__ import annotations

from typing import Any

from bot.understanding.answers.answer_kinds import add_kind
from bot.understanding.answers.answer_verdicts import Verdict
from bot.understanding.answers.answer_words import ANSWERS, Part, parts_of
from bot.understanding.statements.scene import Scene
from criteria.facts import BRAIN, EVENTS, NOT_SURE

_FEW_PLATELETS, _ENOUGH_PLATELETS = 100_000, 150_000
_FEWEST_COUNTED = 1000
_OF_DONOR_CELLS = ("gvhd", "whole_body_irradiation")
_DENIED_BY = (
    "surgery",
    "stem_cell_transplant",
    "steroids",
    "live_vaccine",
    "injury",
    "infection",
    "trial_drug",
)
_DENIED_THOUGH_NAMED = ("infection", "live_vaccine", "steroids", "injury")
_LOOKED_FOR = ("blood_clot", "injury", "infection", "abdominal_hole", BRAIN)
_OF_NOW_ONLY = ("gvhd", "low_platelets")
_NOW_FACTS = (*_OF_NOW_ONLY, "gut_trouble", "wound_not_healing", "blood_thinners")


def read_state(scene: Scene, fact: str) -> Verdict | None:
    """Read what the message tells of the fact's state, where it says neither yes nor no."""
    for part in parts_of(scene.words, scene.language):
        found = None if part.asks else _of_a_state(scene, part, fact)
        if found:
            return found
    return None


def _of_a_state(scene: Scene, part: Part, fact: str) -> Verdict | None:
    """Read what tells of a state only: that it has passed, cannot be, or was never looked for."""
    language = scene.language
    if fact in _DENIED_BY and language.pattern(ANSWERS, f"denied_{fact}").search(part.text):
        return Verdict("no", concludes=fact in _DENIED_THOUGH_NAMED, outright=False)
    if fact in _LOOKED_FOR and language.pattern(ANSWERS, "not_found").search(part.text):
        return Verdict("no", outright=False)
    if fact in _NOW_FACTS and language.pattern(ANSWERS, "is_so_now").fullmatch(part.text):
        return Verdict("yes", outright=False)
    if fact in _OF_NOW_ONLY and language.pattern(ANSWERS, "was_so_before").fullmatch(part.text):
        return Verdict("no", outright=False)
    if fact == "low_platelets" and language.pattern(ANSWERS, "platelets_low").fullmatch(part.text):
        return Verdict("yes", outright=False)
    if fact in _NOW_FACTS and language.pattern(ANSWERS, "has_passed").search(part.text):
        return Verdict("no", concludes=fact in _OF_NOW_ONLY, outright=False)
    if fact in EVENTS:
        return None
    if language.pattern(ANSWERS, "all_is_well").search(part.text):
        return Verdict("no", outright=False)
    if language.pattern(ANSWERS, "not_looked_for").search(part.text):
        return Verdict(NOT_SURE, outright=False)
    return None


def add_own_cells(scene: Scene, fact: str, facts: dict[str, Any], verdict: Verdict | None) -> None:
    """Read "it can't be, they were his own cells": only a donor's cells can attack the body."""
    if fact not in _OF_DONOR_CELLS or "stem_cell_transplant" in facts:
        return
    transplant: dict[str, Any] = {"had": "yes"}
    add_kind(scene, "stem_cell_transplant", transplant, asked_for=False)
    if transplant.get("kind") != "own":
        return
    facts["stem_cell_transplant"] = transplant
    if fact == "gvhd" and verdict is None:
        facts.setdefault(fact, "no")


def read_platelets(scene: Scene, facts: dict[str, Any]) -> None:
    """Read a number of platelets: "18 on friday", "34k", "150,000"."""
    dated = {at for when in scene.dates for at in range(when.start, when.end)}
    pattern = scene.language.pattern(ANSWERS, "platelets")
    beside = scene.language.words(ANSWERS, "beside_platelets")
    parts = parts_of(scene.words, scene.language)
    message = scene.found.message
    for found in pattern.finditer(message.norm):
        at = message.span_of(found)[0]
        part = next((part for part in parts if part.holds(at)), None)
        if at in dated or part is None or part.asks:
            continue
        rest = (scene.words[other] for other in range(part.start, part.end) if other not in dated)
        if not all(word in beside or word.isdigit() for word in rest):
            continue
        count = float(found["number"])
        if found["thousands"]:
            count = count * 1000 + float(found["thousands"])
        elif count < _FEWEST_COUNTED:
            count *= 1000
        if count < _FEW_PLATELETS:
            facts["low_platelets"] = "yes"
        elif count >= _ENOUGH_PLATELETS:
            facts["low_platelets"] = "no"
        age = facts.get("age")
        if isinstance(age, dict) and age["months"][0] // 12 == int(float(found["number"])):
            del facts["age"]  # "they were 22 on monday"
        return
