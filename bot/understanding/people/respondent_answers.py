"""The answer to "who is writing?"."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from bot.understanding.files import read_lexicon_file
from bot.understanding.people.writers import role_of
from bot.understanding.statements.scene import Scene
from bot.understanding.text import Message

_FILE = "people"
_PIECES = re.compile(r" ?[,.;:!?\n—()] ?")
_CARER_CUE = "i_am_carer"


def answer_respondent(scene: Scene, facts: dict[str, Any], text: str, lang: str) -> None:
    """Add who writes, where the message says so."""
    pieces = (text, *_PIECES.split(" ".join(scene.words)))
    named = [who for piece in pieces if (who := _named(scene, piece))]
    kin = [who for who in named if who != "patient"]  # "it's me, his mom"; of several, the first
    if kin or (named and "respondent" not in facts):
        facts["respondent"] = (kin or named)[0]
    elif "respondent" not in facts and _is_me(scene):
        facts["respondent"] = "patient"


def _named(scene: Scene, piece: str) -> str | None:
    """Give whom a short answer, or a piece of one, names."""
    fixed = _who_by_name(scene.language.code).get(piece)
    if fixed:
        return fixed
    match = scene.language.pattern(_FILE, "answer_role").search(piece)
    if not match:
        return None
    return "carer" if role_of(match["like"], match["role"], scene.language) == _CARER_CUE else "parent"


def _is_me(scene: Scene) -> bool:
    """Whether the writer says to be the one who is ill: "the one with cancer, that's me"."""
    people = {name: scene.language.words(_FILE, name) for name in ("me", "is_ill", "not_about_me")}
    words = scene.words
    if people["me"].isdisjoint(words) or people["is_ill"].isdisjoint(words):
        return False
    return people["not_about_me"].isdisjoint(words) and "?" not in words and not scene.found.cue("others")


@cache
def _who_by_name(lang: str) -> dict[str, str]:
    """Give who is meant by each short answer, normalised as messages are."""
    return {
        " ".join(Message(name, lang).words): who
        for who, names in read_lexicon_file(lang, _FILE)["answers"].items()
        for name in names
    }
