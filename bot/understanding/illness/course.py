"""The course of the disease: found of late, come back, not giving way, gone, spread, or in danger of it."""

from __future__ import annotations

from datetime import date

from bot.understanding.illness.came_back import (
    back_far_off,
    back_somewhere,
    dated,
    in_the_body,
    of_something_else,
)
from bot.understanding.illness.denials_beyond import judge_beyond_contrast, taken_back
from bot.understanding.illness.found_of_late import found_of_late
from bot.understanding.illness.illness_phrases import AGAINST_CANCER
from bot.understanding.illness.only_feared import only_feared
from bot.understanding.people.whose import about_another
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention
from criteria.facts import BRAIN, COURSES

_FILE = "illness"
# What may follow "it's gone" and "it's new"; the lexicon adds its words.
_ENDS = frozenset(["", ".", ",", "!", ";", "\n", ")"])
_NEAR = 6
_SHORT = 4
_DESMOID = "desmoid_tumor"
# Questions about one organ, to which "the scan is clean" tells of that organ alone.
_OF_ORGANS = frozenset(
    ["heart_problem", "lung_disease", BRAIN, "blood_clot", "infection", "gut_trouble", "abdominal_hole"]
)


def read_course(scene: Scene, today: date, asked: str | None = None) -> list[str]:
    """Read how the disease goes, in the vocabulary's order. `asked`: the question that the text answers."""
    told: set[str] = set()
    again = False
    spreading = scene.language.words(_FILE, "spreading")
    for mention in scene.found.mentions:
        if mention.kind == "course" and _counts(scene, mention, asked):
            told.add(mention.entry["value"])
            if mention.entry["value"] == "relapsed" and back_far_off(scene, mention.end):
                told.add("metastatic")
            again = again or _is_another_remission(scene, mention)
        if mention.kind == "diagnoses" and "course" in mention.entry and _is_so(scene, mention):
            told.add(mention.entry["course"])
        if mention.entry.get("spread") and _is_so(scene, mention):
            told.add("metastatic")
        if (
            mention.name == BRAIN
            and mention.entry["value"] == "yes"
            and _went_there(scene, mention, spreading)
        ):
            told.add("metastatic")
    told |= back_somewhere(scene, asked)
    if again:
        told |= {"relapsed", "in_remission"}
    elif "relapsed" in told and "in_remission" in told and not _in_remission_now(scene):
        told.discard("in_remission")
    if found_of_late(scene, today):
        told.add("newly_diagnosed")
    if "relapsed" in told or "refractory" in told:
        told.discard("newly_diagnosed")
    return [course for course in COURSES if course in told]


def _went_there(scene: Scene, mention: Mention, spreading: frozenset[str]) -> bool:
    """Whether cancer in the brain is told as having spread, and is so."""
    near = scene.words[max(mention.start - 2, 0) : mention.end]
    so = judge_beyond_contrast(scene, mention) == "yes" and not taken_back(scene, mention)
    return so and not spreading.isdisjoint(near)


def _is_so(scene: Scene, mention: Mention) -> bool:
    clause = scene.clause_of(mention.start)
    return not clause.asks and judge_beyond_contrast(scene, mention) == "yes"


def _is_another_remission(scene: Scene, mention: Mention) -> bool:
    """Whether it came back before: "second remission", "in remission again"."""
    if mention.entry["value"] != "in_remission":
        return False
    here = " ".join(scene.words[max(mention.start - 2, 0) : mention.end + _SHORT])
    return bool(scene.language.pattern(_FILE, "another_remission").search(here))


def _in_remission_now(scene: Scene) -> bool:
    again, over = (scene.language.words(_FILE, name) for name in ("remission_again", "remission_over"))
    for mention in scene.found.mentions:
        if mention.kind == "course" and mention.entry["value"] == "in_remission":
            clause = scene.clause_of(mention.start)
            words = scene.words[clause.start : clause.end]
            if not again.isdisjoint(words) and over.isdisjoint(words):
                return True
    return False


