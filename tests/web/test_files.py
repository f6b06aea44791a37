"""Scripts and stylesheets: small on the wire and kept while they are the same; nothing else is compressed."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import bot.web
from bot.texts import Texts, load_texts
from bot.web import window
from bot.web.files import PublicFiles

WEB = Path(bot.web.__file__).parent
SCRIPTS = sorted(path.relative_to(WEB / "static").as_posix() for path in (WEB / "static").rglob("*.js"))
MOST_BYTES = 15_000


def sent_bytes(web: TestClient, path: str) -> int:
    """What goes over the line for a file."""
    answer = web.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    # What gzip would make longer goes out as it is.
    assert "content-encoding" in answer.headers or len(answer.content) < 500, path
    return int(answer.headers["content-length"])


def test_loader_and_scripts_of_the_frame_are_small(web: TestClient) -> None:
    assert {"chat/main.js", "chat/panel.js", "form.js"} <= set(SCRIPTS)
    sizes = {path: sent_bytes(web, f"/static/{path}") for path in SCRIPTS}
    sizes["widget.js"] = sent_bytes(web, "/widget.js")
    assert sum(sizes.values()) < MOST_BYTES, sizes


def test_only_what_is_alike_for_everybody_is_compressed(web: TestClient, session: str) -> None:
    asked = {"Accept-Encoding": "gzip"}
    for path in ("/", "/chat", "/contact", "/privacy", "/inbox/login", "/api/openapi.json"):
        answer = web.get(path, headers=asked)
        assert len(answer.content) > 500, path
        assert "content-encoding" not in answer.headers, path
    answer = web.post("/contact", data={"session": session}, headers=asked)
    assert "content-encoding" not in answer.headers


def test_browser_that_reads_no_gzip_gets_the_file_as_it_is(web: TestClient) -> None:
    for path in ("/static/chat.css", "/widget.js"):
        plain = web.get(path, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.headers["vary"] == "Accept-Encoding"
        assert plain.content == web.get(path, headers={"Accept-Encoding": "gzip"}).content


def test_files_of_a_page_are_asked_for_once(web: TestClient) -> None:
    named = re.findall(r'(?:src|href)="(/static/[^"]+)"', web.get("/chat").text)
    assert any(name.endswith("/chat/main.js") for name in named)
    for name in named:
        answer = web.get(name)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable", name
    preloaded = {name.split("/", 3)[3] for name in named if name.endswith(".js")}
    assert preloaded == {name for name in SCRIPTS if name.startswith("chat/")}


def test_other_names_of_a_file_are_asked_for_anew(web: TestClient) -> None:
    for path in ("/static/chat.css", "/static/0123456789ab/chat.css"):
        answer = web.get(path)
        assert answer.headers["cache-control"] == "no-cache"
        again = web.get(path, headers={"If-None-Match": f'W/{answer.headers["etag"]}, "other"'})
        assert again.status_code == 304
        assert again.content == b""
    assert web.get("/static/0123456789ab/nothing.css").status_code == 404
    assert web.get("/static/0123456789ab").status_code == 404


def test_version_changes_with_any_file(tmp_path: Path) -> None:
    (tmp_path / "chat").mkdir()
    (tmp_path / "chat" / "a.js").write_text("let a;\n")
    before = PublicFiles(tmp_path).version
    assert PublicFiles(tmp_path).version == before
    (tmp_path / "chat" / "a.js").write_text("let b;\n")
    assert PublicFiles(tmp_path).version != before


def test_comments_and_indents_stay_at_home(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('// Why.\nfunction a() {\n  // How.\n  return "https://x"; // end\n}\n')
    (tmp_path / "a.css").write_text("/* Two\n   lines. */\na { b: c; }\n")
    files = PublicFiles(tmp_path)
    assert files["a.js"].content == b'function a() {\nreturn "https://x"; // end\n}\n'
    assert files["a.css"].content == b"a { b: c; }\n"
    assert gzip.decompress(files["a.js"].compressed) == files["a.js"].content


def test_loader_may_be_loaded_by_a_hospitals_page(web: TestClient) -> None:
    for path, kind in (("/widget.js", "text/javascript"), ("/widget.css", "text/css")):
        answer = web.get(path)
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["cache-control"] == "public, max-age=3600"
        assert web.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert web.get("/static/chat/main.js").headers["cross-origin-resource-policy"] == "same-origin"


def test_loader_has_no_words_of_its_own(
    monkeypatch: pytest.MonkeyPatch, open_web: Callable[..., TestClient]
) -> None:
    written = (WEB / "templates" / "widget.js").read_text(encoding="utf-8")
    for text in load_texts("en").node("web.launcher").values():
        assert text not in written
    other: dict[str, Any] = {
        name: f"[{text}]" for name, text in load_texts("en").node("web.launcher").items()
    }
    known = {"en": load_texts("en"), "ar": Texts("ar", {"web": {"launcher": other}}, "1")}
    known["xx"] = Texts("xx", {"web": {}}, "1")
    monkeypatch.setattr(window, "known_languages", lambda: sorted(known))
    monkeypatch.setattr(window, "load_texts", known.__getitem__)
    loader = open_web().get("/widget.js").text
    assert '"open": "Chat about a study"' in loader
    assert '"open": "[Chat about a study]"' in loader
    assert '"dir": "rtl"' in loader
    assert '"xx"' not in loader


TOO_NEW = {
    "looking behind in a pattern": r"\(\?<[=!]",
    "requestSubmit": r"requestSubmit",
    "findLast": r"findLast|toSorted|toReversed|structuredClone|Object\.groupBy|hasOwn\b",
    "AbortSignal helpers": r"AbortSignal\.",
    "randomUUID": r"randomUUID\(",
    "nested or new styles": r"@container|@layer|light-dark\(|color-mix\(|^\s+&",
}


@pytest.mark.parametrize("what", TOO_NEW)
def test_scripts_keep_to_the_oldest_browsers_that_are_supported(what: str) -> None:
    """Safari 15.4, Chrome 100 and Firefox 101, as docs/widget.md says."""
    paths = [
        *(WEB / "static").rglob("*.js"),
        *(WEB / "static").rglob("*.css"),
        WEB / "templates" / "widget.js",
    ]
    for path in paths:
        assert not re.search(TOO_NEW[what], path.read_text(encoding="utf-8"), re.MULTILINE), path.name
