"""What a screen reader would say: announcements in order, where the focus lands, what can be pressed."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .keyboard import Keyboard
from .visit import Visit

_NOTING = (Path(__file__).parent / "measures" / "announcements.js").read_text(encoding="utf-8")
# Lines of an accessibility tree that name something to press or fill in, or what groups such things.
_ROLES = "button|checkbox|radio|link|textbox|combobox|spinbutton|slider|group|dialog"
_USED = re.compile(rf"- '?({_ROLES})\b(.*?)'?:?$")
# Said only where an answer takes its time, and shown only where the end is out of sight: neither follows from
# what a family does, so that a busy machine would change what is noted.
WAITING = "One moment ..."
_BELOW = "More below"
_NAME = re.compile(r'"((?:[^"\\]|\\.)*)"')


class Listener:
    """Follows a visitor and notes each of her steps with all that she would hear."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._keyboard = Keyboard(visit)
        visit.page.context.add_init_script(_NOTING)
        self.steps: list[dict[str, Any]] = []

    def step(self, does: str, act: Callable[[], object], slow: bool = False) -> None:
        """One step: ``does`` says it in words, ``act`` does it; ``slow`` where she has to wait."""
        self._take()
        act()
        stop = self._keyboard.stop()
        self.steps.append(
            {
                "family": does,
                "hears": [line for line in self._take() if slow or WAITING not in line],
                "stands on": stop.name if stop is not None else "the page",
                "can use": self.used(),
            }
        )

    def tree(self) -> str:
        """The accessibility tree as it is now: of an open modal dialog, or else of the page."""
        modal = self._visit.page.locator("dialog:modal")
        return (modal if modal.count() else self._visit.page.locator("body")).aria_snapshot()

    def used(self) -> list[str]:
        """Whatever can be pressed or filled in, in reading order, each with its role and name."""
        found = (_USED.match(line.strip()) for line in self.tree().splitlines())
        used = [f"{match[1]}{match[2]}".rstrip(":") for match in found if match]
        return [line for line in used if _BELOW not in line]

    def _take(self) -> list[str]:
        heard: list[str] = self._visit.page.evaluate("(window.announced ?? []).splice(0)")
        return heard


def unnamed(step: dict[str, Any]) -> list[str]:
    """What can be used in a step and has no name."""
    return [line for line in step["can use"] if not (found := _NAME.search(line)) or not found[1].strip()]


def said_twice(step: dict[str, Any]) -> list[str]:
    """What is announced more than once in one step."""
    return sorted({line for line in step["hears"] if step["hears"].count(line) > 1})
