"""What differs between two contents: texts that came, went or were changed, and a changed order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from bot.approval.content import Entry


@dataclass(frozen=True)
class Change:
    """One text that differs; ``old`` is None where it came, ``new`` where it went."""

    name: str
    old: str | None
    new: str | None

    @property
    def kind(self) -> Literal["added", "removed", "changed"]:
        """What happened to the text."""
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "changed"


@dataclass(frozen=True)
class Difference:
    """All that differs. ``moved`` are texts that stand in another order, as that of questions or choices."""

    changes: tuple[Change, ...]
    moved: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.changes or self.moved)

    @property
    def names(self) -> tuple[str, ...]:
        """The texts that differ in any way."""
        return (*(change.name for change in self.changes), *self.moved)


def difference(old: Sequence[Entry], new: Sequence[Entry]) -> Difference:
    """What differs, in the new content's order; what went stands at the end."""
    before = {entry.name: entry.text for entry in old}
    after = {entry.name: entry.text for entry in new}
    changed = [
        Change(name, before.get(name), text) for name, text in after.items() if before.get(name) != text
    ]
    gone = [Change(name, text, None) for name, text in before.items() if name not in after]
    kept_before = [name for name in before if name in after]
    kept_after = [name for name in after if name in before]
    return Difference((*changed, *gone), _moved(kept_before, kept_after))


def _moved(before: list[str], after: list[str]) -> tuple[str, ...]:
    if before == after:
        return ()
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return tuple(
        name for tag, _, _, start, end in blocks if tag != "equal" for name in after[start:end]
    ) or tuple(name for tag, start, end, _, _ in blocks if tag != "equal" for name in before[start:end])
