"""The results of several studies as the page after the verdict shows them, one card for each study."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.leads.results import OFFERED_ON, results_of, site_line, sites_of
from bot.leads.words import day_in_words
from bot.texts import Texts
from bot.texts.voices import capital
from criteria import Trial
from criteria.study import Step


@dataclass(frozen=True)
class StudyResult:
    """One study: what it is, what taking part involves, and what the answers come to.

    says    the verdict as a sentence
    why     what is against it, each with its day where one is known
    open    what the study team would check
    sites   the nearest places, each with its way in kilometers where the family told where she lives
    """

    trial: str
    title: str
    summary: str
    steps: tuple[Step, ...]
    verdict: str
    says: str
    why: tuple[str, ...]
    open: tuple[str, ...]
    sites: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Results:
    """All studies of a screening: those that may be a match, now or later, and those that are not likely."""

    hopeful: list[StudyResult]
    not_likely: list[StudyResult]
    left_out: int


def results_page(
    screening: Mapping[str, Any] | None, trials: Mapping[str, Trial], texts: Texts
) -> Results | None:
    """What there is to show; None where the screening is of one trial alone.

    A trial that is not in use any more is left out: its words are not known.
    """
    if screening is None or "trials" not in screening:
        return None
    shown = [
        _study(result, trials[result["trial"]], texts)
        for result in results_of(screening)
        if result["trial"] in trials
    ]
    return Results(
        hopeful=[study for study in shown if study.verdict in OFFERED_ON],
        not_likely=[study for study in shown if study.verdict not in OFFERED_ON],
        left_out=int(screening.get("trials_left_out", 0)),
    )


def _study(result: Mapping[str, Any], trial: Trial, texts: Texts) -> StudyResult:
    verdict, until = str(result["verdict"]), result["until"]
    if verdict == "not_yet" and until:
        says = texts.say("web.verdict.not_yet_until", day=day_in_words(until))
    else:
        says = texts.say(f"web.verdict.{verdict}")
    ruling = {"not_likely": "not_met", "not_yet": "not_yet"}.get(verdict)
    return StudyResult(
        trial=trial.id,
        title=trial.title,
        summary=trial.summary,
        steps=trial.study.steps,
        verdict=verdict,
        says=says,
        why=_words(result, "why", ruling),
        open=tuple(capital(topic) for topic in _words(result, "topic", "unknown")),
        sites=tuple({**site, "line": site_line(site)} for site in sites_of(result)),
    )


def _words(result: Mapping[str, Any], part: str, kind: str | None) -> tuple[str, ...]:
    found = result["findings"].values()
    return tuple(dict.fromkeys(one[part] for one in found if one["finding"] == kind and one.get(part)))
