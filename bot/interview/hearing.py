"""Making sense of one message in the light of the question that waits for an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from bot.interview.model import CHANGE, CONFIRM, NOT_SURE, Facts, Incoming, Memory, World
from bot.interview.plan import question_for
from bot.interview.putting_right import hear_put_right
from bot.interview.questions import BY_ID
from bot.understanding import Understood, understand

_SURE_INTENT = 0.8
_LIKELY_INTENT = 0.5
_SEPARATORS = re.compile(r"[,;&+]|\band\b")
_BEGINS_WITH_NO = re.compile(
    r"\W*(?:(?:no+|nope|nah|not right|not true|wrong|that'?s (?:not right|not true|wrong))\b\W*)+",
    re.IGNORECASE,
)
_WHAT_IS = re.compile(
    r"\W*what(?:'?s| is| are| does| do)\s+(?:an?\s+|the\s+)?(?P<term>[\w .-]{2,40}?)(?:\s+mean)?\W*$",
    re.IGNORECASE,
)
_LOOKS_ASKED = re.compile(
    r"\?|^\W*(what|who|how|when|where|why|is|are|do|does|did|can|could|will|would|should|may)\b",
    re.IGNORECASE,
)
_CONTROL_BY_INTENT = {
    "why": "why",
    "human": "human",
    "dont_know": "dont_know",
    "correct": "change",
}
_EMERGENCY_INTENTS = ("emergency", "self_harm")
_ASIDE_INTENTS = ("greet", "thanks", "out_of_scope")


@dataclass(frozen=True)
class Heard:
    """What one message says.

    chosen     payloads of the choices that were shown, where the message picks from them
    facts      facts that the message tells
    complete   for a list question: the message is an enumeration, so that what it lacks is no
    control    yes, no, dont_know, skip, why, go_back, start_over, stop, human, change; or None
    target     what is to be changed, for "change the chemo date"
    problems   days that cannot be: future_date, before_birth, no_such_date; long_text
    emergency  "emergency", "self_harm", "urgent" (the care team should hear of it now) or None
    language   another language that the message is written in, or None
    aside      the question or remark to answer beside the interview: a key of ``asides``, or "glossary"
    term       the word of the glossary that the family asks about
    corrects   the facts put right what was told a turn or two ago; they answer no question
    may_mean   questions of which one is meant to be put right, and it is not clear which
    distress   the kind of cry that is to be met first: a key of ``comfort``, or None
    pronoun    the family's word for the patient, and whether a name told it
    """

    chosen: tuple[str, ...] = ()
    facts: Facts = field(default_factory=dict)
    complete: bool = False
    control: str | None = None
    target: str | None = None
    problems: tuple[str, ...] = ()
    emergency: str | None = None
    language: str | None = None
    aside: str | None = None
    term: str | None = None
    corrects: bool = False
    may_mean: tuple[str, ...] = ()
    distress: str | None = None
    pronoun: str | None = None
    pronoun_named: bool = False

    @property
    def beside(self) -> bool:
        """Whether something was said beside the interview that needs no answer to be understood."""
        return self.aside is not None or self.distress is not None


def hear(incoming: Incoming, memory: Memory, facts: Facts, world: World) -> Heard:
    """What the message says, choices first, then facts, then the intent that Rasa found.

    A pressed button is no language: it means what it is.
    """
    if incoming.command is not None:
        return Heard(control=incoming.command, target=incoming.question)
    chosen = pick_choices(incoming.text, memory)
    if chosen:
        return Heard(chosen=chosen)
    asked = memory.asks if memory.asks in BY_ID or memory.asks == CONFIRM else None
    understood = understand(incoming.text, world.today, asked=asked, lang=incoming.language, known=facts)
    heard = _said(incoming, memory, facts, world, understood)
    return replace(
        heard,
        distress=understood.distress or _distress_by_intent(incoming),
        pronoun=understood.pronoun,
        pronoun_named=understood.pronoun_named,
    )


def _said(incoming: Incoming, memory: Memory, facts: Facts, world: World, understood: Understood) -> Heard:
    """What is said beside how it is said."""
    if memory.asks in (CONFIRM, CHANGE) and not understood.facts and understood.control in (None, "no"):
        corrected = _correction(incoming, memory, facts, world)
        if corrected is not None:
            return corrected
    term = _asked_term(incoming.text, world)
    if term is not None:
        return Heard(aside="glossary", term=term)
    put_right = hear_put_right(incoming, memory, facts, world, understood)
    if put_right is not None:
        return Heard(facts=put_right.facts, corrects=bool(put_right.facts), may_mean=put_right.may_mean)
    return Heard(
        facts=dict(understood.facts),
        complete=understood.complete_list,
        control=understood.control or _control_by_intent(incoming, understood),
        target=understood.control_target,
        problems=understood.problems,
        emergency=_emergency(incoming, understood),
        language=understood.other_language,
        aside=_aside(incoming, world, bool(understood.facts), understood.control),
    )


def hear_emergency(incoming: Incoming, world: World) -> str | None:
    """The emergency in a message whose answer is not taken in; None for a pressed button."""
    if incoming.command is not None:
        return None
    return _emergency(incoming, understand(incoming.text, world.today, lang=incoming.language))


def _emergency(incoming: Incoming, understood: Understood) -> str | None:
    sure = incoming.intent in _EMERGENCY_INTENTS and incoming.confidence >= _SURE_INTENT
    return understood.emergency or (incoming.intent if sure and not understood.facts else None)


def _distress_by_intent(incoming: Incoming) -> str | None:
    """A cry in words that the lexicon does not have; of which kind it is, the intent does not tell."""
    sure = incoming.intent == "distress" and incoming.confidence >= _LIKELY_INTENT
    return "other" if sure else None


def _correction(incoming: Incoming, memory: Memory, facts: Facts, world: World) -> Heard | None:
    """A correction where an answer was read back, or where it was asked what to change.

    "No, it was in the muscle" answers the question that was read back, so it is read as an
    answer to that question. Where it begins with a no and is not understood, it is a no all the same; and
    a doubt puts nothing right: "I would have to ask the doctor" is a "not sure".
    """
    no = _BEGINS_WITH_NO.match(incoming.text)
    rest = incoming.text[no.end() :] if no else incoming.text
    asked = [question.id for path in memory.deciding if (question := question_for(path)) is not None]
    asked += [payload for payload, _ in memory.choices if payload in BY_ID]
    told: Facts = {}
    doubted = False
    for name in dict.fromkeys(asked):
        found = understand(rest, world.today, asked=name, lang=incoming.language, known=facts).facts
        fact, field = BY_ID[name].fact, BY_ID[name].field
        value = found.get(fact)
        if NOT_SURE in (value, value.get(field) if isinstance(value, dict) else None):
            doubted = True
        elif fact in found and not BY_ID[name].items:
            told[fact] = value
    if told:
        return Heard(facts=told)
    if doubted and not no and memory.asks == CONFIRM:
        return Heard(control="dont_know")
    return Heard(control="no") if no and memory.asks == CONFIRM else None


def _asked_term(text: str, world: World) -> str | None:
    """The word of the glossary in "what is an x?" or "what does x mean?"."""
    found = _WHAT_IS.match(text)
    if found is None:
        return None
    wanted = found["term"].casefold().strip()
    return next((term for term in world.texts.node("glossary") if term.casefold() == wanted), None)


def _control_by_intent(incoming: Incoming, understood: Understood) -> str | None:
    """A command that only the intent gives away; nothing that loses answers is done on a guess.

    A cry is no command, whatever the model makes of "why her?", unless it calls for a person.
    """
    if understood.facts or incoming.confidence < _SURE_INTENT:
        return None
    control = _CONTROL_BY_INTENT.get(incoming.intent or "")
    return control if understood.distress is None or control == "human" else None


def _aside(incoming: Incoming, world: World, told_something: bool, control: str | None) -> str | None:
    intent = incoming.intent or ""
    if intent == "stop" and control is None and not told_something and incoming.confidence >= _SURE_INTENT:
        return "how_to_stop"
    if not world.texts.has(f"asides.{intent}"):
        return None
    if intent in _ASIDE_INTENTS:
        quiet = told_something or control is not None
        return intent if incoming.confidence >= _SURE_INTENT and not quiet else None
    # What does not look like a question is taken for one only where the intent is sure, and nothing
    # else was said: an answer in words that we do not know must not be met by a lecture.
    if _LOOKS_ASKED.search(incoming.text):
        return intent if incoming.confidence >= _LIKELY_INTENT else None
    return intent if incoming.confidence >= _SURE_INTENT and not (told_something or control) else None


def pick_choices(text: str, memory: Memory) -> tuple[str, ...]:
    """The payloads that a message picks from the choices last shown; empty where it does not.

    A choice is known by its payload, its title or its number. Of a list, several may be
    picked; every part of the message must then be a choice, or none is taken.
    """
    if not memory.choices:
        return ()
    names: dict[str, str] = {}
    for number, (payload, title) in enumerate(memory.choices, 1):
        for name in (str(number), payload, title):
            names.setdefault(_plain(name), payload)
    whole = names.get(_plain(text))
    if whole is not None:
        return (whole,)
    question = BY_ID.get(memory.asks or "")
    if question is None or not question.multiple:
        return ()
    rest, picked = _plain(text), []
    for name in sorted((name for name in names if " " in name), key=len, reverse=True):
        if re.search(rf"(^|[,;&+]\s*|\band ){re.escape(name)}($|\s*[,;&+]| and\b)", rest):
            picked.append(names[name])
            rest = rest.replace(name, "", 1)
    for part in (_plain(part) for part in _SEPARATORS.split(rest)):
        if part and part not in names:
            return ()
        if part:
            picked.append(names[part])
    some = [payload for payload in picked if payload != "none"]
    return tuple(dict.fromkeys(some or picked))


def _plain(text: str) -> str:
    one_line = ",".join(line for line in text.splitlines() if line.strip())
    folded = re.sub(r"\s+", " ", one_line.replace("_", " ").replace("\u2019", "'")).strip().casefold()
    return folded.strip(" .!\"'#)(")
