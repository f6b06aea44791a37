"""Words of the source that can be read in two ways, or in none. Heuristics: they point, people decide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import permutations

from criteria.checking.defects import Defect
from criteria.checking.trial_file import TrialFile, cases_of

BRACKETS, AND, EXCEPT, WITHOUT = "brackets", "and or or", "exception list", "without"
BOTH_WAYS, VAGUE, REPEATED, UNSETTLED = "allowed and not", "no list", "repeated word", "reading left open"
ONE_SIDED, FORBIDDEN_AND_NAMED = "exception of one", "contradiction"

Hit = tuple[str, str, tuple[str, ...], str]
"""Kind, what is unclear, words that an ``unclear`` entry would use, the words of the source it is about."""

_PAIRS = {"(": ")", "[": "]", "（": "）"}
_NUMBERED = re.compile(r"(?:^|[\s,;])(?:\d{1,2}|[a-z]|[ivx]{2,4})$")
_STATES = (
    r"(?:high-risk|low-risk|standard-risk|relapsed|relapsing|refractory|recurrent|progressive|persistent|resistant"
    r"|metastatic|advanced|unresectable|inoperable|newly diagnosed)"
)
_AND = re.compile(
    rf"\b{_STATES} and {_STATES}/{_STATES}\b|\b{_STATES}/{_STATES} and {_STATES}\b", re.IGNORECASE
)
_LIST = re.compile(
    r"\b(?:but )?(?:not including|excluding|except for)\s+([^.;:()]+,[^.;:()]+)", re.IGNORECASE
)
# A comma before these goes on with the sentence, not with the list.
_GOES_ON = re.compile(
    r",\s*(?:in|as|which|that|who|where|when|if|then|must|such|with|[a-z]+ly)\b", re.IGNORECASE
)
_WITHOUT = re.compile(r"^(?P<what>[^.;:]*?)\bwithout (?P<part>[^.;:()]+?)\s*(?:\([^)]*\))?:")
_A_GROUP = re.compile(
    r"\b(?:patients|participants|individuals|subjects|girls|boys|with or|must|will)\b", re.IGNORECASE
)
_ALLOWED = re.compile(r"\b(?:is|are|be) (?:allowed|permitted|enrolled|eligible)\b", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:is|are|be) not (?:allowed|permitted|enrolled|eligible)\b", re.IGNORECASE)
_NO_LIST = re.compile(
    r"\b(?:myelosuppressive|cytotoxic) (?:chemotherap\w+|agents?|drugs?|medicines?|therap\w+|treatments?)\b"
    r"(?!.{0,40}\b(?:e\.g|such as|including|defined)\b)",
    re.IGNORECASE,
)
_TWICE = re.compile(r"\b(?!had|that|kinase)([a-z]{2,}) \1\b", re.IGNORECASE)
_UNSETTLED = re.compile(
    r"\bsource\b.{0,60}?\b(?:settle|garbled|agree|does not say|speaks only|says)\b", re.IGNORECASE
)
_EXCEPTION = re.compile(
    r"\b(?:excluding|except(?: for)?|not including|not counting)\s+([^.;()]+)", re.IGNORECASE
)
_OUTRIGHT = re.compile(r"\b(?:prior|previous|any|history of|received)\b", re.IGNORECASE)
_WINDOW = re.compile(r"\bwithin\b|\b(?:days?|weeks?|months?|years?)\b", re.IGNORECASE)
# What a child may have had, and what studies both ask about and forbid.
_TOPICS = {
    "transplant": r"transplant\w*",
    "radiation": r"(?:radiation|radiotherapy|irradiation)",
    "chemotherapy": r"chemotherapy",
    "brain metastasis": r"(?:brain|CNS|central nervous system) metasta\w+",
    "CAR T cells": r"CAR[ -]?T",
}
_COMMON = frozenset(
    {
        *(
            "after",
            "anti-cancer",
            "caused",
            "current",
            "history",
            "medicine",
            "other",
            "prior",
            "study",
            "systemic",
        ),
        *("cancer", "disease", "diseases", "drug", "drugs", "patient", "patients", "therapy", "treatment"),
        *("treatments", "trial", "trials", "tumor", "tumors", "tumour", "untreated", "with", "within"),
    }
)


def source_words(file: TrialFile) -> Iterator[Defect]:
    """Whatever is garbled or ambiguous in the quoted criteria."""
    for criterion in file.trial.criteria:
        for check in _CHECKS:
            for kind, text, words, at in check(criterion.source):
                yield file.defect(
                    f"criteria.{criterion.id}.source", "to settle", kind, text, (criterion.id,), words, at
                )
    yield from _left_open(file)
    yield from _exceptions_of_one(file)
    yield from _forbidden_and_named(file)


def _brackets(text: str) -> Iterator[Hit]:
    waiting: list[str] = []
    for at, sign in enumerate(text):
        if sign in _PAIRS:
            waiting.append(_PAIRS[sign])
        elif sign in _PAIRS.values() and not waiting and _NUMBERED.search(text[:at]):
            # "a)" numbers a part.
            continue
        elif sign in _PAIRS.values() and (not waiting or waiting.pop() != sign):
            yield BRACKETS, f"a bracket {sign} closes that was never opened", ("bracket", sign), sign
            return
    if waiting:
        yield BRACKETS, "a bracket is opened and never closed", ("bracket",), ""


def _and(text: str) -> Iterator[Hit]:
    for match in _AND.finditer(text):
        said = f'"{match[0]}": all of it at once, or one of it?'
        yield AND, said, (match[0], "and", "either"), match[0]


def _exception_lists(text: str) -> Iterator[Hit]:
    for match in _LIST.finditer(text):
        if not re.search(r"\b(?:and|or)\b", match[1]) and not _GOES_ON.search(match[1]):
            said = f'"{match[0].strip()}": where does the exception end? No "and" or "or" joins its last part'
            yield (
                EXCEPT,
                said,
                (" ".join(match[0].split()[:3]), "not including", "garbled"),
                match[0].split()[0],
            )


def _without(text: str) -> Iterator[Hit]:
    match = _WITHOUT.match(text)
    if match is not None and not _A_GROUP.search(match[0]):
        part = match["part"].strip()
        said = f'it speaks of cases "without {part}" only; what holds with it is not said'
        yield WITHOUT, said, (f"without {part}", part), f"without {part.split()[0]}"


def _both_ways(text: str) -> Iterator[Hit]:
    for clause in re.split(r"[.;:](?:\s|$)", text):
        denied, allowed = _DENIED.search(clause), _ALLOWED.search(clause)
        if allowed is None or denied is None:
            continue
        # The same thing must be spoken of on both sides, else it is a plain pair of statements.
        start, end = sorted((allowed.start(), denied.start()))
        shared = sorted(_content_words(clause[:start]) & _content_words(clause[start:end]))
        if shared:
            said = (
                f"one sentence says of {', '.join(shared)} that it is allowed and that it is not: "
                "which of it is which?"
            )
            yield BOTH_WAYS, said, (*shared, "garbled"), allowed[0]


def _no_list(text: str) -> Iterator[Hit]:
    for words in dict.fromkeys(match[0].lower() for match in _NO_LIST.finditer(text)):
        yield VAGUE, f'"{words}": which medicines count? No list says', (words, words.split()[0]), words


def _repeated(text: str) -> Iterator[Hit]:
    for match in _TWICE.finditer(text):
        yield REPEATED, f'"{match[0]}" stands twice', (match[0],), match[0]


_CHECKS: tuple[Callable[[str], Iterable[Hit]], ...] = (
    *(_brackets, _and, _exception_lists, _without, _both_ways, _no_list, _repeated),
)


def _left_open(file: TrialFile) -> Iterator[Defect]:
    """Cases that the reading leaves open because of the source: the site can settle them."""
    seen = []
    for criterion in file.trial.criteria:
        # Two criteria may share one rule; it is told of the first.
        if criterion.rule is None or criterion.rule in seen:
            continue
        seen.append(criterion.rule)
        for group, where, case in cases_of(criterion):
            if group == "unknown" and _UNSETTLED.search(case.reason):
                text = f"the reading leaves it open: {case.reason}"
                yield file.defect(f"{where}.reason", "to settle", UNSETTLED, text, (criterion.id,))


def _exceptions_of_one(file: TrialFile) -> Iterator[Defect]:
    """A criterion excepts something that another one counts without exception."""
    for one, other in permutations(file.trial.criteria, 2):
        if one.id[:1] != other.id[:1] or _EXCEPTION.search(other.source):
            continue
        for match in _EXCEPTION.finditer(one.source):
            outside = _stems(one.source.replace(match[0], " "))
            for word in sorted(outside & _stems(match[1]) & _stems(other.source)):
                text = (
                    f'{one.id} says "{match[0].strip()}"; {other.id} counts "{word}" and makes no exception'
                )
                yield file.defect(
                    f"criteria.{other.id}.source", "to settle", ONE_SIDED, text, (one.id, other.id), (), word
                )


def _forbidden_and_named(file: TrialFile) -> Iterator[Defect]:
    """An exclusion forbids outright what inclusion criteria speak of as something a child may have had."""
    for topic, pattern in _TOPICS.items():
        named = [
            one.id
            for one in file.trial.criteria
            if one.id.startswith("I") and _may_have_had(pattern, one.source)
        ]
        for criterion in file.trial.criteria if named else ():
            outright = _OUTRIGHT.search(criterion.source) and not _WINDOW.search(criterion.source)
            match = re.search(pattern, criterion.source, re.IGNORECASE)
            if (
                criterion.id.startswith("E")
                and outright
                and match
                and not _EXCEPTION.search(criterion.source)
            ):
                text = (
                    f"{' and '.join(named)} speak of {topic} as something allowed, {criterion.id} forbids it"
                )
                where = f"criteria.{criterion.id}.source"
                yield file.defect(
                    where, "to settle", FORBIDDEN_AND_NAMED, text, (criterion.id,), tuple(named), match[0]
                )


def _may_have_had(pattern: str, text: str) -> bool:
    denied = rf"\b(?:no|not|never|without)\s+(?:[\w-]+\s+){{0,3}}{pattern}"
    return bool(re.search(pattern, re.sub(denied, " ", text, flags=re.IGNORECASE), re.IGNORECASE))


def _content_words(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z][a-z-]{4,}", text.lower()) if word not in _COMMON}


def _stems(text: str) -> set[str]:
    return {word.rstrip("s") for word in _content_words(text)} - {word.rstrip("s") for word in _COMMON}
