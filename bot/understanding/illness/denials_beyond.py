"""What a "not" that only sets one name against another leaves untouched."""

from __future__ import annotations

import itertools

from bot.understanding.statements.assertions import Verdict, judge
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention

_FILE = "illness"


def taken_back(scene: Scene, mention: Mention) -> bool:
    """Whether the next sentence says that it was only thought: "they thought it had spread. It hadn't"."""
    clause = scene.clause_of(mention.start)
    if not scene.cue("thought", clause.start, mention.start):
        return False
    following = [other for other in scene.clauses if other.sentence == clause.sentence + 1]
    text = " ".join(word for other in following for word in scene.words[other.start : other.end])
    return bool(scene.language.pattern(_FILE, "taken_back").match(text.strip(" .!;")))


def judge_beyond_contrast(scene: Scene, mention: Mention, contrasted_only: bool = False) -> Verdict:
    """Say whether what is named is so, where "leukemia not sarcoma, relapsed" denies the sarcoma alone.

    contrasted_only: give "yes" only where such a "not" stands before it.
    """
    verdict: Verdict = "no" if contrasted_only else judge(scene, mention)
    if verdict != "no":
        return verdict
    names = [m for m in scene.found.mentions if m.kind == "diagnoses" and m.end <= mention.start]
    contrasts = scene.language.words(_FILE, "contrasts")
    for earlier, later in itertools.pairwise(names):
        apart = scene.words[earlier.end : later.start]
        if not apart or len(apart) > 2 or apart[-1] not in contrasts:
            continue
        if mention.start - later.end <= 1 or "," in scene.words[later.end : mention.start]:
            return "yes"
    return verdict
