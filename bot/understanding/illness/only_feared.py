"""What is only feared, or not spoken of: "at high risk of a relapse", "no one said a word about spread"."""

from __future__ import annotations

from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention

_FILE = "illness"
_LOOK = 5
_FAR = 10


def only_feared(scene: Scene, mention: Mention) -> bool:
    """Whether a name of a course stands only in a fear, a risk or a plan to prevent it."""
    words, language = scene.words, scene.language
    if language.words(_FILE, "may_be_feared").isdisjoint(words[mention.start : mention.end]):
        return False
    following = words[mention.end : mention.end + 1]
    if not language.words(_FILE, "feared_after").isdisjoint(following):
        return True
    clause = scene.clause_of(mention.start)
    small = language.words(_FILE, "of_what_is_feared")
    at = mention.start - 1
    while at > clause.start and mention.start - at <= _LOOK and words[at] in small:
        at -= 1
    if at >= clause.start and words[at] in language.words(_FILE, "feared"):
        return True
    before = " ".join(words[max(clause.sentence_start, mention.start - _FAR) : mention.start])
    return bool(language.pattern(_FILE, "not_spoken_of").search(before))
