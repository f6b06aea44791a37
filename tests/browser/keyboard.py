"""Somebody who has a keyboard and no mouse, and looks at every stop whether she sees where she is."""

from dataclasses import dataclass
from pathlib import Path

from .visit import Visit

_FOCUS = (Path(__file__).parent / "measures" / "focus.js").read_text(encoding="utf-8")
_MOST_STOPS = 120
LEAST_CONTRAST = 3
"""What WCAG 1.4.11 asks of the ring around what has the focus."""


@dataclass(frozen=True)
class Stop:
    """Where the focus is. ``ring`` is the contrast of the ring around it with the ground; 0 without one."""

    frame: bool
    name: str
    told: str
    ring: float
    seen: bool
    number: int
    layer: str
    top: float
    left: float
    right: float


class Keyboard:
    """Presses keys in a visitor's browser."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self.press = visit.page.keyboard.press
        self.type = visit.page.keyboard.type

    def stop(self) -> Stop | None:
        """Where the focus is now; None where it is lost to the page itself."""
        frame = self._visit.page.main_frame
        while (found := frame.evaluate(_FOCUS)) is not None:
            stop = Stop(**found)
            if not stop.frame:
                return stop
            frame = frame.child_frames[0]
        return None

    def here(self) -> Stop:
        """The stop, which there must be, and which must be seen."""
        stop = self.stop()
        assert stop is not None, "the focus is lost"
        assert stop.ring >= LEAST_CONTRAST, f"no ring to be seen around {stop.told}: {stop.ring:.1f}"
        assert stop.seen, f"{stop.told} has the focus and is out of sight"
        return stop

    def tab_to(self, name: str, *, back: bool = False) -> Stop:
        """Tab on (or back) to what has this name; on the way every stop is seen and in reading order."""
        before = self.stop()
        for _ in range(_MOST_STOPS):
            self.press("Shift+Tab" if back else "Tab")
            stop = self.stop()
            if stop is None:
                # Between the last stop of a page and its first the browser itself has the focus.
                before = None
                continue
            stop = self.here()
            if before is not None and before.layer == stop.layer and before.told != stop.told:
                first, then = (stop, before) if back else (before, stop)
                assert first.number < then.number, f"{then.told} comes after {first.told} in the page"
                beside = then.left >= first.right - 2
                assert then.top >= first.top - 2 or beside, f"{then.told} stands above {first.told}"
            if stop.name == name:
                return stop
            before = stop
        raise AssertionError(f"Tab does not reach {name!r}; the last stop is {before}")
