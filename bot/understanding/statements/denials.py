"""What is denied, only looked for, or taken back in the same sentence."""

from __future__ import annotations

from bot.understanding.statements.clauses import Clause
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention

_SHORT_LOOK = 6
_LONGEST_REACH = 30
_AFTER_LOOK = 8
_CLAUSES_LOOK = 4
_LONGEST_CUE = 8
_LINKING_MARKS = frozenset(":?,—-")
_OR_MARK = "/"
_LIST_MARK = ":"
_TICK_MARKS = (":", "—", "=")
_CLOSING_MARKS = frozenset(".,;!\n)—")


def denials(scene: Scene, clause: Clause, mention: Mention) -> int:
    """Count the denials whose scope the name lies in."""
    words = scene.words
    named = scene.named
    nor = scene.grammar("nor")
    count = 0
    last = -9
    for start, end in scene.cue("negation", max(clause.start, mention.start - _LONGEST_REACH), mention.start):
        if start < last or _is_a_tick(scene, start, end) or _closes_a_name(scene, named, start):
            continue
        if _sets_against(scene, clause, start, end, mention):
            continue
        if _reaches_through(scene, end, mention.start) and not _listed_anew(scene, end, mention.start):
            again = count and start - last <= 1 and words[start] not in nor and last not in named
            count = count + 1 if again else 1
            last = end
    if not count:
        count = int(mention.start in scene.denied_behind or _cut_off_from_a_no(scene, clause))
    if count and scene.found.cue("not_negation") and scene.cue("not_negation", clause.start, mention.start):
        count = 0
    if not count:
        links = scene.grammar("links") | _LINKING_MARKS
        at = mention.end
        limit = min(clause.end + 3, len(words), mention.end + _AFTER_LOOK)
        while at < limit and words[at] in links and not _starts_cue(scene, "negated_after", at):
            at += 1
        after = [span for span in scene.cue("negated_after", at, at + _LONGEST_CUE) if span[0] == at]
        if after and _closes(scene, max(span[1] for span in after)):
            count = 1
    return count


def could_not(scene: Scene, clause: Clause, mention: Mention) -> bool:
    """Whether it says "can't have" or "won't need", which does not tell what was had before."""
    modals = scene.grammar("modals")
    return any(
        scene.words[start - 1] in modals
        for start, _ in scene.cue("negation", clause.start + 1, mention.start)
        if start > clause.start
    )


def only_looked_for(scene: Scene, clause: Clause, mention: Mention) -> bool:
    """Whether it was only feared or looked for: "a scan to check for a clot", "a stroke scare"."""
    at = mention.end
    spans = scene.cue("scare", at, at + _LONGEST_CUE)
    if mention.kind in ("treatments", "health") and any(start == at for start, _ in spans):
        return True
    tested_away = scene.language.pattern("grammar", "tested_away")
    if mention.kind == "health" and tested_away.match(" ".join(scene.words[at : at + 2 * _SHORT_LOOK])):
        return True
    return any(
        mention.start - end <= _SHORT_LOOK
        and all(word in scene.transparent for word in range(end, mention.start))
        for _, end in scene.cue("looked_for", clause.start, mention.start)
    )


def came_to_nothing(scene: Scene, clause: Clause, mention: Mention) -> bool:
    """Whether the sentence takes it back: "they thought it came back but the biopsy was clean"."""
    if mention.kind == "activity":
        return False
    later = [other for other in scene.following(clause, _CLAUSES_LOOK) if not other.asks]
    thought = scene.cue("thought", clause.start, mention.start)
    if thought and later and scene.words[later[0].start] in scene.grammar("but"):
        return True
    closing = scene.grammar("after_false_alarm") | {",", ".", "!"}
    for other in [clause, *later[:2]]:
        spans = scene.cue("false_alarm", max(other.start, mention.end), other.end)
        spans += scene.cue("not_found", max(other.start, mention.end), other.end) if thought else []
        for start, end in spans:
            whole = end >= other.end or scene.words[end] in closing
            named = any(
                m.kind == mention.kind and mention.end <= m.start < start for m in scene.found.mentions
            )
            if whole and not named:
                return True
    return False


