"""A trial's rules in words: what each finding rests on, for people who read no YAML."""

from __future__ import annotations

from collections.abc import Iterator

from bot.texts import Texts
from criteria.conditions import Between, Every, FactLeaf, Includes, Not, OneOf, Ongoing, Some, Washout, Within
from criteria.judging import Condition

Lines = tuple[tuple[int, str], ...]


def in_words(condition: Condition, texts: Texts) -> Lines:
    """The condition as lines, each with how deep it stands under the ones before it."""
    return tuple(_RuleWords(texts).lines(condition, 0))


def in_one_line(condition: Condition, texts: Texts) -> str:
    """The condition as one phrase, for a cell of a table."""
    return _RuleWords(texts).phrase(condition)


class _RuleWords:
    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def say(self, key: str, **values: object) -> str:
        return self.texts.say(f"board.rule.{key}", **values)

    def lines(self, condition: Condition, depth: int) -> Iterator[tuple[int, str]]:
        if isinstance(condition, Every | Some):
            yield depth, self.say("all" if isinstance(condition, Every) else "any")
            for part in condition.parts:
                yield from self.lines(part, depth + 1)
        elif isinstance(condition, Not):
            yield depth, self.say("not")
            yield from self.lines(condition.part, depth + 1)
        else:
            yield depth, self.leaf(condition)

    def phrase(self, condition: Condition) -> str:
        if isinstance(condition, Every | Some):
            parts = (
                self.say("inside", condition=self.phrase(part))
                if isinstance(part, Every | Some)
                else self.phrase(part)
                for part in condition.parts
            )
            # A text comes without the blanks at its ends.
            joined = self.say("and" if isinstance(condition, Every) else "or")
            return f" {joined} ".join(parts)
        if isinstance(condition, Not):
            return self.say("except", condition=self.phrase(condition.part))
        return self.leaf(condition)

    def leaf(self, condition: Condition) -> str:
        match condition:
            case OneOf():
                values = f" {self.say('or')} ".join(self.value(value) for value in sorted(condition.values))
                said = self.say("is", fact=self.fact(condition), values=values)
                return self.unless_told(said, condition.if_not_told)
            case Includes():
                return self.say("includes", fact=self.fact(condition), value=self.value(condition.value))
            case Between():
                return self.between(condition)
            case Within():
                said = self.say("within", fact=self.name(condition.path), time=self.time(condition.washout))
                return self.unless_told(said, condition.if_not_told)
            case Ongoing():
                return self.say("ongoing", fact=self.name(condition.event))
        raise TypeError(f"no words for {type(condition).__name__}")

    def between(self, condition: Between) -> str:
        least, most = condition.at_least, condition.at_most
        key = "at_most" if least is None else "at_least" if most is None else "between"
        return self.say(key, fact=self.fact(condition), least=least, most=most)

    def unless_told(self, said: str, value: str | None) -> str:
        return said if value is None else self.say("counts_as", condition=said, value=self.value(value))

    def time(self, washout: Washout) -> str:
        unit = "days" if washout.days else "months" if washout.months else "years"
        return self.say(unit, n=getattr(washout, unit))

    def fact(self, leaf: FactLeaf) -> str:
        return self.name(leaf.path)

    def name(self, path: str) -> str:
        name, _, field = path.partition(".")
        label = self.texts.say(f"web.fact.{name}")
        return self.say("field", fact=label, field=self.say(f"fields.{field}")) if field else label

    def value(self, value: str) -> str:
        for branch in ("value", "diagnosis"):
            if self.texts.has(f"web.{branch}.{value}"):
                return self.texts.say(f"web.{branch}.{value}")
        return value.replace("_", " ")
