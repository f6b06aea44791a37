"""What "it is back" is said of: the disease, in the body, or a fever or an infection named before."""

from __future__ import annotations

from functools import cache

from bot.understanding.illness.denials_beyond import taken_back
from bot.understanding.illness.illness_phrases import AGAINST_CANCER
from bot.understanding.language import Language
from bot.understanding.people.whose import about_another
from bot.understanding.statements.assertions import judge
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention
from criteria.facts import BRAIN

_FILE = "illness"
_LOOK = 3
_FAR = 5


def back_somewhere(scene: Scene, asked: str | None) -> frozenset[str]:
    """Read "back in his lungs" (relapsed and metastatic), and "back in june" where the course was asked."""
    words, language = scene.words, scene.language
    back = language.words(_FILE, "back")
    if back.isdisjoint(words):
        return frozenset()
    determiners = language.words(_FILE, "determiners")
    unlike = language.words(_FILE, "not_the_disease") | language.words(_FILE, "parts_of_the_back")
    it = next(iter(language.words(_FILE, "it")))
    covered = {at for mention in scene.found.mentions for at in range(mention.start, mention.end)}
    for at, word in enumerate(words):
        if word not in back or at in covered:
            continue
        lead = words[max(at - _LOOK, 0) : at]
        if lead and (lead[-1] in determiners or not unlike.isdisjoint(lead)):
            continue
        answers = asked == "disease_course" and at <= 2 and dated(scene, at + 1)
        clause = scene.clause_of(at)
        stand_in = Mention(at, at + 1, "course", {"value": "relapsed"})
        if (
            (answers or in_the_body(scene, at + 1))
            and not clause.asks
            and not about_another(scene, clause, at)
            and judge(scene, stand_in) == "yes"
            and not taken_back(scene, stand_in)
            and not of_something_else(scene, stand_in, it)
        ):
            return frozenset(["relapsed", "metastatic"] if back_far_off(scene, at + 1) else ["relapsed"])
    return frozenset()


def back_far_off(scene: Scene, at: int) -> bool:
    """Whether "in her lungs" stands here: where it came back, it has spread."""
    far = scene.language.words(_FILE, "far_off")
    words = scene.words[at : min(at + _FAR, scene.clause_of(at - 1).end)]
    return in_the_body(scene, at) and not far.isdisjoint(words)


def in_the_body(scene: Scene, at: int) -> bool:
    """Whether "in his lungs" stands here."""
    words, language = scene.words[at : at + 5], scene.language
    if not words or words[0] not in language.words(_FILE, "into_"):
        return False
    determiners = language.words(_FILE, "determiners")
    rest = [word for word in words[1:] if word not in determiners]
    return bool(rest) and rest[0] in _body_words(language)


def of_something_else(scene: Scene, mention: Mention, name: str) -> bool:
    """Whether "it" is an infection, a wound or a fever that was named before."""
    words, language = scene.words, scene.language
    it, just = language.words(_FILE, "it"), language.words(_FILE, "just")
    opening = name.split()[0]
    lead = [word for word in words[max(mention.start - _LOOK, 0) : mention.start] if word not in just]
    said_before = bool(lead) and lead[-1] in it
    if opening not in language.words(_FILE, "opens_with_it") and not said_before:
        return False
    after_it = not lead or lead[-1] in language.words(_FILE, "may_stand_before_is")
    if opening in language.words(_FILE, "opens_with_is") and not after_it:
        return False
    sentence = scene.clause_of(mention.start).sentence
    before = [m for m in scene.found.mentions if m.end <= mention.start]
    if before and scene.clause_of(before[-1].start).sentence >= sentence - 1:
        last = before[-1]
        if last.kind == "health" and last.name != BRAIN:
            return True
        if last.kind == "treatments" and last.name not in AGAINST_CANCER:
            return True
    start = next((c.start for c in scene.clauses if c.sentence == sentence), 0)
    return not language.words(_FILE, "complaints").isdisjoint(words[start : mention.start])


@cache
def _body_words(language: Language) -> frozenset[str]:
    groups = ("bone", "anywhere", "other", "kidney", "brain")
    names = {name for group in groups for name in language.table("places", group)}
    names |= set(language.table("places", "also_came_back"))
    plural = language.table("places", "plural_ending")
    return frozenset(names | {f"{name}{plural}" for name in names}) - set(
        language.table("places", "not_where_it_came_back")
    )


def dated(scene: Scene, at: int) -> bool:
    """Whether a time stands at this word."""
    return any(when.start <= at < when.end or when.start == at for when in scene.dates)
