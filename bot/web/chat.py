"""The chat API: POST /api/chat, and erasing a chat."""

import asyncio
import logging
import unicodedata
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.leads.erasure import Erased, NotErased, erase_conversation
from bot.leads.screenings import sent_reference_for
from bot.web.errors import ApiError
from bot.web.limits import RateLimit, TurnLocks
from bot.web.rasa import RasaClient, RasaDown
from bot.web.redact import redact
from bot.web.schema import (
    LONGEST_MESSAGE,
    ChatAnswer,
    ChatMessage,
    ChatRequest,
    ChatState,
    DeletedName,
    ErasedAnswer,
    ErrorAnswer,
    Health,
    SessionRequest,
    Turn,
)
from bot.web.sessions import BadSession, FamilySessions
from bot.web.turns import StillRunning, Turns

log = logging.getLogger(__name__)
router = APIRouter(prefix="/api")

_ERRORS: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorAnswer, "description": "The session was not made by this server, or is too old."},
    408: {"model": ErrorAnswer, "description": "The request took too long to arrive."},
    413: {"model": ErrorAnswer, "description": "The message has more than 2,000 characters."},
    422: {"model": ErrorAnswer, "description": "The request is malformed."},
    429: {"model": ErrorAnswer, "description": "Too many messages; see the Retry-After header."},
    503: {"model": ErrorAnswer, "description": "The chat can't answer now; nothing was lost, send it again."},
}
# What Rasa hears where nothing was typed. It must not get an empty text or one with a leading slash.
_OPENING = "hello"
_BLANK = "..."


@router.post("/chat", responses=_ERRORS)
async def chat(request: Request, asked: ChatRequest) -> ChatAnswer:
    """Take one message of a family and answer with one turn of the interview."""
    if asked.session is not None:
        return await take_turn(request, asked)
    sessions = family_sessions(request)
    opened = asked.model_copy(update={"session": sessions.token(sessions.new_id())})
    return await take_turn(request, opened, opens=True)


async def take_turn(request: Request, asked: ChatRequest, opens: bool = False) -> ChatAnswer:
    """One turn of the chat that the session names, for the API and for the plain pages alike.

    ``opens`` says that the chat begins with it. Raises ApiError and TooMany.
    """
    # A pressed button is not read as words.
    message = readable(asked.message) if asked.command is None else ""
    if len(message) > LONGEST_MESSAGE:
        raise ApiError(413, "too_long", "web.error.too_long")
    token = asked.session or ""
    session_id = read_session(request, token)
    limit: RateLimit = request.app.state.chat_limit
    limit.take(session_id)
    # A chat that is opened with words of the family's own takes them as its first message.
    opening = opens and not message.strip()
    cleaned, contact_removed = redact(message)
    metadata = {"opening": opening, "contact_removed": contact_removed, "language": asked.language[:2]}
    pressed = {"command": asked.command, "question": asked.question, "after": asked.after}
    metadata |= {name: value for name, value in pressed.items() if value is not None}

    async def finish(turn: Turn) -> ChatAnswer:
        return await _finished(request, session_id, token, turn)

    locks: TurnLocks = request.app.state.locks
    turns: Turns = request.app.state.turns
    rasa: RasaClient = request.app.state.rasa
    async with locks.turn(session_id):
        try:
            await turns.settle(session_id, finish)
            if session_id in request.app.state.ended:
                return _ended(request, token)
            before = turns.answer_to(session_id, asked.message_id) if asked.message_id else None
            if before is not None:
                return before
            turn = rasa.turn(session_id, _for_rasa(cleaned, opening), metadata)
            return await turns.run(session_id, asked.message_id, turn, finish)
        except RasaDown as error:
            log.warning("no turn: %s", error)
            raise ApiError(503, "unavailable", "web.error.unavailable", {"Retry-After": "5"}) from None
        except StillRunning:
            log.warning("no turn: Rasa takes too long")
            raise ApiError(503, "late", "web.error.unavailable", {"Retry-After": "5"}) from None


