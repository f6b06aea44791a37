"""Cuts a message into clauses: the stretches within which "no", "still" or "they want to" hold."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

from bot.understanding.language import Language
from bot.understanding.time.dates import DateSpan
from bot.understanding.vocabulary import Found

_HARD = frozenset(".!?;\n—()")
_JOINING_MARKS = frozenset(",&+")
_FEW = 2


@dataclass(frozen=True, slots=True)
class _Words:
    """The words by which a language cuts its sentences; `grammar.yml` says what each group does."""

    breaking_words: frozenset[str]
    joining: frozenset[str]
    therefore: frozenset[str]
    alternatives: frozenset[str]
    tellers: frozenset[str]
    subjects: frozenset[str]
    auxiliaries: frozenset[str]
    had: frozenset[str]
    leaning: frozenset[str]
    asked_about: frozenset[str]
    denied_verb: frozenset[str]
    asking: frozenset[str]
    after_asking: frozenset[str]
    asks_of_a_name: frozenset[str]
    before_question: frozenset[str]
    no_question: frozenset[str]
    tells_unless_marked: frozenset[str]
    referring: frozenset[str]
    after_referring: frozenset[str]
    asking_ends: frozenset[str]
    not_: frozenset[str]
    asked_whom: frozenset[str]
    relative: frozenset[str]
    amazed: frozenset[str]


@cache
def _words_of(language: Language) -> _Words:
    groups = {field.name: language.words("grammar", field.name.rstrip("_")) for field in fields(_Words)}
    groups["joining"] |= _JOINING_MARKS
    groups["before_question"] |= {","}
    return _Words(**groups)


@dataclass(frozen=True, slots=True)
class Clause:
    """Words `start` to `end`; which sentence, and where that begins; whether it asks; whether it leans on the
    clause before ("then ...")."""

    start: int
    end: int
    sentence: int
    sentence_start: int
    asks: bool
    elliptical: bool

    def holds(self, at: int) -> bool:
        """Whether the word stands in this clause."""
        return self.start <= at < self.end


def cut(found: Found, dates: list[DateSpan]) -> list[Clause]:
    """Cut into clauses, in order; every word but bare marks lies in one."""
    words = found.message.words
    by = _words_of(found.message.language)
    kinds = _kinds(found, dates)
    clauses: list[Clause] = []
    for number, (start, end) in enumerate(found.message.sentences):
        pieces = _pieces(words, kinds, start, end, by)
        question = words[end - 1] == "?" and not _is_amazed(words, start, end, by)
        asks_from = _asks_from(words, pieces, question, kinds, by)
        for first, last in pieces:
            asks = asks_from is not None and first >= asks_from
            clauses.append(Clause(first, last, number, pieces[0][0], asks, _leans(words, kinds, first, by)))
    return clauses


def _is_amazed(words: list[str], start: int, end: int, by: _Words) -> bool:
    """Whether two marks only show how it struck them: "our little man has liposarcoma??"."""
    return words[end : end + 1] in (["?"], ["!"]) and words[start] in by.subjects | by.amazed


def _kinds(found: Found, dates: list[DateSpan]) -> list[str]:
    """Mark each word: m(ention), d(ate), f(iller) or blank."""
    kinds = [""] * len(found.message.words)
    for start, end in found.cue("filler"):
        kinds[start:end] = ["f"] * (end - start)
    for date in dates:
        kinds[date.start : date.end] = ["d"] * (date.end - date.start)
    for mention in found.mentions:
        kinds[mention.start : mention.end] = ["m"] * (mention.end - mention.start)
    return kinds


def _pieces(words: list[str], kinds: list[str], start: int, end: int, by: _Words) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    first = start
    for at in range(start, end):
        if kinds[at] in ("m", "d"):
            continue
        word = words[at]
        if word in _HARD:
            pieces.append((first, at))
            first = at + 1
        elif word in by.breaking_words:
            pieces.append((first, at))
            first = at
        elif (
            (word in by.joining or (word in by.alternatives and at + 1 < end and words[at + 1] in by.tellers))
            and at > first
            and _parts(words, kinds, first, at, end, by)
        ):
            pieces.append((first, at))
            first = at + 1
    pieces.append((first, end))
    return [(a, b) for a, b in pieces if any(words[i] not in _HARD and words[i] != "," for i in range(a, b))]


def _parts(words: list[str], kinds: list[str], first: int, at: int, end: int, by: _Words) -> bool:
    """Whether a comma or "and" parts two clauses, and does not just join names of a list or pieces of
    a date."""
    after = at + 1
    while after < end and words[after] in by.joining:
        after += 1
    stop = after
    while stop < end and not (
        kinds[stop] not in ("m", "d")
        and (words[stop] in by.joining or words[stop] in _HARD or words[stop] in by.breaking_words)
    ):
        stop += 1
    following, before = kinds[after:stop], kinds[first:at]
    if not following:
        return False
    if words[at] in by.therefore:
        return words[after] in by.subjects
    if _goes_on_with_or(words, kinds, after, stop, by):
        return False
    if all(kind in ("m", "f") for kind in following) or (all(kind in ("d", "f") for kind in following)):
        return False
    return not (
        before and "m" in before and all(kind in ("m", "f") for kind in before) and following[0] == "m"
    )


def _goes_on_with_or(words: list[str], kinds: list[str], after: int, stop: int, by: _Words) -> bool:
    """Whether a list ends here in words of which some are no names ("..., clots or bleeding")."""
    others = [words[place] for place in range(after, stop) if kinds[place] not in ("m", "f")]
    rest = [word for word in others if word not in by.alternatives]
    return (
        kinds[after] == "m"
        and not by.alternatives.isdisjoint(words[after:stop])
        and "d" not in kinds[after:stop]
        and len(rest) <= _FEW
        and not any(word in by.subjects or word in by.auxiliaries or word in by.had for word in rest)
    )


def _leans(words: list[str], kinds: list[str], first: int, by: _Words) -> bool:
    """Whether a clause begins with a bare name or "then", and so takes its mood from the clause before."""
    at = first
    while at < len(words) and (words[at] in by.joining or kinds[at] == "f" or words[at] in by.leaning):
        at += 1
    return at < len(words) and kinds[at] == "m"


def _asks_from(
    words: list[str], pieces: list[tuple[int, int]], question: bool, kinds: list[str], by: _Words
) -> int | None:
    for first, last in pieces:
        at = first
        while at < last and words[at] in by.before_question:
            at += 1
        if at >= last:
            continue
        ending = [word for word in words[pieces[0][0] : pieces[-1][1]] if word not in _HARD]
        if " ".join(ending[-2:]) in by.asking_ends:
            return pieces[0][0]
        opens = _opens_question(words, at, last, question, kinds, by)
        if (opens and (question or words[at] not in by.tells_unless_marked)) or _asks(
            words, at, last, question, by
        ):
            return first
    if question and pieces:
        first, last = pieces[-1]
        return first
    return None


def _opens_question(
    words: list[str], at: int, last: int, question: bool, kinds: list[str], by: _Words
) -> bool:
    """Whether an auxiliary stands first, as in a question: "does it", "is there", "does surgery count"."""
    if at + 1 >= last:
        return False
    if words[at] in by.asks_of_a_name and kinds[at] != "m" and kinds[at + 1] == "m":
        return True
    if not question and " ".join(words[at : at + 2]) in by.no_question:
        return False
    if not question and words[at + 1] in by.denied_verb:  # "doesn't have a clot", but "doesn't he"
        return words[at] in by.auxiliaries and at + 2 < last and words[at + 2] in by.subjects
    if not question and words[at + 1] in by.not_ and (at + 2 >= last or words[at + 2] not in by.asked_whom):
        return False  # "doesn't have a clot" tells, "don't you take ..." asks
    return words[at] in by.auxiliaries and words[at + 1] in by.asked_about


def _asks(words: list[str], at: int, last: int, question: bool, by: _Words) -> bool:
    """Whether an asking word stands first that does ask, and does not just refer back to a name."""
    if words[at] not in by.asking:
        return False
    if question:
        return True
    following = words[at + 1] if at + 1 < len(words) else ""
    if words[at] in by.relative and at and words[at - 1] not in _HARD:
        return False  # "a lad of six, who has ..."
    if words[at] in by.referring and following in by.after_referring:
        return False
    return at + 1 < last and (following in by.auxiliaries or following in by.after_asking)
