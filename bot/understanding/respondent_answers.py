"""The answer to "who is writing?"."""

from __future__ import annotations

import re
from typing import Any

from bot.understanding.files import read_lexicon_file
from bot.understanding.scene import Scene
from bot.understanding.text import Message


def answer_respondent(scene: Scene, facts: dict[str, Any], text: str, lang: str) -> None:
    """Add who writes, where the message says so."""
    found = {
        " ".join(Message(name).words): who
        for who, names in read_lexicon_file(lang, "people")["answers"].items()
        for name in names
    }
    sentence = re.split(r" ?[,.;!\n—] ?", " ".join(scene.words))
    named = {found[piece] for piece in (text, *sentence) if piece in found}
    if len(named) > 1:  # "it's me, his mom"
        named.discard("patient")
    if len(named) == 1:
        facts["respondent"] = named.pop()
    elif "respondent" not in facts and _is_me(scene):
        facts["respondent"] = "patient"


def _is_me(scene: Scene) -> bool:
    """Whether the writer says to be the one who is ill: "the one with cancer, that's me"."""
    words = set(scene.words)
    ill = {"sick", "ill", "patient", "cancer", "tumor", "tumour", "diagnosed", "it"} & words
    return bool({"me", "myself"} & words and ill) and not (
        {"he", "she", "his", "her", "my", "our", "not", "no", "?"} & words or scene.found.cue("others")
    )
