"""A site's form on the loopback: a real socket that keeps what it gets and behaves as it is told to."""

import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from typing import Self

Behaviour = Callable[["Site", socket.socket], None]


@dataclass(frozen=True)
class Request:
    """One request as it came in; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


class Site:
    """Behaves as the next entry of ``next`` says, and takes everything (200) when the list is empty."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.got: list[Request] = []
        self.next: list[Behaviour] = []
        # Set when a request is in, before it is answered.
        self.asked = threading.Event()
        self.closing = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/form"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.closing.set()
        # Wakes the thread that waits for callers.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(caller,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, caller: socket.socket) -> None:
        with caller:
            request = _read(caller)
            if request is None:
                return
            self.got.append(request)
            behaviour = self.next.pop(0) if self.next else answers(200)
            self.asked.set()
            try:
                behaviour(self, caller)
            except OSError:
                # The caller has hung up.
                return


def _read(caller: socket.socket) -> Request | None:
    came = b""
    while b"\r\n\r\n" not in came:
        part = caller.recv(65536)
        if not part:
            return None
        came += part
    head, _, body = came.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += caller.recv(65536)
    return Request(first.split(" ")[1], headers, body)


def answers(status: int, **headers: str) -> Behaviour:
    """An answer without a body; ``retry_after`` is the header Retry-After."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"HTTP/1.1 {status} Some", "Content-Length: 0", "Connection: close", *lines])
    return lambda site, caller: caller.sendall(head.encode() + b"\r\n\r\n")


def hangs(site: Site, caller: socket.socket) -> None:
    """Takes the message and says nothing."""
    site.closing.wait()


def hangs_up(site: Site, caller: socket.socket) -> None:
    """Takes the message and closes without an answer."""


def resets(site: Site, caller: socket.socket) -> None:
    """Takes the message and breaks the connection off."""
    caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def drips(site: Site, caller: socket.socket) -> None:
    """Sends header after header, without end: there always is a sign of life."""
    caller.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not site.closing.wait(0.02):
        caller.sendall(b"a")


def answers_without_end(status: int, location: str) -> Behaviour:
    """An answer whose body has no end."""

    def behave(site: Site, caller: socket.socket) -> None:
        head = f"HTTP/1.1 {status} Some\r\nLocation: {location}\r\nConnection: close\r\n\r\n"
        caller.sendall(head.encode())
        for _ in cycle([None]):
            caller.sendall(b"x" * 65536)

    return behave
