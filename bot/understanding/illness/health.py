"""Health history, and cancer in the brain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.understanding.illness.brain import brain_answer, brain_details, first_grew_there
from bot.understanding.illness.denials_beyond import taken_back
from bot.understanding.illness.measures import read_measures
from bot.understanding.statements.assertions import judge
from bot.understanding.statements.scene import Scene
from bot.understanding.time.date_spans import DateSpan
from bot.understanding.vocabulary import Mention, Span
from criteria.facts import BRAIN, YES_NO_FACTS

_FILE = "illness"
# Facts of now: what is told of now stands, whatever was before.
_OF_NOW = frozenset(["low_platelets", "blood_thinners", "wound_not_healing", "gut_trouble"])
_YEAR = 364
_LUNGS, _INFECTION = "lung_disease", "infection"
_WITHIN = "in"
_LASTING = ("other_cancer", BRAIN)
_DOUBTFUL_WHEN_OVER = ("heart_problem", "bleeding_disorder")


def read_health(scene: Scene, asked: str | None = None) -> dict[str, Any]:
    """Read the yes/no facts and cancer in the brain. `asked`: the question that the message answers."""
    facts: dict[str, Any] = read_measures(scene, asked)
    for mention in scene.found.mentions:
        name = mention.name
        if name not in YES_NO_FACTS and name != BRAIN:
            continue
        value = _value(scene, mention)
        if value is None:
            continue
        if value == "not_sure" and facts.get(name) == "no":
            continue
        if name == BRAIN:
            if facts.get(name, {}).get("had") != "yes" or value == "yes" or _corrected(scene, mention):
                facts[name] = {"had": value}
        elif name in _DOUBTFUL_WHEN_OVER and facts.get(name) == "not_sure" and value == "no":
            continue
        elif facts.get(name) != "yes" or value == "yes" or _corrected(scene, mention) or _now(scene, mention):
            facts[name] = value
    if asked == _LUNGS and asked not in facts and any(m.name == _INFECTION for m in scene.found.mentions):
        facts[asked] = "no"
    if facts.get(BRAIN, {}).get("had") == "yes":
        facts[BRAIN].update(brain_details(scene))
    answered = brain_answer(scene, asked)
    if answered:
        facts[BRAIN] = {**answered, **facts.get(BRAIN, {})}
    return facts


def _value(scene: Scene, mention: Mention) -> str | None:
    """Tell what a name says of the patient's health; None where it says nothing."""
    name, told = mention.name, str(mention.entry.get("value", "yes"))
    verdict = judge(_without_spans(scene) if name in _OF_NOW else scene, mention)
    if verdict == "leave_out" or (name == BRAIN and first_grew_there(scene, mention)):
        return None
    if verdict == "no" and told == "no":
        return told if mention.entry.get("sure") else None
    if verdict != "yes":
        return verdict
    if taken_back(scene, mention):
        return "no" if name == BRAIN else None
    if _doubted_after(scene, mention):
        return "not_sure"
    if name in _OF_NOW and told == "yes" and (_long_over(scene, mention) or _told_of_then(scene, mention)):
        return None
    if name == "blood_thinners":
        return _thinner_now(scene, mention)
    if name not in _LASTING and told == "yes" and _resolved(scene, mention):
        return "not_sure" if name in _DOUBTFUL_WHEN_OVER else "no"
    return "not_sure" if told == "yes" and _only_like(scene, mention) else told


def _without_spans(scene: Scene) -> Scene:
    """Leave out times that only say how long: "has not closed in four months" plans nothing."""
    if not any(when.role == _WITHIN for when in scene.dates):
        return scene
    return replace(scene, dates=[when for when in scene.dates if when.role != _WITHIN])


def _long_over(scene: Scene, mention: Mention) -> bool:
    """Whether it is dated well before today: "low platelets in 2023"."""
    words, clause = scene.words, scene.clause_of(mention.start)
    if not scene.language.words(_FILE, "today").isdisjoint(words[clause.start : clause.end]):
        return False
    if mention.name == "blood_thinners":
        return False
    when = [day for day in scene.dates if mention.end <= day.start <= mention.end + 1]
    return any(day.role == "past" and not day.intro and _a_year(day) for day in when)


def _told_of_then(scene: Scene, mention: Mention) -> bool:
    """Whether low platelets are why something was stopped: "his platelets crashed and they dropped it"."""
    if mention.name != "low_platelets":
        return False
    sentence = scene.clause_of(mention.start).sentence
    ends = max(clause.end for clause in scene.clauses if clause.sentence == sentence)
    words, language = scene.words[mention.end : ends], scene.language
    return language.words(_FILE, "today").isdisjoint(words) and bool(
        language.pattern(_FILE, "stopped_then").search(" ".join(words))
    )


