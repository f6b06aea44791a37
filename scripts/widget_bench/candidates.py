"""The three widgets that are measured, and how a family gets to the chat in each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page

from .packages import DEEP_CHAT, WEBCHAT, file_of
from .servers import DirectLine, Front, Proxy, deep_chat, our_web, page, rasa


@dataclass(frozen=True)
class Candidate:
    """One widget on its host page.

    title     what the table calls it
    url       its host page, and own the addresses that belong to that page or to the widget's own server
    first     the first of it that a family sees and can press: a launcher, or the box to write in
    launched  whether `first` is a launcher, which has to be pressed before there is a chat
    box       the box to write in, once there is a chat
    """

    title: str
    url: str
    own: tuple[str, ...]
    first: Callable[[Page], Locator]
    launched: bool
    box: Callable[[Page], Locator]


@contextmanager
def candidates(folder: Path, packages: Path) -> Iterator[list[Candidate]]:
    """All three, being served; what our web process writes lies under the folder.

    Raises `BenchError` where a package can't be had or the web process does not start.
    """
    bundle, webchat = file_of(DEEP_CHAT, packages), file_of(WEBCHAT, packages)
    with ExitStack() as stack:

        def closing[Server: Front | DirectLine](server: Server) -> Server:
            stack.callback(server.close)
            return server

        host, scripted = closing(Front()), closing(Front(rasa))
        ours = closing(Proxy(stack.enter_context(our_web(folder / "home", scripted.url, host.url))))
        shown = page(f'<script src="{ours.url}/widget.js" data-language="en" async></script>')
        host.handle = lambda method, path, body: (
            (200, "text/html; charset=utf-8", shown) if path == "/" else (404, "text/plain", b"")
        )
        deep = closing(Front(deep_chat(bundle)))
        line = closing(DirectLine(webchat))
        direct = closing(Front(line.handle))
        yield [
            Candidate(
                "this widget",
                host.url,
                (host.url, ours.url),
                lambda opened: opened.get_by_role("button").first,
                True,
                lambda opened: opened.frame_locator("iframe").first.get_by_role("textbox").first,
            ),
            Candidate(
                f"{DEEP_CHAT.name} {DEEP_CHAT.version}",
                deep.url,
                (deep.url,),
                lambda opened: opened.locator("deep-chat #text-input"),
                False,
                lambda opened: opened.locator("deep-chat #text-input"),
            ),
            Candidate(
                f"{WEBCHAT.name} {WEBCHAT.version}",
                direct.url,
                (direct.url, line.stream_url),
                lambda opened: opened.get_by_role("textbox").first,
                False,
                lambda opened: opened.get_by_role("textbox").first,
            ),
        ]
