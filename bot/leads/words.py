"""Answers in words, for the family's read-back, the site's message and the inbox. Never what was typed."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from bot.texts import Texts, load_texts
from bot.texts.measures import age_as_text, day_as_text, place_as_text
from criteria.facts import RECENT_EVENTS

# A longer interval says no more than its end: it begins at the birth, or where the program knows nothing.
_LONGEST_INTERVAL = timedelta(days=2 * 366)


class Answer(NamedTuple):
    """One fact in words."""

    fact: str
    label: str
    value: str


class Grouped(NamedTuple):
    """Answers to be read: each that tells something, and the labels of what was said no to."""

    told: list[Answer]
    no: list[str]
    no_lately: list[str]


def answers_in_words(facts: Mapping[str, Any], texts: Texts) -> list[Answer]:
    """Every fact told, in the order in which the texts list their labels."""
    labels: Mapping[str, str] = texts.node("web.fact")
    names = [name for name in labels if name in facts] + [name for name in facts if name not in labels]
    return [
        Answer(name, _label(name, facts[name], texts), _value(name, facts[name], texts)) for name in names
    ]


def grouped(facts: Mapping[str, Any], texts: Texts) -> Grouped:
    """The same answers for a page, all that was said no to put together."""
    labels: Mapping[str, str] = texts.node("web.fact")
    no = [name for name in labels if name in facts and facts[name] in ("no", {"had": "no"})]
    return Grouped(
        told=[answer for answer in answers_in_words(facts, texts) if answer.fact not in no],
        no=[labels[name] for name in no if name not in RECENT_EVENTS],
        no_lately=[labels[name] for name in no if name in RECENT_EVENTS],
    )


def _label(name: str, value: Any, texts: Texts) -> str:
    """What the chat asks of the last 5 weeks alone says nothing of the time before, and is labelled so."""
    labels: Mapping[str, str] = texts.node("web.fact")
    label = labels.get(name, name.replace("_", " "))
    dated = isinstance(value, Mapping) and isinstance(value.get("last"), list)
    if name in RECENT_EVENTS and not dated:
        return texts.say("web.answer.lately", label=label)
    return label


def _value(name: str, value: Any, texts: Texts) -> str:
    if isinstance(value, str):
        return _word(value, texts)
    if isinstance(value, list):
        return ", ".join(_word(item, texts) for item in value) or _word("none_of_these", texts)
    if name == "age":
        return age_as_text(value["months"], texts)
    if name == "home":
        return place_as_text(value, texts)
    if name == "activity":
        return _activity(value["score"], texts)
    if name == "diagnosis":
        return _diagnosis(value, texts)
    return _event(value, texts)


def day_in_words(iso: str, texts: Texts | None = None) -> str:
    """An ISO day as the chat says it too: December 13, 2026. In English, the language of pages and mails."""
    return day_as_text(date.fromisoformat(iso), texts or load_texts("en"))


def _days(interval: list[str], texts: Texts) -> str:
    earliest, latest = (day_in_words(day, texts) for day in interval)
    if earliest == latest:
        return earliest
    if date.fromisoformat(interval[1]) - date.fromisoformat(interval[0]) > _LONGEST_INTERVAL:
        return texts.say("web.answer.before", day=latest)
    return texts.say("web.answer.between", one=earliest, other=latest)


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
    if least == most:
        return steps[least]
    return texts.say("web.answer.between", one=f'"{steps[least]}"', other=f'"{steps[most]}"')


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
