"""The page of all trials: each criterion's own words beside what the program does with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.texts import Texts
from bot.trialfiles.rules import in_one_line
from criteria import Criterion, Trial

_MARKS = re.compile(r"([\\`*_\[\]<>|~#])")


def trials_page(trials: Iterable[Trial], texts: Texts) -> str:
    """All trials as one Markdown page, a table with a row for each criterion, and the totals."""
    return _Page(texts).whole(tuple(trials))


class _Page:
    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def say(self, key: str, **values: object) -> str:
        return self.texts.say(f"board.catalogue.{key}", **values)

    def whole(self, trials: tuple[Trial, ...]) -> str:
        lines = [f"# {self.say('title')}", "", self.say("about"), "", *self.overview(trials)]
        for trial in trials:
            lines += ["", *self.trial(trial)]
        return "\n".join(lines) + "\n"

    def overview(self, trials: tuple[Trial, ...]) -> Iterator[str]:
        yield _row(self.say(head) for head in ("trial", "name", "criteria", "asked", "team", "unclear"))
        yield _row(["---"] * 6)
        for trial in trials:
            counts = (str(number) for number in self.counts(trial).values())
            yield _row([f"[{trial.id}](#{trial.id.lower()})", _quoted(trial.title), *counts])

    def counts(self, trial: Trial) -> dict[str, int]:
        asked = sum(criterion.asked for criterion in trial.criteria)
        return {
            "criteria": len(trial.criteria),
            "asked": asked,
            "team": len(trial.criteria) - asked,
            "unclear": len(trial.unclear),
        }

    def trial(self, trial: Trial) -> Iterator[str]:
        source = trial.source
        key = "linked" if source.address else "read_from"
        yield f"## {trial.id}"
        yield ""
        yield f"> {_quoted(trial.official_title)}"
        yield ""
        yield f"- {self.say(key, name=source.name, address=source.address, day=source.date.isoformat())}"
        yield f"- {self.say('read_by', by=trial.read_by)}"
        yield f"- {self.say('reviewed', by=trial.reviewed_by or self.say('nobody'))}"
        yield f"- {self.say('totals', **self.counts(trial))}"
        yield ""
        yield _row(self.say(head) for head in ("id", "source", "done"))
        yield _row(["---"] * 3)
        for criterion in trial.criteria:
            yield _row([criterion.id, self.quotation(criterion), "<br>".join(self.done(criterion))])
        if trial.unclear:
            yield ""
            yield f"### {self.say('unclear')}: {trial.id}"
            yield ""
            yield from (f"- {_quoted(unclear)}" for unclear in trial.unclear)

    def quotation(self, criterion: Criterion) -> str:
        said = f'"{_quoted(criterion.source)}"'
        return said if criterion.part is None else f"{_quoted(criterion.part)}:<br>{said}"

    def done(self, criterion: Criterion) -> Iterator[str]:
        if criterion.draft is not None:
            yield self.say("draft")
        if criterion.changed:
            yield self.say("changed")
        rule = criterion.rule
        if rule is None:
            yield self.say("for_the_team", why=_quoted(criterion.why_not_asked or ""))
        else:
            yield self.say("facts", facts=_quoted(self.facts(criterion)))
            for group in ("not_met", "not_yet"):
                for case in getattr(rule, group):
                    condition = _quoted(in_one_line(case.when, self.texts))
                    yield self.say(group, condition=condition, reason=_quoted(case.reason))
            yield self.say("met", reason=_quoted(rule.met.reason))
            yield from (self.say("unknown", reason=_quoted(case.reason)) for case in rule.unknown)
        if criterion.sensitive:
            yield self.say("sensitive")
        if criterion.note:
            yield self.say("note", note=_quoted(criterion.note))

    def facts(self, criterion: Criterion) -> str:
        """The facts that the rule looks at, each once, as the pages name them."""
        paths = criterion.rule.paths() if criterion.rule is not None else frozenset()
        names = sorted({path.partition(".")[0] for path in paths})
        return ", ".join(self.texts.say(f"web.fact.{name}") for name in names)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _quoted(text: str) -> str:
    """The text on one line, with every sign that Markdown would take for its own marked as the text's."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