def _closes_a_name(scene: Scene, named: frozenset[int], at: int) -> bool:
    """Whether "ruled out" speaks of what was named before it."""
    if scene.words[at] not in scene.grammar("denies_before"):
        return False
    auxiliaries = scene.grammar("before_denies_before")
    while at > 0 and scene.words[at - 1] in auxiliaries:
        at -= 1
    return at > 0 and at - 1 in named


def _reaches_through(scene: Scene, start: int, end: int) -> bool:
    """Whether a "no" at `start` holds up to `end`: small words between, or others that an "or" joins
    ("no fever or clots"); "none of those, only ..." ends there."""
    if not scene.grammar("only").isdisjoint(scene.words[start : end + 1]):
        return False
    listed, words = scene.grammar("listed_ahead"), scene.words
    if all(
        at in scene.transparent or (words[at] == _LIST_MARK and words[at - 1] in listed)
        for at in range(start, end)
    ):
        return not _begins_anew(scene, start, end)
    between = scene.words[start:end]
    alternatives = scene.grammar("alternatives")
    joins = [at for at in range(start, end) if scene.words[at] in alternatives or scene.words[at] == _OR_MARK]
    return (
        bool(joins)
        and len(between) <= _SHORT_LOOK
        and "," not in between
        and scene.grammar("cutting").isdisjoint(between)
        and all(at in scene.transparent for at in range(joins[-1], end))
    )


def _is_a_tick(scene: Scene, start: int, end: int) -> bool:
    """Whether a "no" is what a form holds for the name before it: "surgery: no", "surg - no, chemo - yes"."""
    words = scene.words
    before = words[start - 1] if start else ""
    if before not in _TICK_MARKS or start - 2 not in scene.named:
        return False
    return before == _TICK_MARKS[0] or end >= len(words) or words[end] in _CLOSING_MARKS


def _sets_against(scene: Scene, clause: Clause, start: int, end: int, mention: Mention) -> bool:
    """Whether "not chemo, radiation" denies only the first of two names."""
    words = scene.words
    between = [words[at] for at in range(end, mention.start) if at not in scene.named]
    return (
        words[start] in scene.grammar("contrasting")
        and start == clause.sentence_start
        and between == [","]
        and (mention.end >= len(words) or words[mention.end] in _CLOSING_MARKS)
        and words[mention.end : mention.end + 1] != [","]
    )


def _cut_off_from_a_no(scene: Scene, clause: Clause) -> bool:
    """Whether a comma cuts the name off from its "no": "he has never, not once, had ..."."""
    if scene.words[clause.start] in scene.grammar("subjects") or clause.start in scene.named:
        return False
    small = scene.grammar("emphasising") | scene.grammar("auxiliaries") | scene.grammar("persons")
    before, denied = scene.before(clause), False
    while before and before.sentence == clause.sentence:
        words = scene.words[before.start : before.end]
        if not small.issuperset(word for word in words if word.isalnum()):
            return False
        denied = denied or bool(scene.cue("negation", before.start, before.end))
        if scene.grammar("persons").isdisjoint(words):
            before = scene.before(before)
            continue
        return denied
    return False


def _begins_anew(scene: Scene, start: int, end: int) -> bool:
    """Whether a new subject stands behind a name that is denied: "instead of chemo he got ..."."""
    words, persons, negating = scene.words, scene.grammar("persons"), scene.grammar("negating")
    return any(
        words[at] in persons and at - 1 in scene.named and negating.isdisjoint(words[at:end])
        for at in range(start + 1, end)
    )


def _listed_anew(scene: Scene, start: int, end: int) -> bool:
    """Whether a subject stands between, so that "no, he had ..." denies nothing."""
    words = scene.words
    return words[start - 1] in scene.grammar("no") and not scene.grammar("persons").isdisjoint(
        words[start:end]
    )


def _closes(scene: Scene, at: int) -> bool:
    """Whether the denial ends its clause ("radiation: none"), and does not open the next one ("chemo,
    no radiation")."""
    words = scene.words
    return at >= len(words) or words[at] in _CLOSING_MARKS or words[at] in scene.grammar("after_denial")


def _starts_cue(scene: Scene, name: str, at: int) -> bool:
    return any(span[0] == at for span in scene.cue(name, at, at + _LONGEST_CUE))
