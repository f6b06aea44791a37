"""The application behind its real server, on a free port of loopback."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from bot.settings import get_settings
from bot.web.__main__ import server_options


@contextmanager
def serving(app: FastAPI) -> Iterator[int]:
    """The port on which the application is served, as ``python -m bot.web`` serves it."""
    options = server_options(get_settings()) | {"port": 0, "lifespan": "off", "log_config": None}
    config = uvicorn.Config(app, **options)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    end, pause = time.monotonic() + 30, threading.Event()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < end, "the server takes too long to start"
        pause.wait(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


class Wire:
    """A bare connection: sends any bytes, and reads what comes back until the server hangs up."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        """Send, as far as the server still listens."""
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            return

    def no_more(self) -> None:
        """Tell the server that nothing follows."""
        self._socket.shutdown(socket.SHUT_WR)

    def something(self) -> bytes:
        """The first part of an answer."""
        return self._socket.recv(65536)

    def until_closed(self) -> bytes:
        """Everything that the server says before it closes the connection."""
        got = b""
        try:
            while part := self._socket.recv(65536):
                got += part
        except ConnectionResetError:
            pass
        return got
