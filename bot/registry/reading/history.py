"""What a child must not have or have had: transplants, spread to the brain, infections, other illnesses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.registry.reading.model import CriterionText, Reading
from bot.registry.reading.phrases import left_over, without
from bot.registry.reading.vocabulary import phrase, vocabulary

_NEGATION = re.compile(
    r"\b(?:no|not|never|without|none|ineligible for|unable|refus\w+|decline\w*)\b", re.IGNORECASE
)
_DONOR = re.compile(r"\ballo(?:gen)?", re.IGNORECASE)
_OWN = re.compile(r"\bauto", re.IGNORECASE)
_BRAIN = phrase(
    [
        r"(?:central nervous system|cns|brain|intracranial|cerebral|leptomeningeal"
        r"|meningeal)(?: \(cns\)| \(brain\))?"
        r"(?:(?:,| or| and| and/or|/| & )? ?(?:leptomeningeal|brain|cns|spinal cord|meningeal)(?: \(cns\))?)*"
        r" (?:metastas[ie]s|metastatic disease|disease|involvement)",
        r"metastas[ie]s (?:to|in) the (?:brain|central nervous system|cns)(?: \(cns\))?",
        r"(?:carcinomatous|leptomeningeal|neoplastic) (?:meningitis|disease|metastas[ie]s"
        r"|carcinomatosis)|carcinomatous meningitis",
    ]
)
_METASTASES = re.compile(
    r"\b(?:brain|cns|central nervous system|cerebral|intracranial)\b.*\bmetasta|metasta.*\b(?:brain"
    r"|cns|central nervous)",
    re.IGNORECASE,
)
_ACTIVE = re.compile(
    r"\b(?:active|untreated|symptomatic|unstable|uncontrolled|progressive|progressing)\b", re.IGNORECASE
)
_BRAIN_HARMLESS = {
    "active",
    "untreated",
    "symptomatic",
    "unstable",
    "uncontrolled",
    "progressive",
    "clinically",
    "clinical",
    "metastatic",
    "progressing",
    "new",
    "actively",
    "suspected",
    "parenchymal",
    "spinal",
    "cord",
    "compression",
}
_INFECTION = re.compile(
    r"(?:(?:serious|severe|active|uncontrolled|systemic|bacterial|viral|fungal|parasitic|clinically"
    r"|significant|ongoing|or|and"
    r"|and/or|acute|chronic|life-threatening|known|any|,|untreated|other|intercurrent|concurrent"
    r"|mycobacterial|and?) ?,? ?)*"
    r"infections?(?: \([^()\d]*\))?",
    re.IGNORECASE,
)
_NOW = re.compile(r"\b(?:active|uncontrolled|ongoing|serious|severe|acute)\b", re.IGNORECASE)
_INFECTION_HARMLESS = set(
    [
        "systemic",
        "intravenous",
        "iv",
        "antibiotics",
        "antibiotic",
        "antimicrobial",
        "antimicrobials",
        "anti-infective",
        "antifungal",
        "antiviral",
        "antibacterial",
        "anti-microbial",
        "parenteral",
        "hospitalization",
        "requires",
        "required",
        "requiring",
        "needing",
        "uncontrolled",
        "active",
        "control",
        "controlled",
        "poorly",
        "severe",
        "treat",
        "oral",
        "time",
        "enrollment",
        "start",
        "therapy",
        "treatment",
    ]
)
_OTHER_INFECTION = re.compile(
    r"hepatitis|hiv|immunodeficiency|covid|sars|tubercul|hbv|hcv|cmv|ebv|syphilis", re.IGNORECASE
)
_PREGNANT = re.compile(
    r"\b(?:pregnan(?:t|cy)|breast-?\s?feeding|lactating|lactation|nursing)\b", re.IGNORECASE
)
_PREGNANCY_TEST = re.compile(
    r"negative\b[^.;]{0,60}\bpregnancy test|pregnancy test[^.;]{0,80}\bnegative", re.IGNORECASE
)
_NOT_HER = re.compile(
    r"contracept|partner|male participants|father|sperm|after pregnancy|pregnancy-?related|postpartum"
    r"|miscarr|history of pregnan|donor",
    re.IGNORECASE,
)
_VIRUS = re.compile(
    r"\bhiv\b|human immuno-?\s?deficiency virus|hepatitis (?:b|c)\b|\bhbv\b|\bhcv\b|\bhbsag\b"
    r"|hepatitis b/c|hepatitis b(?: virus)?(?: and| or|/)",
    re.IGNORECASE,
)
_VIRUS_ASIDE = re.compile(
    r"negative|antiretroviral|anti-retroviral|prophyla|vaccin|cured|undetectable|controlled"
    r"|treated with|eligible|autoimmune disease|kaposi|liver disease|related malignan",
    re.IGNORECASE,
)
_YES_NO_HARMLESS = {"active", "uncontrolled", "severe", "known", "serious", "symptomatic", "requiring"}


def read(criterion: CriterionText) -> Iterator[Reading]:
    """What a criterion says of the child's history, each topic by itself."""
    if criterion.for_some_only:
        return
    yield from _pregnancy(criterion)
    yield from _viruses(criterion)
    if not criterion.excludes or _NEGATION.search(criterion.plain):
        return
    yield from _brain(criterion)
    if criterion.has_exceptions:
        return
    yield from _transplants(criterion)
    yield from _infection(criterion)
    yield from _yes_no(criterion)


