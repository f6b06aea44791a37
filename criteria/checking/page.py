"""The page that a trial was read from, as text: what is wrong there and concerns no single criterion."""

from __future__ import annotations

import re
from collections.abc import Iterator

from criteria.checking.ages import age_limits
from criteria.checking.bounds import AGE
from criteria.checking.changes import words_gone
from criteria.checking.defects import Defect
from criteria.checking.marks import MARK, marks_in
from criteria.checking.phases import PHASE, apart, phases_in, phases_of
from criteria.checking.trial_file import TrialFile

PROMISE, NOBODY = "promise", "nobody named"

CLAIMS = re.compile(
    r"early access to [\w ]*treatments?|potentially (?:effective|life-saving)|\bsafeguard\w*|\binnovative\b"
    r"|\bbreakthrough\b|\bguarantee\w*|\bpromising\b|\bcutting[- ]edge\b|\bnew hope\b|\bsafe and effective\b",
    re.IGNORECASE,
)
"""Words of a page that come close to a promise; our own answers to families must say less."""

_CONTACT = re.compile(r"\b(?:contact|investigator|study cent(?:er|re)|locations?|sites?)\b", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_PHONE = re.compile(r"(?<![\w/])\+?\d[\d ()/.-]{7,}\d(?!\w)")


def no_site(file: TrialFile) -> Iterator[Defect]:
    """Whether the trial file names no site: then no family can be told where to turn."""
    if not file.trial.sites:
        said = "no site is named: under sites stands where it takes place, and whom to reach there"
        yield file.defect("sites", "to settle", NOBODY, said, words=("no site",))


def page(file: TrialFile, text: str, name: str) -> Iterator[Defect]:
    """Everything wrong in the text of a trial's page; ``name`` is what its lines are told of."""
    lines = text.splitlines()
    yield from _phases(file, lines, name)
    for number, line in enumerate(lines, 1):
        for mark in marks_in(line):
            said = f"the template mark {mark} was never filled in"
            yield Defect(name, number, "to settle", MARK, said, words=(mark,))
        for match in CLAIMS.finditer(line):
            said = f'"{match[0]}" comes close to a promise: our own answers must say less'
            yield Defect(name, number, "to settle", PROMISE, said, words=(match[0],))
    yield from _ages(file, lines, name)
    yield from _nobody(file, lines, name)
    yield from words_gone(file, text, name)


def _phases(file: TrialFile, lines: list[str], name: str) -> Iterator[Defect]:
    mentions = [(number, one) for number, line in enumerate(lines, 1) for one in phases_in(line)]
    held = phases_of(file.trial.phase)
    if not apart(one for _, one in mentions) and all(named == held for _, (_, named) in mentions):
        return
    all_words = ", ".join(dict.fromkeys(f'"{words}" (line {number})' for number, (words, _) in mentions))
    for number, (words, named) in mentions:
        if named != held:
            said = f'it says "{words}", and the file says phase {file.trial.phase}; the page has {all_words}'
            yield Defect(name, number, "to settle", PHASE, said, words=(words,))


def _ages(file: TrialFile, lines: list[str], name: str) -> Iterator[Defect]:
    limit = file.trial.age_limit_months
    for number, line in enumerate(lines, 1):
        for said in age_limits(line):
            if said.upper and limit is not None and limit not in said.turns:
                text = f'it says "{said.words}", and the file has the limit at {limit} months of age'
                yield Defect(name, number, "to settle", AGE, text, words=(said.words,))


def _nobody(file: TrialFile, lines: list[str], name: str) -> Iterator[Defect]:
    text = "\n".join(lines)
    if _MAIL.search(text) or _PHONE.search(text) or file.trial.sites:
        return
    numbers = [number for number, line in enumerate(lines, 1) if _CONTACT.search(line)]
    said = "no site, phone or mail address is named: nobody can be reached through this page"
    yield Defect(name, numbers[0] if numbers else 1, "to settle", NOBODY, said, words=("no site",))
