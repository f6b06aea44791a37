"""Starts a web process or a worker, kills it at a random moment with SIGKILL, and starts it again.

    python -m scripts.kill_test.nursery web|worker SEED

Starting Python and importing the program takes a second, so it is done once here; each life is a fork of this
process, with nothing opened before the fork. It writes what it does to standard output (``port N`` once, one
``kill`` for each) and listens on standard input: ``spare`` lets the present life live on, its end ends all.
"""

import logging
import math
import os
import random
import select
import signal
import socket
import sys
import threading
import time

import uvicorn
from fastapi import FastAPI

from bot.leads.database import open_store
from bot.leads.outbox.chores import Chore
from bot.leads.outbox.worker import Worker
from bot.settings import get_settings
from bot.texts import load_texts
from bot.web.app import create_app
from scripts.kill_test import pace
from scripts.parent import die_with_parent

# How long a life lasts once it is ready for its work, at most, as a multiple of the time that it took to get
# there: on a busy machine all takes longer, and what dies at once gets nothing done.
_LONGEST_LIFE = {"web": 12.0, "worker": 12.0}
_SHORTEST_MEMORY, _LONGEST_MEMORY = 0.02, 0.3
# One life out of so many is killed in the middle of its start.
_KILLED_AT_START = 0.1


def live_as_worker(ready: int) -> None:
    """What ``python -m bot.leads.outbox`` does, with quick clocks."""
    # Ready when the chores that come first are done.
    chores = pace.quick_chores(Chore("ready", math.inf, lambda store, settings: os.write(ready, b"1")))
    Worker(open_store(), get_settings(), threading.Event(), chores, pace.POLL_SECONDS).run()


def live_as_web(app: FastAPI, ready: int, listening: socket.socket) -> None:
    """What ``python -m bot.web`` does, on a socket that outlives it: families wait until it is back."""

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            os.write(ready, b"1")

    config = uvicorn.Config(app, access_log=False, log_level="critical", loop="asyncio")
    Server(config).run(sockets=[listening])


def main(role: str, seed: str) -> None:
    """Bring up one life after the other until standard input ends."""
    pace.quicken()
    load_texts("en")
    os.umask(0o077)
    logging.basicConfig(level=logging.CRITICAL)
    dice = random.Random(seed)
    app = _put_together() if role == "web" else None
    took = _SHORTEST_MEMORY
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    print("port", listening.getsockname()[1], flush=True)
    spared = False
    while not spared:
        readable, ready = os.pipe()
        child = os.fork()
        if child == 0:
            die_with_parent()
            os.close(readable)
            _live(app, ready, listening)
        os.close(ready)
        try:
            if dice.random() < _KILLED_AT_START:
                life = dice.uniform(0, took)
            else:
                took = _start_up(readable)
                life = dice.uniform(0, _LONGEST_LIFE[role] * took)
            spared = _told_within(life) is not None
            if spared:
                sys.stdin.read()
        finally:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            os.close(readable)
        # A life that ended by itself is told of: the run counts it as a failure.
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print("kill" if killed else "end", flush=True)


def _put_together() -> FastAPI:
    """The application, with its texts, trials and pages read: nothing of the store is open yet."""
    app = create_app()
    for template in ("contact.html", "check.html", "sent.html"):
        app.state.templates.get_template(template)
    return app


def _live(app: FastAPI | None, ready: int, listening: socket.socket) -> None:
    status = 1
    try:
        if app is not None:
            live_as_web(app, ready, listening)
        else:
            live_as_worker(ready)
    except BaseException as error:
        print(f"a life ended: {type(error).__name__}", file=sys.stderr, flush=True)
    finally:
        os._exit(status)


def _start_up(ready: int) -> float:
    """Seconds until the life is ready for its work, within bounds."""
    began = time.monotonic()
    select.select([ready], [], [], 60)
    return min(max(time.monotonic() - began, _SHORTEST_MEMORY), _LONGEST_MEMORY)


def _told_within(seconds: float) -> str | None:
    """The line that came on standard input ("" at its end), or None where none came in time."""
    readable, _, _ = select.select([sys.stdin], [], [], seconds)
    return sys.stdin.readline() if readable else None


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
