"""No endless patience with clients that open a connection and then send a request's head slowly, or never."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0


class ImpatientProtocol(H11Protocol):
    """Hangs up where a request's head is not there ``HEAD_SECONDS`` after the connection or its first byte.

    The server itself waits for ever: a few hundred such connections would use up all that a process may
    open. Between two requests its own, shorter patience (``timeout_keep_alive``) holds.
    """

    _head_timer: asyncio.TimerHandle | None = None

    # uvicorn narrows the argument, against asyncio's own signature; this follows uvicorn.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Stop waiting once the head is whole; begin to wait where only a part of it came."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._wait_for_head()
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