def _transplants(criterion: CriterionText) -> Iterator[Reading]:
    text, transplants = criterion.plain, vocabulary().events["stem_cell_transplant"]
    if re.search(r"\d", text):
        return
    cells = [match[0] for match in transplants.finditer(text)]
    organ = vocabulary().organ_transplant.search(text)
    rest = without(text, [vocabulary().organ_transplant, transplants, vocabulary().anchor])
    if left_over(rest, vocabulary().fillers | {"allogeneic", "allogenic", "tissue"}) or not (cells or organ):
        return
    if re.search(r"\b(?:currently|planned|candidate|during)\b", text, re.IGNORECASE):
        return
    if organ:
        yield Reading("excluded_history", {"fact": "organ_transplant", "kind": None}, criterion.words)
    if cells:
        donor, own = _DONOR.search(" ".join(cells)), _OWN.search(" ".join(cells))
        kind = ("donor" if donor else "own") if (donor is None) != (own is None) else None
        yield Reading("excluded_history", {"fact": "stem_cell_transplant", "kind": kind}, criterion.words)


def _brain(criterion: CriterionText) -> Iterator[Reading]:
    first = CriterionText(criterion.kind, criterion.first_sentence).plain
    if not _METASTASES.search(first) or re.search(r"\d", first):
        return
    rest = without(first, [_BRAIN, vocabulary().anchor])
    if left_over(rest, vocabulary().fillers | _BRAIN_HARMLESS):
        return
    later = criterion.words[len(criterion.first_sentence) :]
    stable = _ACTIVE.search(first) is not None or re.search(r"\b(?:stable|treated)\b", later) is not None
    if later.strip(" .;") and not stable:
        return
    yield Reading("brain_spread", {"rule": "treated_stable" if stable else "none"}, criterion.words)


def _infection(criterion: CriterionText) -> Iterator[Reading]:
    text = criterion.plain
    found = _INFECTION.search(text)
    if found is None or _OTHER_INFECTION.search(text) or not _NOW.search(text) or re.search(r"\d", text):
        return
    rest = without(text, [_INFECTION, vocabulary().anchor])
    if not left_over(rest, vocabulary().fillers | _INFECTION_HARMLESS):
        yield Reading("infection", {}, criterion.words)


def _pregnancy(criterion: CriterionText) -> Iterator[Reading]:
    text = criterion.plain
    found = _PREGNANT.search(text)
    if found is None or (criterion.has_exceptions and criterion.excludes):
        return
    if criterion.includes:
        if _PREGNANCY_TEST.search(text) or re.search(
            r"\bnot (?:be )?(?:pregnant|breast-?feeding)", text, re.IGNORECASE
        ):
            yield Reading("pregnancy", {}, criterion.words)
    elif (
        found.start() < 90
        and not _NOT_HER.search(text[: found.end()])
        and not _NEGATION.search(text[: found.start()])
    ):
        yield Reading("pregnancy", {}, criterion.words)


def _viruses(criterion: CriterionText) -> Iterator[Reading]:
    text = criterion.plain
    found = _VIRUS.search(text)
    if found is None or not criterion.excludes or criterion.has_exceptions or _VIRUS_ASIDE.search(text):
        return
    if found.start() < 70 and not _NEGATION.search(text):
        yield Reading("hepatitis_hiv", {}, criterion.words)


def _yes_no(criterion: CriterionText) -> Iterator[Reading]:
    text = criterion.plain
    if re.search(r"\d", text):
        return
    for fact, pattern in vocabulary().yes_no.items():
        if pattern.search(text) is None:
            continue
        rest = without(text, [pattern, vocabulary().anchor])
        if not left_over(rest, vocabulary().fillers | _YES_NO_HARMLESS):
            yield Reading("yes_no", {"fact": fact}, criterion.words)
