"""What is measured in every state, in which window and which colours.

A state is brought about once and measured in all ways where it stands. Sizes and colours are then put back,
so that the walk goes on in the window it began in.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Frame, Page, ViewportSize

_MEASURES = Path(__file__).parent / "measures"
PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=800)
# The least that WCAG 1.4.10 asks for: 1280 x 1024 at 400 %. The middle one is 1280 x 800 at 200 %.
NARROW = (
    ViewportSize(width=320, height=568),
    ViewportSize(width=640, height=400),
    ViewportSize(width=320, height=256),
)
# Another colour scheme changes colours alone.
_COLOUR_RULES = ["color-contrast", "link-in-text-block"]
# WCAG 1.4.12, in the page and in whatever shadow roots are on it.
_SPACING = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
        + " word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }");
    const shadows = [...document.querySelectorAll("*")].map((it) => it.shadowRoot).filter(Boolean);
    window.spaced = [document, ...shadows];
    for (const root of window.spaced) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}"""
_NO_SPACING = """() => {
    for (const root of window.spaced) root.adoptedStyleSheets = root.adoptedStyleSheets.slice(0, -1);
}"""
_MOVING = """() => document.getAnimations().filter((it) => it.playState === "running")
    .map((it) => it.animationName ?? it.transitionProperty)"""

Inspection = Callable[[Page], list[str]]


def prepare(context: BrowserContext) -> None:
    """Have axe-core and our own measures in every page before its first script.

    The pages' security policy forbids anybody else's scripts, so that no script tag could bring them in. What
    a browser's driver puts in is no part of the page, and the policy stays in force for everything that is.
    """
    context.add_init_script(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    context.add_init_script(_source("shared"))


def axe(page: Page) -> list[str]:
    """What axe-core finds on phone and desktop, in light and dark."""
    found: list[str] = []
    for size in (PHONE, DESK):
        for scheme, rules in (("light", None), ("dark", _COLOUR_RULES)):
            with _looking(page, size, color_scheme=scheme):
                wrong = page.evaluate(_source("axe"), rules)
                found += [f"{size['width']} px, {scheme}: {one}" for one in wrong]
    return found


def reflow(page: Page) -> list[str]:
    """What does not fit into small windows, with the page's own spacing of text and with the reader's."""
    found: list[str] = []
    for size in NARROW:
        with _looking(page, size):
            found += _measured(page, "reflow", f"{size['width']} x {size['height']}")
            _in_each_frame(page, _SPACING)
            found += _measured(page, "reflow", f"{size['width']} x {size['height']}, text spaced")
            _in_each_frame(page, _NO_SPACING)
    return found


def targets(page: Page) -> list[str]:
    """What is too small to press, on phone and desktop and in the smallest window."""
    found: list[str] = []
    for size in (PHONE, DESK, NARROW[-1]):
        with _looking(page, size):
            found += _measured(page, "targets", f"{size['width']} x {size['height']}")
    return found


def forced_colors(page: Page) -> list[str]:
    """What is lost where the system sets all colours, as high contrast does: the edges of buttons."""
    with _looking(page, PHONE, forced_colors="active"):
        return _measured(page, "forced_colors", "forced colours")


def motion(page: Page) -> list[str]:
    """What still moves for somebody who asked for less motion."""
    with _looking(page, PHONE, reduced_motion="reduce"):
        return [f"moves: {name}" for moving in _in_each_frame(page, _MOVING) for name in moving]


INSPECTIONS: dict[str, Inspection] = {
    "axe": axe,
    "reflow": reflow,
    "targets": targets,
    "forced colours": forced_colors,
    "motion": motion,
}


@dataclass
class Findings:
    """What was found on one walk: by inspection, then by state."""

    states: list[str] = field(default_factory=list)
    wrong: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def inspect(self, state: str, page: Page) -> None:
        """Measure a state in all ways."""
        self.states.append(state)
        for name, inspection in INSPECTIONS.items():
            found = inspection(page)
            if found:
                self.wrong.setdefault(name, {})[state] = found

    def told(self, inspection: str) -> str:
        """What an inspection found, a line each; empty where all is well."""
        return "\n".join(
            f"{state}: {one}" for state, found in self.wrong.get(inspection, {}).items() for one in found
        )


def _source(name: str) -> str:
    return (_MEASURES / f"{name}.js").read_text(encoding="utf-8")


@contextmanager
def _looking(page: Page, size: ViewportSize, **media: Any) -> Iterator[None]:
    """In a window of this size, with these preferences; afterwards as before."""
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size(size)
    if media:
        page.emulate_media(**media)
    _in_each_frame(page, "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    yield
    if media:
        page.emulate_media(**dict.fromkeys(media, "null"))
    page.set_viewport_size(before)


def _measured(page: Page, measure: str, where: str) -> list[str]:
    return [f"{where}: {one}" for found in _in_each_frame(page, _source(measure)) for one in found]


def _in_each_frame(page: Page, script: str) -> list[Any]:
    return [frame.evaluate(script) for frame in page.frames if _seen(frame)]


def _seen(frame: Frame) -> bool:
    return frame.parent_frame is None or frame.frame_element().is_visible()
