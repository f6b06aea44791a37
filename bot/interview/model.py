"""What goes into a turn of the interview and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Literal

from bot.texts import Texts
from criteria import Trial
from criteria.matching import Matcher

Facts = dict[str, Any]
Phase = Literal["interview", "confirm", "verdict", "offer", "closed", "emergency"]
MessageKind = Literal["info", "question", "verdict", "offer"]

NOT_SURE = "not_sure"
CONFIRM = "confirm"
CHANGE = "change"


@dataclass(frozen=True)
class Incoming:
    """One message of a family, and what Rasa makes of its intent.

    opening          nothing was typed: the family has only opened the chat
    contact_removed  an e-mail address or phone number was taken out of the text
    command          a pressed button: look, why, human, go_back, skip, change; the text is then not read
    question         for ``change``: the id of the question whose answer is to be changed
    after            the turn that the family saw when she answered; None where she did not say
    """

    text: str
    intent: str | None = None
    confidence: float = 0.0
    opening: bool = False
    contact_removed: bool = False
    language: str = "en"
    command: str | None = None
    question: str | None = None
    after: int | None = None


@dataclass(frozen=True)
class SiteInfo:
    """What the site told about itself; None where it did not, and then nothing is invented."""

    name: str
    phone: str | None = None
    hours: str | None = None
    emergency_number: str | None = None
    crisis_line: str | None = None
    privacy_url: str | None = None


@dataclass(frozen=True)
class World:
    """What a turn needs to know besides the conversation; ``matcher`` knows the trials it is about."""

    today: date
    matcher: Matcher
    site: SiteInfo
    texts: Texts

    @property
    def trials(self) -> tuple[Trial, ...]:
        """The trials that the family may hear of."""
        return self.matcher.trials

    @property
    def only_trial(self) -> Trial | None:
        """The one trial that the chat is about; None where there are several."""
        return self.trials[0] if len(self.trials) == 1 else None


@dataclass(frozen=True)
class Reply:
    """What a turn leads to.

    messages   as the API gives them: text, kind, asks, choices, multiple
    state      as the API gives it: phase, asks, verdict, turn, left, answers, moved_on
    screening  the result to store, when a verdict was told or has changed
    erase      the family asked to stop: everything of hers is to be erased
    superseded the result stored before no longer holds, and no new one is told yet
    """

    facts: Facts
    memory: dict[str, Any]
    messages: list[dict[str, Any]]
    state: dict[str, Any]
    screening: dict[str, Any] | None = None
    erase: bool = False
    superseded: bool = False


@dataclass
class Memory:
    """What the interview remembers of its own doing, as JSON in one Rasa slot.

    asks            the question that waits: its id, "confirm" or "change"; None at the end
    choices         what was last offered: [payload, title] in the order shown
    items           for a list question, the items shown
    tries           how often the waiting question was answered unclearly
    wording         how often each question was put, so that no sentence comes twice in a row
    asked           the questions put so far, in order, each once
    questions       how many messages waited for an answer
    course_answered whether the course of the disease was asked and answered, or only volunteered
    half_answered   list questions of which only some items were told
    confirmed       fact paths that were read back, with the value that was confirmed
    deciding        fact paths that the read-back now on screen rests on
    child_alone     a child writes alone and was asked to fetch a grown-up
    changing        the question that waits is put again to change its answer
    changed         some told answer was changed since the last verdict
    operation_from_list  the list of the last 5 weeks was answered, operations included
    verdict         the last verdict told, as the API shows it
    result          a mark of that verdict, the same for the same result in other words
    pronoun         the family's word for the patient: "he", "she", "they"; None until she says one
    pronoun_named   it was told by a name ("my son"), which a mere "she" in a later message does not undo
    comforted       the kinds of cries that were met by words of comfort, in order
    comfort_rests   so many turns longer such words are not said again
    lately          what was told in each of the last turns: ids of questions, the latest first
    turn            how many messages were taken in
    alarms          the kinds of emergency that were met since the interview last went on
    """

    phase: Phase = "interview"
    asks: str | None = None
    choices: list[list[str]] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    tries: int = 0
    wording: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    questions: int = 0
    greeted: bool = False
    course_answered: bool = False
    half_answered: list[str] = field(default_factory=list)
    confirmed: dict[str, Any] = field(default_factory=dict)
    deciding: list[str] = field(default_factory=list)
    child_alone: bool = False
    changing: bool = False
    changed: bool = False
    operation_from_list: bool = False
    verdict: dict[str, Any] | None = None
    result: str | None = None
    pronoun: str | None = None
    pronoun_named: bool = False
    comforted: list[str] = field(default_factory=list)
    comfort_rests: int = 0
    lately: list[list[str]] = field(default_factory=list)
    turn: int = 0
    alarms: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, stored: Mapping[str, Any] | None) -> Memory:
        """The memory in a slot's value; what an older version stored and we don't know is left."""
        known = {entry.name for entry in fields(cls)}
        return cls(**{key: value for key, value in (stored or {}).items() if key in known})

    def stored(self) -> dict[str, Any]:
        """The memory as JSON for the slot."""
        return asdict(self)
