"""Answers in words, for the family's read-back, the site's message and the inbox. Never what was typed."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from bot.texts import Texts
from criteria.wording import age_in_words


class Answer(NamedTuple):
    """One fact in words."""

    fact: str
    label: str
    value: str


def answers_in_words(facts: Mapping[str, Any], texts: Texts) -> list[Answer]:
    """Every fact told, in the order in which the texts list their labels."""
    labels: Mapping[str, str] = texts.node("web.fact")
    names = [name for name in labels if name in facts] + [name for name in facts if name not in labels]
    return [
        Answer(name, labels.get(name, name.replace("_", " ")), _value(name, facts[name], texts))
        for name in names
    ]


def _value(name: str, value: Any, texts: Texts) -> str:
    if isinstance(value, str):
        return _word(value, texts)
    if isinstance(value, list):
        return ", ".join(_word(item, texts) for item in value) or _word("none_of_these", texts)
    if name == "age":
        return age_in_words(value["months"])
    if name == "activity":
        return _activity(value["score"], texts)
    if name == "diagnosis":
        return _diagnosis(value, texts)
    return _event(value, texts)


def day_in_words(iso: str) -> str:
    """An ISO day as the chat says it too: December 13, 2026."""
    day = date.fromisoformat(iso)
    return f"{day:%B} {day.day}, {day.year}"


def _days(interval: list[str], texts: Texts) -> str:
    earliest, latest = (day_in_words(day) for day in interval)
    return earliest if earliest == latest else texts.say("web.answer.to", one=earliest, other=latest)


def _word(code: str, texts: Texts) -> str:
    key = f"web.value.{code}"
    return texts.say(key) if texts.has(key) else code.replace("_", " ")


def _diagnosis(value: Mapping[str, str], texts: Texts) -> str:
    key = f"web.diagnosis.{value['id']}"
    name = texts.say(key) if texts.has(key) else value["id"].replace("_", " ")
    if "arises_in" not in value:
        return name
    return texts.say("web.answer.where", name=name, place=_word(value["arises_in"], texts))


def _activity(score: list[int], texts: Texts) -> str:
    steps: Mapping[int, str] = texts.node("web.activity")
    least, most = ([step for step in steps if step <= end][-1] for end in score)
    words = (
        steps[least]
        if least == most
        else texts.say("web.answer.between", one=steps[least], other=steps[most])
    )
    numbers = (
        str(score[0]) if score[0] == score[1] else texts.say("web.answer.to", one=score[0], other=score[1])
    )
    return texts.say("web.answer.activity", words=words, score=numbers)


def _event(value: Mapping[str, Any], texts: Texts) -> str:
    parts: list[str] = []
    for field, told in value.items():
        if field == "had":
            parts.insert(0, _word(told, texts))
        elif field == "last" and isinstance(told, list):
            parts.append(texts.say("web.answer.last", days=_days(told, texts)))
        elif field == "last":
            parts.append(texts.say("web.answer.ongoing" if told == "ongoing" else "web.answer.last_not_sure"))
        elif field == "symptom_free_since":
            days = _days(told, texts) if isinstance(told, list) else _word(told, texts)
            parts.append(texts.say("web.answer.symptom_free_since", days=days))
        else:
            parts.append(texts.say(f"web.answer.{field}", value=_word(told, texts)))
    return "; ".join(parts)
