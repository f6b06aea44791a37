"""Which illness a trial is for, and its course."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.registry.reading.model import CriterionText, Reading
from bot.registry.reading.phrases import without
from bot.registry.reading.vocabulary import vocabulary

_COURSES = {
    "relapsed": r"relaps(?:ed?|ing)|recurrent|recurrence",
    "refractory": r"refractory(?! to)",
    "newly_diagnosed": r"newly[- ]diagnosed",
    "metastatic": r"metastatic",
}
_COURSE = {name: re.compile(rf"(?<![\w-])(?:{words})\b", re.IGNORECASE) for name, words in _COURSES.items()}
_COURSE_RUN = re.compile(
    r"(?<![\w-])(?:relaps(?:ed?|ing)|recurrent|refractory(?! to)|newly[- ]diagnosed|metastatic)"
    r"(?:(?:,|\s*/\s*|\s*,?\s*(?:and/or|or|and)\s+|\s*\([^()]{0,12}\))*\s*(?:relapsed|recurrent"
    r"|refractory))*",
    re.IGNORECASE,
)
_OTHER_COURSE = re.compile(
    r"\b(?:advanced|unresectable|progressive|progress\w*|resistant|locali[sz]ed|untreated|persistent"
    r"|resectable|intolerant|intolerance|stage|residual|remission"
    r"|de novo|non-?metastatic|high[- ]risk|smoldering|poor)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\W*(?:(?:patients?|participants?|subjects?|individuals?|adults?|all|must|should|have|has|had"
    r"|been|be|with|a|an|the|of|documented|confirmed|proven"
    r"|histolog(?:y|ic|ical|ically)|patholog(?:y|ic|ical|ically)|cytolog(?:y|ic|ical|ically)"
    r"|biopsy(?:-proven)?|microscopically|locally|clinical(?:ly)?|or|and|and/or"
    r"|diagnos(?:is|ed|es)|verified|verification|confirmation|established|definitive|who|are|is"
    r"|currently|radiographic(?:ally)?|radiological(?:ly)?|primary|prior|any|either|known|new"
    r"|first|initial|to|at|relapsed?|recurrent|refractory|newly|newly-diagnosed|diagnosed|metastatic"
    r"|advanced|disease|tissue|evidence|presence|active|measurable|invasive|stage|[iv]+|limited"
    r"|extensive|unresectable"
    r"|high-risk|high|low|risk|progressive|previously|treated|untreated|in|one|following|for)\b[\s:,/()-]*)*",
    re.IGNORECASE,
)
_CONFIRMED = re.compile(
    r"\b(?:histolog|patholog|cytolog|diagnos|biopsy|confirmed|proven|patients? with|relapsed"
    r"|refractory|recurrent|documented)",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:no|not|never|without|except\w*|excluding|other than|unless|history of|family|survivors?"
    r"|first[- ]degree|benign|adequate|prior malignanc\w*|previous malignanc\w*|in complete remission"
    r"|solid tumou?rs?|syndromes?|myelodysplas\w*|at risk|suspected|suspicious|suspicion|screening"
    r"|eligible for|candidates? for|high risk of|risk of|allowed|permitted|may|caregivers?|relatives?"
    r"|metasta\w+ (?:to|from)"
    r"|at [\w\s]*diagnosis|time of diagnosis|aged?|treatment[- ]related|refers?|undergo\w*|scheduled"
    r"|planned|brain metasta\w*|secondary|precursor lesions?|malignanc(?:y|ies)|tumou?rs? (?:types?"
    r"|including)|cancers? (?:including|such)|including|such as|e\.g|any of|specimens?|samples?)\b",
    re.IGNORECASE,
)
# "Patients with neuroblastoma must have ..." asks something of some, and the illness of nobody.
_ASKED_OF_SOME = re.compile(
    r"^\W*(?:all\s+)?(?:patients?|participants?|subjects?|individuals?|those|children)\s+(?:who have|with)"
    r"\b.*\b(?:must|should|shall|need|needs|required|have to)\b",
    re.IGNORECASE | re.DOTALL,
)
_MORE_CANCERS = re.compile(
    r"\b\w*(?:carcinoma|sarcoma|blastoma|glioma|lymphoma|leuka?emia|myeloma|melanoma|neoplasm|cancer"
    r"|tumou?r|macroglobulin\w*|myelodysplas\w*|mds|t-?lbl|sll|nhl|dlbcl|histiocyt\w*|germinoma)s?\b",
    re.IGNORECASE,
)


def read(criterion: CriterionText) -> Iterator[Reading]:
    """The illnesses that a criterion names as the ones to have, and their course."""
    if not criterion.includes or criterion.for_some_only or _ASKED_OF_SOME.match(criterion.plain):
        return
    text = CriterionText(criterion.kind, criterion.first_sentence).plain
    if len(text) > 260 or _ASIDE.search(criterion.plain[:400]) or not _CONFIRMED.search(text):
        return
    start = _OPENING.match(text)
    begin = start.end() if start else 0
    ids, ends, rest = _named(text)
    if not ids or not any(first - begin <= 25 for first in ends) or _MORE_CANCERS.search(rest):
        return
    yield Reading("diagnosis", {"ids": tuple(sorted(ids))}, criterion.words)
    yield from _course(criterion, text, min(ends))


def _named(text: str) -> tuple[set[str], list[int], str]:
    """The ids of the illnesses named, where each name begins, and the text without the names."""
    ids, begins = set(), []
    rest = text
    for name, pattern in vocabulary().diagnoses.items():
        for found in pattern.finditer(text):
            ids.add(name)
            begins.append(found.start())
        rest = without(rest, [pattern])
    if "soft_tissue_sarcoma" in ids and len(ids) > 1 and "osteosarcoma" not in ids:
        # "Soft tissue sarcoma (liposarcoma, ...)": whether the narrow or the wide name counts is not said.
        return set(), [], text
    return ids, begins, rest


def _course(criterion: CriterionText, text: str, illness: int) -> Iterator[Reading]:
    before = text[:illness]
    runs = list(_COURSE_RUN.finditer(before))
    if len(runs) != 1 or _OTHER_COURSE.search(before + text[illness:][:60]):
        return
    if sum(len(list(pattern.finditer(text))) for pattern in _COURSE.values()) != sum(
        len(list(pattern.finditer(runs[0][0]))) for pattern in _COURSE.values()
    ):
        return
    if illness - runs[0].end() > 40 or re.search(r"\bor\b", before[runs[0].end() :]):
        return
    if re.search(r"\b(?:or|and/or)\W*$", before[: runs[0].start()]):
        return
    named = {name for name, pattern in _COURSE.items() if pattern.search(runs[0][0])}
    if named:
        yield Reading("course", {"any_of": tuple(sorted(named))}, criterion.words)
