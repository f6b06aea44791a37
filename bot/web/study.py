"""What the page about a study shows: the trial's own words and facts, put into order. Nothing is made up."""

import re
from dataclasses import dataclass

from bot.leads.words import day_in_words
from bot.texts import Texts, fill
from bot.texts.voices import capital, voice
from criteria import Trial
from criteria.study import Step

# A card on the start page and a search result hold about so many characters.
_LEAD = 220


@dataclass(frozen=True)
class Asked:
    """A question that families ask, and its answer."""

    question: str
    answer: str


@dataclass(frozen=True)
class StudyPage:
    """The page about one trial, all of it in the parent's voice.

    lead, rest   the summary: its first sentences, also for search engines, and the paragraphs after them
    facts        what is to be seen at a glance: label and value, without what nobody told
    looks_at     what the study team checks, each once; the general words stand last
    may_wait     whether something in this trial needs time first, so that "not yet" is an answer
    """

    trial: Trial
    lead: str
    rest: list[str]
    facts: list[tuple[str, str]]
    looks_at: list[str]
    may_wait: bool
    steps: list[Step]
    faq: list[Asked]
    source_day: str


def study_page(trial: Trial, texts: Texts) -> StudyPage:
    """The page of this trial in these texts."""
    first, *others = trial.summary.split("\n\n")
    lead = opening(first, _LEAD)
    return StudyPage(
        trial=trial,
        lead=lead,
        rest=[part for part in (first[len(lead) :].strip(), *others) if part],
        facts=facts(trial, texts),
        looks_at=_looks_at(trial, texts),
        may_wait=any(criterion.rule is not None and criterion.rule.not_yet for criterion in trial.criteria),
        steps=[_step(texts, "study.trial.first"), *trial.study.steps, _step(texts, "study.trial.last")],
        faq=_faq(trial, texts),
        source_day=day_in_words(trial.source.date.isoformat()),
    )


def opening(text: str, most: int) -> str:
    """The first whole sentences of a text, as many as fit into so many characters; one at least."""
    sentences = re.split(r"(?<=[.?!])\s+", text)
    taken = sentences[0]
    for sentence in sentences[1:]:
        if len(taken) + 1 + len(sentence) > most:
            break
        taken += f" {sentence}"
    return taken


def facts(trial: Trial, texts: Texts) -> list[tuple[str, str]]:
    """Label and value of each fact that the trial's file tells."""
    study, day = trial.study, day_in_words(trial.source.date.isoformat())
    sex = texts.say(f"study.trial.sex.{study.sex}") if study.sex else None
    status = texts.say(f"study.trial.status.{study.status}", day=day) if study.status else None
    planned = texts.say("study.trial.enrollment", count=study.enrollment) if study.enrollment else None
    found = [
        ("condition", study.condition),
        ("ages", _ages(trial, texts)),
        ("sex_title", sex),
        ("treatment", study.treatment),
        ("time", study.time),
        ("enrollment_title", planned),
        ("status_title", status),
        ("sponsor", trial.sponsor),
    ]
    return [(texts.say(f"study.trial.{label}"), capital(value)) for label, value in found if value]


def _ages(trial: Trial, texts: Texts) -> str | None:
    # The limit is the first month that is too old; one in the middle of a year is not told in years.
    if not trial.age_limit_months or trial.age_limit_months % 12:
        return None
    return texts.say("study.trial.up_to_age", age=trial.age_limit_months // 12 - 1)


def _looks_at(trial: Trial, texts: Texts) -> list[str]:
    # Criteria whose own words would wound share one text, which says least: it comes last.
    ordered = sorted(trial.criteria, key=lambda criterion: criterion.sensitive)
    words = voice(texts, "parent")
    return list(dict.fromkeys(capital(fill(criterion.family, words, trial.id)) for criterion in ordered))


def _step(texts: Texts, key: str) -> Step:
    return Step(texts.say(f"{key}.title"), texts.say(f"{key}.text"))


def _faq(trial: Trial, texts: Texts) -> list[Asked]:
    study = trial.study
    answers = {
        "what": texts.say("asides.ask_what_is_trial"),
        "why": texts.say("study.answers.why"),
        "how_long": study.how_long or texts.say("study.answers.how_long"),
        "paid": study.payment or texts.say("study.answers.paid"),
        "safe": texts.say("asides.ask_is_it_safe"),
    }
    return [Asked(texts.say(f"study.questions.{name}"), answer) for name, answer in answers.items()]
