"""The Questionnaire: what families are asked for this trial, in the chat's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.exchange.fhir.codes import Resource, identifier, own_code
from bot.texts import Texts, fill, in_voice
from bot.texts.voices import voice
from criteria import Trial

_VOICE = "parent"
_CODED = ("choice", "open-choice")


@dataclass(frozen=True)
class AskedQuestion:
    """One question that the trial needs.

    id         as in bot/texts: a fact, a detail of a fact, or a list
    repeats    whether several answers can be ticked
    open       whether an answer in the family's own words is one too, such as a day
    opened_by  the answers that open it: the question and the choice; empty where it is asked of everybody
    after      a question whose answer, whatever it is, opens it; nothing where there is none
    """

    id: str
    repeats: bool = False
    open: bool = False
    opened_by: tuple[tuple[str, str], ...] = ()
    after: str = ""


def questionnaire(trial: Trial, questions: Sequence[AskedQuestion], texts: Texts) -> Resource:
    """The questions in the chat's order, worded as for a parent.

    What opens a follow-up must be among ``questions``; one whose openers are not is left out.
    """
    items: list[Resource] = []
    there: dict[str, Resource] = {}
    for question in questions:
        conditions = _conditions(question, there, texts)
        if conditions is None:
            continue
        item = _item(question, texts) | conditions
        there[question.id] = item
        items.append(item)
    return {
        "resourceType": "Questionnaire",
        "language": texts.language,
        "identifier": [identifier(trial, "Questionnaire")],
        "version": f"{trial.version}+{texts.version}",
        "title": trial.title,
        "status": "draft" if trial.reviewed_by is None else "active",
        "subjectType": ["Patient"],
        "description": "Questions of a prescreening. The answers decide nothing: the study team does.",
        "item": items,
    }


def _item(question: AskedQuestion, texts: Texts) -> Resource:
    key = f"questions.{question.id}"
    words = voice(texts, _VOICE)
    choices = texts.node(f"{key}.choices") if texts.has(f"{key}.choices") else {}
    options: list[Resource] = [
        {"valueCoding": own_code(str(code), fill(in_voice(title, _VOICE), words, key))}
        for code, title in choices.items()
    ]
    kind = "string" if not options else "open-choice" if question.open else "choice"
    item: Resource = {
        "linkId": question.id,
        "text": texts.say(f"{key}.ask", _VOICE, **words),
        "type": kind,
    }
    if question.repeats:
        item["repeats"] = True
    if options:
        item["answerOption"] = options
    return item


def _conditions(question: AskedQuestion, there: dict[str, Resource], texts: Texts) -> Resource | None:
    """What must have been answered before; None where nothing among the questions can open it."""
    if not question.opened_by and not question.after:
        return {}
    found: list[Resource] = [
        {"question": earlier, "operator": "=", "answerCoding": _offered(there[earlier], code)}
        for earlier, code in question.opened_by
        if earlier in there and there[earlier]["type"] in _CODED
    ]
    if not found and question.after in there:
        found = [{"question": question.after, "operator": "exists", "answerBoolean": True}]
    if not found:
        return None
    return {"enableWhen": found, **({"enableBehavior": "any"} if len(found) > 1 else {})}


def _offered(item: Resource, code: str) -> Resource:
    offered = (option["valueCoding"] for option in item["answerOption"])
    return next(coding for coding in offered if coding["code"] == code)
