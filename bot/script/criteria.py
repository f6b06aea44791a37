"""The criteria for a board: source, reading, rule in words, and what a family hears for each finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.approval.content import Entry
from bot.interview.questions import QUESTIONS
from bot.script.asking import Plan
from bot.script.document import Block, Facts, Heading, Quote, Tree
from bot.script.lines import LineMaker
from bot.trialfiles.rules import in_words
from criteria import Criterion, Trial
from criteria.trial import Case


def trial_blocks(trial: Trial, maker: LineMaker, entries: Mapping[str, Entry]) -> Iterator[Block]:
    """What families read of the study, what is unclear in its source, and all its criteria."""
    words = _CriterionWords(trial, maker, entries)
    yield from words.head()
    asked_by = words.questions()
    for criterion in trial.criteria:
        yield from words.criterion(criterion, asked_by[criterion.id])


class _CriterionWords:
    def __init__(self, trial: Trial, maker: LineMaker, entries: Mapping[str, Entry]) -> None:
        self.trial = trial
        self.maker = maker
        self.entries = entries

    def say(self, key: str, **values: object) -> str:
        return self.maker.texts.say(f"board.criterion.{key}", **values)

    def head(self) -> Iterator[Block]:
        trial, say = self.trial, self.maker.texts.say
        yield Heading(say("board.trial_head.title"))
        yield from self.maker.lines([self.entries["title"], self.entries["summary"]])
        read = [where for where, _ in trial.study.texts()]
        yield from self.maker.lines(self.entries[where] for where in read)
        yield Quote(say("board.trial_head.official_title"), trial.official_title)
        rows = [
            (say("board.trial_head.sponsor"), trial.sponsor),
            (say("board.trial_head.phase"), " ".join(filter(None, (trial.phase, trial.phase_note)))),
        ]
        if trial.age_limit_months is not None:
            rows.append((say("board.trial_head.age_limit"), str(trial.age_limit_months)))
        rows += [
            (entry.key, entry.text)
            for entry in self.entries.values()
            if entry.key.startswith("study.") and entry.key not in read
        ]
        yield Facts(tuple(rows))
        yield Tree(say("board.trial_head.unclear"), tuple((0, unclear) for unclear in trial.unclear))

    def questions(self) -> dict[str, list[str]]:
        """The questions that each criterion waits for."""
        plan = Plan(self.trial, self.maker.texts)
        found: dict[str, list[str]] = {criterion.id: [] for criterion in self.trial.criteria}
        for question in QUESTIONS:
            for criterion in plan.criteria(question):
                found[criterion].append(question.id)
        return found

    def criterion(self, criterion: Criterion, questions: list[str]) -> Iterator[Block]:
        yield Heading(criterion.id)
        yield Quote(self.say("source"), criterion.source)
        rows = []
        if criterion.note:
            rows.append((self.say("note"), criterion.note))
        if criterion.sensitive:
            rows.append((self.say("sensitive"), self.say("sensitive_yes")))
        if criterion.why_not_asked:
            rows.append((self.say("for_the_team"), self.say("always_team")))
            rows.append((self.say("why_not_asked"), criterion.why_not_asked))
        if questions:
            rows.append((self.say("questions"), ", ".join(questions)))
        if rows:
            yield Facts(tuple(rows))
        yield self.maker.line(self.entries[f"{criterion.id}.family"], self.say("family_topic"))
        if criterion.fits:
            yield self.maker.line(self.entries[f"{criterion.id}.fits"], self.say("fits"))
        if criterion.rule is not None:
            yield self.rule("met", criterion.rule.met)
            for group in ("not_met", "not_yet", "unknown"):
                cases: tuple[Case, ...] = getattr(criterion.rule, group)
                for number, case in enumerate(cases):
                    yield self.rule(group, case)
                    if case.family is not None:
                        key = f"{criterion.id}.rule.{group}.{number}.family"
                        yield self.maker.line(self.entries[key], self.say("says"))

    def rule(self, group: str, case: Case) -> Tree:
        finding = self.say("finding", finding=self.say(group))
        return Tree(finding, in_words(case.when, self.maker.texts), case.reason)
