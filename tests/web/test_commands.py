"""``prescreen chat`` and ``prescreen site``."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from bot.commands import chat
from bot.commands.chat import ChatDown, TerminalChat, chat_command, talk_json
from bot.commands.site import site_app
from bot.leads.users import check_password, nobody_yet

PASSWORD = "correct horse battery"


@pytest.fixture
def chat_app(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """The command, talking to the application of the test instead of a server."""

    @contextmanager
    def no_server(settings: Any, url: str | None) -> Iterator[str]:
        yield "http://testserver"

    monkeypatch.setattr(chat, "_server", no_server)
    monkeypatch.setattr(chat.httpx, "Client", lambda **told: web)
    app = typer.Typer()
    app.command()(chat_command)
    return app


def test_json_prints_the_opening_and_one_object_a_line(chat_app: typer.Typer, rasa: Any) -> None:
    result = CliRunner().invoke(chat_app, ["--json"], input="my son is 7\n\nlast line without an end")
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(answers) == 4
    assert len({answer["session"] for answer in answers}) == 1
    assert [got["message"] for got in rasa.got] == ["hello", "my son is 7", "...", "last line without an end"]


def test_json_prints_errors_as_objects_and_goes_on(chat_app: typer.Typer, rasa: Any) -> None:
    result = CliRunner().invoke(chat_app, ["--json"], input="x" * 2001 + "\nhi\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [list(answer) for answer in answers] == [
        ["session", "messages", "state"],
        ["error"],
        ["session", "messages", "state"],
    ]


def test_terminal_shows_numbered_choices_and_ends(chat_app: typer.Typer, rasa: Any) -> None:
    choices = [{"title": "Chemo", "payload": "chemotherapy"}, {"title": "None of these", "payload": "none"}]
    message = {
        "text": "Which?",
        "kind": "question",
        "asks": "treatments",
        "choices": choices,
        "multiple": True,
    }
    rasa.extra = {"messages": [message]}
    result = CliRunner().invoke(chat_app, [], input="1, 2\n")
    assert result.exit_code == 0
    assert "  1. Chemo" in result.stdout
    assert "more than one" in result.stdout
    rasa.extra = {"erase": True}
    assert CliRunner().invoke(chat_app, [], input="never read\n").exit_code == 0


def test_fast_typing_waits(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answers = [
        httpx.Response(429, headers={"Retry-After": "2"}, json={"error": {}}),
        httpx.Response(200, json={"session": "s"}),
    ]
    waited: list[float] = []
    http = httpx.Client(base_url="http://x", transport=httpx.MockTransport(lambda request: answers.pop(0)))
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    talk_json(TerminalChat(http, wait=waited.append))
    assert waited == [2.0]
    assert json.loads(capsys.readouterr().out) == {"session": "s"}


@pytest.mark.parametrize("answer", [httpx.Response(200, text="<html>"), httpx.Response(200, json=[])])
def test_another_program_on_the_port_is_told(answer: httpx.Response) -> None:
    http = httpx.Client(base_url="http://x", transport=httpx.MockTransport(lambda request: answer))
    with pytest.raises(ChatDown, match="http://x"):
        TerminalChat(http).send("")


def test_no_server_at_the_address_is_one_sentence(home: Path) -> None:
    app = typer.Typer()
    app.command()(chat_command)
    result = CliRunner().invoke(app, ["--json", "--url", "http://127.0.0.1:9"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "does not answer" in result.stderr


def test_add_user_asks_twice(home: Path) -> None:
    result = CliRunner().invoke(site_app, ["add-user", "ana"], input=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert check_password("ana", PASSWORD) is not None


def test_add_user_from_standard_input(home: Path) -> None:
    result = CliRunner().invoke(site_app, ["add-user", "ana", "--password-stdin"], input=f"{PASSWORD}\n")
    assert result.exit_code == 0
    assert check_password("ana", PASSWORD) is not None


@pytest.mark.parametrize("password", ["", "too short"])
def test_add_user_refuses_short_passwords(home: Path, password: str) -> None:
    result = CliRunner().invoke(site_app, ["add-user", "ana", "--password-stdin"], input=f"{password}\n")
    assert result.exit_code == 2
    assert "12" in result.stderr
    assert nobody_yet()


def test_add_user_changes_no_password_by_mistake(home: Path) -> None:
    other = "another long password"
    assert (
        CliRunner().invoke(site_app, ["add-user", "ana", "--password-stdin"], input=f"{PASSWORD}\n").exit_code
        == 0
    )
    again = CliRunner().invoke(site_app, ["add-user", " ana ", "--password-stdin"], input=f"{other}\n")
    assert again.exit_code == 2
    assert "ana can log in already" in again.stderr
    assert "--replace" in again.stderr
    assert check_password("ana", PASSWORD) is not None
    replaced = CliRunner().invoke(
        site_app, ["add-user", "ana", "--replace", "--password-stdin"], input=f"{other}\n"
    )
    assert replaced.exit_code == 0
    assert check_password("ana", other) is not None
