"""What one trial's verdict says to a family, to the page and to the lead store."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.interview.model import Facts
from bot.interview.sites import where
from bot.interview.speech import Speaker
from criteria import Assessment, Criterion, Finding
from criteria.matching import TrialStanding


def verdict_text(one: TrialStanding, facts: Facts, speaker: Speaker) -> str:
    """One trial's verdict as one message: what fits, what does not and why, what may change, what is open."""
    assessment = one.assessment
    parts = [speaker.say(f"verdict.{_opening(one, facts, speaker)}")]
    if assessment.verdict == "not_likely":
        parts += _reasons("verdict.why_not_likely", "not_met", assessment, speaker)
        parts.append(speaker.say("verdict.next_steps", contact=speaker.contact()))
        return "\n\n".join(parts)
    if assessment.verdict == "not_yet":
        # What may change comes before what stands in the way.
        parts.append(_when(one, facts, speaker))
        parts += _reasons("verdict.why_not_yet", "not_yet", assessment, speaker)
        parts.append(speaker.say("keep_treatment"))
    parts += _fits(one, speaker)
    parts += _open(one, speaker)
    if one.trial.sites:
        parts.append(where(one.trial, facts, speaker))
    if one.trial.reviewed_by is None:
        parts.append(speaker.say("verdict.unreviewed"))
    return "\n\n".join(parts)


def _opening(one: TrialStanding, facts: Facts, speaker: Speaker) -> str:
    """The words that open a verdict; "this is not a no" would be false hope past the age limit."""
    verdict = one.assessment.verdict
    return f"{verdict}_past_age" if past_age(one, facts, speaker.today) else verdict


def _bullets(title: str, lines: list[str]) -> list[str]:
    # Each line is a sentence of its own: to a screen reader, and to the measure of the reading grade.
    ended = [line if line.endswith(".") else f"{line}." for line in dict.fromkeys(lines)]
    return ["\n".join([title, *(f"- {line}" for line in ended)])] if lines else []


def _reasons(key: str, kind: str, assessment: Assessment, speaker: Speaker) -> list[str]:
    findings = [finding for finding in assessment.findings.values() if finding.finding == kind]
    plain = [speaker.fill(text) for finding in findings for text in finding.family]
    if len(set(plain)) == 1:
        # The one day was just told.
        return _bullets(speaker.say(key), plain)
    dated = [_dated(speaker.fill(text), finding, speaker) for finding in findings for text in finding.family]
    return _bullets(speaker.say(key), dated)


def _dated(text: str, finding: Finding, speaker: Speaker) -> str:
    if finding.until is None:
        return text
    return f"{text} {speaker.say('verdict.until_finding', day=speaker.day(finding.until))}"


def _when(one: TrialStanding, facts: Facts, speaker: Speaker) -> str:
    until = one.assessment.until
    if until is None:
        return speaker.say("verdict.no_date")
    sentences = [speaker.say("verdict.until", day=speaker.day(until))]
    if may_move(one):
        sentences.append(speaker.say("verdict.may_move"))
    if past_age(one, facts, speaker.today):
        sentences.append(speaker.say("verdict.past_age"))
    return " ".join(sentences)


def may_move(one: TrialStanding) -> bool:
    """Whether the day of a *not yet* may move: something is not known, or has no day."""
    return one.assessment.until is not None and any(
        finding.finding == "unknown" or (finding.finding == "not_yet" and finding.until is None)
        for finding in one.assessment.findings.values()
    )


def past_age(one: TrialStanding, facts: Facts, today: date) -> bool:
    """Whether a *not yet* may end only when the patient is past the trial's age limit."""
    until, age, limit = one.assessment.until, facts.get("age"), one.trial.age_limit_months
    if one.assessment.verdict != "not_yet" or until is None or limit is None or not isinstance(age, dict):
        return False
    months = (until.year - today.year) * 12 + until.month - today.month
    return bool(age["months"][1] + months >= limit)


def _fits(one: TrialStanding, speaker: Speaker) -> list[str]:
    found = one.assessment.findings
    met = [criterion for criterion in one.trial.criteria if found[criterion.id].finding == "met"]
    lines = [speaker.topic(criterion.fits) for criterion in met if criterion.fits]
    if any(criterion.fits is None for criterion in met):
        lines.append(speaker.say("verdict.fits_rest"))
    return _bullets(speaker.say("verdict.fits"), lines)


def _open(one: TrialStanding, speaker: Speaker) -> list[str]:
    def topics(kind: str) -> list[str]:
        return [
            speaker.topic(criterion.family)
            for criterion in one.trial.criteria
            if one.assessment.findings[criterion.id].finding == kind
        ]

    # What the family's own answers left open comes before what no family is asked.
    return _bullets(speaker.say("verdict.open"), topics("unknown") + topics("for_the_team"))


def family_text(criterion: Criterion, finding: Finding, speaker: Speaker) -> str:
    """What the page may show of one finding: never the source's words."""
    if finding.finding == "met":
        return speaker.say("verdict.met_text")
    if finding.finding in ("unknown", "for_the_team"):
        return speaker.say("verdict.unknown_text", topic=speaker.topic(criterion.family))
    text = _why(finding, speaker)
    if finding.finding == "not_yet":
        text = f"{text} {speaker.say('keep_treatment')}"
    return text


def _why(finding: Finding, speaker: Speaker) -> str:
    """Why something is not met, or not yet; empty for any other finding."""
    if finding.finding not in ("not_met", "not_yet"):
        return ""
    return " ".join(_dated(speaker.fill(part), finding, speaker) for part in finding.family)


def trial_result(one: TrialStanding, speaker: Speaker) -> dict[str, Any]:
    """One trial's verdict with its findings, in family texts only."""
    return {
        "trial": one.trial.id,
        "verdict": one.assessment.verdict,
        "until": iso(one.assessment.until),
        "findings": {
            criterion.id: {
                "finding": one.assessment.findings[criterion.id].finding,
                "until": iso(one.assessment.findings[criterion.id].until),
                "text": family_text(criterion, one.assessment.findings[criterion.id], speaker),
            }
            for criterion in one.trial.criteria
        },
    }


def kept_result(one: TrialStanding, speaker: Speaker) -> dict[str, Any]:
    """One trial's verdict as the lead store keeps it.

    Each finding has the reason for staff besides, and what it is about (``topic``) and why it is not met or
    not yet (``why``) in the family's voice, for the pages that she sees after the verdict.
    """
    result = trial_result(one, speaker)
    result["trial_version"] = one.trial.version
    for criterion_id, shown in result["findings"].items():
        finding = one.assessment.findings[criterion_id]
        shown["reason"] = finding.reason
        shown["topic"] = speaker.topic(_about(one.trial.criterion(criterion_id), shown["finding"]))
        shown["why"] = _why(finding, speaker)
    return result


def iso(day: date | None) -> str | None:
    """The day as YYYY-MM-DD, or None."""
    return day.isoformat() if day is not None else None


def _about(criterion: Criterion, finding: str) -> str:
    """What a finding is about; of what fits no more is named than was told, as in the chat's own list."""
    return criterion.fits if finding == "met" and criterion.fits else criterion.family
