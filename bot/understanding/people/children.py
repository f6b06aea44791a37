"""Finds the child whom a message speaks of: "my 3 year old daughter", "our wee boy", "Grandson, 11"."""

from __future__ import annotations

from functools import cache

from bot.understanding.language import Language
from bot.understanding.vocabulary import Found, Span

_FILE = "people"
_LOOK_AHEAD = 7
_AGE_AHEAD = 4
_PARENT, _CARER = "child_of_parent", "child_of_carer"
_OTHER_CHILD = "other_child_of_parent"
_TOLD_OF = ("has_child", "mine_has")
_MARKS = frozenset(",.;:!?\n—()")
_OLDEST_CHILD = 25


@cache
def _child_words(language: Language) -> dict[str, str]:
    """Give the cue that each child's word is a word of."""
    return {noun: cue for cue, nouns in language.table(_FILE, "child_words").items() for noun in nouns}


def mark_children(found: Found) -> None:
    """Add the children of the message to the cues that name one, by who is likely to write."""
    language = found.message.language
    words, nouns = found.message.words, _child_words(language)
    ours = language.words(_FILE, "my_or_our")
    for at, word in enumerate(words):
        if word in ours:
            child = _behind_my(found, at, nouns)
        elif word in nouns and _without_my(words, at, language):
            child = nouns[word], (at, at + 1)
        else:
            continue
        if child and child[1] not in found.cue(child[0]):
            found.cues[child[0]] = sorted([*found.cue(child[0]), child[1]])
    _mark_kins_children(found)
    _mark_told_of(found)
    _drop_helpers(found)
    _drop_others(found)


def _behind_my(found: Found, at: int, nouns: dict[str, str]) -> tuple[str, Span] | None:
    """Find "my 3 year old daughter", "our foster son", "my 17 year old" behind the "my" at this place."""
    words, language = found.message.words, found.message.language
    ends = language.words(_FILE, "not_of_a_child")
    carers, things = language.words(_FILE, "carers_child"), language.words(_FILE, "not_a_person_after")
    last = at + 1
    kin = {end - 1 for start, end in found.cue("others") if at < start <= at + _LOOK_AHEAD}
    while last < min(at + _LOOK_AHEAD, len(words)) and words[last] not in ends and words[last] not in _MARKS:
        if words[last] in nouns and (last + 1) not in kin:  # not "my baby brother"
            if words[last + 1 : last + 2] and words[last + 1] in things:
                return None
            fostered = not carers.isdisjoint(words[at + 1 : last])
            return _CARER if fostered else nouns[words[last]], (at, last + 1)
        last += 1
    if last in kin or any(
        start == last for start, _ in found.cue("others")
    ):  # "my 17 year old cousin", "my other son"
        if words[last] in language.words(_FILE, "other") and nouns.get(words[last + 1]) == _PARENT:
            return _OTHER_CHILD, (at, last + 2)
        return None
    aged = _end_of_age(words[at + 1 : last], language)
    return (_PARENT, (at, at + 1 + aged)) if aged else None


def _end_of_age(words: list[str], language: Language) -> int:
    """Give where "17 year old" ends among these words, if it stands for a child; else 0."""
    old, units = language.words(_FILE, "old"), language.words(_FILE, "age_units")
    for at, word in enumerate(words):
        if word not in old or at == 0:
            continue
        number = words[at - 2] if words[at - 1] in units and at > 1 else words[at - 1]
        if number.isdigit() and int(number) <= _OLDEST_CHILD:
            return at + 1
    return 0


def _without_my(words: list[str], at: int, language: Language) -> bool:
    """Whether a child's word counts without "my": "Grandson, 11", "daughter of mine", "12 yo daughter"."""
    mine, of = language.words(_FILE, "after_mine"), language.words(_FILE, "of")
    if at + 2 < len(words) and words[at + 1] in of and words[at + 2] in mine:
        return True
    if words[at] not in language.words(_FILE, "bare_child_words"):
        return False
    if words[at + 1 : at + 2] and words[at + 1] in of:
        return False
    before = words[at - 1] if at else ""
    return not before or before in _MARKS or before in language.words(_FILE, "before_bare_child")


