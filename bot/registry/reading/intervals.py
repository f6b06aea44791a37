"""Washouts: how long ago a treatment must be; and other trials, which are asked about in the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.registry.reading.model import CriterionText, Reading
from bot.registry.reading.phrases import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    BELOW,
    DURATION,
    duration,
    left_over,
    without,
)
from bot.registry.reading.vocabulary import vocabulary

_WITHIN = re.compile(
    rf"(?:(?:with)?in|during|for|over)(?: the)?(?: (?:last|past|previous|prior"
    rf"|preceding))?\s*(?:of\s*)?(?:{AT_MOST}|{BELOW})?\s*(?P<interval>{DURATION.pattern})"
    rf"|(?:{AT_MOST}|{BELOW})\s*(?P<interval2>{DURATION.pattern})",
    re.IGNORECASE,
)
_SINCE = re.compile(
    rf"(?:{AT_LEAST})\s*(?P<interval>{DURATION.pattern})(?: (?:must|should)? ?have)?(?: elapsed| passed)?",
    re.IGNORECASE,
)
_COUNTS_BACK = re.compile(
    r"\b(?:prior|before|preceding|last|past|previous|of|from|elapsed|since|after)\b", re.IGNORECASE
)
_NEGATION = re.compile(r"\b(?:no|not|never|without|none|free)\b", re.IGNORECASE)
_BAR = " | "
_HARMLESS = {"elapsed", "since", "after", "prior", "before", "passed", "time", "interval", "between"}
# A second demand in the same breath, which takes nothing from the first.
_NOT_RECOVERED = re.compile(
    r",?\s*(?:and/or|or|and)(?: (?:has|have|those|who|patients|had))* not (?:fully |yet "
    r"|adequately )*recovered\b.*$",
    re.IGNORECASE,
)
_VACCINE_REMARK = re.compile(r"vaccin|covid", re.IGNORECASE)
_OTHER_TRIAL = re.compile(
    r"(?:(?:is|are|be|has|have|had|been|or|currently|current|ongoing|planned|actively|subject|concurrent|concurrently"
    r"|simultaneous(?:ly)?|previously|participants?|patients"
    r"|subjects?|who|plan(?:ning|ned)? to|any|active) )*"
    r"(?:participat(?:ion|ing|ed|es?)|enrol?l(?:ment|ed|ing|ment)?|inclusion|involve(?:d|ment)|taking part)"
    r"(?: or (?:planned )?(?:participat(?:ion|ing|ed)|enrol?l(?:ment|ed)))?"
    r"(?: currently| concurrently| simultaneously)? (?:in|into|on)(?: an)?(?: any)?(?: a)? ?(?:other"
    r"|another|different|concurrent)?"
    r" ?(?:(?:interventional|investigational|therapeutic|clinical|drug|treatment|medical|research"
    r"|experimental|or|device|intervention|cancer|anti-?cancer|oncology) )*"
    r"(?:trials?|stud(?:y|ies))",
    re.IGNORECASE,
)
_OF_A_DRUG = re.compile(
    r"^ (?:of|involving|with|using|evaluating) (?:an?|another|other)?\s*(?:investigational|experimental) "
    r"(?:agents?|products?|drugs?|devices?|therap(?:y|ies))(?: or (?:devices?|drugs?))?",
    re.IGNORECASE,
)
_A_TRIAL = re.compile(
    r"\b(?:other|another|different|concurrent)\b|(?:investigational|interventional|clinical"
    r"|drug)\s+(?:drug |clinical )?(?:trial|stud)",
    re.IGNORECASE,
)


def read(criterion: CriterionText) -> Iterator[Reading]:
    """One reading for each treatment named, where one interval holds for all of them."""
    if criterion.for_some_only:
        return
    trial = list(_other_trial(criterion))
    yield from trial
    if trial or (criterion.has_exceptions and not _VACCINE_REMARK.search(criterion.words)):
        return
    text, words = criterion.plain, criterion.words
    vaccine = vocabulary().events["live_vaccine"].search(criterion.first_sentence)
    if vaccine and _VACCINE_REMARK.search(words[len(criterion.first_sentence) :]):
        # What follows speaks of other vaccines, which are let in.
        words = criterion.first_sentence
        text = CriterionText(criterion.kind, words).plain
    text = _NOT_RECOVERED.sub("", text)
    found = _interval(criterion, text)
    if found is None:
        return
    interval, rest = found
    before, bar, after = rest.partition(_BAR)
    # The day that is counted from stands behind the interval, and may name the study's own drug.
    events, rest = _events(before + bar + without(after, [vocabulary().anchor]))
    if not events or not (_COUNTS_BACK.search(text) or re.search(r"\bwithin\b", text, re.IGNORECASE)):
        return
    rest = without(rest, [vocabulary().anchor])
    harmless = vocabulary().fillers | _HARMLESS | ({"no", "not"} if criterion.includes else set())
    if left_over(rest, harmless):
        return
    for event in events:
        yield Reading("washout", {"fact": event, interval[0]: interval[1]}, words)


def _interval(criterion: CriterionText, text: str) -> tuple[tuple[str, int], str] | None:
    """The only interval of the text on the side that makes it a washout, and the text without it."""
    denied = _NEGATION.search(text) is not None
    pattern = _WITHIN if criterion.excludes or denied else _SINCE
    if criterion.excludes and denied:
        return None
    matches = list(pattern.finditer(text))
    if len(matches) != 1 or re.search(ABOVE, text):
        return None
    whole = matches[0][0]
    inner = list(DURATION.finditer(whole))
    told = duration(inner[0]) if len(inner) == 1 else None
    if told is None or told[1] == 0:
        return None
    return told, text.replace(whole, _BAR)


def _events(text: str) -> tuple[list[str], str]:
    events = []
    for event, pattern in vocabulary().events.items():
        text, count = pattern.subn(" | ", text)
        if count:
            events.append(event)
    return events, text


def _other_trial(criterion: CriterionText) -> Iterator[Reading]:
    text = criterion.plain
    if not criterion.excludes or criterion.has_exceptions or _NEGATION.search(text):
        return
    found = _OTHER_TRIAL.search(text)
    if found is None or not _A_TRIAL.search(found[0]) or text[: found.start()].strip(" .,"):
        return
    rest = text[found.end() :]
    days = None
    intervals = list(_WITHIN.finditer(rest))
    if not intervals:
        rest = _OF_A_DRUG.sub("", rest)
    if len(intervals) > 1:
        return
    if intervals:
        told = next((duration(one) for one in DURATION.finditer(intervals[0][0])), None)
        if told is None or told[0] != "days":
            return
        days = told[1]
        rest = rest.replace(intervals[0][0], " ")
    rest = without(rest, [vocabulary().anchor])
    if not left_over(rest, vocabulary().fillers | {"simultaneously", "time", "same", "concurrently"}):
        yield Reading("other_trial", {"days": days}, criterion.words)
