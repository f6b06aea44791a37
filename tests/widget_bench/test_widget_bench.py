"""The parts of the widget bench that need no browser and no network."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from scripts.bench.programs import BenchError
from scripts.widget_bench.browsing import Found, Times, Wire
from scripts.widget_bench.hearing import frame_ids, nameless
from scripts.widget_bench.packages import AXE, DEEP_CHAT, WEBCHAT, Package, file_of, is_whole
from scripts.widget_bench.report import HEADING, Measured, put_in, rows, section, spread
from scripts.widget_bench.servers import GREETING, REPLY, DirectLine, Front, Proxy, deep_chat, page, rasa

ROOT = Path(__file__).parents[2]


def integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def archive(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as opened:
        told = tarfile.TarInfo(f"package/{name}")
        told.size = len(content)
        opened.addfile(told, io.BytesIO(content))
    return packed.getvalue()


def test_a_pinned_archive_is_read_and_another_is_thrown_away(tmp_path: Path) -> None:
    packed = archive("dist/a.js", b"let a")
    package = Package("@some/thing", "1.2.3", integrity(packed), "dist/a.js")
    kept = tmp_path / package.archive
    assert kept.name == "some-thing-1.2.3.tgz"
    kept.write_bytes(packed)
    assert file_of(package, tmp_path) == b"let a"
    with pytest.raises(BenchError, match=r"has no file dist/b\.js"):
        file_of(Package("@some/thing", "1.2.3", integrity(packed), "dist/b.js"), tmp_path)
    kept.write_bytes(packed + b"x")
    with pytest.raises(BenchError, match="not the release that was pinned"):
        file_of(package, tmp_path)
    assert not kept.exists()


def test_without_npm_the_bench_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BenchError, match="npm is needed"):
        file_of(DEEP_CHAT, tmp_path)


@pytest.mark.parametrize("told", ["sha1-AAAA", "sha512-", "sha512-not base64", ""])
def test_no_other_kind_of_hash_counts(told: str) -> None:
    assert not is_whole(b"a", told)


@pytest.mark.parametrize("package", [AXE, DEEP_CHAT, WEBCHAT], ids=lambda package: package.name)
def test_every_package_is_pinned_by_number_and_hash(package: Package) -> None:
    assert all(part.isdigit() for part in package.version.split("."))
    assert len(base64.b64decode(package.integrity.removeprefix("sha512-"))) == 64


def test_nothing_of_the_packages_is_in_the_repository() -> None:
    for folder in ("scripts", "docs", "bot"):
        assert not [path for path in (ROOT / folder).rglob("*") if path.suffix in (".tgz", ".gz")]
        assert not list((ROOT / folder).rglob("*axe*.js"))


def test_servers_compress_what_gets_smaller_and_only_for_whom_it_helps() -> None:
    long, short = b"text " * 500, b"short"
    answers = {
        "/long": ("text/plain", long),
        "/short": ("text/plain", short),
        "/picture": ("image/png", long),
    }
    front = Front(lambda method, path, body: (200, *answers[path]))
    proxy = Proxy(front.url)
    try:
        for server in (front, proxy):
            with httpx.Client(base_url=server.url, trust_env=False) as client:
                for path, (_kind, body) in answers.items():
                    with client.stream("GET", path) as got:
                        raw = b"".join(got.iter_raw())
                    packed = got.headers.get("content-encoding") == "gzip"
                    assert packed is (path == "/long"), path
                    assert (gzip.decompress(raw) if packed else raw) == body
                plain = client.get("/long", headers={"Accept-Encoding": "identity"})
                assert "content-encoding" not in plain.headers
    finally:
        proxy.close()
        front.close()


def test_all_back_ends_say_the_same() -> None:
    script = b"let widget"
    handle = deep_chat(script)
    assert handle("GET", "/deepChat.bundle.js", b"")[2] == script
    assert GREETING.encode() in handle("GET", "/", b"")[2]
    assert json.loads(handle("POST", "/chat", b"{}")[2]) == {"text": REPLY}
    assert handle("GET", "/other", b"")[0] == 404
    said = [
        json.loads(rasa("POST", "/", json.dumps({"message": words, "sender": "a"}).encode())[2])
        for words in ("hello", "He is 7")
    ]
    assert [turn[0]["custom"]["messages"][0]["text"] for turn in said] == [GREETING, REPLY]


def test_direct_line_greets_and_answers_over_its_stream() -> None:
    line = DirectLine(b"let webchat")
    try:
        opened = json.loads(line.handle("POST", "/v3/directline/conversations", b"{}")[2])
        with connect(opened["streamUrl"]) as stream:

            def next_text() -> str:
                return str(json.loads(stream.recv(10))["activities"][0]["text"])

            assert next_text() == GREETING
            activity = {"type": "message", "text": "He is 7", "from": {"id": "family"}}
            answer = line.handle(
                "POST", "/v3/directline/conversations/one/activities", json.dumps(activity).encode()
            )
            assert json.loads(answer[2])["id"].startswith("one|")
            assert next_text() == "He is 7"
            assert next_text() == REPLY
    finally:
        line.close()


def test_the_host_page_is_the_same_for_all() -> None:
    assert page("<b></b>").replace(b"<b></b>", b"") == page("")
    assert b'<html lang="en">' in page("")


def test_others_are_who_is_neither_the_page_nor_the_widgets_server() -> None:
    wire = Wire(("http://127.0.0.1:1", "http://127.0.0.1:2"))
    wire.requests += ["http://127.0.0.1:1/a", "http://127.0.0.1:2/b", "https://fonts.example/c"]
    assert wire.elsewhere() == ["https://fonts.example/c"]


def test_frames_and_controls_without_a_name_are_found() -> None:
    tree = {
        "frame": {"id": "a"},
        "childFrames": [{"frame": {"id": "b"}, "childFrames": [{"frame": {"id": "c"}}]}],
    }
    assert list(frame_ids(tree)) == ["a", "b", "c"]

    def node(role: str, name: str | None, ignored: bool = False) -> dict[str, Any]:
        told: dict[str, Any] = {"ignored": ignored, "role": {"value": role}}
        return told if name is None else told | {"name": {"value": name}}

    nodes = [
        node("button", ""),
        node("link", None),
        node("textbox", "  "),
        node("button", "Send"),
        node("button", "", ignored=True),
        node("paragraph", ""),
        {"ignored": False},
    ]
    assert nameless(nodes) == 3


FOUND = Found((1, 2600, 4600), (8, 20_000, 41_300), (), ("cookie: a",), 17, 74, {}, 0, True)
WIDGETS = [
    Measured(
        "ours", FOUND, [Times(0.4, 1.0, 0.2), Times(0.5, 3.0, 0.4), Times(0.6, 2.0, 0.3)], [Times(1, 4, 0.5)]
    ),
    Measured(
        "another",
        Found(
            (2, 950_000, 3_900_000),
            (2, 950_000, 3_900_000),
            ("https://x.example/f",),
            (),
            9,
            9,
            {"b": 1, "a": 2},
            1,
            False,
        ),
        [Times(1, 1, 1)],
        [Times(2, 3, 4)],
    ),
]
ON = {
    "date": "2026-11-30",
    "rounds": 3,
    "machine": {"cores": 2, "processor": "a processor", "system": "Linux", "load_before": 3.21},
    "chromium": "150.0",
    "axe": "4.14.1",
}


def test_the_table_says_what_was_measured() -> None:
    told = dict(rows(WIDGETS))
    assert told["before it is opened: sent (unpacked)"] == ["2.6 kB (4.6)", "950.0 kB (3,900.0)"]
    assert told["requests to others"] == ["0", "1"]
    assert told["kept in the browser"] == ["cookie: a", "nothing"]
    assert told["fast line: chat ready"] == ["2.00 s (1.00 to 3.00)", "1.00 s"]
    assert told["slow line: from the start to the first answer"] == ["4.50 s", "7.00 s"]
    assert told["axe: elements that break a rule"] == ["0", "3 (a, b)"]
    assert told["answers are announced (live region)"] == ["yes", "no"]


def test_a_spread_has_its_ends() -> None:
    assert spread([0.3, 0.1, 0.2, 0.9]) == "0.25 s (0.10 to 0.90)"


def test_the_document_gets_a_new_last_section() -> None:
    new = section(WIDGETS, ON, busy=True)
    assert "on 30 November 2026, 3 rounds: 2 cores," in new
    assert "load 3.2 before the start" in new
    assert "Asked of others: `https://x.example/f`." in new
    assert "load" not in section(WIDGETS, ON, busy=False)
    text = put_in(f"# Title\n\nWords.\n\n{HEADING}\n\nold numbers\n", new)
    assert text.startswith("# Title\n\nWords.\n\n## Measured\n")
    assert "old numbers" not in text
    with pytest.raises(ValueError, match="no section"):
        put_in("# Title\n", new)


def test_the_document_can_take_a_new_section() -> None:
    document = (ROOT / "docs" / "widget-bench.md").read_text(encoding="utf-8")
    assert document.count(f"\n{HEADING}\n") == 1
    assert put_in(document, section(WIDGETS, ON, busy=False)).endswith(
        "Asked of others: `https://x.example/f`.\n"
    )
