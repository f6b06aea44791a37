"""What stands before every request: body limit, address limit, security headers."""

import asyncio

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.errors import error_response
from bot.web.limits import RateLimit, TooMany, limited_address

# 2,000 characters take at most 24,000 bytes as JSON escapes; the contact form with its tokens takes less.
LARGEST_BODY = 32 * 1024

BODY_SECONDS = 20.0
_YEAR_SECONDS = 365 * 24 * 3600

# What the hospital's pages may embed, and what caches may keep: all else may be neither.
_FRAMED = ("/after", "/chat", "/contact", "/news", "/plain", "/privacy")
# Search engines may show the site's own pages, and nothing that belongs to one family or to staff.
_FOUND_BY_SEARCH = ("/", "/trial")
# What a family shares with a few: a search engine that came upon it may not even follow its links.
_NOT_TO_BE_FOLLOWED = ("/doctor",)
_KEPT_BY_CACHES = ("/", "/privacy", "/trial", "/static", "/widget.js", "/widget.css", "/favicon.ico")
# The widget's loader: what pages of other origins load.
_LOADED_BY_OTHERS = ("/widget.js", "/widget.css")


def _below(path: str, places: tuple[str, ...]) -> bool:
    """Whether a path is one of the places, or lies below it."""
    return any(path == place or (place != "/" and path.startswith(f"{place}/")) for place in places)


class SecurityHeaders:
    """Adds the headers that keep other pages, other origins and caches out."""

    def __init__(self, app: ASGIApp, frame_ancestors: str) -> None:
        self.app = app
        self._frame_ancestors = frame_ancestors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the answer's headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        framed = _below(path, _FRAMED)

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = content_security_policy(
                    self._frame_ancestors if framed else "'none'"
                )
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Cross-Origin-Resource-Policy"] = (
                    "cross-origin" if framed or path in _LOADED_BY_OTHERS else "same-origin"
                )
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}"
                if _below(path, _NOT_TO_BE_FOLLOWED):
                    headers["X-Robots-Tag"] = "noindex, nofollow"
                elif not _below(path, _FOUND_BY_SEARCH) or message["status"] >= 400:
                    # A page that says more by itself is left to say it.
                    headers.setdefault("X-Robots-Tag", "noindex")
                if not _below(path, _KEPT_BY_CACHES) or message["status"] >= 400:
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, complete)


def content_security_policy(frame_ancestors: str) -> str:
    """Only our own files: no inline script or style, no other origin."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-src 'self'; base-uri 'none'; "
        f"frame-ancestors {frame_ancestors}"
    )


class BodyLimit:
    """Refuses a body above ``LARGEST_BODY`` bytes before anything reads it whole, and one that dawdles."""

    def __init__(self, app: ASGIApp, patience: float = BODY_SECONDS) -> None:
        self.app = app
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read at most the allowed bytes, then pass the request on with the body read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        messages: list[Message] = []
        try:
            async with asyncio.timeout(self._patience):
                small = await _read(receive, messages)
        except TimeoutError:
            await _refuse(scope, receive, send, 408, "slow", "web.error.malformed")
            return
        if not small:
            await _refuse(scope, receive, send, 413, "too_long", "web.error.too_long")
            return

        async def replay() -> Message:
            return messages.pop(0) if messages else await receive()

        await self.app(scope, replay, send)


async def _read(receive: Receive, messages: list[Message]) -> bool:
    """Whether the body, which is read into the list, is small enough."""
    size = 0
    while True:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if size > LARGEST_BODY:
            return False
        if message["type"] != "http.request" or not message.get("more_body"):
            return True


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, code: str, text_key: str) -> None:
    # What is still to come of the body is not read: the connection can't be used again.
    response = error_response(Request(scope), status, code, text_key, {"Connection": "close"})
    await response(scope, receive, send)


class AddressLimit:
    """Limits how often one address may ask; stylesheets and scripts don't count."""

    def __init__(self, app: ASGIApp, limit: RateLimit) -> None:
        self.app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 429."""
        client = scope.get("client")
        address = limited_address(client[0]) if client else None
        if scope["type"] == "http" and address and not scope["path"].startswith("/static/"):
            try:
                self._limit.take(address)
            except TooMany as error:
                response = error_response(
                    Request(scope),
                    429,
                    "too_many",
                    "web.error.too_many",
                    {"Retry-After": str(error.retry_after)},
                )
                await response(scope, receive, send)
                return
        await self.app(scope, receive, send)