def _a_year(day: DateSpan) -> bool:
    return day.interval is not None and (day.interval[1] - day.interval[0]).days >= _YEAR


def _only_like(scene: Scene, mention: Mention) -> bool:
    """Whether it is only likened to that: "bruises easily like hemophilia", not "a disorder like ..."."""
    language = scene.language
    articles = language.words(_FILE, "articles")
    before = [word for word in scene.words[max(mention.start - 4, 0) : mention.start] if word not in articles]
    likened = before[-1:] and before[-1] in language.words(_FILE, "like")
    return bool(likened) and language.words(_FILE, "kinds_of").isdisjoint(before[-2:-1])


def _doubted_after(scene: Scene, mention: Mention) -> bool:
    """Whether a doubt closes the words: "total body irradiation i not sure"."""
    text = " ".join(scene.words[mention.end : mention.end + 6])
    return bool(scene.language.pattern(_FILE, "doubted_after").match(text))


def _now(scene: Scene, mention: Mention) -> bool:
    """Whether a later sentence tells of now: "her platelets were low, now they are fine"."""
    if mention.name not in _OF_NOW:
        return False
    clause = scene.clause_of(mention.start)
    words = scene.words[max(clause.start, mention.start - 6) : min(clause.end, mention.end + 4)]
    return not scene.language.words(_FILE, "today").isdisjoint(words)


def _thinner_now(scene: Scene, mention: Mention) -> str:
    """Tell whether a blood thinner is still taken: "stopped lovenox in june" is no, "was on it" not sure."""
    clause = scene.clause_of(mention.start)
    words, language = scene.words, scene.language
    here = words[clause.start : clause.end]
    if scene.cue("not_negation", clause.start, clause.end):
        return "yes"
    if not language.words(_FILE, "still").isdisjoint(here):
        return "yes"
    if _takes_nothing_after(scene, mention) or _stopped(scene, mention):
        return "no"
    until = language.words(_FILE, "until")
    if any(when.intro in until and clause.holds(when.start) for when in scene.dates):
        return "no"
    before = words[max(clause.start, mention.start - 4) : mention.start]
    was = not language.words(_FILE, "taken_before").isdisjoint(before)
    return "not_sure" if was and language.words(_FILE, "taken_now").isdisjoint(here) else "yes"


def _stopped(scene: Scene, mention: Mention) -> bool:
    """Whether "stopped", "off" or "finished" is said of this medicine, in its clause or the next."""
    clause = scene.clause_of(mention.start)
    following = [
        other for other in scene.clauses if other.sentence == clause.sentence and other.start > clause.start
    ][:1]
    for other in [clause, *following]:
        for start, end in scene.cue("stop", other.start, other.end):
            before = end <= mention.start and all(at in scene.transparent for at in range(end, mention.start))
            after = start >= mention.end and not any(
                mention.end <= m.start < other.end for m in scene.found.mentions
            )
            if before or after:
                return True
    return False


def _takes_nothing_after(scene: Scene, mention: Mention) -> bool:
    """Whether the message goes on that none is taken now: "..., but I'm not on anything anymore"."""
    message = scene.found.message
    return any(
        message.span_of(match)[0] >= mention.end and not scene.clause_of(message.span_of(match)[0]).asks
        for match in scene.language.pattern(_FILE, "takes_nothing").finditer(message.norm)
    )


def _corrected(scene: Scene, mention: Mention) -> bool:
    return any(span[0] < mention.start for span in scene.found.cue("correction"))


def _resolved(scene: Scene, mention: Mention) -> bool:
    """Whether the trouble is over: "had a murmur as a baby, it closed"."""
    clause = scene.clause_of(mention.start)
    words, language = scene.words, scene.language
    later = [
        other for other in scene.clauses if other.start >= clause.start and other.sentence == clause.sentence
    ][:2]
    was, denied = language.words(_FILE, "was"), language.words(_FILE, "not_or_never")
    past = not language.words(_FILE, "had_before").isdisjoint(words[clause.start : mention.start])
    past = past or not was.isdisjoint(words[mention.start : mention.end])
    over = language.words(_FILE, "is_over")

    def holds(span: Span) -> bool:
        return span[0] == 0 or words[span[0] - 1] not in denied

    for other in later:
        spans = [s for s in scene.found.cue("resolved") if other.holds(s[0]) and holds(s)]
        if spans and (past or other is not clause or words[spans[0][0]] in over):
            return True
    return False
