"""What a screen reader finds in a widget: names, words said by themselves, and what breaks axe's rules."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import CDPSession, Page

# Whether the words stand in a part of the page whose changes a screen reader says by itself.
_ANNOUNCED = """(words) => {
  const live = '[aria-live="polite"], [aria-live="assertive"], [role="log"], [role="status"], [role="alert"]';
  const found = (root) => [...root.querySelectorAll("*")].some((one) =>
    (one.matches(live) && one.getAttribute("aria-live") !== "off" && one.textContent.includes(words))
    || (one.shadowRoot && found(one.shadowRoot)));
  return found(document);
}"""
_AXE = """() => axe.run(document, { resultTypes: ["violations"] }).then((found) =>
  found.violations.map((one) => [one.id, one.nodes.length]))"""
#: What a family can press or fill in, as the accessibility tree names it.
CONTROLS = frozenset(
    (
        "button",
        "link",
        "textbox",
        "searchbox",
        "checkbox",
        "radio",
        "combobox",
        "menuitem",
        "switch",
        "slider",
        "tab",
    )
)


def announced(page: Page, words: str) -> bool:
    """Whether these words, just shown, stand in a live region of some frame."""
    # A copy for screen readers may come a moment after the words themselves.
    end = time.monotonic() + 3
    while time.monotonic() < end:
        if any(frame.evaluate(_ANNOUNCED, words) for frame in page.frames):
            return True
        page.wait_for_timeout(50)
    return False


def violations(page: Page, axe: str) -> dict[str, int]:
    """Elements that break a rule of axe, by rule; the page and its frames are looked at as one."""
    for frame in page.frames:
        frame.evaluate(axe)
        frame.evaluate("() => axe.configure({ allowedOrigins: ['<unsafe_all_origins>'] })")
    broken: list[tuple[str, int]] = page.evaluate(_AXE)
    return dict(broken)


def unnamed(page: Page, devtools: CDPSession) -> int:
    """Controls without a name, as a screen reader would find them, over all frames."""
    devtools.send("Accessibility.enable")
    devtools.send("Page.enable")
    tree = devtools.send("Page.getFrameTree")["frameTree"]
    return sum(
        nameless(devtools.send("Accessibility.getFullAXTree", {"frameId": number})["nodes"])
        for number in frame_ids(tree)
    )


def frame_ids(tree: dict[str, Any]) -> Iterator[str]:
    """The ids of a frame and of all frames in it."""
    yield tree["frame"]["id"]
    for child in tree.get("childFrames", []):
        yield from frame_ids(child)


def nameless(nodes: list[dict[str, Any]]) -> int:
    """How many of these nodes of an accessibility tree are controls that have no name."""
    return sum(
        not node["ignored"]
        and node.get("role", {}).get("value") in CONTROLS
        and not str(node.get("name", {}).get("value", "")).strip()
        for node in nodes
    )
