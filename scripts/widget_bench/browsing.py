"""One visit to one widget in chromium: what goes over the line, how long it takes, what it leaves behind."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Locator, Page
from playwright.sync_api import Error as BrowserError

from scripts.bench.programs import BenchError

from .candidates import Candidate
from .hearing import announced, unnamed, violations
from .servers import GREETING, LINE, REPLY

#: A slow line and a slow phone: 400 kbit/s each way, 400 ms there and back, a processor four times slower.
SLOW_BYTES_PER_SECOND = 400_000 / 8
SLOW_LATENCY_MS = 400
SLOW_PROCESSOR = 4

PHONE = {"width": 390, "height": 844}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing leaves the machine: what a widget asks of others is counted, and gets no answer.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
_WAIT_MS = 120_000

# A widget may close its shadow root to the page; here it is opened, so that all can be counted alike.
_OPEN_ROOTS = """(() => {
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) { return attach.call(this, { ...init, mode: "open" }); };
})()"""
_COUNT = """() => {
  const count = (root) => [...root.querySelectorAll("*")].reduce(
    (sum, one) => sum + 1 + (one.shadowRoot ? count(one.shadowRoot) : 0), 0);
  return count(document);
}"""
_STORED = """async () => [
  ...Object.keys(localStorage).map((name) => `local storage: ${name}`),
  ...Object.keys(sessionStorage).map((name) => `session storage: ${name}`),
  ...(await indexedDB.databases()).map((one) => `database: ${one.name}`),
]"""


@dataclass
class Wire:
    """What went over the line: requests by address, and bytes as they were sent and as they were unpacked."""

    own: tuple[str, ...]
    requests: list[str] = field(default_factory=list)
    sent: int = 0
    unpacked: int = 0

    def elsewhere(self) -> list[str]:
        """The requests that went to others than the page and the widget's own server."""
        return [url for url in self.requests if not url.startswith((*self.own, "data:", "blob:"))]


@dataclass(frozen=True)
class Times:
    """Seconds of one visit, counted from its start; `reply` from the moment the line was sent."""

    first: float
    ready: float
    reply: float

    @property
    def answered(self) -> float:
        """From the start to the answer, with a family that writes at once."""
        return self.ready + self.reply


@dataclass(frozen=True)
class Found:
    """What one visit without a clock found. Bytes and requests do not count the host page itself."""

    at_rest: tuple[int, int, int]
    with_chat: tuple[int, int, int]
    elsewhere: tuple[str, ...]
    kept: tuple[str, ...]
    elements_at_rest: int
    elements: int
    violations: dict[str, int]
    unnamed: int
    announced: bool


def timed(browser: Browser, candidate: Candidate, slow: bool) -> Times:
    """The times of one visit by somebody who was never there before, on a fast or on a slow line.

    Raises `BenchError` where the widget does not answer.
    """
    with _visit(browser) as (_context, page, devtools):
        if slow:
            _slow_down(devtools)
        begun = time.monotonic()
        _open(page, candidate)
        first = time.monotonic() - begun
        _chat(page, candidate)
        ready = time.monotonic() - begun
        asked = time.monotonic()
        _say(page, candidate)
        return Times(first, ready, time.monotonic() - asked)


def found(browser: Browser, candidate: Candidate, axe: str) -> Found:
    """What one visit finds, from the host page to the first answer."""
    with _visit(browser, axe=True) as (context, page, devtools):
        wire = Wire(candidate.own)
        _listen(devtools, wire, candidate.url)
        _open(page, candidate)
        at_rest, elements_at_rest = _settled(page, wire), _elements(page)
        _chat(page, candidate)
        with_chat = _settled(page, wire)
        _say(page, candidate)
        said = announced(page, REPLY)
        return Found(
            at_rest=at_rest,
            with_chat=with_chat,
            elsewhere=tuple(wire.elsewhere()),
            kept=tuple(_kept(context, page)),
            elements_at_rest=elements_at_rest,
            elements=_elements(page),
            violations=violations(page, axe),
            unnamed=unnamed(page, devtools),
            announced=said,
        )


