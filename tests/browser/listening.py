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
_NAME = re.compile(r'"((?:[^"\\]|\\.)*)"')


class Listener:
    """Follows a visitor and notes each of her steps with all that she would hear."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._keyboard = Keyboard(visit)
        visit.page.context.add_init_script(_NOTING)
        self.steps: list[dict[str, Any]] = []

    def step(self, does: str, act: Callable[[], object]) -> None:
        """One step: ``does`` says it in words, ``act`` does it."""
        self._take()
        act()
        stop = self._keyboard.stop()
        self.steps.append(
            {
                "family": does,
                "hears": self._take(),
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
        return [f"{match[1]}{match[2]}".rstrip(":") for match in found if match]

    def _take(self) -> list[str]:
        heard: list[str] = self._visit.page.evaluate("(window.announced ?? []).splice(0)")
        return heard


def unnamed(step: dict[str, Any]) -> list[str]:
    """What can be used in a step and has no name."""
    return [line for line in step["can use"] if not (found := _NAME.search(line)) or not found[1].strip()]


def said_twice(step: dict[str, Any]) -> list[str]:
    """What is announced more than once in one step."""
    return sorted({line for line in step["hears"] if step["hears"].count(line) > 1})
