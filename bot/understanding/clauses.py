"""Cuts a message into clauses: the stretches within which "no", "still" or "they want to" hold."""

from __future__ import annotations

from dataclasses import dataclass

from bot.understanding.dates import DateSpan
from bot.understanding.vocabulary import Found

_HARD = frozenset(".!?;\n—()")
_BREAKING_WORDS = frozenset(
    [
        "but",
        "however",
        "although",
        "though",
        "whereas",
        "while",
        "because",
        "then",
        "except",
        "besides",
        "afterwards",
    ]
)
_FEW = 2
_JOINING = frozenset({",", "and", "&", "plus", "+", "so"})
_SUBJECTS = frozenset(
    ["he", "she", "we", "they", "i", "it", "his", "her", "my", "our", "their", "you", "the", "this"]
)
_AUXILIARIES = frozenset(
    [
        "is",
        "are",
        "does",
        "do",
        "did",
        "can",
        "could",
        "would",
        "will",
        "has",
        "have",
        "may",
        "should",
        "am",
        "was",
        "were",
    ]
)
_ASKED_ABOUT = frozenset(
    [
        "he",
        "she",
        "it",
        "they",
        "we",
        "i",
        "you",
        "this",
        "that",
        "there",
        "the",
        "a",
        "an",
        "my",
        "our",
        "any",
        "anyone",
        "someone",
        "kids",
        "children",
        "patients",
        "having",
        "being",
        "his",
        "her",
        "trial",
        "these",
        "those",
        "not",
        "one",
        "people",
        "teens",
    ]
)
_ASKING = frozenset(["what", "how", "why", "which", "who", "where", "whats", "hows"])
_AFTER_ASKING = frozenset(
    ["about", "if", "counts", "count", "means", "mean", "happens", "kind", "type", "qualifies"]
)
_ASKS_OF_A_NAME = frozenset(["does", "can", "could", "would", "will", "should", "do"])
_REPORT_BEFORE_QUESTION = frozenset(["and", "so", "but", "also", ",", "please", "hi", "hello", "ok"])


@dataclass(frozen=True, slots=True)
class Clause:
    """Words `start` to `end`; which sentence; whether it asks; whether it leans on the clause before
    ("then ...")."""

    start: int
    end: int
    sentence: int
    asks: bool
    elliptical: bool

    def holds(self, at: int) -> bool:
        """Whether the word stands in this clause."""
        return self.start <= at < self.end


def cut(found: Found, dates: list[DateSpan]) -> list[Clause]:
    """Cut into clauses, in order; every word but bare marks lies in one."""
    words = found.message.words
    kinds = _kinds(found, dates)
    clauses: list[Clause] = []
    for number, (start, end) in enumerate(found.message.sentences):
        pieces = _pieces(words, kinds, start, end)
        question = words[end - 1] == "?"
        asks_from = _asks_from(words, pieces, question, kinds)
        for first, last in pieces:
            asks = asks_from is not None and first >= asks_from
            clauses.append(Clause(first, last, number, asks, _leans(words, kinds, first)))
    return clauses


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


def _pieces(words: list[str], kinds: list[str], start: int, end: int) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    first = start
    for at in range(start, end):
        if kinds[at] in ("m", "d"):
            continue
        word = words[at]
        if word in _HARD:
            pieces.append((first, at))
            first = at + 1
        elif word in _BREAKING_WORDS:
            pieces.append((first, at))
            first = at
        elif (
            (
                word in _JOINING
                or (word in ("or", "nor") and at + 1 < end and words[at + 1] in ("he", "she", "we", "i"))
            )
            and at > first
            and _parts(words, kinds, first, at, end)
        ):
            pieces.append((first, at))
            first = at + 1
    pieces.append((first, end))
    return [(a, b) for a, b in pieces if any(words[i] not in _HARD and words[i] != "," for i in range(a, b))]


def _parts(words: list[str], kinds: list[str], first: int, at: int, end: int) -> bool:
    """Whether a comma or "and" parts two clauses, and does not just join names of a list or pieces of
    a date."""
    after = at + 1
    while after < end and words[after] in _JOINING:
        after += 1
    stop = after
    while stop < end and not (
        kinds[stop] not in ("m", "d")
        and (words[stop] in _JOINING or words[stop] in _HARD or words[stop] in _BREAKING_WORDS)
    ):
        stop += 1
    following, before = kinds[after:stop], kinds[first:at]
    if not following:
        return False
    if words[at] == "so":
        return words[after] in _SUBJECTS
    if _goes_on_with_or(words, kinds, after, stop):
        return False
    if all(kind in ("m", "f") for kind in following) or (all(kind in ("d", "f") for kind in following)):
        return False
    return not (
        before and "m" in before and all(kind in ("m", "f") for kind in before) and following[0] == "m"
    )


def _goes_on_with_or(words: list[str], kinds: list[str], after: int, stop: int) -> bool:
    """Whether a list ends here in words of which some are no names ("..., clots or bleeding")."""
    others = [words[place] for place in range(after, stop) if kinds[place] not in ("m", "f")]
    rest = [word for word in others if word not in ("or", "nor")]
    return (
        kinds[after] == "m"
        and {"or", "nor"} & set(words[after:stop]) != set()
        and "d" not in kinds[after:stop]
        and len(rest) <= _FEW
        and not (_SUBJECTS | _AUXILIARIES | {"had", "got"}) & set(rest)
    )


def _leans(words: list[str], kinds: list[str], first: int) -> bool:
    """Whether a clause begins with a bare name or "then", and so takes its mood from the clause before."""
    at = first
    while at < len(words) and (
        words[at] in _JOINING or kinds[at] == "f" or words[at] in ("then", "after", "or")
    ):
        at += 1
    return at < len(words) and kinds[at] == "m"


def _asks_from(
    words: list[str], pieces: list[tuple[int, int]], question: bool, kinds: list[str]
) -> int | None:
    for first, last in pieces:
        at = first
        while at < last and words[at] in _REPORT_BEFORE_QUESTION:
            at += 1
        if at >= last:
            continue
        opener = words[at] in _AUXILIARIES and at + 1 < last and words[at + 1] in _ASKED_ABOUT
        if words[at : at + 2] == ["do", "not"] and not question:  # "don't know, maybe june"
            opener = False
        if words[at] in _ASKS_OF_A_NAME and at + 1 < last and kinds[at + 1] == "m":  # "does surgery count"
            opener = True
        asking = words[at] in _ASKING and (
            question or (at + 1 < last and words[at + 1] in (_AUXILIARIES | _AFTER_ASKING))
        )
        if words[at] == "which" and not question and words[at + 1 : at + 2] in (["was"], ["is"], ["were"]):
            asking = False  # "radiation, which was in june"
        ending = [word for word in words[pieces[0][0] : pieces[-1][1]] if word not in _HARD]
        if ending[-2:-1] in (["for"], ["as"], ["of"], ["mean"]) and ending[-1] == "what":
            return pieces[0][0]
        if (opener and (question or words[at] not in ("did", "has", "have", "had", "is", "was"))) or asking:
            return first
    if question and pieces:
        first, last = pieces[-1]
        return first
    return None