def _counts(scene: Scene, mention: Mention, asked: str | None) -> bool:
    """Whether a name of a course is said of the disease, and is so now."""
    clause = scene.clause_of(mention.start)
    if clause.asks or about_another(scene, clause, mention.start) or _is_another(scene, mention):
        return False
    name = " ".join(scene.words[mention.start : mention.end])
    if (
        taken_back(scene, mention)
        or only_feared(scene, mention)
        or _merely_grows(scene, mention)
        or of_something_else(scene, mention, name)
        or _leads_elsewhere(scene, mention, name)
    ):
        return False
    if mention.entry.get("sure") is None and not _has_its_subject(scene, mention, name):
        return False
    if mention.entry.get("sure") and _of_a_thing(scene, mention):
        return False
    if mention.entry["value"] == "in_remission":
        over = _remission_that_was(scene, mention)
        if over is not None:
            return over
        if asked in _OF_ORGANS and _is_of_a_picture(scene, mention):
            return False
        if _imaged_elsewhere(scene, mention) or _clean_no_more(scene, mention):
            return False
    return judge_beyond_contrast(scene, mention) == "yes" and not _negated_just_before(scene, mention)


def _is_of_a_picture(scene: Scene, mention: Mention) -> bool:
    """Whether a clear picture is what is told; as an answer about an organ it tells of that organ."""
    images = scene.language.words(_FILE, "images")
    return not images.isdisjoint(scene.words[max(mention.start - _NEAR, 0) : mention.end])


def _merely_grows(scene: Scene, mention: Mention) -> bool:
    """Whether a desmoid grows, as they do, with no word of a treatment beside it."""
    diseases = {m.entry["id"] for m in scene.found.mentions if m.kind == "diagnoses"}
    grows = scene.language.words(_FILE, "grows")
    if mention.entry["value"] != "refractory" or _DESMOID not in diseases:
        return False
    if grows.isdisjoint(scene.words[mention.start : mention.end]):
        return False
    clause = scene.clause_of(mention.start)
    return not any(
        m.kind == "treatments" and m.name in AGAINST_CANCER and clause.holds(m.start)
        for m in scene.found.mentions
    )


def _is_another(scene: Scene, mention: Mention) -> bool:
    """Whether "the one who relapsed is her cousin" tells of somebody else."""
    language = scene.language
    is_ = scene.grammar("is")
    clause = scene.clause_of(mention.start)
    who = language.words(_FILE, "the_one_who")
    if " ".join(scene.words[max(mention.start - 2, 0) : mention.start]) not in who:
        return False
    return any(
        start - mention.end <= _NEAR and not is_.isdisjoint(scene.words[mention.end : start])
        for start, _ in scene.found.cue("others")
        if mention.end <= start < clause.end
    )


def _leads_elsewhere(scene: Scene, mention: Mention, name: str) -> bool:
    """Whether what follows turns the words to something else: "high risk of infection", "its back hurts"."""
    words, language = scene.words, scene.language
    following = words[mention.end] if mention.end < len(words) else ""
    last = words[mention.end - 1]
    if last in language.words(_FILE, "risk") and following in language.words(_FILE, "risk_of"):
        return True
    ends = _ENDS | language.words(_FILE, "after_gone")
    to_be_continued = last in language.words(_FILE, "gone_or_new") and mention.entry.get("sure") is None
    if to_be_continued and following not in ends:
        return True
    before = words[max(mention.start - 3, 0) : mention.start]
    if name in language.words(_FILE, "is_back") and not language.words(_FILE, "waited_for").isdisjoint(
        before
    ):
        return True
    if name in language.words(_FILE, "its_back") and following in language.words(_FILE, "of_a_back"):
        return True
    return (
        mention.entry["value"] == "in_remission"
        and following in language.words(_FILE, "in_")
        and in_the_body(scene, mention.end)
    )


