"""The questions in the order in which they are asked, each with all its wordings and when it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.approval.content import Entry
from bot.interview.questions import QUESTIONS, Question
from bot.script.asking import Answers, Asking, Plan
from bot.script.document import Block, Facts, Heading
from bot.script.lines import LineMaker
from criteria import Trial


def question_blocks(trial: Trial, maker: LineMaker, entries: Sequence[Entry]) -> Iterator[Block]:
    """All texts of the section: the questions, then what they share."""
    words = _AskedWords(maker)
    plan = Plan(trial, maker.texts)
    for question in QUESTIONS:
        prefix = f"questions.{question.id}."
        own = [entry for entry in entries if _question_of(entry.key) == question.id]
        yield Heading(f"{words.title(question.id)} ({question.id})")
        yield Facts(tuple(words.rows(question, plan.asking(question))))
        for entry in own:
            part, *rest = entry.key.removeprefix(prefix).split(".")
            role = maker.texts.say(f"board.role.{part}")
            yield maker.line(entry, f"{role}: {rest[0]}" if part == "choices" else role)
    yield from maker.lines(entry for entry in entries if _question_of(entry.key) is None)


def _question_of(key: str) -> str | None:
    """The question that a text belongs to: that of ``chemotherapy.last`` is not that of ``chemotherapy``."""
    ids = [question.id for question in QUESTIONS if key.startswith(f"questions.{question.id}.")]
    return max(ids, key=len, default=None)


class _AskedWords:
    """Says when a question is asked."""

    def __init__(self, maker: LineMaker) -> None:
        self.maker = maker

    def say(self, key: str, **values: object) -> str:
        return self.maker.texts.say(f"board.question.{key}", **values)

    def title(self, question: str) -> str:
        return self.maker.spoken(f"questions.{question}.title")

    def rows(self, question: Question, asking: Asking) -> Iterator[tuple[str, str]]:
        yield self.say("asked"), self.asked(question, asking)
        yield self.say("needed_by"), ", ".join(asking.criteria) or self.say("no_criterion")
        if question.multiple:
            yield self.say("several"), self.say("yes")
        if "again" not in self.maker.texts.node(f"questions.{question.id}"):
            yield self.say("other_wordings"), self.say("shared")

    def asked(self, question: Question, asking: Asking) -> str:
        if question.id == QUESTIONS[0].id:
            return self.say("first")
        if question.main:
            return self.say("everybody")
        said = [self.answers("opened_by", answers) for answers in asking.opened_by]
        if asking.days:
            ranges = f" {self.say('or')} ".join(self.range(least, most) for least, most in asking.days)
            said.append(self.say("days", title=self.title(asking.day_of), ranges=ranges))
        said += [self.answers("closed_by", answers) for answers in asking.closed_by]
        if not said:
            said = [self.say("only_told" if asking.told else "never")]
        return " ".join(said)

    def answers(self, key: str, answers: Answers) -> str:
        choices = f" {self.say('or')} ".join(f"“{title}”" for title in answers.titles)
        return self.say(key, choices=choices, question=self.title(answers.question))

    def range(self, least: int, most: int | None) -> str:
        return self.say("from", least=least) if most is None else self.say("between", least=least, most=most)
