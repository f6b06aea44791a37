"""Many families at once: they queue in the web process, because Rasa's system refuses callers beyond 100."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx

from bot.settings import Settings
from bot.web.app import create_app

FAMILIES = 120
MOST = 50


def test_a_crowd_waits_in_the_web_process_and_all_are_answered(home: Path) -> None:
    message = {"text": "How old?", "kind": "question", "asks": "age", "choices": [], "multiple": False}
    custom = {"messages": [message], "state": {"phase": "interview", "asks": "age"}, "erase": False}
    body = json.dumps([{"custom": custom}]).encode()
    reply = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
    calling: set[int] = set()
    most = 0
    full = asyncio.Event()

    async def rasa(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal most
        calling.add(id(writer))
        most = max(most, len(calling))
        if len(calling) == MOST:
            full.set()
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(httpx.Headers(_pairs(head))["content-length"])
                await reader.readexactly(length)
                # Nobody is answered before as many as may are there.
                await full.wait()
                writer.write(reply % (len(body), body))
                await writer.drain()
        except asyncio.IncompleteReadError:
            writer.close()
        finally:
            calling.discard(id(writer))

    async def crowd() -> list[int]:
        server = await asyncio.start_server(rasa, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        settings = Settings.from_env(
            {"PRESCREEN_HOME": str(home), "RASA_URL": f"http://127.0.0.1:{port}", "ADDRESS_PER_MINUTE": "0"}
        )
        app = create_app(settings)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
        ):
            opening = {"session": None, "message": "", "language": "en"}
            calls = [client.post("/api/chat", json=opening, timeout=60) for _ in range(FAMILIES)]
            answers = await asyncio.gather(*calls)
        server.close()
        return [answer.status_code for answer in answers]

    assert asyncio.run(crowd()) == [200] * FAMILIES
    assert most == MOST


def _pairs(head: bytes) -> list[tuple[str, str]]:
    lines = head.decode().split("\r\n")[1:]
    return [(line.partition(":")[0], line.partition(":")[2].strip()) for line in lines if line]
