"""The shapes of the chat API, as issue and API description state them."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

LONGEST_MESSAGE = 2000

MessageKind = Literal["info", "question", "verdict", "offer"]
Phase = Literal["interview", "confirm", "verdict", "offer", "closed", "emergency"]
VerdictName = Literal["likely", "possible", "not_yet", "not_likely"]
DeletedName = Literal["conversation", "answers", "news", "notes", "links"]
CommandName = Literal["look", "why", "human", "go_back", "skip", "change"]
FindingName = Literal["met", "not_met", "not_yet", "unknown", "for_the_team"]


def _whole(number: Any) -> Any:
    """JSON has one kind of numbers: 3.0 is the whole number 3."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


class ChatRequest(BaseModel):
    """What a family sends. ``session: null`` opens a chat; an empty message then asks for the greeting."""

    model_config = ConfigDict(strict=True)

    session: str | None = Field(default=None, max_length=500)
    message: str = Field(description="At most 2,000 characters.")
    language: str = Field(default="en", pattern="^[a-z]{2}(-[A-Za-z]{2,4})?$")
    message_id: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        description="A new id for each message; the same one when it is sent again because no answer "
        "came. The answer to a session's last message is then given once more: no message is taken in twice.",
    )
    command: CommandName | None = Field(
        default=None,
        description="A pressed button: ``message`` is not read then. ``look`` takes nothing in; the answer "
        "shows where the chat stands.",
    )
    question: str | None = Field(
        default=None,
        max_length=64,
        description="For ``change``: which answer, as ``state.answers`` names it.",
    )
    after: Annotated[int | None, BeforeValidator(_whole)] = Field(
        default=None,
        ge=0,
        description="The ``state.turn`` that the family saw. If the chat went on since, nothing is taken in.",
    )


class SessionRequest(BaseModel):
    """A request that concerns a whole chat."""

    model_config = ConfigDict(strict=True)

    session: str = Field(max_length=500)


class Choice(BaseModel):
    """An offered answer. Its payload is plain text; its title and its number, typed, mean the same."""

    title: str
    payload: str


class AnswerInput(BaseModel):
    """How an answer can be picked beside typing it: an age, or a day up to ``latest``.

    A picker sends plain text: ``7 years``, ``18 months``, or a day such as ``2026-06-01``.
    """

    kind: Literal["age", "day"]
    latest: date | None = Field(default=None, exclude_if=lambda latest: latest is None)


class ChatMessage(BaseModel):
    """One message to the family."""

    text: str
    kind: MessageKind
    asks: str | None = None
    choices: list[Choice] = []
    multiple: bool = False
    input: AnswerInput | None = Field(default=None, exclude_if=lambda input: input is None)


class FamilyFinding(BaseModel):
    """A finding in words for the family; the source text never stands here."""

    finding: FindingName
    until: date | None = None
    text: str


class TrialVerdict(BaseModel):
    """One of several trials, and what it comes to."""

    trial: str
    title: str
    verdict: VerdictName
    until: date | None = None


class FamilyVerdict(BaseModel):
    """The latest verdict told.

    Where the chat looks at several trials, it is that of the most hopeful one, and ``trials`` has the verdict
    of each in the order of hope.
    """

    trial: str
    verdict: VerdictName
    until: date | None = None
    findings: dict[str, FamilyFinding]
    trials: list[TrialVerdict] | None = Field(default=None, exclude_if=lambda trials: trials is None)


class GivenAnswer(BaseModel):
    """An answer so far, in words; ``question`` names it where it is to be changed."""

    question: str
    title: str
    text: str


class ChatState(BaseModel):
    """Where the conversation stands.

    ``turn`` goes up with everything that is taken in. ``left`` is about how many questions are still to come,
    the waiting one included; null where none waits. ``moved_on`` is present, and true, when nothing was taken
    in because the chat had gone on in another window.
    ``stored`` is present, and false, when the result could not be kept. ``sent`` is present when these very
    answers were sent to the site: the reference. It is there too when the chat was closed and erased after
    that; ``deleted`` then names what was.
    """

    phase: Phase
    asks: str | None = None
    verdict: FamilyVerdict | None = None
    turn: int = 0
    left: int | None = None
    answers: list[GivenAnswer] = []
    moved_on: bool = Field(default=False, exclude_if=lambda moved_on: not moved_on)
    stored: bool = Field(default=True, exclude_if=lambda stored: stored)
    sent: str | None = Field(default=None, exclude_if=lambda sent: sent is None)
    deleted: list[DeletedName] | None = Field(default=None, exclude_if=lambda deleted: deleted is None)


class Turn(BaseModel):
    """What Rasa's action answers: one turn, and whether the conversation is to be erased after it."""

    messages: list[ChatMessage] = Field(min_length=1)
    state: ChatState
    erase: bool = False


class ChatAnswer(BaseModel):
    """What the family's page gets."""

    session: str
    messages: list[ChatMessage]
    state: ChatState


class ErasedAnswer(BaseModel):
    """The receipt: what was deleted, and the reference of what was sent before, which is not.

    ``conversation`` is all that was written, ``answers`` what the chat found, ``news`` what was signed up for
    in this chat, ``notes`` what the family noted for herself, ``links`` the links that she shared with a
    doctor. ``text`` says it in words.
    """

    erased: Literal[True] = True
    text: str
    deleted: list[DeletedName]
    sent: str | None = Field(default=None, exclude_if=lambda sent: sent is None)


class ErrorDetail(BaseModel):
    """``text`` can be shown to a family as it stands."""

    code: str
    text: str


class ErrorAnswer(BaseModel):
    """The shape of every error of the API."""

    error: ErrorDetail


class Health(BaseModel):
    """Whether the chat can answer: the web process does if this arrives at all, Rasa if ``rasa`` is true."""

    service: Literal["prescreen"] = "prescreen"
    status: Literal["ok", "rasa_down"]
    rasa: bool
