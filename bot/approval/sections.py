"""The table of sections: where each text stands in the script, or why no family ever sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_TABLE = Path(__file__).parent / "sections.yml"


class SectionError(LookupError):
    """A text that the table gives no place."""


@dataclass(frozen=True)
class Section:
    """One section of the script.

    id     how the hash's parts and the document name it
    about  what a reader should know first; may be empty
    keys   the texts or branches of texts that stand in it
    trial  the trial's own words stand here
    """

    id: str
    title: str
    about: str
    keys: tuple[str, ...]
    trial: bool = False


@dataclass(frozen=True)
class Hidden:
    """Texts that no family sees, and why."""

    keys: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Table:
    """All sections in the script's order, and what is left out of it."""

    sections: tuple[Section, ...]
    not_for_families: tuple[Hidden, ...]

    def place(self, key: str) -> Section | Hidden:
        """Where a text stands. Raises SectionError where the table does not say."""
        found = [
            (len(prefix), place)
            for place in self._places()
            for prefix in place.keys
            if key == prefix or key.startswith(f"{prefix}.")
        ]
        if not found:
            raise SectionError(f"bot/approval/sections.yml gives the text {key!r} no place")
        return max(found, key=lambda pair: pair[0])[1]

    def for_families(self, key: str) -> bool:
        """Whether a family can be shown the text."""
        return isinstance(self.place(key), Section)

    def prefixes(self) -> Iterable[str]:
        """Every key that the table names."""
        return (key for place in self._places() for key in place.keys)

    def _places(self) -> tuple[Section | Hidden, ...]:
        return (*self.sections, *self.not_for_families)

    def of_trial(self) -> Section:
        """The section in which the trial's words stand."""
        return next(section for section in self.sections if section.trial)


@cache
def table() -> Table:
    """The table as ``sections.yml`` has it."""
    told = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return Table(
        sections=tuple(
            Section(
                part["id"],
                part["title"],
                part.get("about", ""),
                tuple(part["keys"]),
                part.get("trial", False),
            )
            for part in told["sections"]
        ),
        not_for_families=tuple(Hidden(tuple(part["keys"]), part["why"]) for part in told["not_for_families"]),
    )
