"""Putting a question: its wording, its choices, and what the API shows of it."""

from __future__ import annotations

from typing import Any

from bot.interview.model import CHANGE, CONFIRM, NOT_SURE, Facts, Memory, MessageKind
from bot.interview.plan import open_items
from bot.interview.questions import BY_ID, DAY_FIELDS, Question
from bot.interview.speech import Speaker

_WORDINGS = ("ask", "again", "examples")


def message(
    text: str,
    kind: MessageKind = "info",
    asks: str | None = None,
    choices: list[list[str]] | None = None,
    multiple: bool = False,
) -> dict[str, Any]:
    """One message as the API gives it; ``choices`` are [payload, title]."""
    return {
        "text": text,
        "kind": kind,
        "asks": asks,
        "choices": [{"title": title, "payload": payload} for payload, title in choices or []],
        "multiple": multiple,
    }


def wording(key: str, memory: Memory, speaker: Speaker, **values: object) -> str:
    """The next wording of a question, so that the same sentence never comes twice in a row."""
    put_before = memory.wording.get(key, 0)
    memory.wording[key] = put_before + 1
    # After its first wording a question goes on between the two others.
    which = _WORDINGS[put_before if put_before < 3 else 1 + (put_before - 1) % 2]
    if speaker.texts.has(f"{key}.{which}"):
        return speaker.say(f"{key}.{which}", **values)
    title = speaker.say(f"{key}.title")
    return speaker.say(f"day_wordings.{which}", **{**values, "title": title})


def question_message(
    question: Question, memory: Memory, facts: Facts, speaker: Speaker, whole_list: bool = False
) -> dict[str, Any]:
    """The question as a message; remembers what it offers.

    ``whole_list`` shows all items of a list, also those told before: an answer is being changed.
    """
    key = f"questions.{question.id}"
    titles = dict(speaker.texts.node(key).get("choices", {}))
    if question.items:
        shown = question.items if whole_list else open_items(question, facts)
        memory.items = list(shown)
        titles = {name: title for name, title in titles.items() if name in (*shown, "none", NOT_SURE)}
    memory.choices = [[payload, speaker.fill(title)] for payload, title in titles.items()]
    if question.id in memory.half_answered and memory.wording.get(key, 0) == 1:
        memory.wording[key] = 2
        text = speaker.say(f"{key}.more")
    else:
        text = wording(key, memory, speaker)
    if whole_list and question.multiple:
        text = f"{text} {speaker.say('change.whole_list')}"
    said = message(text, "question", question.id, memory.choices, question.multiple)
    # Beside typing, an age or a day can be picked.
    if question.id == "age":
        said["input"] = {"kind": "age"}
    elif question.field in DAY_FIELDS:
        said["input"] = {"kind": "day", "latest": speaker.today.isoformat()}
    return said


def grown_up_message(memory: Memory, speaker: Speaker) -> dict[str, Any]:
    """Asks a child who writes alone to fetch a grown-up."""
    put_before = memory.wording.get("grown_up", 0)
    memory.wording["grown_up"] = put_before + 1
    which = ("ask", "again", "examples")[put_before if put_before < 3 else 1 + (put_before - 1) % 2]
    choices = speaker.texts.node("reply.grown_up_choices")
    memory.choices = [[payload, title] for payload, title in choices.items()]
    text = speaker.say(f"reply.grown_up_{which}")
    return message(text, "question", "respondent", memory.choices)


def confirm_message(told: str, memory: Memory, speaker: Speaker) -> dict[str, Any]:
    """Reads back what decides, and asks whether it is right."""
    memory.choices = [[payload, title] for payload, title in speaker.texts.node("confirm.choices").items()]
    text = wording("confirm", memory, speaker, told=told)
    return message(text, "question", CONFIRM, memory.choices)


def change_message(ids: list[str], memory: Memory, speaker: Speaker) -> dict[str, Any]:
    """Asks which answer is to be changed."""
    titles = [[name, speaker.fill(speaker.texts.node(f"questions.{name}.title"))] for name in ids]
    memory.choices = [*titles, ["nothing", speaker.say("change.nothing")]]
    return message(wording("change", memory, speaker), "question", CHANGE, memory.choices)


def offer_message(with_form: bool, memory: Memory, speaker: Speaker) -> dict[str, Any]:
    """What can be done after a verdict."""
    choices = speaker.texts.node("offer.choices" if with_form else "offer.choices_no_form")
    memory.choices = [[payload, title] for payload, title in choices.items()]
    put_before = memory.wording.get("offer", 0)
    memory.wording["offer"] = put_before + 1
    which = _WORDINGS[put_before if put_before < 3 else 1 + (put_before - 1) % 2]
    key = f"offer.{which}"
    if not with_form:
        key = {"ask": "offer.no_form", "again": "offer.no_form_again", "examples": "offer.no_form_examples"}[
            which
        ]
    return message(speaker.say(key), "offer", None, memory.choices)


def knows(name: str) -> bool:
    """Whether a name is that of a question."""
    return name in BY_ID
