"""What stands on the page for a child's own doctor, taken from a screening and its trial.

A sensitive criterion is not on it: not its source text, not its number, and no gap where it would stand. So
no criterion has a number here. What such criteria share with the family is one item among those that the
study team checks, as in the chat.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from bot.leads.words import grouped
from bot.texts import Texts
from criteria import Criterion, Trial

_OPEN = ("not_met", "not_yet", "unknown", "for_the_team")
_RESPONDENTS = ("parent", "patient", "carer")


@dataclass(frozen=True)
class Row:
    """One asked criterion: the source's own words, what it is about in plain ones, and the finding.

    ``finding`` is met, not_met, not_yet or unknown; ``until`` an ISO day, where a day is known.
    """

    source: str
    topic: str
    finding: str
    until: str | None


@dataclass(frozen=True)
class Told:
    """The family's answers in words: each that tells something, and what she denied or was not sure of."""

    told: list[tuple[str, str]]
    not_sure: list[str]
    no: list[str]
    no_lately: list[str]


@dataclass(frozen=True)
class About:
    """Which trial this is and how it was read. ``reviewed_by`` is None where no hospital has checked it."""

    number: str
    title: str
    official_title: str
    sponsor: str
    source: str
    source_day: str
    version: str
    reviewed_by: str | None


@dataclass(frozen=True)
class Sheet:
    """The whole page. Days are ISO days; ``voice`` says how the words name the patient.

    ``fits``, ``open``, ``not_yet`` and ``not_met`` are plain words in the family's voice, each once;
    ``records`` is what to bring; ``notes`` is what the family noted, or None where it is not to be there.
    """

    about: About
    verdict: str
    until: str | None
    voice: str
    fits: list[str]
    open: list[str]
    not_yet: list[str]
    not_met: list[str]
    records: list[str]
    answers: Told
    rows: list[Row]
    answers_of: str
    text_version: str
    notes: str | None


_SHEET = TypeAdapter(Sheet)


def sheet_to(sheet: Sheet) -> dict[str, Any]:
    """The page as JSON values."""
    return asdict(sheet)


def sheet_from(values: Mapping[str, Any]) -> Sheet:
    """The page out of its JSON values."""
    return _SHEET.validate_python(values)


def make_sheet(screening: Mapping[str, Any], trial: Trial, texts: Texts, notes: str = "") -> Sheet:
    """The page for a screening of this trial; empty notes are left out."""
    findings: Mapping[str, Mapping[str, Any]] = screening["findings"]
    found = [(one, findings[one.id]) for one in trial.criteria if one.id in findings]
    voice = screening.get("respondent")
    return Sheet(
        about=About(
            number=trial.id,
            title=trial.title,
            official_title=trial.official_title,
            sponsor=trial.sponsor,
            source=trial.source.name,
            source_day=trial.source.date.isoformat(),
            version=str(screening.get("trial_version", trial.version)),
            reviewed_by=trial.reviewed_by,
        ),
        verdict=screening["verdict"],
        until=screening.get("until"),
        voice=str(voice) if voice in _RESPONDENTS else "parent",
        fits=_fits(found, texts),
        open=_open(found, screening["verdict"]),
        not_yet=_words(found, "why", "not_yet"),
        not_met=_words(found, "why", "not_met"),
        records=_records(found, screening["verdict"], trial, texts),
        answers=_told(screening["facts"], texts),
        rows=[
            Row(one.source, _word(finding, "topic"), finding["finding"], finding.get("until"))
            for one, finding in found
            if one.asked and not one.sensitive
        ],
        answers_of=screening["today"],
        text_version=str(screening.get("text_version", texts.version)),
        notes=notes or None,
    )


_Found = list[tuple[Criterion, Mapping[str, Any]]]


def _fits(found: _Found, texts: Texts) -> list[str]:
    """What fits, as the chat told it: the main things by name, the rest in one line."""
    met = [(one, finding) for one, finding in found if finding["finding"] == "met"]
    named = _words([(one, finding) for one, finding in met if one.fits is not None], "topic", "met")
    rest = any(one.fits is None for one, _ in met)
    return [*named, texts.say("doctor.sheet.fits_rest")] if rest else named


def _words(found: _Found, part: str, *kinds: str) -> list[str]:
    words = [_word(finding, part) for kind in kinds for _, finding in found if finding["finding"] == kind]
    return list(dict.fromkeys(words))


def _open(found: _Found, verdict: str) -> list[str]:
    """What the study team would check. Where the study is no match it was not asked for, and nobody will."""
    # What the family's own answers left open comes before what no family is asked.
    return _words(found, "topic", "unknown", "for_the_team") if verdict != "not_likely" else []


def _told(facts: Mapping[str, Any], texts: Texts) -> Told:
    answers = grouped(facts, texts)
    not_sure = texts.say("web.value.not_sure")
    return Told(
        told=[(one.label, one.value) for one in answers.told if one.value != not_sure],
        not_sure=[one.label for one in answers.told if one.value == not_sure],
        no=answers.no,
        no_lately=answers.no_lately,
    )


def _word(finding: Mapping[str, Any], part: str) -> str:
    """A screening from before this page was there has the whole text alone."""
    return str(finding.get(part) or finding["text"])


def _records(found: _Found, verdict: str, trial: Trial, texts: Texts) -> list[str]:
    """What to bring, in the order of the texts: what every study asks for, and what would close what is open.

    Where the study is no match, it is what would show whether the answers that decided it were right.

    The table in the texts is keyed by fact, and by criterion where no family is asked.
    """
    by_fact: Mapping[str, str] = texts.node("doctor.records.by_fact")
    by_criterion: Mapping[str, Mapping[str, str]] = texts.node("doctor.records.by_criterion")
    of_trial = by_criterion.get(trial.id, {})
    counting = ("not_met",) if verdict == "not_likely" else _OPEN
    wanted = set(_keys(found, counting))
    return list(
        dict.fromkeys(
            [
                *texts.node("doctor.records.always"),
                *(record for table in (by_fact, of_trial) for key, record in table.items() if key in wanted),
            ]
        )
    )


def _keys(found: _Found, kinds: Sequence[str]) -> Iterator[str]:
    for criterion, finding in found:
        if finding["finding"] not in kinds or criterion.sensitive:
            continue
        if criterion.rule is None:
            yield criterion.id
        else:
            yield from (path.partition(".")[0] for path in criterion.rule.paths())
