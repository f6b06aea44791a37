"""Headers on every answer of every route, and pages that need nothing which the headers forbid."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

import bot.web
from bot.web.guards import LARGEST_BODY

# What a browser never runs.
DATA = ("application/json", "application/ld+json")
HOSPITAL = "https://www.hospital.example"
TEMPLATES = sorted((Path(bot.web.__file__).parent / "templates").glob("*.html"))
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
FRAMED = ("/after", "/chat", "/contact", "/news", "/plain", "/privacy")
LOADED_BY_OTHERS = ("/widget.js", "/widget.css")
MAY_BE_KEPT = ("/", "/privacy", "/trial", "/static", *LOADED_BY_OTHERS, "/favicon.ico")


def below(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place.rstrip('/')}/") for place in places if place != "/")


def paths_of(app: FastAPI) -> set[str]:
    """Every path of the application, with something in the place of each parameter."""
    found = {"/static/style.css", "/static/nothing", "/nothing", "/nothing/", "/chat/", "/chatter"}
    for route in iter_route_contexts(app.routes):
        if isinstance(route.path, str) and route.path != "/static":
            found.add(re.sub(r"\{[^}]+\}", "1", route.path))
    return found


@pytest.fixture
def web(open_web: Callable[..., TestClient]) -> TestClient:
    return open_web(FRAME_ANCESTORS=f"'self' {HOSPITAL}", CHAT_PER_MINUTE="0")


def answers(web: TestClient, **headers: str) -> Iterator[tuple[str, str, httpx.Response]]:
    """Every method on every path; most of it is nonsense, and that must not matter."""
    for path in sorted(paths_of(web.app)):
        for method in METHODS:
            yield path, method, web.request(method, path, headers=headers)


def test_the_walk_finds_the_routes(web: TestClient) -> None:
    found = paths_of(web.app)
    assert {
        "/",
        "/chat",
        "/api/chat",
        "/contact/send",
        "/news/sign-up",
        "/news/stop/1",
        "/inbox/login",
        "/trial/1",
        "/api/openapi.json",
    } <= found
    assert len(found) >= 25


def test_every_answer_of_every_route_is_guarded(web: TestClient) -> None:
    for path, method, answer in answers(web):
        where = f"{method} {path} {answer.status_code}"
        assert answer.status_code < 500 or path == "/api/health", where
        headers = answer.headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == policy["base-uri"] == "'none'", where
        others = {name: value for name, value in policy.items() if name != "frame-ancestors"}
        assert set(others.values()) == {"'none'", "'self'"}, where
        expected = f"'self' {HOSPITAL}" if below(path, FRAMED) else "'none'"
        assert policy["frame-ancestors"] == expected, where
        assert headers["x-content-type-options"] == "nosniff", where
        assert headers["referrer-policy"] == "no-referrer", where
        assert headers["cross-origin-opener-policy"] == "same-origin", where
        assert "permissions-policy" in headers, where
        open_to_others = below(path, (*FRAMED, *LOADED_BY_OTHERS))
        assert (headers["cross-origin-resource-policy"] == "cross-origin") is open_to_others, where
        kept = (path == "/" or below(path, MAY_BE_KEPT)) and answer.status_code < 400
        assert (headers.get("cache-control") == "no-store") is not kept, where
        assert not {"server", "x-powered-by", "strict-transport-security"} & headers.keys(), where


def test_errors_before_any_route_are_guarded_too(
    open_web: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    web = open_web(address="203.0.113.9", ADDRESS_PER_MINUTE="2")
    monkeypatch.setattr("bot.web.pages.notices", lambda _request: 1 / 0)
    got = [web.get("/chat"), web.post("/api/chat", content=b"x" * (LARGEST_BODY + 1)), web.get("/chat")]
    assert [answer.status_code for answer in got] == [500, 413, 429]
    for answer in got:
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert "Traceback" not in answer.text
        assert "division" not in answer.text


def test_no_other_origin_is_let_in(web: TestClient) -> None:
    asked = {
        "origin": "https://evil.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    for path, method, answer in answers(web, **asked):
        allowed = [name for name in answer.headers if name.startswith("access-control-")]
        assert allowed == [], f"{method} {path}"


def test_https_only_is_said_over_https_only(web: TestClient) -> None:
    for path in ("/", "/chat", "/static/style.css", "/nothing"):
        assert "strict-transport-security" not in web.get(path).headers
        said = web.get(f"https://testserver{path}").headers["strict-transport-security"]
        assert said == "max-age=31536000"


def test_cookies_are_for_the_inbox_and_for_no_script(web: TestClient) -> None:
    seen = set()
    for secure in (False, True):
        for path in sorted(paths_of(web.app)):
            answer = web.get(f"https://testserver{path}" if secure else path)
            for cookie in answer.headers.get_list("set-cookie"):
                assert path.startswith("/inbox"), path
                parts = {part.strip() for part in cookie.lower().split(";")[1:]}
                assert {"httponly", "samesite=lax"} <= parts, cookie
                assert any(part.startswith("path=/inbox") for part in parts), cookie
                assert ("secure" in parts) is secure, cookie
                seen.add(path)
    assert "/inbox/login" in seen


class Inline(HTMLParser):
    """Collects what a policy without unsafe-inline would stop, and what comes from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag in ("style", "iframe", "object", "embed", "base"):
            self.found.append(f"<{tag}>")
        if tag == "script" and "src" not in told and told.get("type") not in DATA:
            self.found.append("<script> without src")
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append(f"{tag} {name}=")
            if (value or "").strip().lower().startswith(("javascript:", "data:")):
                self.found.append(f"{tag} {name}={value}")
            if name in ("src", "action", "formaction") and re.match(r"(https?:)?//", value or ""):
                self.found.append(f"{tag} {name}={value}")
        # A canonical address is told, not loaded.
        if tag == "link" and told.get("rel") != "canonical" and not str(told["href"]).startswith("/static/"):
            self.found.append(f"link {told.get('href')}")


def inline_parts(text: str) -> list[str]:
    # A template's own signs stand inside of attributes; what is put in there is escaped by Jinja.
    parser = Inline()
    parser.feed(re.sub(r"\{[{%#].*?[}%#]\}", "", text, flags=re.DOTALL))
    parser.close()
    return parser.found


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_anything_inline(template: Path) -> None:
    assert inline_parts(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>let a</script>",
        '<p style="color: red">',
        '<a href="javascript:a()">',
        '<p {% if a %}onclick="a()"{% endif %}>',
        '<script src="https://cdn.example/a.js"></script>',
        '<link rel="stylesheet" href="//fonts.example/a.css">',
        "<style>p {}</style>",
    ],
)
def test_the_search_for_inline_parts_finds_them(text: str) -> None:
    assert len(inline_parts(text)) == 1


def test_nothing_turns_off_escaping() -> None:
    assert len(TEMPLATES) >= 10
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape", text), template.name
