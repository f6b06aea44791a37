"""The program as a person starts it: one address, no half-dead states, nothing left behind."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from bot.supervisor import running_url

if TYPE_CHECKING:
    from tests.servers.conftest import Program

    Start = Callable[..., Program]

CHILDREN = ["bot.rasa_server", "-m actions", "-m bot.web", "-m bot.leads.outbox"]


def listening(pids: list[int]) -> dict[int, str]:
    """Port and address of every TCP socket that one of the processes listens on."""
    inodes = set()
    for pid in pids:
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            target = os.readlink(handle)
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    found = {}
    for name, family, length in (("tcp", socket.AF_INET, 8), ("tcp6", socket.AF_INET6, 32)):
        table = Path(f"/proc/net/{name}")
        for line in table.read_text().splitlines()[1:] if table.exists() else []:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                address, port = fields[1].split(":")
                words = [struct.pack("<I", int(address[i : i + 8], 16)) for i in range(0, length, 8)]
                found[int(port, 16)] = socket.inet_ntop(family, b"".join(words))
    return found


def stopped(program: Program) -> bool:
    return program.members().keys() <= {program.process.pid}


def test_a_whole_life(program: Start, tmp_path: Path) -> None:
    """One start serves many questions, since each start takes a quarter of a minute."""
    first = program(HOST="0.0.0.0")
    first.wait_until_ready()

    # One line, the address, and the page behind it.
    assert first.out.read_text() == first.url + "\n"
    assert httpx.get(first.url, trust_env=False, follow_redirects=True).status_code == 200
    assert running_url(first.home) == first.url

    # Only the public port is open to others, even when HOST says that it is.
    sockets = listening(list(first.members()))
    assert {port: address for port, address in sockets.items() if not address.startswith("127.")} == {
        first.port: "0.0.0.0"
    }
    assert len(sockets) == 3

    # The check whether the chat answers is no family's conversation.
    with sqlite3.connect(first.home / "tracker.db") as tracker:
        assert tracker.execute("SELECT count(*) FROM events").fetchone() == (0,)
    assert [oct(path.stat().st_mode & 0o777) for path in first.home.glob("*.db")] == ["0o600"] * len(
        list(first.home.glob("*.db"))
    )

    # A second one: in the same home, and elsewhere on the same port.
    same_home = program(first.home)
    assert same_home.process.wait(30) == 1
    assert same_home.err.read_text().startswith("The program is already running in ")
    same_port = program(tmp_path / "other", first.port)
    assert same_port.process.wait(30) == 1
    assert same_port.err.read_text() == (
        f"Port {first.port} is already taken by another program; choose another with PORT={first.port + 1}.\n"
    )
    assert first.process.poll() is None

    # Ctrl-C.
    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(30) == 0
    assert stopped(first)
    assert running_url(first.home) is None
    assert "Traceback" not in first.err.read_text()


@pytest.mark.parametrize("child", CHILDREN)
def test_a_killed_process_takes_everything_down(program: Start, child: str) -> None:
    running = program()
    running.wait_until_ready()
    assert len(running.members()) >= 4
    os.kill(running.member(child), signal.SIGKILL)
    assert running.process.wait(30) == 1
    assert stopped(running)
    last = running.err.read_text().splitlines()[-1]
    assert "process ended unexpectedly, so all was stopped; see " in last
    assert Path(last.rsplit("see ", 1)[1].rstrip(".")).exists()


def test_a_killed_supervisor_takes_its_children_along(program: Start) -> None:
    from tests.servers.conftest import wait_for

    running = program()
    running.wait_until_ready()
    running.process.kill()
    running.process.wait(30)
    wait_for("the children to end", lambda: not running.members(), 15)


def test_stopping_while_it_starts_leaves_nothing(program: Start) -> None:
    from tests.servers.conftest import wait_for

    running = program()
    wait_for(
        "Rasa to be started",
        lambda: any("bot.rasa_server" in line for line in running.members().values()),
        30,
    )
    running.process.terminate()
    assert running.process.wait(30) == 0
    assert stopped(running)
    assert running.out.read_text() == ""
