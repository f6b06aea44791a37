"""Performance scores: Lansky, Karnofsky, and ECOG in their terms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.registry.reading.model import CriterionText, Reading
from bot.registry.reading.phrases import ABOVE, AT_LEAST, AT_MOST, BELOW, DURATION, left_over, without
from bot.registry.reading.vocabulary import vocabulary

ECOG_AS_SCORE = {1: 70, 2: 50}
"""The lowest Lansky or Karnofsky score that answers to an ECOG grade."""

_SCALE = re.compile(
    r"lansky|karnofsky|\bkps\b|\blps\b|\becog\b|eastern (?:cooperative )?oncology|zubrod|\bwho\b",
    re.IGNORECASE,
)
_TENS = re.compile(r"lansky|karnofsky|\bkps\b|\blps\b", re.IGNORECASE)
_GRADES = re.compile(r"\becog\b|eastern (?:cooperative )?oncology|zubrod|\bwho\b", re.IGNORECASE)
_AGE_GROUP = re.compile(
    rf"(?:\(|for|in|patients|participants|age[ds]?)[^().;]{{0,25}}?(?:{AT_LEAST}|{AT_MOST}|{BELOW}"
    rf"|{ABOVE})\s*1[0-8]\s*"
    r"(?:years|y(?:rs?)?)?(?: old| of age)?\s*(?:\)|:)?"
    r"|\(?1[0-8] years(?: of age)? (?:and|or) (?:older|younger|under|over|above)\)?",
    re.IGNORECASE,
)
# A second demand in the same breath, which takes nothing from the first.
_SURVIVAL = re.compile(
    r"\b(?:and|with)(?: (?:an?|estimated|expected))* (?:life expectancy|survival)\b.*$", re.IGNORECASE
)
_SCORE = re.compile(rf"(?:{AT_LEAST})\s*((?:[1-9]|10)0)\s*%?", re.IGNORECASE)
_SCORE_BELOW = re.compile(rf"(?:{BELOW})\s*((?:[1-9]|10)0)\s*%?", re.IGNORECASE)
_GRADE = re.compile(
    r"(?:0\s*(?:-|,?\s*or|to|and|/|,|through)\s*1\s*(?:-|,?\s*or|to|,|,?\s*and)\s*(2)"
    r"|(?:between )?0\s*(?:-|,?\s*or|to|and|/|through)\s*([12])"
    rf"|(?:{AT_MOST})\s*([12])|([12]) or (?:less|lower|better|below)|(?:{BELOW})\s*([23]))(?!\d|\.\d)",
    re.IGNORECASE,
)
_GRADE_EXCLUDED = re.compile(rf"(?:(?:{AT_LEAST})\s*([23])|(?:{ABOVE})\s*([12]))(?!\d|\.\d)", re.IGNORECASE)


def read(criterion: CriterionText) -> Iterator[Reading]:
    """The lowest score, where the same one holds on every scale and at every age."""
    text = criterion.plain
    if not _SCALE.search(text) or criterion.for_some_only or criterion.has_exceptions:
        return
    if len(_AGE_GROUP.findall(text)) == 1:
        # One scale for one age: what holds for the other ages is not said here.
        return
    text = _SURVIVAL.sub("", _AGE_GROUP.sub(" ", text))
    grades = _GRADE if criterion.includes else _GRADE_EXCLUDED
    scores = _SCORE if criterion.includes else _SCORE_BELOW
    found = {int(match[1]) for match in scores.finditer(text)}
    if found and not _TENS.search(text):
        return
    rest = scores.sub(" ", text)
    ecog = {_grade(match, criterion.includes) for match in grades.finditer(rest)}
    if ecog and not _GRADES.search(text):
        return
    found |= {ECOG_AS_SCORE[grade] for grade in ecog if grade in ECOG_AS_SCORE}
    rest = without(
        grades.sub(" ", rest),
        [re.compile(r"within\s+" + DURATION.pattern, re.IGNORECASE), vocabulary().anchor],
    )
    if len(found) == 1 and not left_over(rest, vocabulary().performance_fillers | vocabulary().fillers):
        yield Reading("performance", {"at_least": found.pop()}, criterion.words)


def _grade(match: re.Match[str], includes: bool) -> int:
    """The worst grade that is let in."""
    if includes:
        return int(match[5]) - 1 if match[5] else int(next(filter(None, match.groups())))
    return int(match[1]) - 1 if match[1] else int(match[2])
