"""What a verdict says to a family, to the page and to the lead store."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from bot.interview.model import Facts, World
from bot.interview.plan import Standing
from bot.interview.speech import Speaker
from criteria import Assessment, Criterion, Finding


def verdict_text(now: Standing, world: World, speaker: Speaker) -> str:
    """The verdict as one message: what fits, what does not and why, what may change, what is open."""
    assessment = now.assessment
    parts = [speaker.say(f"verdict.{_opening(now, world)}")]
    if assessment.verdict == "not_likely":
        parts += _reasons("verdict.why_not_likely", "not_met", assessment, speaker)
        parts.append(speaker.say("verdict.next_steps", contact=speaker.contact()))
        return "\n\n".join(parts)
    if assessment.verdict == "not_yet":
        # What may change comes before what stands in the way.
        parts.append(_when(now, world, speaker))
        parts += _reasons("verdict.why_not_yet", "not_yet", assessment, speaker)
        parts.append(speaker.say("keep_treatment"))
    parts += _fits(assessment, world, speaker)
    parts += _open(assessment, world, speaker)
    if world.trial.reviewed_by is None:
        parts.append(speaker.say("verdict.unreviewed"))
    return "\n\n".join(parts)


def _opening(now: Standing, world: World) -> str:
    """The words that open a verdict; "this is not a no" would be false hope past the age limit."""
    verdict, until = now.assessment.verdict, now.assessment.until
    late = verdict == "not_yet" and until is not None and _past_age(now.facts, until, world)
    return f"{verdict}_past_age" if late else verdict


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


def _when(now: Standing, world: World, speaker: Speaker) -> str:
    until = now.assessment.until
    if until is None:
        return speaker.say("verdict.no_date")
    sentences = [speaker.say("verdict.until", day=speaker.day(until))]
    open_or_undated = any(
        finding.finding == "unknown" or (finding.finding == "not_yet" and finding.until is None)
        for finding in now.assessment.findings.values()
    )
    if open_or_undated:
        sentences.append(speaker.say("verdict.may_move"))
    if _past_age(now.facts, until, world):
        sentences.append(speaker.say("verdict.past_age"))
    return " ".join(sentences)


def _past_age(facts: Facts, until: date, world: World) -> bool:
    age, limit = facts.get("age"), world.trial.age_limit_months
    if limit is None or not isinstance(age, dict):
        return False
    months = (until.year - world.today.year) * 12 + until.month - world.today.month
    return bool(age["months"][1] + months >= limit)


def _fits(assessment: Assessment, world: World, speaker: Speaker) -> list[str]:
    met = [c for c in world.trial.criteria if assessment.findings[c.id].finding == "met"]
    lines = [speaker.topic(criterion.fits) for criterion in met if criterion.fits]
    if any(criterion.fits is None for criterion in met):
        lines.append(speaker.say("verdict.fits_rest"))
    return _bullets(speaker.say("verdict.fits"), lines)


def _open(assessment: Assessment, world: World, speaker: Speaker) -> list[str]:
    def topics(kind: str) -> list[str]:
        return [
            speaker.topic(criterion.family)
            for criterion in world.trial.criteria
            if assessment.findings[criterion.id].finding == kind
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


def verdict_state(now: Standing, world: World, speaker: Speaker) -> dict[str, Any]:
    """The verdict as the API shows it: family texts only."""
    return {
        "trial": world.trial.id,
        "verdict": now.assessment.verdict,
        "until": _iso(now.assessment.until),
        "findings": {
            criterion.id: {
                "finding": now.assessment.findings[criterion.id].finding,
                "until": _iso(now.assessment.findings[criterion.id].until),
                "text": family_text(criterion, now.assessment.findings[criterion.id], speaker),
            }
            for criterion in world.trial.criteria
        },
    }


def result_mark(now: Standing) -> str:
    """A mark of what was found and why: the same as long as only the words for the patient change."""
    found = [
        (name, finding.finding, _iso(finding.until), finding.family)
        for name, finding in now.assessment.findings.items()
    ]
    told = json.dumps([now.assessment.verdict, _iso(now.assessment.until), found])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def screening(now: Standing, world: World, state: dict[str, Any], language: str) -> dict[str, Any]:
    """What the lead store keeps of a finished screening: facts and findings, no conversation.

    Each finding has what it is about (``topic``) and why it is not met or not yet (``why``) in the family's
    voice, for the pages that she sees after the verdict.
    """
    speaker = Speaker(world, now.facts)
    findings = {
        criterion_id: {
            **shown,
            "reason": now.assessment.findings[criterion_id].reason,
            "topic": speaker.topic(_about(world.trial.criterion(criterion_id), shown["finding"])),
            "why": _why(now.assessment.findings[criterion_id], speaker),
        }
        for criterion_id, shown in state["findings"].items()
    }
    return {
        "trial": world.trial.id,
        "trial_version": world.trial.version,
        "text_version": world.texts.version,
        "language": language,
        "today": world.today.isoformat(),
        "respondent": now.facts.get("respondent"),
        "facts": now.facts,
        "verdict": state["verdict"],
        "until": state["until"],
        "findings": findings,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _about(criterion: Criterion, finding: str) -> str:
    """What a finding is about; of what fits no more is named than was told, as in the chat's own list."""
    return criterion.fits if finding == "met" and criterion.fits else criterion.family
