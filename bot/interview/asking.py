"""Putting a question: its wording, its choices, and what the API shows of it."""

from __future__ import annotations

from typing import Any

from bot.interview.model import CHANGE, CONFIRM, NOT_SURE, Facts, Memory, MessageKind
from bot.interview.questions import DAY_FIELDS, Question, open_items
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


def _turn_of(key: str, memory: Memory) -> str:
    """Which wording comes next, so that the same sentence never comes twice in a row.

    After its first wording a question goes on between the two others.
    """
    put_before = memory.wording.get(key, 0)
    memory.wording[key] = put_before + 1
    return _WORDINGS[put_before if put_before < 3 else 1 + (put_before - 1) % 2]


def wording(key: str, memory: Memory, speaker: Speaker, **values: object) -> str:
    """The next wording of what is put in three ways: a read-back, or what to change."""
    return speaker.say(f"{key}.{_turn_of(key, memory)}", **values)


def _worded(key: str, which: str, speaker: Speaker) -> str:
    """One wording of a question; for a day without words of its own, those that all days share."""
    if speaker.texts.has(f"{key}.{which}"):
        return speaker.say(f"{key}.{which}")
    return speaker.say(f"day_wordings.{which}", title=speaker.say(f"{key}.title"))


def _question_text(question: Question, memory: Memory, speaker: Speaker, whole_list: bool) -> str:
    """The question in its next wording. Examples never stand without the question itself.

    Of a list of which something was told, the rest is asked for: "any of these too?".
    """
    key = f"questions.{question.id}"
    half = question.id in memory.half_answered and not whole_list
    which = _turn_of(f"{key}.more" if half else key, memory)
    first = "more" if half else "ask"
    if which == "examples":
        return f"{speaker.say(f'{key}.{first}')} {_worded(key, which, speaker)}"
    return _worded(key, first if which == "ask" else which, speaker)


def question_message(
    question: Question, memory: Memory, facts: Facts, speaker: Speaker, whole_list: bool = False
) -> dict[str, Any]:
    """The question as a message; remembers what it offers.

    ``whole_list`` shows all items of a list, also those told before: an answer is being changed.
    """
    key = f"questions.{question.id}.choices"
    choices = speaker.choices(key) if speaker.texts.has(key) else []
    if question.items:
        shown = question.items if whole_list else open_items(question, facts)
        memory.items = list(shown)
        choices = [choice for choice in choices if choice[0] in (*shown, "none", NOT_SURE)]
    memory.choices = choices
    text = _question_text(question, memory, speaker, whole_list)
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
    memory.choices = speaker.choices("reply.grown_up_choices")
    text = speaker.say(f"reply.grown_up_{_turn_of('grown_up', memory)}")
    return message(text, "question", "respondent", memory.choices)


def confirm_message(told: str, memory: Memory, speaker: Speaker) -> dict[str, Any]:
    """Reads back what decides, and asks whether it is right."""
    memory.choices = speaker.choices("confirm.choices")
    text = wording("confirm", memory, speaker, told=told)
    return message(text, "question", CONFIRM, memory.choices)


def change_message(ids: list[str], memory: Memory, speaker: Speaker) -> dict[str, Any]:
    """Asks which answer is to be changed."""
    titles = [[name, speaker.label(f"questions.{name}.title")] for name in ids]
    memory.choices = [*titles, ["nothing", speaker.say("change.nothing")]]
    return message(wording("change", memory, speaker), "question", CHANGE, memory.choices)


def offer_message(with_form: bool, memory: Memory, speaker: Speaker) -> dict[str, Any]:
    """What can be done after a verdict."""
    memory.choices = speaker.choices("offer.choices" if with_form else "offer.choices_no_form")
    which = _turn_of("offer", memory)
    if not with_form:
        which = {"ask": "no_form", "again": "no_form_again", "examples": "no_form_examples"}[which]
    return message(speaker.say(f"offer.{which}"), "offer", None, memory.choices)
