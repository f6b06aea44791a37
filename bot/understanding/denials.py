"""What is denied, only looked for, or taken back in the same sentence."""

from __future__ import annotations

import re

from bot.understanding.clauses import Clause
from bot.understanding.scene import Scene
from bot.understanding.vocabulary import Mention

_SHORT_LOOK = 6
_LONGEST_REACH = 30
_AFTER_LOOK = 8
_LINKS = frozenset(
    {":", "?", ",", "was", "is", "has", "have", "were", "been", "—", "he", "she", "we", "-", "are", "but"}
)
# Words across which the "no" of "no fever or clots" does not reach.
_CUTTING = frozenset(
    [",", "but", "and", "he", "she", "we", "i", "they", "it", "had", "has", "have", "got", "was", "is", "did"]
)
_TESTED_AWAY = re.compile(
    r"(?:(?:was|were|has|have|had|been|is|got|he|she|we|they|it|his|her|the) ){0,3}"
    r"(?:tested|tests?|testing|screening|screened|screen|panel|labs?|bloodwork|workup|checked)"
    r"(?: (?:for|,|:|and|but|is|was|were|it|all|came|back|results?)){0,5}"
    r" (?:negative|normal|clear|clean|fine)(?! for)(?![^ ])"
)
_MODALS = frozenset(["can", "will", "would", "should", "may", "might", "could"])


def denials(scene: Scene, clause: Clause, mention: Mention) -> int:
    """Count the denials whose scope the name lies in."""
    words = scene.words
    named = {at for other in scene.found.mentions for at in range(other.start, other.end)}
    count = 0
    last = -9
    for start, end in scene.cue("negation", max(clause.start, mention.start - _LONGEST_REACH), mention.start):
        if start < last or (start > 0 and words[start - 1] == ":") or _closes_a_name(words, named, start):
            continue
        if _reaches_through(scene, end, mention.start) and not _listed_anew(words, end, mention.start):
            again = count and start - last <= 1 and words[start] != "nor" and last not in named
            count = count + 1 if again else 1
            last = end
    if not count:
        count = int(_after_a_denying_name(scene, mention))
    if count and scene.found.cue("not_negation") and scene.cue("not_negation", clause.start, mention.start):
        count = 0
    if not count:
        at = mention.end
        limit = min(clause.end + 3, len(words), mention.end + _AFTER_LOOK)
        while at < limit and words[at] in _LINKS and not _starts_cue(scene, "negated_after", at):
            at += 1
        after = [span for span in scene.cue("negated_after", at, len(words)) if span[0] == at]
        if after and _closes(scene, max(span[1] for span in after)):
            count = 1
    return count


def could_not(scene: Scene, clause: Clause, mention: Mention) -> bool:
    """Whether it says "can't have" or "won't need", which does not tell what was had before."""
    return any(
        scene.words[start - 1] in _MODALS
        for start, _ in scene.cue("negation", clause.start + 1, mention.start)
        if start > clause.start
    )


def only_looked_for(scene: Scene, clause: Clause, mention: Mention) -> bool:
    """Whether it was only feared or looked for: "a scan to check for a clot", "a stroke scare"."""
    at = mention.end
    spans = scene.cue("scare", at, len(scene.words))
    if mention.kind in ("treatments", "health") and any(start == at for start, _ in spans):
        return True
    if mention.kind == "health" and _TESTED_AWAY.match(" ".join(scene.words[at : at + 2 * _SHORT_LOOK])):
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
    later = [
        other
        for other in scene.clauses
        if other.sentence == clause.sentence and other.start > clause.start and not other.asks
    ]
    thought = scene.cue("thought", clause.start, mention.start)
    if thought and later and scene.words[later[0].start] == "but":
        return True
    for other in [clause, *later[:2]]:
        spans = scene.cue("false_alarm", max(other.start, mention.end), other.end)
        spans += scene.cue("not_found", max(other.start, mention.end), other.end) if thought else []
        for start, end in spans:
            whole = end >= other.end or scene.words[end] in (",", ".", "and", "so", "!", "thank")
            named = any(
                m.kind == mention.kind and mention.end <= m.start < start for m in scene.found.mentions
            )
            if whole and not named:
                return True
    return False


def _closes_a_name(words: list[str], named: set[int], at: int) -> bool:
    """Whether "ruled out" speaks of what was named before it."""
    if words[at] != "ruled":
        return False
    while at > 0 and words[at - 1] in ("was", "were", "is", "been", "has", "have"):
        at -= 1
    return at > 0 and at - 1 in named


def _reaches_through(scene: Scene, start: int, end: int) -> bool:
    """Whether a "no" at `start` holds up to `end`: small words between, or others that an "or" joins
    ("no fever or clots")."""
    if all(at in scene.transparent for at in range(start, end)):
        return True
    between = scene.words[start:end]
    joins = [at for at in range(start, end) if scene.words[at] in ("or", "/", "nor")]
    return (
        bool(joins)
        and len(between) <= _SHORT_LOOK
        and not _CUTTING & set(between)
        and all(at in scene.transparent for at in range(joins[-1], end))
    )


def _after_a_denying_name(scene: Scene, mention: Mention) -> bool:
    """Whether a name that itself denies stands right before: "no sign of it in the brain"."""
    return any(
        0 <= mention.start - other.end <= 1 and scene.words[other.start] in ("no", "not", "nothing", "never")
        for other in scene.found.mentions
    )


def _listed_anew(words: list[str], start: int, end: int) -> bool:
    """Whether a subject stands between, so that "no, he had ..." denies nothing."""
    return (
        any(word in ("he", "she", "we", "i", "they") for word in words[start:end])
        and words[start - 1] == "no"
    )


def _closes(scene: Scene, at: int) -> bool:
    """Whether the denial ends its clause ("radiation: none"), and does not open the next one ("chemo,
    no radiation")."""
    words = scene.words
    return at >= len(words) or words[at] in (
        ".",
        ",",
        ";",
        "!",
        "\n",
        ")",
        "—",
        "but",
        "and",
        "yet",
        "so",
        "thank",
        "either",
        "for",
    )


def _starts_cue(scene: Scene, name: str, at: int) -> bool:
    return any(span[0] == at for span in scene.cue(name, at, len(scene.words)))
