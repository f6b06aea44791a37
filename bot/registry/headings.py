"""Which lines of an eligibility text are headings, which join their neighbours, and which only lead in."""

from __future__ import annotations

import re
from dataclasses import dataclass

INCLUSION, EXCLUSION = "inclusion", "exclusion"

_OPENING = (
    r"(?P<lead>[^.;:]{0,80}?)\b(?P<kind>inclusion|exclusion)s?\b"
    r"(?P<criteria>\s*criteri(?:a|on)\b(?P<more>[^:.\n]{0,120}))?\s*"
)
_WITH_COLON = re.compile(_OPENING + r"(?P<colon>:)\s*(?P<after>.*)", re.IGNORECASE | re.DOTALL)
_BARE = re.compile(_OPENING + r"(?P<colon>)(?P<after>)", re.IGNORECASE)
_BOTH = re.compile(r"(inclusion|exclusion)\b[^.:]{0,20}\b(inclusion|exclusion)", re.IGNORECASE)
_A_SENTENCE = re.compile(
    r"\b(meet|meets|met|fulfil\w*|not|must|satisf\w*|apply|applies|are|is|who|any|has|have|see)\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"(key|main|major|general|selected|important|basic|principal|summary of|the|overall|abbreviated|\W)*$",
    re.IGNORECASE,
)
_LEADS_IN = re.compile(
    r"\b(following|criteria|meet|fulfil\w*|below|will be|excluded|eligible|include[sd]?)\b", re.IGNORECASE
)
_PREFIX = re.compile(r"(?P<part>[A-Z][A-Z0-9 ,/&()\-#]{4,60}?)\s*:\s+(?=\S)")
_TITLE = re.compile(r"(exclusions?|inclusions?|phase|part|cohort|arm|prior therapy)\b", re.IGNORECASE)
_TOPIC = re.compile(r"[A-Z(][^:.]{2,90}:\s+\S")
_STRUCTURE = re.compile(
    r"(phase|part|cohort|arm|group|step|stratum|module|panel|sub-?protocol)s? [\w/ &,()-]{1,25}( only)?"
    r"|patients|participants|subjects|healthy volunteers|(healthy )?controls|donors|recipients",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"\b(one|1|two|2|three|any|either|at least|some)\b[^.]{0,25}\b(of|following|below)\b"
    r"|\beither\b|\bor\s*:$",
    re.IGNORECASE,
)
# A line of nothing but these words only leads in: "Patients must meet all of the following criteria:".
_ALL_OF = re.compile(
    r"^[\W\d]*((patients|participants|subjects|individuals?|candidates|veterans|an|they|must|should|will|have|need"
    r"|meets?|satisfy|fulfil\w*|also|order|eligible|to|for|this|study|be|included|enrolled|participate|the|in|all"
    r"|each|every|of|both|following|criteria|conditions?|requirements?|who|with|are|is|as|follows|below|listed|and"
    r"|if|having|has|any|these|apply|excluded|from|participation|or|ineligible|not|entered|on|into|protocol|a|one"
    r"|more|entry|trial|enrollment|exclusion|inclusion|been|present|would|exclude|further|additional)\b[\s,:\-]*)+$",
    re.IGNORECASE,
)
_NO_CRITERION = re.compile(r"[\W_]*(none|n/?a|not applicable|no exclusion criteria)[\W_]*", re.IGNORECASE)
_JOINER = re.compile(r"[\W_]*(and\s*/\s*or|or)[\W_]*", re.IGNORECASE)
_JOINED_BY_AND = re.compile(r"[\W_]*and[\W_]*", re.IGNORECASE)
_ENDS_WITH_OR = re.compile(r"(\bor|\band/or)[\s:;,.\-]*$", re.IGNORECASE)
_REMARK = re.compile(
    r"(\*+\s*)?(please )?(note|nb|n\.b|exceptions?|explanation|definitions?|comment)s?\b|\(|[a-z]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Section:
    """A heading such as "Treatment Exclusion Criteria:".

    kind   INCLUSION, EXCLUSION, or None where it announces both
    part   the heading where it says more than that
    words  how many characters of the line belong to the heading; the rest is a criterion of its own
    """

    kind: str | None
    part: str | None
    length: int


def section_of(line: str, marked: bool, leads: bool) -> Section | None:
    """The section that a line begins, or None.

    ``marked`` tells a bullet, ``leads`` a line with others below or after it, so that a sentence behind the
    colon leads in to them.
    """
    found = _WITH_COLON.fullmatch(line) or _BARE.fullmatch(line)
    if found is None:
        return None
    lead, after = found["lead"], found["after"]
    if _A_SENTENCE.search(lead) or len(lead.split()) > (4 if marked else 7):
        return None
    if found["criteria"] is None and len(lead.split()) > 2:
        return None
    if not found["colon"] and (len(line) > 110 or _A_SENTENCE.search(found["more"] or "")):
        return None
    heading = (
        line
        if not after or (leads and (after.endswith(":") or _LEADS_IN.search(after)))
        else line[: found.start("after")]
    )
    both = _BOTH.search(heading[: found.start("after")] if after else heading)
    plain = _PLAIN.fullmatch(lead) and not (found["more"] or "").strip() and not both
    return Section(
        kind=None if both else found["kind"].lower(),
        part=None if plain else without_colon(line[: found.start("after")]),
        length=len(heading),
    )


def prefix_of(line: str) -> tuple[str, int] | None:
    """A heading in capitals before a criterion ("SCREENING: ..."), and where the criterion begins."""
    found = _PREFIX.match(line)
    # Short capitals are the names of tests: "HIV:", "ECOG PS:".
    if found is None or sum(sign.isalpha() for sign in found["part"]) < 6:
        return None
    return found["part"].strip(), found.end()


def is_sub_heading(line: str, before_bullets: bool, last: bool) -> bool:
    """Whether a paragraph is a heading over what follows it; ``last`` where nothing does."""
    if before_bullets:
        return line.endswith(":") or (len(line) <= 80 and not re.search(r"[.;,]$", line))
    if last or len(line.split()) > 6:
        return False
    return line.endswith(":") or _STRUCTURE.fullmatch(line) is not None


def leaves_a_choice(line: str, kind: str | None) -> bool:
    """Whether what stands below the line belongs together: one of several ways to fulfil it."""
    return kind != EXCLUSION and _CHOICE.search(line) is not None


def only_leads_in(line: str, kind: str | None) -> bool:
    """Whether a bullet says nothing by itself: a title, or "all of the following:"."""
    if leaves_a_choice(line, kind):
        return False
    if _ALL_OF.fullmatch(line) and not re.search(r"\d", line):
        return True
    words = line.rstrip(":").split()
    unsaid = re.search(
        r"\b(following|any|one|either|or|unless|except\w*|includ\w+|such|must|have|has|who|with|within|history|not|no"
        r"|defined|are|is|may|for|if|during|prior to|least)\b|[\d<>≥≤=]",
        line,
        re.IGNORECASE,
    )
    titled = line.endswith(":") or _TITLE.match(line) is not None
    return titled and len(words) <= 7 and unsaid is None


def names_topics(lines: list[str]) -> bool:
    """Whether the lines each begin with a topic of their own ("Radiotherapy: ...")."""
    return len(lines) > 1 and sum(_TOPIC.match(line) is not None for line in lines) * 2 > len(lines)


def says_there_are_none(line: str) -> bool:
    """Whether the line says that there is no criterion."""
    return _NO_CRITERION.fullmatch(line) is not None


def joins_both_sides(line: str) -> bool:
    """Whether the line is a bare "or" between two alternatives."""
    return _JOINER.fullmatch(line) is not None


def joins_on(line: str) -> bool:
    """Whether the line is a bare "and", which says nothing by itself."""
    return _JOINED_BY_AND.fullmatch(line) is not None


def ends_with_or(line: str) -> bool:
    """Whether the next line is an alternative to this one."""
    return _ENDS_WITH_OR.search(line) is not None


def is_remark(line: str) -> bool:
    """Whether a paragraph belongs to the criterion before it: a note, a bracket, a sentence that goes on."""
    found = _REMARK.match(line)
    return found is not None and (
        found[1] is not None or found[0][0] in "(*" or len(found[0]) > 1 or line[0].islower()
    )


def without_colon(line: str) -> str:
    """A heading as the name of a part."""
    return line.strip().strip("-*• ").rstrip(": ").strip()
