"""What can be read out of a criterion, and the criterion as the readers see it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.registry.headings import EXCLUSION, INCLUSION

TOPICS = (
    "age",
    "performance",
    "diagnosis",
    "course",
    "washout",
    "excluded_history",
    "brain_spread",
    "infection",
    "pregnancy",
    "hepatitis_hiv",
    "other_trial",
    "yes_no",
)

_EXCEPTION = re.compile(
    r"\b(?:unless|except\w*|excluding|allow(?:ed|able|s)?|permit(?:ted|s)?|acceptable|may (?:be"
    r"|participate|enroll?)"
    r"|can (?:be|participate|enroll?)|(?<!not )(?<!in)eligible|provided|as long as|only if|other than"
    r"|with the exception|not considered|whichever|half[- ]?li(?:fe|ves)|however|not excluded"
    r"|do(?:es)? not apply"
    r"|not applicable|if)\b",
    re.IGNORECASE,
)
_SUBGROUP = re.compile(
    r"\b(?:cohorts?|arms?|phase (?:1|2|i|ii|1b|ib)\b|part (?:[a-d]|\d)|strat(?:um|a)|donors?"
    r"|caregivers?|sub-?stud(?:y|ies)"
    r"|healthy (?:volunteers?|controls?)|controls?|escalation|expansion|recipients?|survivors?"
    r"|parents?|providers?"
    r"|clinicians?|spouses?|siblings?|partners?|caretakers?|offspring)\b|\bgroups? (?:[a-d]|\d)\b",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"^\W*\d{1,2}(?:\.\d{1,2})*\.?\s+(?=[A-Z])")
_EXAMPLES = re.compile(
    r"\((?:see )?appendix[^()]*\)|\((?:e\.?g\.?|i\.?e\.?|including|such as|for example|like)[^()\d]*\)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[a-z0-9)])[.;]\s+(?=[A-Z])|\n+")


@dataclass(frozen=True)
class Reading:
    """One thing that a criterion says, with the evidence for it.

    topic       one of TOPICS
    parameters  what the topic needs: facts, numbers
    words       the criterion's own words that it was read from
    """

    topic: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True)
class CriterionText:
    """A criterion's words on their side (headings.INCLUSION or EXCLUSION)."""

    kind: str
    words: str
    part: str | None = None

    @property
    def includes(self) -> bool:
        """Whether it says who may take part."""
        return self.kind == INCLUSION

    @property
    def excludes(self) -> bool:
        """Whether it says who may not."""
        return self.kind == EXCLUSION

    @cached_property
    def plain(self) -> str:
        """The words without examples in brackets, in one line, with one spelling of signs."""
        text = _EXAMPLES.sub(" ", _NUMBERING.sub("", self.words))
        for sign, spelling in (
            ("–", "-"),
            ("—", "-"),
            ("⩾", "≥"),
            ("≧", "≥"),
            ("⩽", "≤"),
            ("≦", "≤"),
            ("；", ";"),
        ):
            text = text.replace(sign, spelling)
        return re.sub(r"\s+", " ", text).strip()

    @cached_property
    def first_sentence(self) -> str:
        """The words up to the end of the first sentence or line."""
        return _SENTENCE.split(self.words, maxsplit=1)[0].strip()

    @cached_property
    def has_exceptions(self) -> bool:
        """Whether something is said to be let in or left out, so that no limit holds for all."""
        return _EXCEPTION.search(self.words) is not None

    @cached_property
    def for_some_only(self) -> bool:
        """Whether it holds for one group of patients, or for people who are no patients."""
        return any(text is not None and _SUBGROUP.search(text) for text in (self.words, self.part))
