"""One POST to the site's form, so that afterwards it is known what may have happened.

Each step has its time limit, and so has the whole. TLS is checked. A redirect is followed only with the
method kept (307, 308), on the same host, and never from https down to http. No answer's body is read: it is
of no use and may be without end.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from bot.leads.outbox.outcome import Fate, Outcome

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
WHOLE_SECONDS = 25.0
_MOST_REDIRECTS = 3
_LATE = "no answer in time"


@dataclass(frozen=True)
class Answer:
    """What a site answered. ``location`` is whole, and None where the answer names no other place."""

    status: int
    location: str | None
    retry_after: timedelta | None


@dataclass(frozen=True)
class Limits:
    """Seconds: to connect, between two signs of life, and for everything together."""

    connect: float = CONNECT_SECONDS
    read: float = READ_SECONDS
    whole: float = WHOLE_SECONDS


def post(url: str, body: bytes, headers: Mapping[str, str], limits: Limits | None = None) -> Answer | Outcome:
    """The site's answer to one POST, or the outcome where it gave none. Nothing is raised."""
    limits = limits or Limits()
    line = _Line()
    target = url
    with line.cut_after(limits.whole):
        for _ in range(_MOST_REDIRECTS + 1):
            answer = _once(target, body, headers, limits, line)
            if isinstance(answer, Outcome) or answer.status not in (307, 308) or answer.location is None:
                return answer
            if not same_place(url, answer.location):
                return Outcome(Fate.PERSON, "not taken: the site redirects to another host", answer.status)
            target = answer.location
    return Outcome(Fate.PERSON, "not taken: the site redirects in circles", answer.status)


def same_place(one: str, other: str) -> bool:
    """Same host, and never from https down to http or to another port; up to https is allowed."""
    try:
        first, second = _place(one), _place(other)
    except ValueError:
        return False
    if first[1] != second[1]:
        return False
    return first == second or (first[0], second[0], second[2]) == ("http", "https", 443)


def _place(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


class _Line:
    """The connection of one call: whether it stood, and the means to cut it from another thread."""

    def __init__(self) -> None:
        self.stood = False
        self.cut = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def cut_after(self, seconds: float) -> Iterator[None]:
        """Cut the line when the time is over: single steps have limits, but there may be many of them."""
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self.hang_up()

    def hold(self, opened: socket.socket) -> None:
        """Keep a second handle on the socket: TLS takes the first one over and hides it."""
        with self._lock:
            if self.cut:
                raise TimeoutError
            self._socket = opened.dup()

    def hang_up(self) -> None:
        """Give the handle back."""
        with self._lock:
            if self._socket is not None:
                self._socket.close()
                self._socket = None

    def _cut(self) -> None:
        with self._lock:
            self.cut = True
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)


class _Adapter(HTTPAdapter):
    """Tells a line of each connection: before it stands nothing was sent, from then on nobody knows."""

    def __init__(self, line: _Line) -> None:
        self._line = line
        super().__init__(max_retries=0)

    def get_connection_with_tls_context(self, *arguments: Any, **more: Any) -> Any:
        """A pool whose connections are watched, whether it leads to the site or to a proxy."""
        pool: Any = super().get_connection_with_tls_context(*arguments, **more)
        pool.ConnectionCls = _watched(pool.ConnectionCls, self._line)
        return pool


def _watched(kind: Any, line: _Line) -> Any:
    # The base is only known at run time, which mypy can't follow.
    class Watched(kind):  # type: ignore[misc]
        def _new_conn(self) -> socket.socket:
            opened: socket.socket = super()._new_conn()
            line.hold(opened)
            return opened

        def connect(self) -> None:
            super().connect()
            line.stood = True

    return Watched


class _Session(requests.Session):
    """Leaves redirects to us. Left to itself, requests reads a redirect's whole body even when told not to
    follow it."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None, whatever the answer says."""


def _once(url: str, body: bytes, headers: Mapping[str, str], limits: Limits, line: _Line) -> Answer | Outcome:
    line.stood = False
    line.hang_up()
    with _Session() as session:
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Adapter(line))
        try:
            with session.post(
                url,
                data=body,
                headers=dict(headers),
                timeout=(limits.connect, limits.read),
                allow_redirects=False,
                stream=True,
            ) as answer:
                if line.cut:
                    # Half an answer looks like a whole one to the library.
                    return Outcome(Fate.UNKNOWN, _LATE)
                return Answer(answer.status_code, _location(url, answer), _retry_after(answer))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            return _no_answer(error, line)


def _no_answer(error: Exception, line: _Line) -> Outcome:
    if line.stood:
        late = line.cut or isinstance(error, requests.Timeout)
        return Outcome(Fate.UNKNOWN, _LATE if late else "no answer: the connection broke off")
    if isinstance(error, requests.exceptions.SSLError):
        return Outcome(Fate.AGAIN, "not sent: the site's certificate is not trusted")
    return Outcome(Fate.AGAIN, f"not sent: the site can't be reached ({type(error).__name__})")


def _location(url: str, answer: requests.Response) -> str | None:
    told = answer.headers.get("Location")
    return urljoin(url, told) if told and 300 <= answer.status_code < 400 else None


def _retry_after(answer: requests.Response) -> timedelta | None:
    told = answer.headers.get("Retry-After")
    if told is None:
        return None
    try:
        # The library knows both forms, seconds and a date, and cuts off what is beyond 6 hours.
        return timedelta(seconds=Retry().parse_retry_after(told))
    except (urllib3.exceptions.InvalidHeader, ValueError, OverflowError):
        return None
