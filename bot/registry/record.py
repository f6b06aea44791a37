"""A study as a registry tells it, in one shape whatever format it came in."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date

from bot.registry.errors import RecordError
from criteria.sites import TrialSite
from criteria.study import STATUSES

STUDY_PAGE = "https://clinicaltrials.gov/study/{}"
NCT_ID = re.compile(r"NCT\d{8}")

# Words of the registry for which a trial's file has no status, each with what staff are told.
NO_STATUS = {
    "unknown": "The registry does not know the status: nobody has confirmed it for more than two years.",
    "available": "The registry lists expanded access (available), not a trial that recruits.",
    "no_longer_available": "The registry lists expanded access that is no longer available.",
    "temporarily_not_available": "The registry lists expanded access that is not available for now.",
    "approved_for_marketing": "The registry lists expanded access that ended: the medicine was approved.",
    "withheld": "The registry withholds this study.",
}
_OTHER_WORDS = {"enrolling_by_invitation": "by_invitation"}
_PHASES = {
    "EARLY_PHASE1": "early I",
    "PHASE1": "I",
    "PHASE2": "II",
    "PHASE3": "III",
    "PHASE4": "IV",
    "NA": "not applicable",
    "NOT_APPLICABLE": "not applicable",
}


@dataclass(frozen=True)
class Record:
    """One study as its registry has it; what the registry does not tell is None or empty.

    status      one of ``criteria.study.STATUSES``; None where the registry's word has no such meaning
    status_word the registry's own word
    phases      such as ("I", "II")
    sex         one of ``criteria.study.SEXES``
    at_least_months, at_most_months  the ages that the structured fields let in, in completed months;
                None where a side is open
    minimum_age, maximum_age  the same in the registry's words
    eligibility the eligibility text with its Markdown escapes, as the registry sends it
    sites       where it takes place; only countries in formats that tell no more
    last_update the day of the registry's last change
    source_format  the format that it was read from
    """

    nct_id: str
    title: str
    official_title: str | None
    status: str | None
    status_word: str | None
    phases: tuple[str, ...]
    sponsor: str | None
    sex: str | None
    minimum_age: str | None
    maximum_age: str | None
    at_least_months: int | None
    at_most_months: int | None
    conditions: tuple[str, ...]
    enrollment: int | None
    summary: str | None
    eligibility: str = field(repr=False)
    sites: tuple[TrialSite, ...] = field(repr=False)
    last_update: date | None
    source_format: str

    @property
    def text_hash(self) -> str:
        """A fingerprint of the eligibility text: its SHA-256, as 64 hexadecimal digits."""
        return hashlib.sha256(self.eligibility.encode()).hexdigest()

    @property
    def address(self) -> str:
        """The study's own page in the registry."""
        return STUDY_PAGE.format(self.nct_id)

    @property
    def status_remark(self) -> str | None:
        """What staff should know where the registry's status has no counterpart here."""
        if self.status is not None or self.status_word is None:
            return None
        return NO_STATUS[_plain_word(self.status_word)]


def status_of(word: str | None) -> str | None:
    """The status that the registry's word stands for; None for those of NO_STATUS and where none is told.

    Takes both spellings, RECRUITING and "Recruiting". Raises RecordError for a word that the registry
    does not have.
    """
    if word is None:
        return None
    plain = _plain_word(word)
    plain = _OTHER_WORDS.get(plain, plain)
    if plain in STATUSES:
        return plain
    if plain in NO_STATUS:
        return None
    raise RecordError(f"unknown status {word!r}")


def phase_of(word: str) -> str:
    """One phase as a trial's file writes it, from PHASE1 or "Phase 1". Raises RecordError for others."""
    plain = re.sub(r"(?<=PHASE)_", "", _plain_word(word).upper())
    if plain not in _PHASES:
        raise RecordError(f"unknown phase {word!r}")
    return _PHASES[plain]


def checked_number(number: object) -> str:
    """The registry number; RecordError where it is none."""
    if not isinstance(number, str) or not NCT_ID.fullmatch(number.upper()):
        raise RecordError(f"{number!r} is no registry number such as NCT01234567")
    return number.upper()


def _plain_word(word: str) -> str:
    return re.sub(r"[\s_,]+", "_", word.strip().lower())
