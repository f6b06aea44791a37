"""``prescreen chat``: the chat in a terminal, over the same API as the page.

It talks with the servers that run, or else starts its own for as long as it lasts. With ``--json`` standard
output holds only JSON, one object a line: first the opening, then one for each line of standard input.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from bot.settings import Settings, SettingsError, get_settings
from bot.supervisor import StackError, running_url, start_stack
from bot.texts import load_texts

_TIMEOUT = httpx.Timeout(60.0, connect=3.0)
_MOST_WAITS = 20


class ChatDown(Exception):
    """The server can't be reached; the text is one sentence."""


class TerminalChat:
    """One chat with a server. ``send`` gives back the API's answer, be it a turn or an error."""

    def __init__(self, http: httpx.Client, wait: Callable[[float], None] = time.sleep) -> None:
        self._http = http
        self._wait = wait
        self.session: str | None = None

    def send(self, message: str) -> dict[str, Any]:
        """One message and the answer to it. Raises ChatDown where there is no server.

        A terminal can type faster than the server allows: then this waits as long as it is told to.
        """
        told = {"session": self.session, "message": message, "language": "en"}
        for _ in range(_MOST_WAITS):
            try:
                response = self._http.post("/api/chat", json=told)
                answer = response.json()
            except (httpx.HTTPError, ValueError) as error:
                raise ChatDown(
                    f"The chat at {self._http.base_url} does not answer ({type(error).__name__})."
                ) from None
            if response.status_code != 429:
                break
            self._wait(float(response.headers.get("Retry-After", 1)))
        if not isinstance(answer, dict):
            raise ChatDown(f"{self._http.base_url} is not this program's chat.")
        self.session = answer.get("session", self.session)
        return answer


def chat_command(
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print one JSON object a line; nothing else goes to standard output."),
    ] = False,
    url: Annotated[str | None, typer.Option(help="The address of a running server.")] = None,
) -> None:
    """Chat in the terminal, with the running servers or else with its own."""
    try:
        settings = get_settings()
        with (
            _server(settings, url) as address,
            httpx.Client(base_url=address, timeout=_TIMEOUT, trust_env=False) as http,
        ):
            chat = TerminalChat(http)
            talk_json(chat) if as_json else _talk(chat)
    except (ChatDown, StackError, SettingsError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def talk_json(chat: TerminalChat) -> None:
    """The opening, then one object for each line of standard input, blank lines included."""
    _print_json(chat.send(""))
    for line in sys.stdin:
        _print_json(chat.send(line.rstrip("\r\n")))


def _print_json(answer: dict[str, Any]) -> None:
    print(json.dumps(answer, ensure_ascii=False), flush=True)


def _talk(chat: TerminalChat) -> None:
    answer = chat.send("")
    while True:
        _show(answer)
        if answer.get("state", {}).get("phase") == "closed":
            return
        try:
            line = input("> ")
        except EOFError:
            typer.echo()
            return
        answer = chat.send(line)


def _show(answer: dict[str, Any]) -> None:
    if "error" in answer:
        typer.secho(answer["error"]["text"], fg=typer.colors.RED)
        return
    for message in answer["messages"]:
        typer.echo()
        typer.echo(message["text"])
        for number, choice in enumerate(message["choices"], 1):
            typer.secho(f"  {number}. {choice['title']}", fg=typer.colors.CYAN)
        if message["multiple"]:
            typer.secho(load_texts("en").say("web.terminal.many"), dim=True)


@contextmanager
def _server(settings: Settings, url: str | None) -> Iterator[str]:
    """The address to talk with: the one named, the one that runs, or one of our own for this chat."""
    found = url or running_url(settings.prescreen_home) or _at(settings)
    if found:
        yield found
        return
    # A home of its own: a second program must not share databases with one that starts meanwhile.
    with tempfile.TemporaryDirectory(prefix="prescreen-chat-") as home:
        stack = start_stack(Path(home), models=settings.prescreen_home / "models", say=_say)
        try:
            yield stack.url
        finally:
            stack.stop()


def _at(settings: Settings) -> str | None:
    """The address of HOST and PORT, if our own program answers there."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    address = f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
    try:
        health = httpx.get(f"{address}/api/health", timeout=2.0, trust_env=False).json()
    except (httpx.HTTPError, ValueError):
        return None
    return address if isinstance(health, dict) and health.get("service") == "prescreen" else None


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