@contextmanager
def _visit(browser: Browser, axe: bool = False) -> Iterator[tuple[BrowserContext, Page, CDPSession]]:
    # A new context has an empty cache. Only where axe is put into the page is the page's policy passed by.
    context = browser.new_context(viewport=PHONE, bypass_csp=axe)  # type: ignore[arg-type]
    try:
        context.add_init_script(_OPEN_ROOTS)
        context.set_default_timeout(_WAIT_MS)
        page = context.new_page()
        yield context, page, context.new_cdp_session(page)
    except BrowserError as error:
        raise BenchError(
            f"A widget did not do what it was asked to: {error.message.splitlines()[0]}"
        ) from None
    finally:
        context.close()


def _slow_down(devtools: CDPSession) -> None:
    devtools.send("Network.enable")
    devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": SLOW_LATENCY_MS,
            "downloadThroughput": SLOW_BYTES_PER_SECOND,
            "uploadThroughput": SLOW_BYTES_PER_SECOND,
        },
    )
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PROCESSOR})


def _open(page: Page, candidate: Candidate) -> None:
    page.goto(candidate.url, wait_until="commit")
    candidate.first(page).wait_for()


def _chat(page: Page, candidate: Candidate) -> None:
    if candidate.launched:
        candidate.first(page).click()
    candidate.box(page).wait_for()
    _text(page, candidate, GREETING).wait_for()


def _say(page: Page, candidate: Candidate) -> None:
    box = candidate.box(page)
    box.click()
    page.keyboard.insert_text(LINE)
    page.keyboard.press("Enter")
    _text(page, candidate, REPLY).wait_for()


def _text(page: Page, candidate: Candidate, words: str) -> Locator:
    place = page.frame_locator("iframe").first if candidate.launched else page
    return place.get_by_text(words).first


def _listen(devtools: CDPSession, wire: Wire, host_page: str) -> None:
    """Count all that goes over the line, the host page itself left out."""
    skipped: set[str] = set()

    def asked(event: dict[str, Any]) -> None:
        if event["request"]["url"].rstrip("/") == host_page:
            skipped.add(event["requestId"])
        elif not event["request"]["url"].startswith(("data:", "blob:")):
            wire.requests.append(event["request"]["url"])

    def socket(event: dict[str, Any]) -> None:
        wire.requests.append(event["url"])

    def unpacked(event: dict[str, Any]) -> None:
        if event["requestId"] not in skipped:
            wire.unpacked += event["dataLength"]

    def ended(event: dict[str, Any]) -> None:
        if event["requestId"] not in skipped:
            wire.sent += int(event["encodedDataLength"])

    devtools.on("Network.requestWillBeSent", asked)
    devtools.on("Network.webSocketCreated", socket)
    devtools.on("Network.dataReceived", unpacked)
    devtools.on("Network.loadingFinished", ended)
    devtools.send("Network.enable")


def _settled(page: Page, wire: Wire) -> tuple[int, int, int]:
    """Requests, bytes sent and bytes unpacked, once nothing has come for a second; 20 seconds at most."""
    end, before = time.monotonic() + 20, None
    while time.monotonic() < end:
        page.wait_for_timeout(1000)
        now = (len(wire.requests), wire.sent, wire.unpacked)
        if now == before:
            break
        before = now
    return len(wire.requests), wire.sent, wire.unpacked


def _elements(page: Page) -> int:
    return sum(frame.evaluate(_COUNT) for frame in page.frames)


def _kept(context: BrowserContext, page: Page) -> Iterator[str]:
    yield from (f"cookie: {cookie['name']}" for cookie in context.cookies())
    for frame in page.frames:
        yield from frame.evaluate(_STORED)
