"""The interview as plain pages: one question a page, without scripts and without cookies.

Every page is the answer to a POST that carries the session in its body, so that nothing personal stands in an
address. A form names the page it stood on and the turn that this page showed: pressed twice, gone back to or
sent once more, it is never taken for the answer to another question. What happens to a message is the chat
API's own work; here it is only asked and shown.
"""

import secrets
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from itsdangerous import BadData, URLSafeTimedSerializer
from pydantic import ValidationError

from bot.web.chat import erase, family_sessions, take_turn
from bot.web.errors import ApiError, error_text
from bot.web.forms import form_pairs
from bot.web.limits import TooMany
from bot.web.pages import named_links, notices, page
from bot.web.phones import phone_numbers, tel
from bot.web.plain_form import Posted, Unclear
from bot.web.plain_view import Shown, blocks, filled_in, linked, shown
from bot.web.redact import redact
from bot.web.schema import ChatAnswer, ChatMessage, ChatRequest, Choice, SessionRequest
from bot.web.sessions import loads_of_this_week

router = APIRouter(prefix="/plain", include_in_schema=False)

# After these the same question stands there, with what was given so far.
_STAY = ("look", "why", "human")
_COMMANDS = ("look", "why", "human", "go_back", "skip", "change")


@router.get("")
async def start(request: Request) -> HTMLResponse:
    """What this is, and the one button that begins.

    The session is made here, so that a second press of the button and the way back to it find the same chat.
    """
    sessions = family_sessions(request)
    return _page(request, "plain_start.html", session=sessions.token(sessions.new_id()))


@router.post("")
async def press(request: Request) -> HTMLResponse:
    """One pressed button; whatever happens, the next page holds what was typed."""
    posted = Posted.read(await form_pairs(request))
    try:
        if posted.button == "stop" or (posted.button, posted.detail) == ("pick", "stop"):
            heading, mark = _page_before(request, posted)
            return _page(request, "plain_erase.html", posted=posted, heading=heading, mark=mark)
        if posted.button == "erase":
            receipt = await erase(request, SessionRequest(session=posted.session[:500]))
            return _page(request, "plain_closed.html", said=[receipt.text])
        return await _turn(request, posted)
    except TooMany as error:
        wait = {"Retry-After": str(error.retry_after)}
        return _again(request, posted, ApiError(429, "too_many", "web.error.too_many", wait))
    except ApiError as error:
        return _again(request, posted, error)


async def _turn(request: Request, posted: Posted) -> HTMLResponse:
    unclear = None
    try:
        asked = _asked(posted)
    except Unclear as problem:
        # The question is shown once more, with what she gave still in it.
        unclear, asked = problem, _request(posted, command="look")
    answer = await take_turn(request, asked, opens=posted.button == "start")
    if unclear is not None and answer.state.turn != posted.after:
        # There is nothing to put right on a page that the chat has left behind.
        unclear, answer = None, _moved_on(request, answer)
    return _shown_page(request, posted, answer, unclear)


def _asked(posted: Posted) -> ChatRequest:
    """What the chat is asked. Raises Unclear."""
    if posted.button in _COMMANDS:
        return _request(posted, command=posted.button, question=posted.detail or None)
    if posted.button == "start":
        # The chat has taken nothing in before its first page: where it has, this is no beginning.
        return _request(posted, after=0)
    if posted.button == "pick":
        return _request(posted, message=posted.detail)
    return _request(posted, message=posted.message(can_skip=bool(posted.asks)))


def _request(posted: Posted, **given: Any) -> ChatRequest:
    where = {"session": posted.session, "message_id": posted.message_id, "after": posted.after}
    try:
        return ChatRequest(**({"message": ""} | where | given))
    except ValidationError:
        raise ApiError(422, "malformed", "web.error.malformed") from None


def _moved_on(request: Request, answer: ChatAnswer) -> ChatAnswer:
    """The answer with the word that the chat has gone on since the page was made."""
    said = ChatMessage(text=request.app.state.texts.say("reply.moved_on"), kind="info")
    state = answer.state.model_copy(update={"moved_on": True})
    return answer.model_copy(update={"messages": [said, *answer.messages], "state": state})


def _shown_page(
    request: Request, posted: Posted, answer: ChatAnswer, unclear: Unclear | None
) -> HTMLResponse:
    view = shown(answer, request.app.state.texts)
    heading, mark = _page_before(request, posted)
    answered = posted.button == "answer" and unclear is None
    stays = _same_place(posted, answer, unclear) or (bool(mark) and mark == view.mark)
    # An answer that was taken in, as half a list may be, does not stand in the fields once more.
    keep = stays and (answer.state.moved_on or not answered)
    # The chat puts a question in other words the second time. A page is named by the first ones.
    heading = heading if stays and heading else view.question
    alone = _alone(view, unclear)
    return _page(
        request,
        f"plain_{view.kind}.html",
        status=200 if unclear is None else 422,
        session=answer.session,
        state=answer.state,
        view=view,
        said=view.said,
        heading=heading,
        mark=view.mark,
        other_words=view.question if answered and heading != view.question else None,
        unclear=unclear,
        alone=alone.title if alone else "",
        alone_at=view.asked.choices.index(alone) + 1 if view.asked and alone else 1,
        given=filled_in(posted if keep else None),
        press_again=keep and answer.state.moved_on,
        wrote=_quoted(posted) if not keep and (answer.state.moved_on or stays) else None,
    )


def _same_place(posted: Posted, answer: ChatAnswer, unclear: Unclear | None) -> bool:
    """Whether nothing was taken in since the page was made: it shows its question once more."""
    if (answer.state.asks or "") != posted.asks or answer.state.moved_on:
        return False
    if unclear is not None or posted.button == "look":
        return answer.state.turn == posted.after
    return posted.button in _STAY


def _alone(view: Shown, unclear: Unclear | None) -> Choice | None:
    """The tick that stands alone, where it did not."""
    choices = view.asked.choices if view.asked and unclear else []
    return next((choice for choice in choices if unclear and choice.payload == unclear.alone), None)


def _quoted(posted: Posted) -> str | None:
    """Her own words, to be read again; contact details are taken out of them here too."""
    return redact(posted.words)[0] if posted.button == "answer" and posted.words else None


def _again(request: Request, posted: Posted, error: ApiError) -> HTMLResponse:
    """An error as a page that keeps what was typed and has one button to try again."""
    response = _page(
        request,
        "plain_again.html",
        status=error.status,
        text=error_text(request, error.text_key),
        code=error.code,
        posted=posted,
        wrote=_quoted(posted),
    )
    response.headers.update(error.headers)
    return response


def _pages(request: Request) -> URLSafeTimedSerializer:
    """Names a page, and says what it asked; signed, so that nobody can put words of his own there."""
    return URLSafeTimedSerializer(request.app.state.settings.session_key(), salt="plain-page")


def _page_before(request: Request, posted: Posted) -> tuple[str, str]:
    """Heading and mark of the page that the button stood on; empty where it is not one of ours."""
    try:
        _, heading, mark = loads_of_this_week(_pages(request), posted.page)
    except (BadData, ValueError, TypeError):
        return "", ""
    return str(heading), str(mark)


def _page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    settings = request.app.state.settings
    number = settings.site_emergency_number
    return page(
        request,
        template,
        status=status,
        link=partial(linked, links=named_links(settings)),
        blocks=blocks,
        notices=notices(request),
        page_name=_pages(request).dumps(
            [secrets.token_urlsafe(12), values.get("heading", ""), values.get("mark", "")]
        ),
        emergency_call=tel(number) if number in phone_numbers(settings) else None,
        **values,
    )
