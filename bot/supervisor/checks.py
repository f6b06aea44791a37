"""Is it up, and does the chat really answer? Asked over HTTP, on loopback only."""

from __future__ import annotations

import contextlib
import errno
import secrets
import socket
from typing import Any

import httpx

from bot.supervisor.places import StackError

#: A private address of ours; proxies of the environment are not asked.
_client = httpx.Client(trust_env=False, timeout=10.0)


def free_port() -> int:
    """A loopback port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def check_port_is_free(host: str, port: int) -> None:
    """Raise a `StackError` when the public port is taken or not allowed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As servers do, so that a port whose last connections are still closing counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except PermissionError:
            raise StackError(f"Port {port} needs special rights; choose another with PORT=8081.") from None
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise StackError(f"HOST={host} is not an address of this machine.") from None
            raise StackError(
                f"Port {port} is already taken by another program; choose another with PORT={port + 1}."
            ) from None


def port_answers(port: int) -> bool:
    """Whether somebody listens on a loopback port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def answers(url: str) -> bool:
    """Whether a server gives any answer to GET but a failure of its own."""
    with contextlib.suppress(httpx.HTTPError):
        return _client.get(url).status_code < 500
    return False


def real_turn(rasa_url: str, tracker_database: str) -> str | None:
    """Open a chat through Rasa and the action server, as a family would, and forget it again.

    The second message makes the action server load all that it needs, so that no family waits for it.
    Returns None when it answered as it should, else a word on what was wrong.
    """
    sender = f"start-check-{secrets.token_hex(8)}"
    try:
        for text, opening in (("hello", True), ("my son is 7", False)):
            metadata = {"opening": opening, "contact_removed": False, "language": "en"}
            body: dict[str, Any] = {"sender": sender, "message": text, "metadata": metadata}
            answer = _client.post(f"{rasa_url}/webhooks/rest/webhook", json=body)
            if answer.status_code != 200:
                return f"Rasa answered with status {answer.status_code}"
            said = answer.json()
            if not said or not said[0].get("custom", {}).get("messages"):
                return "the action server gave no messages"
        return None
    except httpx.HTTPError:
        return "Rasa is not up"
    finally:
        _forget(sender, tracker_database)


def _forget(sender: str, tracker_database: str) -> None:
    """Delete the check's own rows: the tracker holds families' conversations only."""
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import SQLAlchemyError

    engine = create_engine(tracker_database, hide_parameters=True)
    with contextlib.suppress(SQLAlchemyError), engine.begin() as connection:
        connection.execute(text("DELETE FROM events WHERE sender_id = :sender"), {"sender": sender})
    engine.dispose()