@router.post("/chat/erase", responses=_ERRORS)
async def erase(request: Request, asked: SessionRequest) -> ErasedAnswer:
    """Erase everything told in a chat; it works even while Rasa is down."""
    session_id = read_session(request, asked.session)
    locks: TurnLocks = request.app.state.locks
    async with locks.turn(session_id, always=True):
        erased = await _erase(request, session_id)
    text = " ".join(_receipt(request, erased))
    return ErasedAnswer(text=text, deleted=_deleted(erased), sent=erased.sent_reference)


@router.get("/health", responses={429: _ERRORS[429], 503: {"model": Health}})
async def health(request: Request) -> Any:
    """Tell the supervisor whether the chat can answer."""
    rasa: RasaClient = request.app.state.rasa
    alive = await rasa.alive()
    answer = Health(status="ok" if alive else "rasa_down", rasa=alive)
    return JSONResponse(answer.model_dump(), 200 if alive else 503)


def family_sessions(request: Request) -> FamilySessions:
    """The maker and reader of session tokens."""
    sessions: FamilySessions = request.app.state.sessions
    return sessions


def read_session(request: Request, token: str) -> str:
    """The session id in a token; the family gets a 401 where there is none."""
    try:
        return family_sessions(request).read(token)
    except BadSession:
        raise ApiError(401, "bad_session", "web.error.bad_session") from None


def readable(text: str) -> str:
    """The text without control signs and broken halves of signs, which databases and JSON can't hold."""
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))


def _for_rasa(message: str, opening: bool) -> str:
    words = message.strip().lstrip("/").strip()
    if words:
        return words
    return _OPENING if opening else _BLANK


def _ended(request: Request, token: str) -> ChatAnswer:
    """The answer in a chat that the family has ended; nothing is kept of what she typed."""
    text = request.app.state.texts.say("reply.already_closed")
    return ChatAnswer(
        session=token,
        messages=[ChatMessage(text=text, kind="info")],
        state=ChatState(phase="closed"),
    )


async def _finished(request: Request, session_id: str, token: str, turn: Turn) -> ChatAnswer:
    """The answer that a turn makes, once all that goes with it is done."""
    if turn.erase:
        erased = await _erase(request, session_id)
        turn.state.phase = "closed"
        turn.state.deleted, turn.state.sent = _deleted(erased), erased.sent_reference
        turn.messages += [ChatMessage(text=text, kind="info") for text in _receipt(request, erased)]
    elif turn.state.verdict is not None:
        # Not to know whether it was sent must not cost the family her turn.
        with suppress(SQLAlchemyError):
            turn.state.sent = await asyncio.to_thread(sent_reference_for, session_id)
    return ChatAnswer(session=token, messages=turn.messages, state=turn.state)


async def _erase(request: Request, session_id: str) -> Erased:
    request.app.state.ended.add(session_id)
    request.app.state.turns.forget(session_id)
    try:
        return await asyncio.to_thread(erase_conversation, session_id)
    except NotErased as error:
        log.error("a conversation was not erased: %s", error)
        raise ApiError(503, "not_erased", "web.error.not_erased", {"Retry-After": "60"}) from None


def _deleted(erased: Erased) -> list[DeletedName]:
    gone: dict[DeletedName, bool] = {
        "conversation": erased.conversation,
        "answers": erased.answers,
        "news": erased.news,
        "notes": erased.notes,
        "links": bool(erased.links),
    }
    return [name for name, deleted in gone.items() if deleted]


def _receipt(request: Request, erased: Erased) -> list[str]:
    """In words: what is gone, and what was sent before, which is not."""
    texts, settings = request.app.state.texts, request.app.state.settings
    told = [name for name in _deleted(erased) if name in ("conversation", "answers")]
    what = "all" if len(told) > 1 else next(iter(told), "nothing")
    said = [texts.say(f"status.erased.{what}")]
    if erased.news:
        said.append(texts.say("status.erased.news"))
    if erased.notes:
        said.append(texts.say("doctor.erased.notes"))
    if erased.links:
        key = "doctor.erased.link" if erased.links == 1 else "doctor.erased.links"
        said.append(texts.say(key, count=erased.links))
    if erased.sent_reference is not None:
        key = "status.erased.sent" if settings.smtp_host else "status.erased.sent_no_mail"
        said.append(texts.say(key, site=settings.site_name, reference=erased.sent_reference))
    return said
