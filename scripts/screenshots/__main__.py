"""Walk through the table of states once for each device, and take a picture of each state.

The table is the one that the accessibility tests measure (`tests/browser/states`), so that no state can be
tested without being looked at. `--docs` writes the few pictures that README and docs show, small ones.
"""

from __future__ import annotations

import argparse
import html
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from scripts.telling import Teller
from tests.browser.chromium import CHROMIUM, QUIET
from tests.browser.stage import Stage, open_stage
from tests.browser.states import WALKS
from tests.browser.visit import Visit

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Device:
    """A screen: its window in CSS pixels, and how many of its own make one of them."""

    name: str
    width: int
    height: int
    scale: float


@dataclass
class Album:
    """The pictures taken, by state, in the order of the walks; `wanted` names the only ones to take."""

    folder: Path
    wanted: Mapping[str, tuple[str, ...]] | None = None
    pictures: dict[str, list[str]] = field(default_factory=dict)

    def take(self, page: Page, state: str, device: Device) -> None:
        """Pictures of the state that the page is in: in light, dark, and the system's own strong colours."""
        for look, media in _LOOKS.items():
            kind = f"{device.name}-{look}"
            if self.wanted is not None and kind not in self.wanted.get(state, ()):
                continue
            if self.wanted is None and look == "forced" and state not in _FORCED:
                continue
            page.emulate_media(**media)
            name = f"{state}.png" if self.wanted is not None else f"{state}-{kind}.png"
            page.screenshot(path=self.folder / name, animations="disabled", caret="hide")
            self.pictures.setdefault(state, []).append(name)
        page.emulate_media(**_LOOKS["light"])


PHONE, DESK = Device("phone", 390, 844, 2), Device("desktop", 1280, 800, 1)
_LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
}
# What looks unlike the rest where the system sets the colours.
_FORCED = (
    "widget-closed",
    "widget-open",
    "chat-ticked",
    "chat-emergency",
    "chat-offline",
    "form-errors",
    "card-new",
)
# What README and docs show.
_DOCS = {
    "home": ("desktop-light",),
    "widget-tick-list": ("desktop-light",),
    "chat-greeting": ("phone-light",),
    "chat-ticked": ("phone-light",),
    "chat-not-yet": ("phone-light",),
    "chat-likely": ("phone-dark",),
    "chat-emergency": ("phone-light",),
    "form-check": ("phone-light",),
    "inbox-list": ("desktop-light",),
    "card-new": ("desktop-light",),
}
_LARGEST = 200_000


def take_all(album: Album, devices: Sequence[Device], tell: Teller) -> None:
    """Start a site, walk through all states on each device, and take their pictures."""
    with (
        tempfile.TemporaryDirectory(prefix="prescreen-screenshots-") as home,
        tell.step("Starting a site"),
        open_stage(Path(home)) as stage,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        for device in devices:
            with tell.step(f"Taking pictures on the {device.name}"):
                _walk(browser, stage, device, album)
        browser.close()


def _walk(browser: Browser, stage: Stage, device: Device, album: Album) -> None:
    size = ViewportSize(width=device.width, height=device.height)
    for walk in WALKS.values():
        context = browser.new_context(viewport=size, device_scale_factor=device.scale)
        visit = Visit(context, stage)
        # What scrolls by itself has arrived before the picture is taken.
        visit.page.emulate_media(reduced_motion="reduce")
        for state in walk(visit):
            album.take(visit.page, state, device)
        context.close()


def write_index(album: Album) -> Path:
    """A page with all pictures, to be looked through."""
    parts = ["<!doctype html><meta charset=utf-8><title>Screenshots</title>"]
    parts.append(
        "<style>body{font:16px system-ui;margin:2rem}img{height:30rem;border:1px solid;margin:4px}</style>"
    )
    for state, names in album.pictures.items():
        parts.append(f"<h2>{html.escape(state)}</h2>")
        parts += [f'<a href="{name}"><img src="{name}" alt="{name}" loading="lazy"></a>' for name in names]
    index = album.folder / "index.html"
    index.write_text("\n".join(parts), encoding="utf-8")
    return index


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns 1 where there is no browser, or a picture for the docs is too large."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument(
        "--docs", action="store_true", help="write the few that README and docs show, instead"
    )
    docs = parser.parse_args(arguments).docs
    if not CHROMIUM.exists():
        print(f"Chromium is not at {CHROMIUM}; set CHROMIUM to where it is.", file=sys.stderr)
        return 1
    album = Album(_ROOT / "docs" / "screenshots", _DOCS) if docs else Album(_ROOT / "var" / "screenshots")
    album.folder.mkdir(parents=True, exist_ok=True)
    for old in album.folder.glob("*.png"):
        old.unlink()
    # One pixel of the picture for one of the page: small files, and still sharp enough to read.
    devices = [Device(one.name, one.width, one.height, 1) if docs else one for one in (PHONE, DESK)]
    take_all(album, devices, Teller())
    if not docs:
        print(write_index(album))
        return 0
    missing = sorted(set(_DOCS) - set(album.pictures))
    large = sorted(path.name for path in album.folder.glob("*.png") if path.stat().st_size > _LARGEST)
    for name in missing:
        print(f"No state is called {name} any more.", file=sys.stderr)
    for name in large:
        print(f"{name} is larger than {_LARGEST} bytes.", file=sys.stderr)
    return 1 if missing or large else 0


if __name__ == "__main__":
    sys.exit(main())
