"""Errors in one shape, ``{"error": {"code", "text"}}``, with a text that a family can be shown.

Nothing of a request is ever repeated in an error or a log line: messages of exceptions may hold what was
typed.
"""

import logging
import traceback
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.texts import Texts
from bot.web.limits import TooMany

log = logging.getLogger(__name__)

_CODES = {401: "bad_session", 404: "not_found", 405: "wrong_method", 413: "too_long", 422: "malformed"}


class ApiError(Exception):
    """An error with a status, a code for programs, and the key of its text."""

    def __init__(
        self, status: int, code: str, text_key: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.text_key = text_key
        self.headers = dict(headers or {})


def error_text(request: Request, key: str) -> str:
    """A family's error text; where the site's phone is known, it tells how to reach the site."""
    texts: Texts = request.app.state.texts
    settings = request.app.state.settings
    text = texts.say(key)
    if key in ("web.error.unavailable", "web.error.internal") and settings.site_phone:
        text += " " + texts.say("web.error.call", site=settings.site_name, phone=settings.site_phone)
    return text


def error_response(
    request: Request, status: int, code: str, text_key: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The error as JSON for the API, as a page for everything else."""
    text = error_text(request, text_key)
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": {"code": code, "text": text}}, status, headers=dict(headers or {}))
    template = request.app.state.templates.get_template("error.html")
    return HTMLResponse(template.render(request=request, text=text), status, headers=dict(headers or {}))


def install_error_handlers(app: FastAPI) -> None:
    """Give every error of the framework, and our own, the one shape."""

    @app.exception_handler(ApiError)
    async def ours(request: Request, error: ApiError) -> Response:
        return error_response(request, error.status, error.code, error.text_key, error.headers)

    @app.exception_handler(TooMany)
    async def too_many(request: Request, error: TooMany) -> Response:
        return error_response(
            request, 429, "too_many", "web.error.too_many", {"Retry-After": str(error.retry_after)}
        )

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        return error_response(request, 422, "malformed", "web.error.malformed")

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        status = 422 if error.status_code == 400 else error.status_code
        code = _CODES.get(status, "error")
        return error_response(request, status, code, f"web.error.{code}", error.headers)


class CatchAll:
    """Answers 500 for an error nobody expected, and logs only its class and the place in our code."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer for it where it fails."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            log.error("%s at %s:%s", type(error).__name__, frame.filename.rsplit("/", 1)[-1], frame.lineno)
            if not started:
                response = error_response(Request(scope, receive), 500, "internal", "web.error.internal")
                await response(scope, receive, send)
