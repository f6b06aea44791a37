"""The receiving site: a process of its own that counts, answers badly, and dies.

    python -m scripts.kill_test.site JOURNAL SECRET SEED

It writes its port to standard output. Every message goes into the journal before anything is answered: with
its ``webhook-id``, its reference, and whether it was counted. The process that listens is killed by itself
again and again, and another one takes over the same socket at once.
"""

import contextlib
import hashlib
import json
import os
import random
import signal
import socket
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from standardwebhooks import Webhook, WebhookVerificationError

from scripts.parent import die_with_parent

# What the site does with a message, and how often out of 100 times. "counted" says that the message was taken
# in before things went wrong: the sender can't know it, and must send it again.
WAYS = {
    "200": 52,
    "500": 10,
    "500, counted": 6,
    "hangs": 3,
    "hangs, counted": 4,
    "resets": 6,
    "resets, counted": 6,
    "dies in the middle of its 200, counted": 6,
    "answers 200 and dies, counted": 7,
}
_HANG_SECONDS = 3.0
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, listening: socket.socket, journal: int, secret: str, seed: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.journal = journal
        self.convention = Webhook(secret)
        self.dice = random.Random(seed)

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that was killed in the middle is nothing to tell of."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        """Take a message in, or not, and answer, or not."""
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            # The sender was killed in the middle of its message.
            self._note("broke off", "", "", counted=False, body=body)
            return
        try:
            told = self.server.convention.verify(body.decode(), dict(self.headers.items()))
        except WebhookVerificationError:
            self._note("unsigned", "", "", counted=False, body=body)
            self.send_error(401)
            return
        way = self.server.dice.choices(list(WAYS), list(WAYS.values()))[0]
        counted = way == "200" or way.endswith(", counted")
        self._note(way, self.headers["webhook-id"], told["reference"], counted=counted, body=body)
        self.close_connection = True
        if way.startswith("500"):
            self.send_error(500)
        elif way.startswith("hangs"):
            threading.Event().wait(_HANG_SECONDS)
        elif way.startswith("resets"):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif way.startswith("dies"):
            self.connection.sendall(_OK[:9])
            os.kill(os.getpid(), signal.SIGKILL)
        else:
            self.connection.sendall(_OK)
            if way != "200":
                os.kill(os.getpid(), signal.SIGKILL)

    def _note(self, way: str, webhook_id: str, reference: str, *, counted: bool, body: bytes) -> None:
        line = {"way": way, "id": webhook_id, "reference": reference, "counted": counted}
        line["body"] = hashlib.sha256(body).hexdigest()
        # One write to a file opened for appending: whole lines, whoever dies.
        os.write(self.server.journal, json.dumps(line).encode() + b"\n")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def main(journal: Path, secret: str, seed: str) -> None:
    """Listen until standard input ends; whenever the server has died, the next one takes over."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    opened = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    print(listening.getsockname()[1], flush=True)
    child = 0

    def end() -> None:
        sys.stdin.read()
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os._exit(0)

    for number in range(sys.maxsize):
        child = os.fork()
        if child == 0:
            die_with_parent()
            _Server(listening, opened, secret, f"{seed}-{number}").serve_forever(poll_interval=1)
        if number == 0:
            threading.Thread(target=end, daemon=True).start()
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
