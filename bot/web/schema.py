"""The shapes of the chat API, as issue and API description state them."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

LONGEST_MESSAGE = 2000

MessageKind = Literal["info", "question", "verdict", "offer"]
Phase = Literal["interview", "confirm", "verdict", "offer", "closed", "emergency"]
VerdictName = Literal["likely", "possible", "not_yet", "not_likely"]
DeletedName = Literal["conversation", "answers", "notes", "links"]
FindingName = Literal["met", "not_met", "not_yet", "unknown", "for_the_team"]


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


class SessionRequest(BaseModel):
    """A request that concerns a whole chat."""

    model_config = ConfigDict(strict=True)

    session: str = Field(max_length=500)


class Choice(BaseModel):
    """An offered answer. Its payload is plain text; its title and its number, typed, mean the same."""

    title: str
    payload: str


class ChatMessage(BaseModel):
    """One message to the family."""

    text: str
    kind: MessageKind
    asks: str | None = None
    choices: list[Choice] = []
    multiple: bool = False


class FamilyFinding(BaseModel):
    """A finding in words for the family; the source text never stands here."""

    finding: FindingName
    until: date | None = None
    text: str


class FamilyVerdict(BaseModel):
    """The latest verdict told."""

    trial: str
    verdict: VerdictName
    until: date | None = None
    findings: dict[str, FamilyFinding]


class ChatState(BaseModel):
    """Where the conversation stands.

    ``stored`` is present, and false, when the result could not be kept. ``sent`` is present when these very
    answers were sent to the site: the reference. It is there too when the chat was closed and erased after
    that; ``deleted`` then names what was.
    """

    phase: Phase
    asks: str | None = None
    verdict: FamilyVerdict | None = None
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

    ``conversation`` is all that was written, ``answers`` what the chat found, ``notes`` what the family noted
    for herself, ``links`` the links that she shared with a doctor. ``text`` says it in words.
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
