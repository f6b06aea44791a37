"""The real server, and what a bare connection can send it."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.web.guards import LARGEST_BODY, BodyLimit
from tests.web.serving import Wire, serving


def test_a_body_that_dawdles_is_given_up(web: TestClient) -> None:
    said: list[Any] = []

    async def never() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/chat",
        "headers": [],
        "query_string": b"",
        "app": web.app,
    }
    asyncio.run(BodyLimit(web.app, patience=0)(scope, never, send))
    assert said[0]["status"] == 408
    assert (b"connection", b"close") in said[0]["headers"]


@pytest.fixture
def port(web: TestClient) -> Iterator[int]:
    with serving(web.app) as number:
        yield number


def head(method: str = "POST", path: str = "/api/chat", **headers: str) -> bytes:
    told = {"host": "testserver", "content-type": "application/json"} | headers
    lines = [
        f"{method} {path} HTTP/1.1",
        *(f"{name.replace('_', '-')}: {text}" for name, text in told.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def asked(port: int, *parts: bytes) -> bytes:
    """All that comes back; an empty part means that nothing more will follow."""
    with Wire(port) as wire:
        for part in parts:
            wire.send(part) if part else wire.no_more()
        return wire.until_closed()


def test_endless_chunks_are_cut_off(port: int) -> None:
    many = [chunk(b"x" * 4096)] * 16
    answer = asked(port, head(transfer_encoding="chunked"), *many)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer.lower()


BODY = b'{"session": null, "message": ""}'


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([head(content_length=str(len(BODY)), connection="close"), BODY], b"200"),
        ([head(content_length="100000000"), b"x" * (LARGEST_BODY + 1)], b"413"),
        # Less than was said, and then nothing any more: there is nobody left to answer.
        ([head(content_length="500"), BODY, b""], None),
        # More than was said: the rest is no request.
        ([head(content_length="5", connection="close"), BODY], b"422"),
        ([head(content_length="-1"), BODY], b"400"),
        ([head(content_length="5, 6"), BODY], b"400"),
        ([head(content_length="5", transfer_encoding="gzip"), BODY], b"400"),
        ([head(transfer_encoding="chunked"), b"zz\r\n"], b"400"),
        ([b"GET / HTTP/1.1\r\n\r\n"], b"400"),
        ([b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"], b"400"),
        ([b"GET /?\xff\xfe HTTP/1.1\r\nhost: a\r\n\r\n"], b"400"),
    ],
    ids=[
        "honest", "too long", "too short", "longer than said", "negative", "two lengths", "odd coding",
        "odd chunk", "no host", "TLS", "odd address",
    ],
)  # fmt: skip
def test_lies_about_the_body(
    port: int, web: TestClient, parts: list[bytes], status: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    answer = asked(port, *parts)
    assert b"Traceback" not in answer
    assert "Traceback" not in caplog.text
    assert (answer.split(b" ", 2)[1] if answer else None) == status
    assert web.get("/api/health").status_code == 200


def test_endless_heads_are_cut_off(port: int, web: TestClient) -> None:
    lines = [b"x%d: %s\r\n" % (number, b"a" * 60_000) for number in range(100)]
    answer = asked(port, b"GET / HTTP/1.1\r\nhost: a\r\n", *lines)
    # A client that goes on sending may find the connection reset before it can read the answer.
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")
    assert web.get("/api/health").status_code == 200


def test_slow_heads_are_hung_up_on(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.patience.HEAD_SECONDS", 0.05)
    assert asked(port) == b""
    assert asked(port, b"GET / HTTP/1.1\r\nhost: a\r\nx: ") == b""
    # A second request on the same connection has to come whole as well.
    with Wire(port) as wire:
        wire.send(head("GET", "/api/health"))
        answer = wire.something()
        wire.send(b"GET /")
        assert (answer + wire.until_closed()).count(b"HTTP/1.1 ") == 1


def test_whoever_sends_a_whole_head_is_not_hung_up_on(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.patience.HEAD_SECONDS", 0.05)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        assert [client.get("/api/health").status_code for _ in range(3)] == [200] * 3


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/..%5capp.py",
        "/static//etc/passwd",
        "/static/%00",
        "/static/style.css%00.js",
        "/static/" + "a" * 5000,
        "//etc/passwd",
        "/trial/..%2f..%2fetc%2fpasswd",
        "/inbox/lead/%00",
    ],
)
def test_no_file_but_ours_is_given_out(port: int, path: str) -> None:
    answer = asked(port, head("GET", path, connection="close"))
    assert answer.split(b" ", 2)[1] in (b"404", b"303"), answer[:200]
    assert b"import" not in answer
    assert b"root:" not in answer
