"""The result of a whole interview: one trial's verdict, or several trials in the order of hope."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final

from bot.interview.model import Facts, World
from bot.interview.plan import Standing
from bot.interview.sites import kept_sites, where
from bot.interview.speech import Speaker
from bot.interview.verdicts import iso, kept_result, may_move, past_age, trial_result, verdict_text
from criteria import Verdict
from criteria.matching import TrialStanding

_MOST_NAMED: Final = 8
"""So many studies of a group are named in the chat; the page after it has them all."""


def result_text(now: Standing, world: World, speaker: Speaker) -> str:
    """The result as one message."""
    if world.only_trial is not None:
        return verdict_text(now.trials[0], now.facts, speaker)
    groups = {name: [one for one in now.trials if one.assessment.verdict == name] for name in _GROUPS}
    parts = [_opening(now, speaker)]
    for name, group in groups.items():
        if group:
            parts.append(_listed(name, group, now, speaker))
    if any(may_move(one) for one in groups["not_yet"]):
        parts.append(speaker.say("results.may_move"))
    if groups["not_yet"]:
        parts.append(speaker.say("keep_treatment"))
    others = now.counts.get("not_likely", 0)
    if others and not now.ruled_out:
        key = f"results.not_likely_too.{'one' if others == 1 else 'more'}"
        parts.append(f"{speaker.say(key, count=others)} {speaker.say('results.where')}")
    else:
        parts.append(speaker.say("results.where"))
    if now.ruled_out:
        parts.append(speaker.say("verdict.next_steps", contact=speaker.contact()))
    elif any(one.trial.reviewed_by is None for group in groups.values() for one in group):
        parts.append(speaker.say("results.unreviewed"))
    return "\n\n".join(parts)


_GROUPS: Final[tuple[Verdict, ...]] = ("likely", "possible", "not_yet")


def _opening(now: Standing, speaker: Speaker) -> str:
    total = now.total
    if now.ruled_out:
        return speaker.say("results.not_likely", total=total)
    # What may be a match with open points is no less "may be a match" than one without.
    count = now.counts.get("likely", 0) + now.counts.get("possible", 0) or now.counts["not_yet"]
    key = f"results.{now.verdict}.{'one' if count == 1 else 'more'}"
    return speaker.say(key, count=count, total=total)


def _listed(name: Verdict, group: Sequence[TrialStanding], now: Standing, speaker: Speaker) -> str:
    lines = [_line(one, now.facts, speaker) for one in group[:_MOST_NAMED]]
    rest = now.counts[name] - len(lines)
    if rest:
        lines.append(speaker.say("results.rest", count=rest))
    # Each line is a sentence of its own: to a screen reader, and to the measure of the reading grade.
    ended = [line if line.endswith(".") else f"{line}." for line in lines]
    return "\n".join([speaker.say(f"results.groups.{name}"), *(f"- {line}" for line in ended)])


def _line(one: TrialStanding, facts: Facts, speaker: Speaker) -> str:
    title, until = one.trial.title.removesuffix("."), one.assessment.until
    if one.assessment.verdict != "not_yet" or until is None:
        line = f"{title}."
    elif past_age(one, facts, speaker.today):
        line = speaker.say("results.until_past_age", title=title)
    else:
        line = speaker.say("results.until", title=title, day=speaker.day(until))
    return f"{line} {where(one.trial, facts, speaker)}" if one.trial.sites else line


def result_state(now: Standing, world: World, speaker: Speaker) -> dict[str, Any]:
    """The result as the API shows it: the first trial whole, and of several the verdict of each."""
    state = trial_result(now.trials[0], speaker)
    if world.only_trial is None:
        state["trials"] = [
            {
                "trial": one.trial.id,
                "title": one.trial.title,
                "verdict": one.assessment.verdict,
                "until": iso(one.assessment.until),
            }
            for one in now.trials
        ]
    return state


def result_mark(now: Standing) -> str:
    """A mark of what was found and why: the same as long as only the words for the patient change."""
    found = [
        [
            one.trial.id,
            [
                (name, finding.finding, iso(finding.until), finding.family)
                for name, finding in one.assessment.findings.items()
            ],
        ]
        for one in now.trials
    ]
    return hashlib.sha256((now.mark() + json.dumps(found)).encode()).hexdigest()[:16]


def screening(now: Standing, world: World, language: str) -> dict[str, Any]:
    """What the lead store keeps of a finished screening: facts and findings, no conversation.

    The first trial stands at the top; where there are several, ``trials`` holds each of them in the order in
    which the family heard of them, and ``trials_left_out`` how many more there were.
    """
    speaker = Speaker(world, now.facts)
    kept = [kept_result(one, speaker) | {"sites": kept_sites(one.trial, now.facts)} for one in now.trials]
    found = {
        **kept[0],
        "text_version": world.texts.version,
        "language": language,
        "today": world.today.isoformat(),
        "respondent": now.facts.get("respondent"),
        "facts": now.facts,
    }
    if world.only_trial is None:
        found |= {"trials": kept, "trials_left_out": now.total - len(kept)}
    return found