def _has_its_subject(scene: Scene, mention: Mention, name: str) -> bool:
    """Whether a name that needs a subject ("came back") is said of the disease."""
    words, language = scene.words, scene.language
    if name not in language.words(_FILE, "needs_a_subject"):
        return True
    before = words[scene.clause_of(mention.start).start : mention.start]
    following = words[mention.end] if mention.end < len(words) else ""
    between = language.words(_FILE, "between")
    lead = [word for word in before[-4:] if word not in between]
    if lead and lead[-1] in language.words(_FILE, "not_the_disease"):
        person = lead[-1] in language.words(_FILE, "patients")
        if not (person and words[mention.start] in language.words(_FILE, "person_progresses")):
            return False
    if not before and name in language.words(_FILE, "not_working"):
        return False
    if name in language.words(_FILE, "it_grew") and following in language.words(_FILE, "grew_somewhere"):
        return False
    if not language.words(_FILE, "back").isdisjoint(name.split()) and (
        following in language.words(_FILE, "back_to")
        and not dated(scene, mention.end)
        and not in_the_body(scene, mention.end)
    ):
        return False
    if name in language.words(_FILE, "returned"):
        if following in language.words(_FILE, "to"):
            return in_the_body(scene, mention.end)
        return following not in language.words(_FILE, "returned_elsewhere")
    if name in language.words(_FILE, "spread"):
        otherwise = language.words(_FILE, "spreads_otherwise")
        return following not in language.words(_FILE, "spread_out") and otherwise.isdisjoint(before)
    return True


def _of_a_thing(scene: Scene, mention: Mention) -> bool:
    """Whether a phrase without a subject is said of a thing that is no cancer ("his hair grew on chemo")."""
    language = scene.language
    between = language.words(_FILE, "between") - language.words(_FILE, "it")
    lead = [word for word in scene.words[max(mention.start - 4, 0) : mention.start] if word not in between]
    things = language.words(_FILE, "not_the_disease") - language.words(_FILE, "persons")
    if mention.entry["value"] == "in_remission":
        return False
    if lead and lead[-1] in things:
        return True
    before = [m for m in scene.found.mentions if m.end <= mention.start]
    complaint = bool(before) and before[-1].kind == "health" and before[-1].name != BRAIN
    return complaint and mention.entry["value"] == "refractory"


def _remission_that_was(scene: Scene, mention: Mention) -> bool | None:
    """Tell whether a remission of the past is still one; None where it is told of now."""
    language = scene.language
    before = scene.words[scene.clause_of(mention.start).start : mention.start]
    once, now = language.words(_FILE, "once"), language.words(_FILE, "now")
    if once.isdisjoint(before[-4:]) or not now.isdisjoint(before):
        return None
    ended = any(
        m.kind == "course" and m.entry["value"] == "relapsed" and m.start > mention.start
        for m in scene.found.mentions
    )
    if not ended and not language.words(_FILE, "been").isdisjoint(before):
        return None
    return not ended and not language.words(_FILE, "went").isdisjoint(before)


def _clean_no_more(scene: Scene, mention: Mention) -> bool:
    """Whether a scan that was clean is no longer: "the first was clean, but the second lit up"."""
    language = scene.language
    if language.words(_FILE, "was").isdisjoint(scene.words[mention.start : mention.end]):
        return False
    sentence = scene.clause_of(mention.start).sentence
    ends = max(clause.end for clause in scene.clauses if clause.sentence == sentence)
    return not language.words(_FILE, "clean_no_more").isdisjoint(scene.words[mention.end : ends])


def _imaged_elsewhere(scene: Scene, mention: Mention) -> bool:
    """Whether a clear picture is only of the brain or the heart."""
    elsewhere = scene.language.words(_FILE, "elsewhere_imaged")
    sentence = scene.clause_of(mention.start).sentence
    return any(
        not elsewhere.isdisjoint(scene.words[clause.start : clause.end])
        for clause in scene.clauses
        if clause.sentence == sentence
    ) and not scene.language.words(_FILE, "images").isdisjoint(
        scene.words[max(mention.start - _NEAR, 0) : mention.end]
    )


def _negated_just_before(scene: Scene, mention: Mention) -> bool:
    language = scene.language
    before = scene.words[max(mention.start - 3, 0) : mention.start]
    return (
        not language.words(_FILE, "denies").isdisjoint(before)
        and scene.words[mention.start] not in language.words(_FILE, "denying_names")
        and judge_beyond_contrast(scene, mention, contrasted_only=True) != "yes"
    )
