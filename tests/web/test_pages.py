"""Pages and headers: what is on them, what is not."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import bot.web
from bot.settings import Settings
from bot.web.guards import content_security_policy
from bot.web.phones import linked, phone_numbers

STATIC = Path(bot.web.__file__).parent / "static"
PAGES = ["/", "/chat", "/contact", "/plain", "/privacy", "/trial/NCT06848582", "/inbox/login", "/nothing"]


@pytest.mark.parametrize(
    "path", [*PAGES, "/widget.js", "/static/chat/main.js", "/api/health", "/api/nothing"]
)
def test_security_headers_stand_everywhere(web: TestClient, path: str) -> None:
    headers = web.get(path).headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "*" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


def test_only_the_chat_may_be_framed_and_only_by_whom_the_site_names(
    open_web: Callable[..., TestClient],
) -> None:
    web = open_web(FRAME_ANCESTORS="'self' https://www.hospital.example.org")
    for path in ("/chat", "/contact", "/plain", "/privacy"):
        policy = web.get(path).headers["content-security-policy"]
        assert policy.endswith("frame-ancestors 'self' https://www.hospital.example.org")
    for path in ("/", "/inbox/login", "/trial/NCT06848582"):
        assert web.get(path).headers["content-security-policy"].endswith("frame-ancestors 'none'")
    assert "frame-ancestors 'self'" in content_security_policy("'self'")


@pytest.mark.parametrize("path", ["/chat", "/contact", "/plain", "/api/health", "/inbox/login"])
def test_nobody_keeps_a_copy(web: TestClient, path: str) -> None:
    assert web.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_nothing_on_a_page_comes_from_elsewhere_or_stands_inline(web: TestClient, path: str) -> None:
    text = web.get(path).text
    assert not re.findall(r"""(?:src|href|action)="(?:https?:)?//""", text)
    assert not re.findall(r"""\son\w+=|\sstyle=|<style|javascript:""", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script or re.search(r'type="application/(ld\+)?json"', script)
    assert "{{" not in text
    assert "{%" not in text
    assert '<html lang="en">' in text


def test_no_script_or_style_loads_from_elsewhere() -> None:
    paths = [path for path in STATIC.rglob("*") if path.is_file()]
    for path in [*paths, STATIC.parent / "templates" / "widget.js"]:
        written = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        written = written.replace("https?:\\/\\/", "")
        assert "http:" not in written, path.name
        assert "https:" not in written, path.name
        assert "innerHTML" not in written, path.name
        assert "@import" not in written, path.name


def test_demo_says_what_it_is(web: TestClient) -> None:
    text = html.unescape(web.get("/").text)
    assert "Demo site (not a real hospital)" in text
    assert "This is a demo page. It is not a real hospital. No one will call you." in text
    assert "No study team has checked this program's questions yet." in text
    assert "Test mode" not in text
    assert "emergency, call" not in text


def test_site_facts_are_shown_where_they_are_told(open_web: Callable[..., TestClient]) -> None:
    web = open_web(
        SITE_NAME="Hill Hospital",
        SITE_EMERGENCY_NUMBER="112",
        PRESCREEN_TODAY="2026-11-22",
        SITE_PRIVACY_URL="https://hill.example.org/privacy",
    )
    home, chat = html.unescape(web.get("/").text), html.unescape(web.get("/chat").text)
    assert "demo" not in home.lower()
    assert 'In an emergency, call <a href="tel:112">112</a>.' in home
    assert 'In an emergency, call <a href="tel:112">112</a>.' in chat
    assert "Test mode: the chat thinks today is November 22, 2026." in chat
    assert 'href="https://hill.example.org/privacy"' in chat
    assert "The full privacy notice of Hill Hospital" in web.get("/privacy").text


def test_trial_page(web: TestClient) -> None:
    text = html.unescape(web.get("/trial/NCT06848582").text)
    assert "Sun Yat-sen University" in text
    assert "NCT06848582" in text
    assert "<q>" in text, "the official title is a quotation"
    assert web.get("/trial/NCT00000000").status_code == 404
    assert web.get("/trial/../settings").status_code == 404


def test_phone_numbers_become_links_and_words_stay_words() -> None:
    settings = Settings(
        site_phone="+1 (202) 555-0100", site_emergency_number="911", site_crisis_line="text HOME"
    )
    numbers = phone_numbers(settings)
    assert numbers == ["+1 (202) 555-0100", "911"]
    assert linked("<b> call 911 or +1 (202) 555-0100, 9112", numbers) == (
        '&lt;b&gt; call <a href="tel:911">911</a> or <a href="tel:+12025550100">+1 (202) 555-0100</a>, 9112'
    )
    assert linked("call <them>", []) == "call &lt;them&gt;"


def test_two_wordings_of_the_phase_are_told_in_plain_words(web: TestClient) -> None:
    text = html.unescape(web.get("/trial/NCT06848582").text)
    assert "The public page does not say the phase in the same way everywhere." in text
    assert "contradicts" not in text


def test_privacy_page_has_a_way_back_and_promises_only_what_there_is(web: TestClient) -> None:
    text = html.unescape(web.get("/privacy").text)
    assert '<a href="/">← Demo site' in text
    assert "close this page to go back" in text
    assert '"Stop and erase" does not reach what you sent with the form' in text


def test_chat_needs_a_word_without_javascript(web: TestClient) -> None:
    said = re.search("<noscript>.*?</noscript>", web.get("/chat").text, re.DOTALL)
    assert said is not None
    assert '<a href="/plain">' in said.group()
    assert "<noscript>" in web.get("/").text


def test_chat_window_can_be_heard(web: TestClient) -> None:
    text = web.get("/chat").text
    assert 'role="log" aria-live="polite"' in text
    assert '<label for="box"' in text
    assert 'id="send" aria-label="Send"' in text
    assert "<dialog" in text


def test_icon_and_unknown_files(web: TestClient) -> None:
    assert web.get("/favicon.ico").headers["location"] == "/static/icon.svg"
    assert web.get("/static/../settings.py").status_code == 404
    assert web.get("/static/%2e%2e/app.py").status_code == 404