def _mark_told_of(found: Found) -> None:
    """Take "we have two boys" and "Mine has ..." as a parent's, though no child is named as the patient."""
    message = found.message
    for name in _TOLD_OF:
        for match in message.language.pattern(_FILE, name).finditer(message.norm):
            found.cues[_OTHER_CHILD] = [*found.cue(_OTHER_CHILD), message.span_of(match)]


def _mark_kins_children(found: Found) -> None:
    """Take "my sister's little boy is 6 and has ..." as the nephew he is, where he is told of as ill now.

    Of a friend's child it must be told that the writer looks after it.
    """
    message, language = found.message, found.message.language
    near = language.words(_FILE, "near_kin")
    for match in language.pattern(_FILE, "kins_child").finditer(message.norm):
        start, end = message.span_of(match)
        cared_for = language.pattern(_FILE, "cares_for").search(message.norm) is not None
        if cared_for or (match["kin"] in near and _is_told_of_now(found, end)):
            found.cues[_CARER] = sorted([*found.cue(_CARER), (start, end)])
            found.cues[_PARENT] = [span for span in found.cue(_PARENT) if not start <= span[0] < end]


def sibling_is_patient(found: Found) -> bool:
    """Whether a brother, sister or cousin is the patient: young, or ill as of now, and nobody else beside."""
    siblings = found.cue("sibling")
    if not siblings:
        return False
    start, end = siblings[0][0], max(span[1] for span in siblings if span[0] == siblings[0][0])
    others = [span for span in found.cue("others") if span[0] >= end]
    words, language = found.message.words, found.message.language
    if any(not language.words(_FILE, "kin_at_risk").isdisjoint(words[a:b]) for a, b in others):
        return False
    if _tells_a_young_age(words[end : end + _AGE_AHEAD]) or not language.words(_FILE, "young").isdisjoint(
        words[start:end]
    ):
        return True
    diagnosed = any(mention.kind == "diagnoses" for mention in found.mentions)
    by_age = not language.words(_FILE, "only_with_an_age").isdisjoint(words[start:end])
    return diagnosed and not by_age and _is_told_of_now(found, end)


def _tells_a_young_age(words: list[str]) -> bool:
    return any(word.isdigit() and int(word) <= _OLDEST_CHILD for word in words)


def _is_told_of_now(found: Found, end: int) -> bool:
    """Whether the words behind a person tell an age, or an illness of now and not of long ago."""
    language = found.message.language
    now, then = language.words(_FILE, "as_of_now"), language.words(_FILE, "as_of_then")
    following = found.message.words[end : end + _LOOK_AHEAD]
    if _tells_a_young_age(following[:_AGE_AHEAD]):
        return True
    verbs = [word for word in following if word in now or word in then]
    return bool(verbs) and verbs[0] in now


def _drop_helpers(found: Found) -> None:
    """Forget a child of the writer's who only helps with the writing: "my daughter does the computer"."""
    message = found.message
    for cue in (_PARENT, _CARER):
        if not found.cue(cue):
            continue
        spans = [
            message.span_of(match)
            for match in message.language.pattern(_FILE, "helps_to_write").finditer(message.norm)
        ]
        found.cues[cue] = [span for span in found.cue(cue) if not any(a <= span[0] < b for a, b in spans)]


def _drop_others(found: Found) -> None:
    """Forget a child who is only set aside: "she's not my daughter, she's my niece", "that's my nephew"."""
    words = found.message.words
    aside = found.message.language.words(_FILE, "set_aside")
    for cue, other in ((_CARER, _PARENT), (_PARENT, _CARER)):
        left = [span for span in found.cue(cue) if aside.isdisjoint(words[max(span[0] - 2, 0) : span[0]])]
        if left or found.cue(other):
            found.cues[cue] = left
